import { beforeEach, expect, it } from 'vitest';
import type { Directory } from '../../src/core/directory.ts';
import { QUOTAS } from '../../src/core/quotas.ts';
import { userOperations } from '../../src/core/user.ts';
import { failure, failureCode } from '../support/failures.ts';
import { createPlainVault, TestWorld } from '../support/test-world.ts';

let world: TestWorld;
let directory: Directory;
const notFound = failure('missing', 'EntityNotExist.User');

beforeEach(() => {
  world = new TestWorld();
  ({ directory } = world);
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
