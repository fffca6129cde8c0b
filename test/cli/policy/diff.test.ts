import { beforeEach, describe, expect, it } from 'vitest';
import { TestWorld } from '../../support/test-world.ts';

const documentOf = (...Statement: object[]) => JSON.stringify({ Version: '1', Statement });
const allow = (Action: string | string[], Resource = '*') => ({ Effect: 'Allow', Action, Resource });
const objects = 'acs:oss:*:*:logs-of-the-production-cluster/archive/*';
const files = {
  now: documentOf(allow(['oss:Get*', 'oss:Put*'], objects)),
  next: documentOf(allow(['oss:Get*', 'oss:List*'], objects)),
  broken: '{"Version":"1"}',
};
const policy = { Effect: 'Allow', PolicyName: 'Logs', PolicyType: 'Custom' };
const gained = { Change: 'Gained', Actions: ['oss:List*'], Resources: [objects], ...policy };
const lost = { Change: 'Lost', Actions: ['oss:Put*'], Resources: [objects], ...policy };

let world = new TestWorld();
const diff = (flags = '', options = {}) =>
  world.ramctl(`policy diff Logs --document next ${flags}`, { files, ...options });

beforeEach(async () => {
  world = new TestWorld();
  for (const name of ['alice', 'bob', 'carol']) await world.ramctl(`user create ${name}`);
  await world.ramctl('group create ops');
  await world.ramctl('role create auditor');
  await world.ramctl('policy create Logs --document now', { files });
});

describe('policy diff', () => {
  it('says what users, members of groups and roles would gain and lose, in one row for each', async () => {
    await world.ramctl('group add ops alice bob');
    await world.ramctl('policy attach Logs --user alice --group ops --role auditor');
    await world.ramctl('policy attach AliyunOSSFullAccess --user bob');
    const { code, json, err } = await diff('-o json');
    expect([code, json, err]).toEqual([
      0,
      [
        { UserName: 'alice', ...gained },
        { UserName: 'alice', ...lost },
        { RoleName: 'auditor', ...gained },
        { RoleName: 'auditor', ...lost },
      ],
      '',
    ]);
    expect(await world.ramctl('policy get Logs --query VersionId -o json')).toMatchObject({ json: 'v1' });
  });

  it('describes the members of a group that has none, and the document of a policy that nothing has', async () => {
    expect((await diff('-o json')).json).toEqual([gained, lost]);
    expect((await diff()).out).toBe(
      `the document gains oss:List* on ${objects} (Logs)\nthe document loses oss:Put* on ${objects} (Logs)\n`,
    );
    await world.ramctl('policy attach Logs --group ops');
    expect((await diff('-o json')).json).toMatchObject([{ GroupName: 'ops' }, { GroupName: 'ops' }]);
  });

  it('prints a table of at most 80 columns, in which users share a line', async () => {
    await world.ramctl('policy attach Logs --user alice --user bob --user carol');
    const { out } = await diff('', { width: 80 });
    expect(out.split('\n').every((line) => line.length <= 80)).toBe(true);
    expect(out.replaceAll('\n  ', ' ')).toContain(`3 users gain oss:List* on ${objects} (Logs): alice, bob, carol\n`);
    expect((await diff('--columns UserName,Change')).out).toMatch(/alice +Gained/);
  });

  it('says that nothing changes', async () => {
    const same = await world.ramctl('policy diff logs --document now', { files });
    expect([same.code, same.out]).toEqual([0, 'no permissions are gained or lost\n']);
    const json = await world.ramctl('policy diff logs --document now -o json', { files });
    expect([json.code, json.json]).toEqual([0, []]);
  });

  it('remarks on approximate documents', async () => {
    await world.ramctl('policy attach Logs AliyunCSFullAccess --user alice');
    expect((await diff()).err).toContain('only an approximate document for AliyunCSFullAccess');
  });

  it('refuses a wrong document and an unknown policy', async () => {
    const broken = await world.ramctl('policy diff Logs --document broken -o json', { files });
    expect([broken.code, broken.error.Code]).toEqual([1, 'MalformedPolicyDocument']);
    const unknown = await world.ramctl('policy diff Nope --document next -o json', { files });
    expect([unknown.code, unknown.error.Code]).toEqual([3, 'EntityNotExist.Policy']);
    expect((await world.ramctl('policy diff Logs')).code).toBe(2);
  });
});
