import { beforeEach, describe, expect, it } from 'vitest';
import type { GroupDetails } from '../../../src/core/workflows/group.ts';
import { TestWorld } from '../../support/test-world.ts';

let world = new TestWorld();
const get = async (name: string): Promise<GroupDetails> => (await world.ramctl(`group get ${name} -o json`)).json;
const members = async (name = 'ops') => (await get(name)).Users.map(({ UserName }) => UserName);
const groupsOf = async (user: string): Promise<string[]> =>
  (await world.ramctl(`user get ${user} -o json --query Groups`)).json;

beforeEach(async () => {
  world = new TestWorld();
  for (const name of ['alice', 'bob']) await world.ramctl(`user create ${name} --display-name "The ${name}"`);
  await world.ramctl('group create ops --comments "on call"');
});

describe('group create', () => {
  it('prints the group as group get does', async () => {
    const { code, json, err } = await world.ramctl('group create Dev.Team_1 -o json');
    expect([code, err]).toEqual([0, '']);
    expect(json).toEqual({
      GroupId: expect.stringMatching(/^g-[A-Za-z0-9]{16}$/),
      GroupName: 'Dev.Team_1',
      DisplayName: null,
      Comments: null,
      CreateDate: '2026-01-01T00:00:04Z',
      UpdateDate: '2026-01-01T00:00:04Z',
      Users: [],
      Policies: [],
    });
    expect(await get('dev.team_1')).toEqual(json);
    expect((await world.ramctl('group get ops')).out).toMatch(/^Group +ops\n.*\nComments +on call\n/);
  });

  it('refuses a name that exists in any case; with --if-not-exists it prints the existing group', async () => {
    const before = await world.state();
    const refused = await world.ramctl('group create OPS -o json');
    expect([refused.code, refused.error]).toEqual([
      1,
      { Code: 'EntityAlreadyExists.Group', Message: expect.any(String), Field: 'GroupName', Hint: expect.any(String) },
    ]);
    const again = await world.ramctl('group create OPS --comments other --if-not-exists -o json');
    expect([again.code, again.json, again.err]).toEqual([0, await get('ops'), '']);
    expect(await world.state()).toEqual(before);
    expect((await world.ramctl('group create dev --comments other --if-not-exists')).code).toBe(0);
    expect(await get('dev')).toMatchObject({ GroupName: 'dev', Comments: 'other' });
  });

  it.each([
    ['a space', ['a b'], 'InvalidParameter.GroupName.InvalidChars', 'GroupName'],
    ['an empty name', [''], 'InvalidParameter.GroupName.Length', 'GroupName'],
    ['65 characters', ['x'.repeat(65)], 'InvalidParameter.GroupName.Length', 'GroupName'],
    [
      '129 characters of comments',
      ['dev', '--comments', 'x'.repeat(129)],
      'InvalidParameter.Comments.Length',
      'Comments',
    ],
    [
      'bidirectional characters in comments',
      ['dev', '--comments=a\u202eb'],
      'InvalidParameter.Comments.InvalidChars',
      'Comments',
    ],
  ])('refuses %s', async (_, words, Code, Field) => {
    const before = await world.state();
    const { code, out, error } = await world.ramctl(['group', 'create', ...words, '-o', 'json']);
    expect([code, out, error]).toMatchObject([1, '', { Code, Field }]);
    expect(await world.state()).toEqual(before);
  });

  it.each(['__proto__', 'constructor'])('creates, fills, lists and deletes a group with the name %s', async (name) => {
    expect((await world.ramctl(`group create ${name}`)).code).toBe(0);
    expect((await world.ramctl(`group add ${name} alice`)).code).toBe(0);
    expect((await world.ramctl(`user list --group ${name} -o json --query [].UserName`)).json).toEqual(['alice']);
    expect((await world.ramctl(`group delete ${name} --cascade --yes`)).code).toBe(0);
    expect([...(await world.state()).Groups.keys()]).toEqual(['ops']);
  });
});

