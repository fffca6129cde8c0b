import { beforeEach, expect, it } from 'vitest';
import type { Directory } from '../../src/core/directory.ts';
import { QUOTAS } from '../../src/core/quotas.ts';
import { userOperations } from '../../src/core/user.ts';
import { failure, failureCode } from '../support/failures.ts';
import { createPlainVault, TestWorld } from '../support/test-world.ts';

let world: TestWorld;
let directory: Directory;
const taken = failure('refused', 'EntityAlreadyExists.User');
const notFound = failure('missing', 'EntityNotExist.User');

beforeEach(() => {
  world = new TestWorld();
  ({ directory } = world);
});

it('a new user has an id of 18 digits, both dates, and no optional texts', async () => {
  expect(await directory.createUser({ UserName: 'Alice' })).toEqual({
    UserId: expect.stringMatching(/^\d{18}$/),
    UserName: 'Alice',
    UserPrincipalName: expect.stringMatching(/^Alice@\d{16}\.onaliyun\.com$/),
    DisplayName: null,
    Comments: null,
    Email: null,
    MobilePhone: null,
    CreateDate: '2026-01-01T00:00:00Z',
    UpdateDate: '2026-01-01T00:00:00Z',
    LastLoginDate: null,
  });
});

it('names are unique, found and sorted regardless of case', async () => {
  for (const UserName of ['bob', 'Alice', 'alice2']) await directory.createUser({ UserName });
  for (const UserName of ['alice', 'ALICE', 'BoB'])
    await expect(directory.createUser({ UserName })).rejects.toThrow(taken);
  expect((await directory.getUser({ UserName: 'aLICE' })).UserName).toBe('Alice');
  expect((await directory.listUsers()).map(({ UserName }) => UserName)).toEqual(['Alice', 'alice2', 'bob']);
});

it.each(['__proto__', 'constructor', 'toString'])('%s is an ordinary user name', async (UserName) => {
  await expect(directory.getUser({ UserName })).rejects.toThrow(notFound);
  const { UserId } = await directory.createUser({ UserName });
  expect(await directory.getUser({ UserName: UserName.toUpperCase() })).toMatchObject({ UserId, UserName });
  await expect(directory.createUser({ UserName })).rejects.toThrow(taken);
  await directory.deleteUser({ UserName });
  expect(await directory.listUsers()).toEqual([]);
});

it('user ids are unique even when the random source repeats itself', async () => {
  const state = await world.state();
  const bytes = ['1', '1', '2'];
  const random = { bytes: (count: number) => Uint8Array.from({ length: count }).fill(Number(bytes.shift())) };
  const context = { state, clock: world.clock, random, vault: createPlainVault() };
  const { UserId } = userOperations.createUser(context, { UserName: 'alice' });
  expect(userOperations.createUser(context, { UserName: 'bob' }).UserId).not.toBe(UserId);
});

it('an account cannot have more users than the quota', async () => {
  const context = { state: await world.state(), clock: world.clock, random: world.random, vault: createPlainVault() };
  userOperations.createUser(context, { UserName: 'alice' });
  const [alice] = context.state.Users.values();
  for (let n = 2; n < QUOTAS.Users; n += 1) if (alice) context.state.Users.set(`u${n}`, alice);
  expect(failureCode(() => userOperations.createUser(context, { UserName: 'bob' }))).toBe('fine');
  expect(failureCode(() => userOperations.createUser(context, { UserName: 'carol' }))).toBe('LimitExceeded.User');
});

it('a rename keeps id, keys, logon and policies, and the old name becomes available', async () => {
  const UserName = 'alice';
  await directory.createUser({ UserName, Comments: 'hello' });
  await directory.createAccessKey({ UserName });
  await directory.createLoginProfile({ UserName, Password: { plaintext: 'Correct-Horse-9', hash: '$argon2id$x' } });
  await directory.attachPolicyToUser({ UserName, PolicyName: 'ReadOnlyAccess', PolicyType: 'System' });
  const before = (await world.state()).Users.get('alice');
  world.clock.step(60);
  await directory.updateUser({ UserName, NewUserName: 'Alice.Li' });
  const after = (await world.state()).Users.get('alice.li');
  expect(after).toEqual({ ...before, UserName: 'Alice.Li', UpdateDate: '2026-01-01T00:01:00Z' });
  await expect(directory.getUser({ UserName })).rejects.toThrow(notFound);
  expect((await directory.createUser({ UserName })).UserId).not.toBe(before?.UserId);
});

it('a rename may change only the case, and is refused for a taken or empty name', async () => {
  for (const UserName of ['alice', 'Bob']) await directory.createUser({ UserName });
  for (let n = 0; n < 2; n += 1) await directory.updateUser({ UserName: 'alice', NewUserName: 'ALICE' });
  const rename = (NewUserName: string) =>
    directory.updateUser({ UserName: 'alice', NewUserName, NewEmail: 'a@example.com' });
  await expect(rename('BOB')).rejects.toThrow(taken);
  await expect(rename('')).rejects.toThrow(failure('refused', 'InvalidParameter.NewUserName.Length'));
  const users = await directory.listUsers();
  expect(users.map(({ UserName, Email }) => [UserName, Email])).toEqual([
    ['ALICE', null],
    ['Bob', null],
  ]);
});

it('an update keeps absent members, clears empty ones, and changes nothing when a value is invalid', async () => {
  const profile = {
    DisplayName: 'Alice Li',
    Comments: 'ops',
    Email: 'alice@example.com',
    MobilePhone: '86-13800000000',
  };
  const edit = (changes: object) => directory.updateUser({ UserName: 'alice', ...changes });
  await directory.createUser({ UserName: 'alice', ...profile });
  expect(await edit({ NewComments: '' })).toMatchObject({ ...profile, Comments: null });
  await expect(edit({ NewEmail: 'x', NewDisplayName: '' })).rejects.toThrow(
    failure('refused', 'InvalidParameter.NewEmail.Format'),
  );
  expect(await directory.getUser({ UserName: 'alice' })).toMatchObject({ ...profile, Comments: null });
  expect(await edit({ NewDisplayName: '' })).toMatchObject({ DisplayName: null });
});
