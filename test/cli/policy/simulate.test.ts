import { beforeEach, describe, expect, it } from 'vitest';
import { TestWorld } from '../../support/test-world.ts';

type Statement = Record<string, unknown>;
let world = new TestWorld();

/** Makes a custom policy of statements, or a new version of it that is in force. */
async function policy(name: string, ...statements: Statement[]): Promise<void> {
  const Statement = statements.map((statement) => ({ Effect: 'Allow', Action: 'iot:*', Resource: '*', ...statement }));
  const situation = { input: JSON.stringify({ Version: '1', Statement }) };
  const made = await world.ramctl(`policy create ${name} --document -`, situation);
  if (made.code !== 0) await world.ramctl(`policy edit ${name} --document -`, situation);
}

async function decision(flags: string): Promise<unknown> {
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
  it('decides every action on every resource, and says which statements of which versions decided', async () => {
    await policy('Reads', { Action: 'iot:Query*' }, { Action: 'iot:Pub', Resource: 'acs:iot:*:*:topic/a' });
    await policy('Reads', { Action: 'oss:*' }, { Action: 'iot:*', Resource: 'acs:iot:*:*:topic/*' });
    await policy('Never', { Effect: 'Deny', Resource: 'acs:iot:*:*:topic/b' });
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

  it('counts the policies of groups, each policy once, and those alone that are in force on the user', async () => {
    await policy('Own', {});
    await world.ramctl('user create bob');
    expect(await decision('--action iot:Pub')).toBe('ImplicitDeny');
    await world.ramctl('policy attach Own --user bob');
    expect(await decision('--action iot:Pub')).toBe('ImplicitDeny');
    await world.ramctl('policy attach Own --group ops');
    expect(await decision('--action iot:Pub')).toBe('Allow');
    await world.ramctl('policy attach Own --user alice');
    const query = '--query "[].MatchedPolicies[].PolicyName"';
    expect((await world.ramctl(`policy simulate alice --action iot:Pub -o json ${query}`)).json).toEqual(['Own']);
    await world.ramctl('policy detach Own --user alice');
    await world.ramctl('group remove ops alice');
    expect(await decision('--action iot:Pub')).toBe('ImplicitDeny');
  });

  it('an explicit deny wins wherever it comes from', async () => {
    await policy('Deny', { Effect: 'Deny', Action: 'iot:Pub' });
    await world.ramctl('policy attach AdministratorAccess --user alice');
    expect(await decision('--action iot:Pub')).toBe('Allow');
    await world.ramctl('policy attach Deny --group ops');
    expect(await decision('--action iot:Pub')).toBe('ExplicitDeny');
    expect(await decision('--action iot:Sub')).toBe('Allow');
    await world.ramctl('policy attach Deny --user alice');
    await world.ramctl('policy detach AdministratorAccess --user alice');
    expect(await decision('--action iot:Pub')).toBe('ExplicitDeny');
  });

  it('decides by the version in force', async () => {
    await policy('Own', {});
    await policy('Own', { Effect: 'Deny' });
    await world.ramctl('policy attach Own --user alice');
    expect(await decision('--action iot:Pub')).toBe('ExplicitDeny');
    await world.ramctl('policy set-default Own v1');
    expect(await decision('--action iot:Pub')).toBe('Allow');
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
  ])('under %j, with %s: %s', async (Condition, flags, expected) => {
    await policy('Own', { Condition });
    await world.ramctl('policy attach Own --user alice');
    expect(await decision(`--action iot:Pub ${flags}`)).toBe(expected);
  });

  it.each([
    ['alice', 2, 'Usage'],
    ['--action iot:Pub', 2, 'Usage'],
    ['alice --action iot:Pub --context x', 2, 'Usage'],
    ['alice --action iot:Pub --context =x', 2, 'Usage'],
    ['nobody --action iot:Pub', 3, 'EntityNotExist.User'],
  ])('%s is no question', async (words, exit, Code) => {
    const { code, out, error } = await world.ramctl(`policy simulate ${words} -o json`);
    expect([code, out, error.Code]).toEqual([exit, '', Code]);
  });
});

describe('policy validate', () => {
  const statement = (more: Statement) =>
    JSON.stringify(
      { Version: '1', Statement: [{ Effect: 'Allow', Action: 'iot:*', Resource: '*', ...more }] },
      null,
      2,
    );
  const files: Record<string, string> = {
    good: statement({}),
    wild: statement({ Action: '*' }),
    broken: statement({ Effect: 'Maybe', Action: 'iot' }),
    operator: statement({ Condition: { StringSame: { 'x:y': 'z' } } }),
    unreachable: statement({ Resource: 'acs:oss:*:*:bucket/*' }),
    text: 'not JSON',
    empty: '',
    long: statement({}).padEnd(6145),
  };
  const error = (Line: number, Column: number, Code = 'MalformedPolicyDocument') => {
    return { Severity: 'Error', Code, Message: expect.any(String), Line, Column };
  };
  const warning = (Code: string, Line: number, Column: number) => {
    return { Severity: 'Warning', Code, Message: expect.any(String), Line, Column };
  };

  it.each([
    ['good', 0, []],
    ['wild', 0, [warning('AllowsEverything', 4, 5)]],
    ['unreachable', 0, [warning('NeverMatches', 7, 19)]],
    ['broken', 4, [error(5, 17), error(6, 17)]],
    ['operator', 4, [error(9, 9)]],
    ['text', 4, [error(1, 1)]],
    ['empty', 4, [error(1, 1)]],
    ['long', 4, [error(1, 1, 'InvalidParameter.PolicyDocument.Length')]],
  ])('%s: exit %i, with every finding in its place', async (name, exit, Findings) => {
    const fromFile = await world.ramctl(`policy validate ${name} -o json`, { files });
    expect([fromFile.code, fromFile.json, fromFile.err]).toEqual([exit, { Valid: exit === 0, Findings }, '']);
    const { code, out } = await world.ramctl('policy validate - -o json', { input: files[name] ?? '' });
    expect([code, out]).toEqual([exit, fromFile.out]);
  });

  it('says it to a person with the place of each finding, all of it on stdout', async () => {
    const { code, out, err } = await world.ramctl('policy validate broken', { files });
    expect([code, err]).toEqual([4, '']);
    expect(out).toMatch(/^5:17 +Error .*\n6:17 +Error .*\n\n.*refuse/m);
    expect(await world.ramctl('policy validate good', { files })).toMatchObject({
      code: 0,
      out: expect.stringContaining('well-formed'),
    });
  });

  it('a file that is not there is exit 3', async () => {
    expect(await world.ramctl('policy validate gone -o json')).toMatchObject({ code: 3, out: '' });
  });
});