describe('group list', () => {
  it('prints a summary of each group with the number of its users and policies, sorted by name', async () => {
    await world.ramctl('group create Dev');
    await world.ramctl('group add ops alice bob');
    await world.ramctl('policy attach ReadOnlyAccess --group ops');
    const { json } = await world.ramctl('group list -o json');
    const { Users: _, Policies: __, ...dev } = await get('dev');
    const { Users: ___, Policies: ____, ...ops } = await get('ops');
    expect(json).toEqual([
      { ...dev, Users: 0, Policies: 0 },
      { ...ops, Users: 2, Policies: 1 },
    ]);
  });

  it.each([
    ['', ['Dev', 'ops']],
    ['PS', ['ops']],
    ['"ON call"', ['ops']],
    ['nothing', []],
  ])('with keyword "%s" prints %j', async (keyword, names) => {
    await world.ramctl('group create Dev');
    const { code, json } = await world.ramctl(`group list ${keyword} -o json --query [].GroupName`);
    expect([code, json]).toEqual([0, names]);
  });

  it('prints a message if no group exists; group get of an unknown group fails', async () => {
    expect((await new TestWorld().ramctl('group list')).out).toBe('no groups\n');
    expect((await world.ramctl('group get nobody -o json')).error.Code).toBe('EntityNotExist.Group');
  });
});

describe('group edit', () => {
  it('renames a group, keeps id, members and policies, and frees the old name', async () => {
    await world.ramctl('group add ops alice bob');
    await world.ramctl('policy attach ReadOnlyAccess --group ops');
    const before = await get('ops');
    const { code, json, err } = await world.ramctl('group edit OPS --name crew -o json');
    expect([code, err]).toEqual([0, '']);
    expect(json).toEqual({ ...before, GroupName: 'crew', UpdateDate: '2026-01-01T00:00:07Z' });
    expect(await groupsOf('alice')).toEqual(['crew']);
    expect((await world.ramctl('group get ops')).code).toBe(3);
    expect((await world.ramctl('group create ops -o json')).json).not.toMatchObject({ GroupId: before.GroupId });
    expect(await members()).toEqual([]);
  });

  it.each([
    ['--name OPS', { GroupName: 'OPS', Comments: 'on call' }],
    ['--name ops', { GroupName: 'ops', Comments: 'on call' }],
    ['--comments ""', { GroupName: 'ops', Comments: null }],
    ['--comments day --name crew', { GroupName: 'crew', Comments: 'day' }],
  ])('with %s changes only the named values', async (flags, changed) => {
    const { GroupId, CreateDate } = await get('ops');
    const { code, json } = await world.ramctl(`group edit ops ${flags} -o json`);
    expect([code, json]).toMatchObject([0, { GroupId, CreateDate, ...changed }]);
  });

  it.each([
    ['--name DEV', 'EntityAlreadyExists.Group', 'NewGroupName'],
    ['--name ""', 'InvalidParameter.NewGroupName.Length', 'NewGroupName'],
    ['--name "a b" --comments x', 'InvalidParameter.NewGroupName.InvalidChars', 'NewGroupName'],
    [`--name crew --comments ${'x'.repeat(129)}`, 'InvalidParameter.NewComments.Length', 'NewComments'],
  ])('with %s changes nothing', async (flags, Code, Field) => {
    await world.ramctl('group create dev');
    const before = await world.state();
    expect((await world.ramctl(`group edit ops ${flags} -o json`)).error).toMatchObject({ Code, Field });
    expect(await world.state()).toEqual(before);
  });

  it('remarks on custom policies whose default version contains the old name', async () => {
    const buildDocument = (name: string) =>
      JSON.stringify({
        Version: '1',
        Statement: [
          { Effect: 'Allow', Action: 'ram:*', Resource: ['acs:ram:*:*:user/x', `acs:ram:*:*:group/${name}`] },
        ],
      });
    const files = { ops: buildDocument('ops'), other: buildDocument('ops2') };
    await world.ramctl('policy create Names --document ops', { files });
    await world.ramctl('policy create Other --document other', { files });
    await world.ramctl('policy create Named --document ops', { files });
    await world.ramctl('policy edit Named --document other', { files });
    expect((await world.ramctl('group edit ops --name ops --comments x')).err).toBe('');
    const { code, err } = await world.ramctl('group edit ops --name crew');
    expect([code, err.match(/^remark: .*$/gm)]).toEqual([0, [expect.stringMatching(/Names .*crew/)]]);
    expect((await world.ramctl('group edit crew --name ops -q')).err).toBe('');
  });
});

