import { beforeEach, describe, expect, it } from 'vitest';
import type { Overview } from '../../src/core/workflows/overview.ts';
import { bindDevice } from '../support/mfa.ts';
import { TestWorld } from '../support/test-world.ts';

let world = new TestWorld();
const overview = async (): Promise<Overview> => (await world.ramctl('overview -o json')).json;
const findings = async (): Promise<Record<string, string[]>> =>
  Object.fromEntries((await overview()).Attention.map(({ Finding, Names }) => [Finding, Names]));
const createPolicy = (name: string, ...statements: object[]) =>
  world.ramctl(`policy create ${name} --document -`, {
    input: JSON.stringify({ Version: '1', Statement: statements }),
  });

beforeEach(() => {
  world = new TestWorld();
});

describe('overview', () => {
  it('shows the names of the account, counts with quotas, and no findings in a new directory', async () => {
    const { AccountId } = (await world.state()).Account;
    const { code, json } = await world.ramctl('overview -o json');
    expect([code, json]).toEqual([
      0,
      {
        Directory: '/memory/directory.json',
        Target: 'local',
        AccountId,
        AccountAlias: null,
        DefaultDomain: `${AccountId}.onaliyun.com`,
        LogonUrl: `https://signin.alibabacloud.com/${AccountId}.onaliyun.com/login.htm`,
        Users: 0,
        UsersQuota: 5000,
        Groups: 0,
        GroupsQuota: 300,
        Policies: 0,
        PoliciesQuota: 1500,
        Roles: 0,
        RolesQuota: 1000,
        MFADevices: 0,
        MFADevicesInUse: 0,
        VirtualMFADevicesQuota: 5000,
        AccessKeysPerUserQuota: 2,
        GroupsPerUserQuota: 10,
        VersionsPerPolicyQuota: 5,
        AttachedPoliciesPerUserQuota: 10,
        AttachedSystemPoliciesPerUserQuota: 20,
        Attention: [],
      },
    ]);
    expect((await world.ramctl('overview')).out).toMatch(
      /^Identities +0 of 5000 users, 0 of 300 groups, 0 of 1000 roles$[\s\S]*nothing needs attention\n$/m,
    );
    expect((await world.ramctl('overview more')).code).toBe(2);
  });

  it('counts users, groups, roles, policies and MFA devices', async () => {
    for (const name of ['alice', 'bob']) await world.ramctl(`user create ${name}`);
    await world.ramctl('group create ops');
    await world.ramctl('role create auditor');
    await createPolicy('Own', { Effect: 'Allow', Action: 'iot:*', Resource: '*' });
    await bindDevice(world, 'alice');
    await world.ramctl('mfa enable bob --no-bind');
    expect(await overview()).toMatchObject({
      Users: 2,
      Groups: 1,
      Roles: 1,
      Policies: 1,
      MFADevices: 2,
      MFADevicesInUse: 1,
    });
  });

  it('names the users who need attention, and the reason', async () => {
    await world.ramctl('user create zoe --console');
    await world.ramctl('user create Adam --console --access-key');
    await world.ramctl('user create root --policy AdministratorAccess');
    await world.ramctl('ak create root');
    await world.ramctl('ak create root');
    world.clock.step(91 * 86_400);
    expect(await findings()).toEqual({
      'no-mfa': ['Adam', 'zoe'],
      'both-modes': ['Adam'],
      'old-key': ['Adam', 'root'],
      'unused-key': ['Adam', 'root'],
      'two-active-keys': ['root'],
      'admin-policy': ['root'],
      'never-logged-on': ['Adam', 'zoe'],
    });
    const { out } = await world.ramctl('overview');
    expect(out).toMatch(/^no-mfa +2 +Adam, zoe +console logon without an MFA device$/m);
  });

  it('names only those custom policies that allow everything', async () => {
    const all = { Effect: 'Allow', Action: '*', Resource: '*' };
    await createPolicy('Everything', all);
    await createPolicy('Among', { ...all, Action: 'iot:*' }, { ...all, Action: ['iot:*', '*'], Resource: ['*'] });
    await createPolicy('Nothing', { ...all, Effect: 'Deny' });
    await createPolicy('Iot', { ...all, Action: 'iot:*' });
    await createPolicy('Topics', { ...all, Resource: 'acs:iot:*:*:topic/*' });
    await createPolicy('Was', all);
    await world.ramctl('policy edit Was --document -', {
      input: JSON.stringify({ Version: '1', Statement: [{ ...all, Action: 'iot:*' }] }),
    });
    expect(await findings()).toEqual({ 'wildcard-policy': ['Among', 'Everything'] });
  });

  it('fits 24 rows of 80 columns with the prompt, with all kinds of findings and long names', async () => {
    world.file.Path = `/${'folder/'.repeat(19)}directory.json`;
    await world.ramctl(`account alias ${'a'.repeat(32)}`);
    for (const name of ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(64))) {
      await world.ramctl(`user create ${name} --console --access-key --policy AdministratorAccess`);
      await world.ramctl(`ak create ${name}`);
    }
    await createPolicy('Everything', { Effect: 'Allow', Action: '*', Resource: '*' });
    world.clock.step(91 * 86_400);
    const lines = (await world.ramctl('overview', { width: 80 })).out.trimEnd().split('\n');
    expect(lines.slice(0, 3)).toEqual([
      'Directory',
      world.file.Path,
      'Target            local; its users exist on this machine only',
    ]);
    const rows = lines.reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / 80)), 0);
    expect(rows).toBeLessThanOrEqual(23);
    expect(lines.filter((line) => / {2}\d/.test(line))).toHaveLength(11);
    expect(lines).toContainEqual(expect.stringMatching(/^old-key +4 +a+…$/));
    expect(lines.at(-1)).toContain('"ramctl report" lists all users');
    expect((await findings())['no-mfa']).toHaveLength(4);
  });

  it('says in the table, and only there, that the logon URL belongs to a real account', async () => {
    await world.ramctl('user create alice --console');
    for (const line of ['overview', 'account alias', 'login get alice', 'login set alice --mfa required']) {
      expect((await world.ramctl(line)).out).toMatch(/ https:\S+\n +belongs to the real account of that alias, if/);
      expect((await world.ramctl(`${line} -o json`)).out).not.toContain('real account');
    }
  });

  it('shows five names in the table and counts the rest', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f', 'g']) {
      await world.ramctl(`user create ${name} --policy AdministratorAccess`);
    }
    expect((await world.ramctl('overview')).out).toMatch(/^admin-policy +7 +a, b, c, d, e and 2 more /m);
    expect(await findings()).toEqual({ 'admin-policy': ['a', 'b', 'c', 'd', 'e', 'f', 'g'] });
  });
});
