import { beforeEach, describe, expect, it } from 'vitest';
import type { MadeChange } from '../../../src/core/description/make-changes.ts';
import { planDescription } from '../../../src/core/workflows/apply-description.ts';
import { describe as readWorld } from '../../support/random-directory.ts';
import { type RunOptions, TestWorld } from '../../support/test-world.ts';

const PUB = { Version: '1', Statement: [{ Effect: 'Allow', Action: 'iot:Pub', Resource: '*' }] };

let world: TestWorld;
beforeEach(async () => {
  world = new TestWorld();
  await world.ramctl('group create ops');
  await world.ramctl('policy create Own --document p.json', { files: { 'p.json': JSON.stringify(PUB) } });
  await world.ramctl('user create alice --comments buys --group ops --policy Own --policy ReadOnlyAccess');
});

const apply = (input: string, options = '', run: RunOptions = {}) =>
  world.ramctl(`apply - ${options}`, { input, ...run });

const findUser = async (name: string) => (await readWorld(world)).Users.find(({ UserName }) => UserName === name);

describe('ramctl apply', () => {
  it('makes what the file names, leaves out what it leaves out, and shows a plan like Terraform', async () => {
    const { code, out, err } = await apply(`
Users:
  - UserName: ALICE
    Comments: sells
  - UserName: bob
    Groups: [OPS]
    Policies: [Own, AliyunOSSFullAccess, New]
Policies:
  - PolicyName: Own
    PolicyDocument: { Version: "1", Statement: [{ Effect: Deny, NotAction: [iot:Pub, "iot:Get*"], Resource: "*",
      Condition: { Bool: { acs:SecureTransport: "true" } } }] }
---
Policies:
  - PolicyName: New
    Description: new
    PolicyDocument: '${JSON.stringify(PUB)}'
Roles: [{ RoleName: auditor }]
`);
    expect(code).toBe(0);
    expect(err).toMatch(/^remark: bob gains .*oss/m);
    expect(err).toMatch(/^remark: alice loses iot:Pub/m);
    expect(out).toBe(`~ policy Own
    PolicyDocument:
      - Allow iot:Pub on *
      + Deny all actions except iot:Pub, iot:Get* on * if Bool acs:SecureTransport true
+ policy New
    Description: "new"
    PolicyDocument:
      + Allow iot:Pub on *
+ role auditor
    AssumeRolePolicyDocument:
      + Allow sts:AssumeRole to acs:ram::${(await world.state()).Account.AccountId}:root
~ user alice  Comments: "buys" \u2192 "sells"
+ user bob
    Groups: OPS
    Policies: AliyunOSSFullAccess, New, Own

Changes: 3 created, 2 changed, 0 deleted.
`);
    expect(await findUser('alice')).toMatchObject({ Comments: 'sells', Groups: ['ops'], Policies: [{}, {}] });
    const policies = ['AliyunOSSFullAccess', 'New', 'Own'];
    const PolicyTypes = ['System', 'Custom', 'Custom'];
    expect((await findUser('bob'))?.Policies).toEqual(
      policies.map((PolicyName, index) => ({ PolicyName, PolicyType: PolicyTypes[index] })),
    );
    expect((await world.state()).Policies.get('own')?.Versions).toHaveLength(2);
  });

  it('says what one of many new users gains', async () => {
    const users = Array.from({ length: 120 }, (_, index) => `{ UserName: user-${index} }`);
    const { err } = await apply(`Users: [${users.join(', ')}, { UserName: bob, Policies: [Own] }]`, '--dry-run');
    expect(err).toMatch(/^remark: bob gains iot:Pub/m);
  });

  it('a list that is present is complete, and null removes', async () => {
    await world.ramctl('login set alice --generate-password');
    const input = 'Users: [{ UserName: alice, Policies: [Own], Groups: [], Comments: null, LoginProfile: null }]';
    expect((await apply(input, '--yes')).out).toBe(`~ user alice
    Policies: -ReadOnlyAccess
    Groups: -ops
    Comments: "buys" \u2192 none
    LoginProfile: Active \u2192 none

Changes: 0 created, 1 changed, 0 deleted.
`);
    expect(await findUser('alice')).toMatchObject({ Groups: [], Policies: [{ PolicyName: 'Own' }], Comments: null });
  });

  it("keeps ramctl's own tags, such as the state of a rotation on a remote directory", async () => {
    await world.ramctl('user edit alice --tag ramctl:rotation=state --tag team=iot');
    expect((await world.ramctl('export')).out).not.toContain('ramctl:rotation');
    await apply('Users: [{ UserName: alice }]', '--prune --yes');
    const { Tags } = await world.directory.getUser({ UserName: 'alice' });
    expect(Tags).toEqual([{ TagKey: 'ramctl:rotation', TagValue: 'state' }]);
    const own = '{ Users: [{ UserName: alice, Tags: [{ TagKey: "ramctl:rotation-run", TagValue: x }] }] }';
    expect((await apply(own)).err).toContain('TagKey must be a text of 1 to 128 characters that does not start with');
  });

  it('--dry-run prints the same and changes nothing; --detailed-exitcode tells whether something changes', async () => {
    const before = await world.state();
    const input = 'Users: [{ UserName: bob, LoginProfile: {} }]';
    const dry = await apply(input, '--dry-run --detailed-exitcode -o json');
    expect([dry.code, await world.state()]).toEqual([4, before]);
    const made = await apply(input, '--detailed-exitcode -o json');
    const withoutSecrets = (made.json as MadeChange[]).map(({ Kind, Name, Action, Before, After }) => ({
      ...{ Kind, Name, Action, Before, After },
    }));
    expect([made.code, withoutSecrets]).toEqual([4, dry.json]);
    expect(await apply(input, '--detailed-exitcode')).toMatchObject({ code: 0, out: 'no changes\n' });
  });

  it('gives new console users generated passwords, which it delivers once', async () => {
    const input = 'Users: [{ UserName: bob, LoginProfile: { MFABindRequired: false }, AccessKey: true }]';
    const { out } = await apply(input, '--secret-to file:new.json');
    expect(out).toContain('The secrets were written to file:new.json\n');
    const [bob] = JSON.parse(world.delivered.get('new.json') ?? '') as MadeChange[];
    const { requirements } = await world.directory.logOn(bob?.UserPrincipalName ?? '', bob?.Password ?? '');
    expect(requirements).toMatchObject({ newPassword: true });
    expect(out).not.toContain(bob?.Password);
    expect((await apply(input)).out).toBe('no changes\n');
    expect((await world.state()).Users.get('bob')?.AccessKeys).toHaveLength(1);
  });

  it('changes nothing if the secrets cannot be delivered', async () => {
    const before = await world.state();
    const input = 'Users: [{ UserName: bob, LoginProfile: {} }, { UserName: carol, LoginProfile: {} }]';
    expect((await apply(input, '--secret-to file:new.env')).code).toBe(2);
    expect((await apply(input, '', { brokenOutput: 'EPIPE' })).code).toBe(5);
    expect((await world.state()).Users).toEqual(before.Users);
  });

  it('joins the files of a folder, and leaves other files out', async () => {
    const files = {
      'acme/a.yaml': 'Users: [{ UserName: bob, Groups: [dev] }]',
      'acme/b.json': '{"Groups":[{"GroupName":"dev"}]}',
      'acme/c.yml': 'Users: [{ UserName: carol }]',
      'acme/.hidden.yaml': 'no description',
      'acme/readme.md': 'no description',
    };
    expect((await world.ramctl('apply acme', { files })).code).toBe(0);
    expect(await findUser('bob')).toMatchObject({ Groups: ['dev'] });
    expect(await findUser('carol')).toBeDefined();
    const twice = { ...files, 'acme/b.json': '{"Users":[{"UserName":"BOB"}]}' };
    const { error } = await world.ramctl('apply acme -o json', { files: twice });
    expect(error.Message).toBe(
      'acme/b.json, line 1, column 11: the user BOB is also described in acme/a.yaml, line 1, column 9',
    );
  });
});