describe('group add and remove', () => {
  it('change each named user once and remark on unchanged memberships', async () => {
    const add = await world.ramctl('group add OPS alice BOB ALICE -o json');
    expect([add.code, add.json, add.err]).toEqual([
      0,
      [
        { GroupName: 'ops', UserName: 'alice', Changed: true },
        { GroupName: 'ops', UserName: 'bob', Changed: true },
      ],
      '',
    ]);
    expect((await get('ops')).Users).toEqual([
      { UserName: 'alice', DisplayName: 'The alice', JoinDate: '2026-01-01T00:00:04Z' },
      { UserName: 'bob', DisplayName: 'The bob', JoinDate: '2026-01-01T00:00:04Z' },
    ]);
    expect(await groupsOf('bob')).toEqual(['ops']);
    const again = await world.ramctl('group add ops bob -o json');
    expect([again.code, again.json]).toEqual([0, [{ GroupName: 'ops', UserName: 'bob', Changed: false }]]);
    expect(again.err).toMatch(/^remark: bob is already in ops\n$/);
    expect(await world.ramctl('group remove ops bob')).toMatchObject({ code: 0, err: '' });
    const remove = await world.ramctl('group remove ops alice bob -o json');
    expect(remove.json).toEqual([
      { GroupName: 'ops', UserName: 'alice', Changed: true },
      { GroupName: 'ops', UserName: 'bob', Changed: false },
    ]);
    expect(remove.err).toMatch(/^remark: bob is not in ops\n$/);
    expect(await members()).toEqual([]);
  });

  it.each([
    ['add ops alice nobody', 3, 'EntityNotExist.User'],
    ['remove ops bob nobody', 3, 'EntityNotExist.User'],
    ['add nothing alice', 3, 'EntityNotExist.Group'],
    ['remove nothing bob', 3, 'EntityNotExist.Group'],
    ['add ops "a b"', 1, 'InvalidParameter.UserName.InvalidChars'],
    ['add ops', 2, 'Usage'],
    ['remove', 2, 'Usage'],
  ])('group %s changes nothing', async (words, exit, Code) => {
    await world.ramctl('group add ops bob');
    const before = await world.state();
    const { code, out, error } = await world.ramctl(`group ${words} -o json`);
    expect([code, out, error.Code]).toEqual([exit, '', Code]);
    expect(await world.state()).toEqual(before);
  });
});

