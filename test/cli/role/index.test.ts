import { beforeEach, describe, expect, it } from 'vitest';
import type { RoleDetails } from '../../../src/core/workflows/role.ts';
import { TestWorld } from '../../support/test-world.ts';

const TRUST =
  '{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Service":"fc.aliyuncs.com"}}]}\n';
const OTHER_ACCOUNT = '1234567890123456';
const files = { 'trust.json': TRUST, 'broken.json': '{"Version":"1"}' };

let world = new TestWorld();
const get = async (name: string): Promise<RoleDetails> => (await world.ramctl(`role get ${name} -o json`)).json;
const principals = (role: { AssumeRolePolicyDocument: string }) =>
  JSON.parse(role.AssumeRolePolicyDocument).Statement.map((statement: object) => {
    expect(statement).toMatchObject({ Effect: 'Allow', Action: 'sts:AssumeRole' });
    return (statement as { Principal: object }).Principal;
  });

beforeEach(async () => {
  world = new TestWorld();
  await world.ramctl('role create auditor --description "Reads everything"');
});

describe('role create', () => {
  it('creates a role that trusts the own account, and prints it as role get does', async () => {
    const { AccountId } = (await world.state()).Account;
    const { code, json, err } = await world.ramctl('role create deploy-pipeline -o json');
    expect([code, err]).toEqual([0, '']);
    expect(json).toEqual({
      RoleId: expect.stringMatching(/^3\d{17}$/),
      RoleName: 'deploy-pipeline',
      Arn: `acs:ram::${AccountId}:role/deploy-pipeline`,
      Description: null,
      AssumeRolePolicyDocument: expect.any(String),
      MaxSessionDuration: 3600,
      CreateDate: '2026-01-01T00:00:02Z',
      UpdateDate: '2026-01-01T00:00:02Z',
      Tags: [],
      Policies: [],
    });
    expect(principals(json)).toEqual([{ RAM: [`acs:ram::${AccountId}:root`] }]);
    expect(await get('DEPLOY-PIPELINE')).toEqual(json);
  });

  it('trusts the accounts and services that are named, or those of a document', async () => {
    const line = `role create a --trusted-account ${OTHER_ACCOUNT} --trusted-service ecs.aliyuncs.com --trusted-service oss.aliyuncs.com`;
    const { json } = await world.ramctl(`${line} -o json`);
    expect(principals(json)).toEqual([
      { RAM: [`acs:ram::${OTHER_ACCOUNT}:root`], Service: ['ecs.aliyuncs.com', 'oss.aliyuncs.com'] },
    ]);
    await world.ramctl('role create b --trusted-service ecs.aliyuncs.com');
    expect(principals(await get('b'))).toEqual([{ Service: ['ecs.aliyuncs.com'] }]);
    await world.ramctl('role create c --trust-policy trust.json', { files });
    await world.ramctl('role create d --trust-policy -', { input: TRUST });
    for (const name of ['c', 'd']) expect(await get(name)).toMatchObject({ AssumeRolePolicyDocument: TRUST });
  });

  it.each([
    ['7200', 7200],
    ['90m', 5400],
    ['12h', 43_200],
  ])('accepts sessions of %s', async (time, seconds) => {
    const { json } = await world.ramctl(`role create a --max-session-duration ${time} -o json`);
    expect(json).toMatchObject({ MaxSessionDuration: seconds });
  });

  it.each([
    ['a_b', 1, 'InvalidParameter.RoleName.InvalidChars', 'RoleName'],
    ['a --max-session-duration 13h', 1, 'InvalidParameter.MaxSessionDuration.Range', 'MaxSessionDuration'],
    ['a --max-session-duration long', 2, 'Usage', undefined],
    ['a --description ""', 1, 'InvalidParameter.Description.Length', 'Description'],
    ['a --trusted-account 12', 1, 'InvalidParameter.AccountId.Format', 'AccountId'],
    ['a --trusted-service example.com', 1, 'InvalidParameter.Service.Format', 'Service'],
    ['a --trust-policy broken.json', 1, 'MalformedPolicyDocument', 'AssumeRolePolicyDocument'],
    ['a --trust-policy none.json', 3, 'FileNotFound', undefined],
    [`a --trust-policy trust.json --trusted-account ${OTHER_ACCOUNT}`, 2, 'Usage', '--trust-policy'],
    ['AUDITOR', 1, 'EntityAlreadyExists.Role', 'RoleName'],
    ['', 2, 'Usage', undefined],
  ])('refuses: role create %s', async (words, exit, Code, Field) => {
    const before = await world.state();
    const { code, out, error } = await world.ramctl(`role create ${words} -o json`, { files });
    expect([code, out, error.Code, error.Field]).toEqual([exit, '', Code, Field]);
    expect(await world.state()).toEqual(before);
  });

  it('with --if-not-exists prints an existing role; with --dry-run creates nothing', async () => {
    const before = await world.state();
    const again = await world.ramctl('role create AUDITOR --description other --if-not-exists -o json');
    expect([again.code, again.json, again.err]).toEqual([0, await get('auditor'), '']);
    const dry = await world.ramctl('role create web --dry-run -o json');
    expect([dry.code, dry.json, dry.err]).toMatchObject([0, { RoleName: 'web' }, expect.stringContaining('dry run')]);
    expect(dry.json).not.toHaveProperty('RoleId');
    expect(await world.state()).toEqual(before);
    expect((await world.ramctl('role create auditor --dry-run')).code).toBe(1);
  });
});