describe('apply --prune', () => {
  const input = 'Users: [{ UserName: alice, Groups: [ops] }, { UserName: bob }]';

  it('deletes the entities of the kinds that the file has, and what the named ones do not have', async () => {
    await world.ramctl('user create zoe --console --access-key');
    await world.ramctl('role create auditor');
    const { out, code } = await apply(input, '--prune --yes');
    expect([code, out]).toEqual([
      0,
      `~ user alice
    Comments: "buys" \u2192 none
    Policies: -Own, -ReadOnlyAccess
+ user bob
- user zoe

Changes: 1 created, 1 changed, 1 deleted.
`,
    ]);
    const { Users, Groups, Policies, Roles } = await readWorld(world);
    expect(Users.map(({ UserName, Groups }) => [UserName, Groups])).toEqual([
      ['alice', ['ops']],
      ['bob', []],
    ]);
    expect([Groups.length, Policies.length, Roles.length]).toEqual([1, 1, 1]);
  });

  it('deletes groups and policies that users outside the file still have', async () => {
    await apply('{ Groups: [], Policies: [] }', '--prune --yes');
    expect(await findUser('alice')).toMatchObject({ Groups: [], Policies: [{ PolicyName: 'ReadOnlyAccess' }] });
    expect(await readWorld(world)).toMatchObject({ Groups: [], Policies: [] });
  });

  it('needs --yes without a terminal, before it reads the file; a dry run does not', async () => {
    const { code, err } = await world.ramctl('apply missing.yaml --prune');
    expect([code, err]).toEqual([2, expect.stringContaining('--yes')]);
    expect(await apply('Users: [{ UserName: alice, LoginProfile: null }]')).toMatchObject({ code: 2 });
    expect((await apply(input, '--prune --dry-run')).code).toBe(0);
    expect(await findUser('bob')).toBeUndefined();
  });

  it('shows the plan at a terminal and asks', async () => {
    const files = { 'd.yaml': input };
    const refused = await world.ramctl('apply d.yaml --prune', { files, answers: [['these 2 changes?', false]] });
    expect([refused.code, refused.out]).toEqual([130, '']);
    expect(refused.err).toContain('+ user bob\n\nPlan: 1 to create, 1 to change, 0 to delete.\n');
    expect(await findUser('bob')).toBeUndefined();
    const made = await world.ramctl('apply d.yaml', { files, answers: [['this change?', true]] });
    expect([made.code, await findUser('bob')]).toMatchObject([0, { UserName: 'bob' }]);
  });

  it('changes nothing if the directory changes while the question is open', async () => {
    const answer = async () => {
      await world.ramctl('user delete alice --cascade --yes');
      return true;
    };
    const { code, out, err } = await world.ramctl('apply d.yaml', {
      files: { 'd.yaml': 'Users: [{ UserName: alice, Comments: sells }]' },
      answers: [['this change?', answer]],
    });
    expect([code, out, err]).toEqual([1, '', expect.stringContaining('the directory changed since the plan was made')]);
    expect(await findUser('alice')).toBeUndefined();
  });

  it('names the account of a remote directory before the question', async () => {
    world.addTarget('aliyun:prod', world, 'cloud');
    const { err } = await world.ramctl('-d aliyun:prod apply d.yaml --prune', {
      files: { 'd.yaml': input },
      answers: [['these 2 changes?', false]],
    });
    expect(err).toContain(`${(await world.state()).Account.AccountId} (aliyun:prod)\n`);
  });

  it.each(['user/alice', 'role/auditor', 'assumed-role/auditor/session'])(
    'never deletes the caller %s',
    async (name) => {
      await world.ramctl('role create auditor');
      await world.ramctl('user create zoe');
      const getCallerIdentity = async () => ({
        AccountId: '1',
        IdentityType: 'RAMUser' as const,
        Arn: `acs:ram::1:${name}`,
      });
      const { changes, kept } = await world.directory.reading((operations) =>
        planDescription({ ...operations, getCallerIdentity }, { Users: [], Roles: [] }, { prune: true }),
      );
      const all = ['Role auditor', 'User alice', 'User zoe'];
      const own = name.startsWith('user') ? 'User alice' : 'Role auditor';
      expect(changes.map(({ Kind, Name }) => `${Kind} ${Name}`).sort()).toEqual(all.filter((entity) => entity !== own));
      expect(kept).toEqual([own.toLowerCase()]);
    },
  );

  it("removes nothing of the caller's user, groups and policies, and changes them last", async () => {
    await world.ramctl('group create other');
    const getCallerIdentity = async () => ({
      AccountId: '1',
      IdentityType: 'RAMUser' as const,
      Arn: 'acs:ram::1:user/alice',
    });
    const description = {
      Users: [{ UserName: 'Alice', Policies: [] }, { UserName: 'bob' }],
      Groups: [],
      Policies: [],
    };
    const { changes, kept } = await world.directory.reading((operations) =>
      planDescription({ ...operations, getCallerIdentity }, description, { prune: true }),
    );
    expect(changes.map(({ Action, Name, After }) => [Action, Name, After])).toEqual([
      ['create', 'bob', {}],
      ['delete', 'other', null],
      ['update', 'alice', { Policies: [] }],
    ]);
    expect(kept).toEqual(['group ops', 'policy Own']);
  });
});
