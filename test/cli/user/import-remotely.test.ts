import { beforeEach, describe, expect, it } from 'vitest';
import type { Directory } from '../../../src/core/directory.ts';
import type { CreatedUser } from '../../../src/core/workflows/provision.ts';
import { failingAt, killedAt, UNAVAILABLE } from '../../support/failing-directory.ts';
import { type RunOptions, TestWorld } from '../../support/test-world.ts';

const files = {
  'users.csv': 'UserName,Console,AccessKey,Groups\nzoe,yes,,ops\nadam,,yes,\nmia,yes,yes,ops\n',
  'bad.csv': 'UserName,Email,Groups,Policies\nzoe,,none,\nadam,nobody,,Nope\nbob,,,\n',
};
const IMPORT = 'user import users.csv --secret-to file:secrets.json -o json';

let world: TestWorld;
const names = async () => (await world.directory.listUsers()).map(({ UserName }) => UserName);
/** Runs a command in a remote directory, by default one without failures. */
const ramctl = (line: string, remote: Directory = world.directory, options: RunOptions = {}) =>
  world.ramctl(line, { files, remote, ...options });
const readSecrets = (): CreatedUser[] => JSON.parse(world.delivered.get('secrets.json') ?? '[]');
/** A remote directory that fails the test when it is changed. */
const unchangeable = () => {
  const fail = () => Promise.reject(new Error('changed'));
  return { ...world.directory, createUser: fail, atomically: fail };
};
const interrupt = async (at = 20) => {
  expect((await ramctl(IMPORT, killedAt(world.directory, at, true).directory)).code).toBe(70);
  const created = (await names()).filter((name) => name !== 'bob');
  expect(created.length).toBeGreaterThan(0);
  return created;
};

beforeEach(async () => {
  world = new TestWorld();
  await world.ramctl('user create bob');
  await world.ramctl('group create ops');
});

describe('in a remote directory', () => {
  it('user import lists every error of every row before it changes anything', async () => {
    const { code, error } = await ramctl('user import bad.csv -o json', unchangeable());
    const { Errors } = error as unknown as { Errors: { Row: number; Code: string }[] };
    expect([code, ...Errors.map(({ Row, Code }) => [Row, Code])]).toEqual([
      1,
      [2, 'EntityNotExist.Group'],
      [3, 'InvalidParameter.Email.Format'],
      [3, 'EntityNotExist.Policy'],
      [4, 'EntityAlreadyExists.User'],
    ]);
    expect(world.journals.size).toBe(1);
  });

  it.each([
    ['--group none', 3],
    ['--policy Nope', 3],
    ['--email nobody', 1],
    ['--console --secret-to file:secrets.ini', 2],
  ])('user create finds the error in %s before it changes anything', async (flags, exitCode) => {
    expect(await ramctl(`user create carol ${flags}`, unchangeable())).toMatchObject({ code: exitCode, out: '' });
  });

  it('user import creates the users and delivers their secrets in the order of the rows', async () => {
    const { code, out, err } = await ramctl(IMPORT);
    expect([code, err]).toEqual([0, expect.stringContaining('creating users: 3')]);
    const created = readSecrets();
    expect(created.map(({ UserName, Password, AccessKey }) => [UserName, !!Password, !!AccessKey])).toEqual([
      ['zoe', true, false],
      ['adam', false, true],
      ['mia', true, true],
    ]);
    expect(out).not.toMatch(/Password"|Secret/);
    expect([...world.journals.values()].map((journal) => journal.entries())).toEqual([[]]);
  });
});

describe('an interrupted import', () => {
  it('is resumed by the same command, which says so and delivers all secrets', async () => {
    const created = await interrupt();
    expect(readSecrets()).toEqual([]);
    const { code, err } = await ramctl(IMPORT);
    expect([code, err]).toEqual([0, expect.stringMatching(`has created ${created.length} of these users`)]);
    expect(await names()).toEqual(['adam', 'bob', 'mia', 'zoe']);
    for (const { UserPrincipalName, Password, AccessKey } of readSecrets()) {
      if (Password) await world.directory.logOn(UserPrincipalName, Password);
      const { AccessKeyId = '', AccessKeySecret: input = '' } = AccessKey ?? {};
      if (AccessKey) expect((await world.ramctl(`ak verify ${AccessKeyId} --secret-stdin`, { input })).code).toBe(0);
    }
    expect(readSecrets().map(({ AccessKeys }) => AccessKeys.length)).toEqual([0, 1, 1]);
    // The next run finds no journal.
    expect((await ramctl(IMPORT.replace('secrets', 'again'))).error.Code).toBe('InvalidRows');
  });

  it('is resumed with --skip-existing as well, which skips other users only', async () => {
    const created = await interrupt();
    await world.ramctl('user create adam --comments present --if-not-exists');
    const { code } = await ramctl(`${IMPORT} --skip-existing`);
    expect(code).toBe(0);
    expect(readSecrets().map(({ UserName }) => UserName)).toEqual(expect.arrayContaining(created));
  });

  it('is checked by --dry-run, which changes nothing', async () => {
    await interrupt();
    const before = await world.state();
    const { code, json, err } = await ramctl('user import users.csv --dry-run -o json', unchangeable());
    expect([code, err]).toEqual([0, expect.stringMatching(/An interrupted import[\s\S]*dry run/)]);
    expect((json as CreatedUser[]).map(({ UserName }) => UserName)).toEqual(['zoe', 'adam', 'mia']);
    expect(await world.state()).toEqual(before);
  });

  it('does not hinder an import of other rows, in which its users count as existing', async () => {
    await interrupt();
    const input = 'UserName\neve\nzoe\n';
    const { error } = await ramctl('user import - -o json', world.directory, { input });
    expect(error).toMatchObject({ Code: 'InvalidRows', Errors: [{ Row: 3, Code: 'EntityAlreadyExists.User' }] });
    const skipping = await ramctl('user import - --skip-existing -o json', world.directory, { input });
    expect(skipping.json).toMatchObject([{ UserName: 'eve' }]);
  });

  it('ends with exit code 5 and the way to continue when the endpoint is down', async () => {
    const { code, out, error } = await ramctl(IMPORT, failingAt(world.directory, 'addUserToGroup', UNAVAILABLE));
    expect([code, out, error.Code]).toEqual([5, '', 'ImportInterrupted']);
    expect(error.Hint).toMatch(/run the same command again/);
    expect((await ramctl(IMPORT)).code).toBe(0);
    expect(readSecrets()).toHaveLength(3);
  });

  it('that could not deliver its secrets leaves no user', async () => {
    world.failingPaths.add('secrets.json');
    expect((await ramctl(IMPORT)).error.Code).toBe('DeliveryFailed');
    expect(await names()).toEqual(['bob']);
  });
});

it('a local import has no journal', async () => {
  expect((await world.ramctl(IMPORT, { files })).code).toBe(0);
  expect(world.journals.size).toBe(0);
});