describe('role list', () => {
  it.each([
    ['', ['auditor', 'Web']],
    ['AUD', ['auditor']],
    ['everything', ['auditor']],
    ['nothing', []],
  ])('with keyword "%s" prints %j', async (keyword, names) => {
    await world.ramctl('role create Web');
    const { code, json } = await world.ramctl(`role list ${keyword} -o json --query [].RoleName`);
    expect([code, json]).toEqual([0, names]);
  });

  it('prints the number of policies, and a message if no role exists', async () => {
    await world.ramctl('policy attach ReadOnlyAccess --role auditor');
    const { AssumeRolePolicyDocument: _, ...role } = await get('auditor');
    expect((await world.ramctl('role list -o json')).json).toEqual([{ ...role, Policies: 1 }]);
    expect((await world.ramctl('role list')).out).toMatch(/auditor +1 .*Reads everything/);
    expect((await new TestWorld().ramctl('role list')).out).toBe('no roles\n');
  });
});

describe('role get', () => {
  it('shows description, policies and the trust policy', async () => {
    await world.ramctl('role create fc --trust-policy - --description Functions', { input: TRUST });
    await world.ramctl('policy attach ReadOnlyAccess --role fc');
    const { out } = await world.ramctl('role get fc');
    expect(out).toMatch(/^Role +fc\n[\s\S]*Description +Functions\n[\s\S]*Policies +ReadOnlyAccess\n/);
    expect(out).toContain(`\nTrust policy:\n${TRUST}`);
    expect((await world.ramctl('role get nobody -o json')).error).toMatchObject({
      Code: 'EntityNotExist.Role',
      Hint: 'ramctl role list',
    });
  });
});

describe('role edit', () => {
  it('changes only what is named', async () => {
    await world.ramctl('policy attach ReadOnlyAccess --role auditor');
    const before = await get('auditor');
    const { json } = await world.ramctl('role edit AUDITOR --max-session-duration 2h -o json');
    expect(json).toEqual({ ...before, MaxSessionDuration: 7200, UpdateDate: '2026-01-01T00:00:04Z' });
    await world.ramctl('role edit auditor --description ""');
    expect(await get('auditor')).toMatchObject({ Description: null, MaxSessionDuration: 7200 });
    await world.ramctl(`role edit auditor --trusted-account ${OTHER_ACCOUNT}`);
    expect(principals(await get('auditor'))).toEqual([{ RAM: [`acs:ram::${OTHER_ACCOUNT}:root`] }]);
    await world.ramctl('role edit auditor --trust-policy trust.json', { files });
    expect(await get('auditor')).toMatchObject({ AssumeRolePolicyDocument: TRUST, Policies: before.Policies });
  });

  it.each([
    ['auditor', 2, 'Usage'],
    ['nobody --description x', 3, 'EntityNotExist.Role'],
    ['auditor --max-session-duration 60', 1, 'InvalidParameter.NewMaxSessionDuration.Range'],
    ['auditor --description x --trust-policy broken.json', 1, 'MalformedPolicyDocument'],
  ])('changes nothing: role edit %s', async (words, exit, Code) => {
    const before = await world.state();
    const { code, error } = await world.ramctl(`role edit ${words} -o json`, { files });
    expect([code, error.Code]).toEqual([exit, Code]);
    expect(await world.state()).toEqual(before);
  });
});

