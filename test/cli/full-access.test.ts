import { beforeEach, describe, expect, it } from 'vitest';
import { type Answers, TestWorld } from '../support/test-world.ts';
import { PROGRAM } from './user/wizard-answers.ts';

const REMARK = /^remark: .* allows? every action on every resource$/;

let world: TestWorld;
const documentOf = (...Statement: object[]) => JSON.stringify({ Version: '1', Statement });
const remarks = (err: string) => err.split('\n').filter((line) => REMARK.test(line));

beforeEach(async () => {
  world = await createWorld();
});

/** A directory with policies that allow everything, or nearly everything, and a group that has one of them. */
async function createWorld(): Promise<TestWorld> {
  const world = new TestWorld();
  const files = {
    root: documentOf({ Effect: 'Allow', Action: ['oss:*', '*'], Resource: '*' }),
    mfa: documentOf({ Effect: 'Allow', Action: '*', Resource: '*', Condition: { Bool: { 'acs:MFAPresent': 'true' } } }),
    oss: documentOf(
      { Effect: 'Allow', Action: 'oss:*', Resource: '*' },
      { Effect: 'Deny', Action: '*', Resource: '*' },
    ),
  };
  for (const name of Object.keys(files)) await world.ramctl(`policy create ${name} --document ${name}`, { files });
  for (const name of ['ops', 'admins']) await world.ramctl(`group create ${name}`);
  await world.ramctl('policy attach root --group admins');
  await world.ramctl('user create bob');
  return world;
}

describe('full access is remarked on', () => {
  it.each([
    ['user create alice --policy AdministratorAccess', 'AdministratorAccess allows'],
    ['user create alice --policy root --policy administratoraccess', 'root, AdministratorAccess allow'],
    ['user create alice --group admins', 'root of the group admins allows'],
    ['user create alice --policy AdministratorAccess --dry-run', 'AdministratorAccess allows'],
    ['user import users.csv', 'AdministratorAccess, root of the group admins allow'],
    ['user import users.csv --dry-run', 'AdministratorAccess, root of the group admins allow'],
  ])('by %s, once and not with --quiet', async (line, names) => {
    const csv = 'UserName,Policies,Groups\nalice,AdministratorAccess,\ncarol,AdministratorAccess;oss,admins\n';
    const files = { 'users.csv': csv };
    const { code, err } = await world.ramctl(line, { files });
    expect([code, remarks(err)]).toEqual([0, [`remark: ${names} every action on every resource`]]);
    const quiet = await (await createWorld()).ramctl(`${line} --quiet`, { files });
    expect(quiet).toMatchObject({ code: 0, err: '' });
  });

  it.each([
    'user create alice --policy ReadOnlyAccess --policy PowerUserAccess --policy mfa --policy oss --group ops',
    'user create bob --if-not-exists --policy AdministratorAccess',
  ])('but not by %s', async (line) => {
    const { code, err } = await world.ramctl(line);
    expect([code, remarks(err)]).toEqual([0, []]);
  });
});

describe('full access in the wizard', () => {
  const policy = (names: string[]): Answers[number] => ['Policies', names];
  const END: Answers = [
    ['Add another user?', false],
    ['Create this user?', 'create'],
    ['Press Enter', ''],
  ];
  const START = PROGRAM.slice(0, -1);
  const NO_GROUPS: Answers[number] = ['Groups', []];
  const readGrants = async () => {
    const deployer = (await world.state()).Users.get('deployer');
    return deployer?.Policies.map(({ PolicyName }) => PolicyName);
  };

  it('is confirmed after it was chosen, and no remark follows', async () => {
    const confirm: Answers[number] = ['AdministratorAccess allows every action on every resource', true];
    const answers: Answers = [...START, NO_GROUPS, policy(['AdministratorAccess', 'oss']), confirm, ...END];
    const { code, err } = await world.ramctl('user create', { answers });
    expect([code, remarks(err), await readGrants()]).toEqual([0, [], ['AdministratorAccess', 'oss']]);
  });

  it('can be refused: the question is asked again without the refused policy', async () => {
    const answers: Answers = [
      ...START,
      NO_GROUPS,
      policy(['root', 'oss']),
      ['root allows every action on every resource', false],
      policy(['oss']),
      ...END,
    ];
    expect((await world.ramctl('user create', { answers })).code).toBe(0);
    expect(await readGrants()).toEqual(['oss']);
  });

  it('through a group is confirmed too', async () => {
    const answers: Answers = [
      ...START,
      ['Groups', ['admins', 'ops']],
      ['root of the group admins allows every action', false],
      ['Groups', ['ops']],
      policy([]),
      ...END,
    ];
    expect((await world.ramctl('user create', { answers })).code).toBe(0);
    expect((await world.ramctl('user get deployer -o json')).json).toMatchObject({ Groups: ['ops'] });
  });

  it('that was confirmed is not asked about again when the answer is changed', async () => {
    const answers: Answers = [
      ...START,
      NO_GROUPS,
      policy(['root']),
      ['root allows', true],
      ['Add another user?', false],
      ['Create this user?', 'change'],
      ['Which answer', 'Policies: root'],
      policy(['root', 'AdministratorAccess']),
      ['AdministratorAccess allows', true],
      ...END.slice(1),
    ];
    expect((await world.ramctl('user create', { answers })).code).toBe(0);
    expect(await readGrants()).toEqual(['root', 'AdministratorAccess']);
  });

  it('that an option gives is not remarked on after it was removed', async () => {
    const change: Answers = [['Create this user?', 'change'], ['Which answer', 'Policies: root'], policy([])];
    const answers: Answers = [...START, NO_GROUPS, ...END.slice(0, 1), ...change, ...END.slice(1)];
    const { err } = await world.ramctl('user create --policy root', { answers });
    expect([remarks(err), await readGrants()]).toEqual([[], []]);
  });

  it('that an option gives is remarked on', async () => {
    const answers: Answers = [...START, NO_GROUPS, ...END];
    const { err } = await world.ramctl('user create --policy root', { answers });
    expect(remarks(err)).toEqual(['remark: root allows every action on every resource']);
  });
});
