import { beforeEach, describe, expect, it } from 'vitest';
import { TestWorld } from '../../support/test-world.ts';

type Statement = Record<string, unknown>;
let world = new TestWorld();

/** Creates a custom policy with these statements, or a new default version if it exists. */
async function setPolicy(name: string, ...statements: Statement[]): Promise<void> {
  const Statement = statements.map((statement) => ({ Effect: 'Allow', Action: 'iot:*', Resource: '*', ...statement }));
  const options = { input: JSON.stringify({ Version: '1', Statement }) };
  const created = await world.ramctl(`policy create ${name} --document -`, options);
  if (created.code !== 0) await world.ramctl(`policy edit ${name} --document -`, options);
}

/** The decision of `policy simulate` for alice. */
async function simulate(flags: string): Promise<unknown> {
  const { code, json } = await world.ramctl(`policy simulate alice ${flags} -o json`);
  const decisions = json as { Decision: string }[];
  expect(code).toBe(decisions.every(({ Decision }) => Decision === 'Allow') ? 0 : 4);
  return decisions[0]?.Decision;
}

beforeEach(async () => {
  world = new TestWorld();
  await world.ramctl('user create alice');
  await world.ramctl('group create ops');
  await world.ramctl('group add ops alice');
});

describe('policy simulate', () => {
  it('decides every action on every resource, and prints the policy versions and statements that decided', async () => {
    await setPolicy('Reads', { Action: 'iot:Query*' }, { Action: 'iot:Pub', Resource: 'acs:iot:*:*:topic/a' });
    await setPolicy('Reads', { Action: 'oss:*' }, { Action: 'iot:*', Resource: 'acs:iot:*:*:topic/*' });
    await setPolicy('Never', { Effect: 'Deny', Resource: 'acs:iot:*:*:topic/b' });
    await world.ramctl('policy attach Reads AliyunIOTFullAccess --user alice');
    await world.ramctl('policy attach Never --group ops');
    const { code, json, err } = await world.ramctl(
      'policy simulate ALICE --action iot:Pub --action ecs:Stop --resource acs:iot:cn:1:topic/a --resource acs:iot:cn:1:topic/b -o json',
    );
    const reads = { PolicyName: 'Reads', PolicyType: 'Custom', VersionId: 'v2', Statement: 2 };
    const iot = { PolicyName: 'AliyunIOTFullAccess', PolicyType: 'System', VersionId: 'v11', Statement: 1 };
    const never = { PolicyName: 'Never', PolicyType: 'Custom', VersionId: 'v1', Statement: 1 };
    const [a, b] = ['acs:iot:cn:1:topic/a', 'acs:iot:cn:1:topic/b'];
    expect([code, json, err]).toEqual([
      4,
      [
        { Action: 'iot:Pub', Resource: a, Decision: 'Allow', MatchedPolicies: [reads, iot] },
        { Action: 'iot:Pub', Resource: b, Decision: 'ExplicitDeny', MatchedPolicies: [never] },
        { Action: 'ecs:Stop', Resource: a, Decision: 'ImplicitDeny', MatchedPolicies: [] },
        { Action: 'ecs:Stop', Resource: b, Decision: 'ImplicitDeny', MatchedPolicies: [] },
      ],
      '',
    ]);
    const table = await world.ramctl(`policy simulate alice --action iot:Pub --resource ${a}`);
    expect([table.code, table.out]).toEqual([
      0,
      expect.stringMatching(/iot:Pub +acs:\S+ +Allow +Reads v2, statement 2/),
    ]);
  });

  it('evaluates only the policies of the user and of the groups of the user, each policy once', async () => {
    await setPolicy('Own', {});
    await world.ramctl('user create bob');
    expect(await simulate('--action iot:Pub')).toBe('ImplicitDeny');
    await world.ramctl('policy attach Own --user bob');
    expect(await simulate('--action iot:Pub')).toBe('ImplicitDeny');
    await world.ramctl('policy attach Own --group ops');
    expect(await simulate('--action iot:Pub')).toBe('Allow');
    await world.ramctl('policy attach Own --user alice');
    const query = '--query "[].MatchedPolicies[].PolicyName"';
    expect((await world.ramctl(`policy simulate alice --action iot:Pub -o json ${query}`)).json).toEqual(['Own']);
    await world.ramctl('policy detach Own --user alice');
    await world.ramctl('group remove ops alice');
    expect(await simulate('--action iot:Pub')).toBe('ImplicitDeny');
  });

  it('an explicit deny of the user or of a group overrides every allow', async () => {
    await setPolicy('Deny', { Effect: 'Deny', Action: 'iot:Pub' });
    await world.ramctl('policy attach AdministratorAccess --user alice');
    expect(await simulate('--action iot:Pub')).toBe('Allow');
    await world.ramctl('policy attach Deny --group ops');
    expect(await simulate('--action iot:Pub')).toBe('ExplicitDeny');
    expect(await simulate('--action iot:Sub')).toBe('Allow');
    await world.ramctl('policy attach Deny --user alice');
    await world.ramctl('policy detach AdministratorAccess --user alice');
    expect(await simulate('--action iot:Pub')).toBe('ExplicitDeny');
  });

  it('evaluates the default version of a policy', async () => {
    await setPolicy('Own', {});
    await setPolicy('Own', { Effect: 'Deny' });
    await world.ramctl('policy attach Own --user alice');
    expect(await simulate('--action iot:Pub')).toBe('ExplicitDeny');
    await world.ramctl('policy set-default Own v1');
    expect(await simulate('--action iot:Pub')).toBe('Allow');
  });

  it.each([
    [{ StringEquals: { 'x:team': 'ops' } }, '--context x:team=ops', 'Allow'],
    [{ StringEquals: { 'X:Team': 'ops' } }, '--context x:tEAM=ops', 'Allow'],
    [{ StringEquals: { 'x:team': 'ops' } }, '', 'ImplicitDeny'],
    [{ StringEquals: { 'x:team': 'ops' } }, '--context x:team=dev', 'ImplicitDeny'],
    [{ StringEquals: { 'x:team': 'ops' } }, '--context x:team=dev --context x:team=ops', 'Allow'],
    [
      { 'ForAllValues:StringEquals': { 'x:team': ['ops'] } },
      '--context x:team=dev --context x:team=ops',
      'ImplicitDeny',
    ],
    [
      { 'ForAllValues:StringEquals': { 'x:team': ['ops', 'dev'] } },
      '--context x:team=dev --context X:team=ops',
      'Allow',
    ],
    [{ StringEquals: { 'x:team': '' } }, '--context x:team=', 'Allow'],
    [{ StringEquals: { 'x:team': '' } }, '', 'ImplicitDeny'],
    [{ StringEquals: { 'x:team': 'a=b c' } }, '"--context=x:team=a=b c"', 'Allow'],
    [{ IpAddress: { 'acs:SourceIp': '192.0.2.0/24' } }, '--context acs:SourceIp=192.0.2.7', 'Allow'],
    [{ IpAddress: { 'acs:SourceIp': '192.0.2.0/24' } }, '', 'ImplicitDeny'],
    [{ DateLessThan: { 'acs:CurrentTime': '2026-01-02T00:00:00Z' } }, '', 'Allow'],
    [{ DateGreaterThan: { 'acs:CurrentTime': '2026-01-02T00:00:00Z' } }, '', 'ImplicitDeny'],
    [
      { DateGreaterThan: { 'acs:CurrentTime': '2026-01-02T00:00:00Z' } },
      '--context ACS:currenttime=2026-01-03T00:00:00Z',
      'Allow',
    ],
    [
      { DateLessThan: { 'acs:CurrentTime': '2026-01-02T00:00:00Z' } },
      '--context acs:CurrentTime=2026-01-03T00:00:00Z',
      'ImplicitDeny',
    ],
  ])('the condition %j with the options "%s" leads to %s', async (Condition, flags, expected) => {
    await setPolicy('Own', { Condition });
    await world.ramctl('policy attach Own --user alice');
    expect(await simulate(`--action iot:Pub ${flags}`)).toBe(expected);
  });

  it.each([
    ['alice', 2, 'Usage'],
    ['--action iot:Pub', 2, 'Usage'],
    ['alice --action iot:Pub --context x', 2, 'Usage'],
    ['alice --action iot:Pub --context =x', 2, 'Usage'],
    ['unknown --action iot:Pub', 3, 'EntityNotExist.User'],
  ])('policy simulate %s fails', async (words, exit, Code) => {
    const { code, out, error } = await world.ramctl(`policy simulate ${words} -o json`);
    expect([code, out, error.Code]).toEqual([exit, '', Code]);
  });
});