describe('role delete', () => {
  beforeEach(async () => {
    await world.ramctl('role create web');
    await world.ramctl('policy attach ReadOnlyAccess AdministratorAccess --role auditor');
  });

  it('refuses a role with policies; each blocker contains the command that removes it', async () => {
    const before = await world.state();
    const { code, out, error } = await world.ramctl('role delete web auditor --yes -o json');
    expect([code, out, error.Code]).toEqual([1, '', 'DeleteConflict.Role.Policy']);
    expect(error.Blockers).toEqual(
      ['ReadOnlyAccess', 'AdministratorAccess'].map((Name) => ({
        Kind: 'Policy',
        Name,
        Command: `ramctl policy detach ${Name} --role auditor`,
      })),
    );
    expect(error.Hint).toBe('ramctl role delete web auditor --cascade');
    expect(await world.state()).toEqual(before);
    for (const { Command } of error.Blockers ?? []) await world.ramctl(Command.replace('ramctl ', ''));
    expect((await world.ramctl('role delete auditor --yes')).code).toBe(0);
  });

  it('with --cascade deletes each role once and keeps the policies; with --dry-run nothing', async () => {
    const { RoleId } = await get('auditor');
    const before = await world.state();
    const dry = await world.ramctl('role delete auditor web AUDITOR --cascade --dry-run -o json');
    expect(await world.state()).toEqual(before);
    const { code, json } = await world.ramctl('role delete auditor web AUDITOR --cascade --yes -o json');
    expect([code, json]).toEqual([0, dry.json]);
    expect(json).toEqual([
      {
        RoleId,
        RoleName: 'auditor',
        Removed: [
          { Kind: 'Policy', Name: 'ReadOnlyAccess' },
          { Kind: 'Policy', Name: 'AdministratorAccess' },
        ],
      },
      { RoleId: expect.any(String), RoleName: 'web', Removed: [] },
    ]);
    expect((await world.state()).Roles.size).toBe(0);
    expect((await world.ramctl('policy get ReadOnlyAccess -o json')).json).toMatchObject({ AttachmentCount: 0 });
  });

  it('shows what will be detached before it asks, and needs an answer', async () => {
    const before = await world.state();
    const shown = (err: string) => {
      expect(err).toMatch(/Policy ReadOnlyAccess/);
      return false;
    };
    const cancelled = await world.ramctl('role delete auditor --cascade', { answers: [['Delete auditor?', shown]] });
    expect([cancelled.code, cancelled.out]).toEqual([130, '']);
    expect((await world.ramctl('role delete web nobody --yes')).code).toBe(3);
    expect((await world.ramctl('role delete web -o json')).error).toMatchObject({ Code: 'Usage', Field: '--yes' });
    expect(await world.state()).toEqual(before);
  });
});

describe('policies of roles', () => {
  it('are attached and detached together with those of users and groups', async () => {
    await world.ramctl('user create alice');
    await world.ramctl('role create web');
    const line = 'ReadOnlyAccess --role AUDITOR --role web --user alice -o json';
    const pair = { PolicyName: 'ReadOnlyAccess', Changed: true };
    expect((await world.ramctl(`policy attach ${line}`)).json).toEqual([
      { ...pair, UserName: 'alice' },
      { ...pair, RoleName: 'auditor' },
      { ...pair, RoleName: 'web' },
    ]);
    const again = await world.ramctl('policy attach ReadOnlyAccess --role web -o json');
    expect([again.json, again.err]).toEqual([
      [{ ...pair, RoleName: 'web', Changed: false }],
      'remark: ReadOnlyAccess is already attached to web\n',
    ]);
    const { json } = await world.ramctl('policy get ReadOnlyAccess -o json');
    expect(json).toMatchObject({ AttachmentCount: 3, Roles: [{ RoleName: 'auditor' }, { RoleName: 'web' }] });
    expect((await world.ramctl('policy get ReadOnlyAccess')).out).toMatch(/user alice\n.*role auditor\n.*role web\n/);
    const detached = await world.ramctl('policy detach ReadOnlyAccess --role web');
    expect(detached.out).toMatch(/^Policy +Role +Changed/);
    expect((await get('web')).Policies).toEqual([]);
    expect((await world.ramctl('policy detach ReadOnlyAccess --role nobody --role auditor')).code).toBe(3);
    expect((await get('auditor')).Policies).toMatchObject([{ PolicyName: 'ReadOnlyAccess' }]);
  });

  it('remark on full access', async () => {
    const { err } = await world.ramctl('policy attach AdministratorAccess --role auditor');
    expect(err).toBe('remark: the role auditor may now do everything in this account (AdministratorAccess)\n');
  });

  it('policy delete names roles as blockers, and detaches them with --cascade', async () => {
    const input = '{"Version":"1","Statement":[{"Effect":"Allow","Action":"iot:*","Resource":"*"}]}';
    await world.ramctl('policy create Own --document -', { input });
    await world.ramctl('policy attach Own --role auditor');
    const refused = await world.ramctl('policy delete Own --yes -o json');
    expect(refused.error).toMatchObject({
      Code: 'DeleteConflict.Policy.Role',
      Blockers: [{ Kind: 'Role', Name: 'auditor', Command: 'ramctl policy detach Own --role auditor' }],
    });
    const { json } = await world.ramctl('policy delete Own --cascade --yes -o json');
    expect(json).toMatchObject({ PolicyName: 'Own', Removed: [{ Kind: 'Role', Name: 'auditor' }] });
    expect((await get('auditor')).Policies).toEqual([]);
  });
});
