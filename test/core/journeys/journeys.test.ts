import { verify } from '@node-rs/argon2';
import { beforeEach, expect, it } from 'vitest';
import { setLogonSettings } from '../../../src/core/workflows/login.ts';
import { provisionUsers } from '../../../src/core/workflows/provision.ts';
import { failure } from '../../support/failures.ts';
import { TestWorld } from '../../support/test-world.ts';

// What the command line cannot show of the journeys; the rest is told in test/cli.

const user = { UserName: 'alice' };
const accept = () => {};
const refuse = () => {
  throw new Error('not accepted');
};
let world: TestWorld;
const users = async () => (await world.state()).Users;

beforeEach(() => {
  world = new TestWorld();
});

it('provisioning makes nothing when its result is not accepted, and can be taken back whole', async () => {
  const order = { user, logon: {}, accessKey: true, policies: ['ReadOnlyAccess'] };
  await expect(provisionUsers(world.directory, [order], refuse)).rejects.toThrow('not accepted');
  expect((await users()).size).toBe(0);
  const { revert, value } = await provisionUsers(world.directory, [order], accept);
  expect(JSON.stringify([...(await users()).values()])).not.toContain(value[0]?.user.Password);
  await revert();
  expect((await users()).size).toBe(0);
});

it('logon settings stay when their result is not accepted, or when the user left meanwhile', async () => {
  await world.directory.createUser(user);
  await expect(setLogonSettings(world.directory, user, refuse)).rejects.toThrow('not accepted');
  expect((await users()).get('alice')).not.toHaveProperty('LoginProfile');
  const late = setLogonSettings(world.directory, { ...user, password: 'Correct-Horse-9' }, accept);
  await world.directory.deleteUser(user);
  await expect(late).rejects.toThrow(failure('missing', 'EntityNotExist.User'));
});

it('logon settings show no password that another command overtook', async () => {
  await world.directory.createUser(user);
  const shown: string[] = [];
  const order = { ...user, MFABindRequired: true };
  const note = ({ Password }: { Password?: string }) => Password && shown.push(Password);
  await Promise.all([1, 2].map(() => setLogonSettings(world.directory, order, note)));
  expect(shown).toHaveLength(1);
  const hash = (await users()).get('alice')?.LoginProfile?.PasswordHash ?? '';
  expect(await verify(hash, shown[0] ?? '')).toBe(true);
});

it('provisioning tells of each password that is ready, and of no other user', async () => {
  const orders = [
    { user, logon: {} },
    { user: { UserName: 'bob' }, accessKey: true },
    { user: { UserName: 'carol' }, logon: { password: 'Correct-Horse-9' } },
  ];
  let ready = 0;
  await provisionUsers(world.directory, orders, accept, () => {
    ready += 1;
  });
  expect([ready, (await users()).size]).toEqual([2, 3]);
});

it('provisioning the rows of a file gathers what is wrong with each; without rows the first complaint is all', async () => {
  const orders = [user, { UserName: 'a b' }, { UserName: 'ALICE' }].map((each) => ({ user: each, groups: ['none'] }));
  const wrong = (Row: number, Code: string, Field: string) => ({ Row, Code, Field, Message: expect.any(String) });
  const rows = orders.map((order, at) => ({ ...order, Row: at + 1 }));
  await expect(provisionUsers(world.directory, rows, accept)).rejects.toThrow(
    expect.objectContaining({
      code: 'InvalidRows',
      details: expect.objectContaining({
        Errors: [
          wrong(1, 'EntityNotExist.Group', 'Groups'),
          wrong(2, 'InvalidParameter.UserName.InvalidChars', 'UserName'),
          wrong(3, 'EntityAlreadyExists.User', 'UserName'),
        ],
      }),
    }),
  );
  await expect(provisionUsers(world.directory, orders, accept)).rejects.toThrow(
    failure('missing', 'EntityNotExist.Group'),
  );
  expect((await users()).size).toBe(0);
});