describe('group delete', () => {
  beforeEach(async () => {
    await world.ramctl('group create dev');
    await world.ramctl('group add ops alice bob');
    await world.ramctl('policy attach ReadOnlyAccess --group ops');
  });

  it('refuses a group with members or policies; each blocker contains the command that removes it', async () => {
    const before = await world.state();
    const { code, out, error } = await world.ramctl('group delete dev ops --yes -o json');
    expect([code, out, error.Code]).toEqual([1, '', 'DeleteConflict.Group.User']);
    expect(error.Blockers).toEqual([
      { Kind: 'User', Name: 'alice', Command: 'ramctl group remove ops alice' },
      { Kind: 'User', Name: 'bob', Command: 'ramctl group remove ops bob' },
      { Kind: 'Policy', Name: 'ReadOnlyAccess', Command: 'ramctl policy detach ReadOnlyAccess --group ops' },
    ]);
    expect(await world.state()).toEqual(before);
    for (const { Command } of error.Blockers?.slice(0, 2) ?? []) await world.ramctl(Command.replace('ramctl ', ''));
    const refused = await world.ramctl('group delete ops --yes -o json');
    expect(refused.error).toMatchObject({ Code: 'DeleteConflict.Group.Policy', Blockers: [{ Kind: 'Policy' }] });
    await world.ramctl(refused.error.Blockers?.[0]?.Command.replace('ramctl ', '') ?? '');
    expect((await world.ramctl('group delete ops --yes')).code).toBe(0);
  });

  it('with --cascade deletes each group once and keeps its users and policies', async () => {
    const { GroupId } = await get('ops');
    const { code, json } = await world.ramctl('group delete ops dev OPS --cascade --yes -o json');
    expect([code, json]).toEqual([
      0,
      [
        {
          GroupId,
          GroupName: 'ops',
          Removed: [
            { Kind: 'User', Name: 'alice' },
            { Kind: 'User', Name: 'bob' },
            { Kind: 'Policy', Name: 'ReadOnlyAccess' },
          ],
        },
        { GroupId: expect.stringMatching(/^g-/), GroupName: 'dev', Removed: [] },
      ],
    ]);
    expect((await world.state()).Groups.size).toBe(0);
    expect(await groupsOf('alice')).toEqual([]);
    expect((await world.ramctl('policy get ReadOnlyAccess -o json --query AttachmentCount')).json).toBe(0);
  });

  it('with --dry-run prints what would be deleted, without a question, and applies the same rules', async () => {
    const before = await world.state();
    const dry = await world.ramctl('group delete ops dev --cascade --dry-run -o json');
    expect([dry.code, dry.err]).toEqual([0, 'remark: This was a dry run. Nothing was deleted.\n']);
    expect(await world.state()).toEqual(before);
    expect((await world.ramctl('group delete ops --dry-run')).code).toBe(1);
    expect((await world.ramctl('group delete ops dev --cascade --yes -o json')).json).toEqual(dry.json);
  });

  it('deletes no group if one does not exist; without a terminal and --yes it fails before reading', async () => {
    const before = await world.state();
    expect((await world.ramctl('group delete dev nobody --yes')).code).toBe(3);
    expect((await world.ramctl('group delete dev nobody -o json')).error).toMatchObject({
      Code: 'Usage',
      Field: '--yes',
    });
    expect(await world.state()).toEqual(before);
  });

  it('deletes nothing if the group changed while the question was open', async () => {
    const join = async () => {
      await world.ramctl('user create newcomer');
      await world.ramctl('group add ops newcomer');
      return true;
    };
    const { code, err } = await world.ramctl('group delete ops --cascade', { answers: [['Delete ops?', join]] });
    expect([code, err]).toEqual([1, expect.stringContaining('changed while the question was open')]);
    expect((await world.ramctl('group get ops --query Users[].UserName')).out).toContain('newcomer');
  });

  it('shows what will be removed before it asks', async () => {
    const shown = (answer: boolean) => (err: string) => {
      expect(err).toMatch(/User alice[\s\S]*User bob[\s\S]*Policy ReadOnlyAccess/);
      return answer;
    };
    const before = await world.state();
    const cancelled = await world.ramctl('group delete ops --cascade', { answers: [['Delete ops?', shown(false)]] });
    expect([cancelled.code, cancelled.out, await world.state()]).toEqual([130, '', before]);
    expect((await world.ramctl('group delete ops --cascade', { answers: [['Delete ops?', shown(true)]] })).code).toBe(
      0,
    );
    expect((await world.ramctl('group delete dev', { answers: [['Delete dev?', '^C']] })).code).toBe(130);
  });
});
