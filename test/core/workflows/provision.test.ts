import { beforeEach, expect, it } from 'vitest';
import { provisionUsers } from '../../../src/core/workflows/provision.ts';
import { failure } from '../../support/failures.ts';
import { TestWorld } from '../../support/test-world.ts';

const user = { UserName: 'alice' };
const beforeCommit = () => {};
let world: TestWorld;
const users = async () => (await world.state()).Users;

beforeEach(() => {
  world = new TestWorld();
});

it('creates nothing when beforeCommit throws, and reverts everything that it created', async () => {
  const newUser = { user, logon: {}, accessKey: true, policies: ['ReadOnlyAccess'] };
  const refuse = () => {
    throw new Error('not accepted');
  };
  await expect(provisionUsers(world.directory, [newUser], refuse)).rejects.toThrow('not accepted');
  expect((await users()).size).toBe(0);
  const { revert, value } = await provisionUsers(world.directory, [newUser], beforeCommit);
  expect(value[0]?.Password).toEqual(expect.any(String));
  expect(JSON.stringify([...(await users()).values()])).not.toContain(value[0]?.Password);
  await revert();
  expect((await users()).size).toBe(0);
});

it('calls onPasswordHashed once for each user with console logon', async () => {
  const newUsers = [
    { user, logon: {} },
    { user: { UserName: 'bob' }, accessKey: true },
    { user: { UserName: 'carol' }, logon: { password: 'Correct-Horse-9' } },
  ];
  let hashed = 0;
  await provisionUsers(world.directory, newUsers, beforeCommit, () => {
    hashed += 1;
  });
  expect([hashed, (await users()).size]).toEqual([2, 3]);
});

it('reports the problems of all rows of a file, but only the first problem of users without a row', async () => {
  const newUsers = [user, { UserName: 'a b' }, { UserName: 'ALICE' }].map((each) => ({ user: each, groups: ['none'] }));
  const problem = (Row: number, Code: string, Field: string) => ({ Row, Code, Field, Message: expect.any(String) });
  const rows = newUsers.map((newUser, index) => ({ ...newUser, Row: index + 1 }));
  await expect(provisionUsers(world.directory, rows, beforeCommit)).rejects.toThrow(
    expect.objectContaining({
      code: 'InvalidRows',
      message: '3 rows have errors; no user was created',
      details: expect.objectContaining({
        Errors: [
          problem(1, 'EntityNotExist.Group', 'Groups'),
          problem(2, 'InvalidParameter.UserName.InvalidChars', 'UserName'),
          problem(2, 'EntityNotExist.Group', 'Groups'),
          problem(3, 'EntityAlreadyExists.User', 'UserName'),
          problem(3, 'EntityNotExist.Group', 'Groups'),
        ],
      }),
    }),
  );
  await expect(provisionUsers(world.directory, newUsers, beforeCommit)).rejects.toThrow(
    failure('missing', 'EntityNotExist.Group'),
  );
  expect((await users()).size).toBe(0);
});
