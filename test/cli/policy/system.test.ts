import { beforeEach, describe, expect, it } from 'vitest';
import { validateState } from '../../../src/core/validate-state.ts';
import { createPlainVault, TestWorld } from '../../support/test-world.ts';

const SLB = 'AliyunSLBFullAccess';
let world = new TestWorld();

const documentOf = (Action: string, more: object = {}) =>
  JSON.stringify({ Version: '1', Statement: [{ Effect: 'Allow', Action, Resource: '*', ...more }] });

/** A response of GetPolicy, as the official CLI prints it. */
function response(PolicyName: string, PolicyDocument: string, policy: object = {}) {
  return {
    RequestId: '00000000-0000-0000-0000-000000000000',
    Policy: {
      PolicyName,
      PolicyType: 'System',
      DefaultVersion: 'v3',
      Description: 'exported',
      CreateDate: '2015-04-28T17:25:04Z',
      UpdateDate: '2024-02-01T00:00:00Z',
      AttachmentCount: 2,
      ...policy,
    },
    DefaultPolicyVersion: {
      VersionId: 'v3',
      IsDefaultVersion: true,
      PolicyDocument,
      CreateDate: '2024-02-01T00:00:00Z',
    },
  };
}

const importText = (input: string) => world.ramctl('policy system import - -o json', { input });
const importAll = (...responses: object[]) => importText(JSON.stringify(responses));
const get = async (name: string) => (await world.ramctl(`policy get ${name} -o json`)).json as Record<string, unknown>;

beforeEach(async () => {
  world = new TestWorld();
  await world.ramctl('user create alice');
});

describe('an approximate document', () => {
  it('is labelled in policy get, list, versions and simulate', async () => {
    const attached = await world.ramctl(`policy attach ${SLB.toLowerCase()} --user alice -o json`);
    expect([attached.code, attached.json]).toEqual([0, [{ PolicyName: SLB, UserName: 'alice', Changed: true }]]);
    expect(await get(SLB)).toMatchObject({ PolicyName: SLB, PolicyType: 'System', DocumentSource: 'approximate' });
    const table = (await world.ramctl(`policy get ${SLB}`)).out;
    expect(table).toMatch(/^Document +approximate$/m);
    expect(table).toMatch(/does not know the exact document[\s\S]*policy system import -$/m);
    expect(table.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect((await world.ramctl(`policy versions ${SLB}`)).err).toMatch(
      /^remark: .* an approximate document for AliyunSLB/,
    );
    const { json } = await world.ramctl('policy list slb -o json');
    expect(json).toMatchObject([{ DocumentSource: 'approximate' }, { DocumentSource: 'approximate' }]);
    const allowed = await world.ramctl('policy simulate alice --action slb:AddTags -o json');
    const match = {
      PolicyName: SLB,
      PolicyType: 'System',
      VersionId: 'v1',
      DocumentSource: 'approximate',
      Statement: 1,
    };
    expect([allowed.code, allowed.json]).toEqual([0, [expect.objectContaining({ MatchedPolicies: [match] })]]);
    expect(allowed.err).toContain(SLB);
    const inTable = await world.ramctl('policy simulate alice --action slb:AddTags');
    expect(inTable.out).toContain(`${SLB} v1 (approximate), statement 1`);
  });

  it('is remarked on for an implicit deny, because the real document could allow the action', async () => {
    await world.ramctl(`policy attach ${SLB} AliyunIOTFullAccess --user alice`);
    expect((await world.ramctl('policy simulate alice --action ecs:Stop')).err).toContain(SLB);
    expect((await world.ramctl('policy simulate alice --action iot:Pub')).err).toBe('');
  });

  it('is not claimed of exact documents and custom policies', async () => {
    expect(await get('AliyunECSFullAccess')).toMatchObject({ DocumentSource: 'exact' });
    await world.ramctl('policy create Own --document -', { input: documentOf('iot:*') });
    expect(await get('Own')).not.toHaveProperty('DocumentSource');
    for (const name of ['AliyunECSFullAccess', 'Own']) {
      const { out, err } = await world.ramctl(`policy get ${name}`);
      expect(out + err).not.toContain('approximate');
    }
  });
});

describe('policy system import', () => {
  it('replaces the document of a known policy and adds an unknown one', async () => {
    await world.ramctl(`policy attach ${SLB} --user alice`);
    const imported = await importAll(
      response('aliyunslbfullaccess', documentOf('slb:Add*')),
      response('AliyunNewServiceFullAccess', documentOf('new:*')),
    );
    const result = (PolicyName: string, Changed: boolean) => {
      return { PolicyName, PolicyType: 'System', DefaultVersion: 'v3', DocumentSource: 'imported', Changed };
    };
    expect([imported.code, imported.err]).toEqual([0, '']);
    expect(imported.json).toEqual([result(SLB, true), result('AliyunNewServiceFullAccess', true)]);
    expect(await get(SLB)).toMatchObject({
      PolicyName: SLB,
      DocumentSource: 'imported',
      Description: 'exported',
      DefaultVersion: 'v3',
      CreateDate: '2015-04-28T17:25:04Z',
      UpdateDate: '2024-02-01T00:00:00Z',
      PolicyDocument: documentOf('slb:Add*'),
      Users: [{ UserName: 'alice' }],
    });
    const decisions = await world.ramctl('policy simulate alice --action slb:AddTags --action slb:Delete -o json');
    expect(decisions.json).toMatchObject([
      { Decision: 'Allow', MatchedPolicies: [{ PolicyName: SLB, VersionId: 'v3' }] },
      { Decision: 'ImplicitDeny' },
    ]);
    expect(decisions.err).toBe('');
    expect((await world.ramctl('policy attach AliyunNewServiceFullAccess --user alice')).code).toBe(0);
    expect(await validateState(await world.state(), createPlainVault())).toEqual([]);
    const taken = await world.ramctl('policy create AliyunNewServiceFullAccess --document - -o json', {
      input: documentOf('iot:*'),
    });
    expect([taken.code, taken.error.Code]).toEqual([1, 'EntityAlreadyExists.Policy']);
    const again = await importAll(response(SLB, documentOf('slb:Add*')));
    expect(again.json).toEqual([result(SLB, false)]);
  });

  const one = response(SLB, documentOf('slb:Add*'));
  const two = response('AliyunCDNFullAccess', documentOf('cdn:*'));
  const pretty = (value: object) => JSON.stringify(value, null, '\t');
  it.each([
    ['one response', pretty(one), 1],
    ['a list', pretty([one, two]), 2],
    ['responses one after the other', `${pretty(one)}\n${pretty(two)}\n`, 2],
    ['JSON Lines with a byte order mark', `\ufeff${JSON.stringify(one)}\r\n${JSON.stringify(two)}\r\n`, 2],
    [
      'what policy get prints',
      JSON.stringify({ PolicyName: SLB, DefaultVersion: 'v3', PolicyDocument: documentOf('slb:Add*') }),
      1,
    ],
    [
      'a response of GetPolicyVersion with a name',
      JSON.stringify({ PolicyName: SLB, PolicyVersion: { VersionId: 'v3', PolicyDocument: documentOf('slb:Add*') } }),
      1,
    ],
  ])('reads %s', async (_, text, count) => {
    const { code, json } = await importText(text);
    expect([code, json]).toEqual([0, expect.objectContaining({ length: count })]);
    expect(await get(SLB)).toMatchObject({ DefaultVersion: 'v3', PolicyDocument: documentOf('slb:Add*') });
  });

  it.each([
    ['', 'MalformedFile', /no policies/],
    ['[]', 'MalformedFile', /no policies/],
    ['{', 'MalformedFile', /not JSON/],
    ['[1]', 'MalformedFile', /object 1/],
    [JSON.stringify({ PolicyVersion: { VersionId: 'v1', PolicyDocument: '{}' } }), 'MalformedFile', /PolicyName/],
    [JSON.stringify({ Policies: { Policy: [] } }), 'MalformedFile', /PolicyName/],
    [JSON.stringify(response(SLB, '')), 'MalformedFile', /PolicyDocument/],
    [JSON.stringify(response(SLB, documentOf('slb:*'), { PolicyType: 'Custom' })), 'MalformedFile', /custom policy/],
  ])('refuses the file %s with %s', async (text, Code, message) => {
    const { code, out, error } = await importText(text);
    expect([code, out, error.Code, error.Message]).toEqual([1, '', Code, expect.stringMatching(message)]);
    expect(await get(SLB)).toMatchObject({ DocumentSource: 'approximate' });
  });

  it('imports nothing if one policy is refused, and says which ones and why', async () => {
    await world.ramctl('policy create Own --document -', { input: documentOf('iot:*') });
    const { code, error } = await importAll(
      response(SLB, documentOf('slb:Add*')),
      response('AliyunStrangeAccess', documentOf('x:*', { Condition: { Strange: { k: 'v' } } })),
      response('own', documentOf('x:*')),
      response('AliyunDateAccess', documentOf('x:*'), { UpdateDate: 'yesterday' }),
      response(SLB, documentOf('slb:*')),
    );
    expect([code, error]).toEqual([
      1,
      {
        Code: 'MalformedPolicyDocument',
        Message: expect.stringMatching(/^AliyunStrangeAccess: .*Strange.*4 policies cannot be imported/),
        Hint: expect.any(String),
        Errors: [
          { Code: 'MalformedPolicyDocument', Message: expect.stringContaining('Strange'), Row: 2 },
          { Code: 'EntityAlreadyExists.Policy', Message: expect.stringContaining('own'), Row: 3 },
          { Code: 'InvalidParameter.UpdateDate.Format', Message: expect.stringContaining('UpdateDate'), Row: 4 },
          { Code: 'DuplicateRow', Message: expect.stringContaining(SLB), Row: 5 },
        ],
      },
    ]);
    expect(await get(SLB)).toMatchObject({ DocumentSource: 'approximate' });
  });

  it('names a single refused policy once', async () => {
    const { error } = await importAll(response('AliyunDateAccess', documentOf('x:*'), { UpdateDate: 'yesterday' }));
    expect(error).toEqual({
      Code: 'InvalidParameter.UpdateDate.Format',
      Message: expect.stringMatching(/^AliyunDateAccess: /),
      Hint: expect.any(String),
    });
  });

  it('reads a file with many empty lines in linear time', { timeout: 2000 }, async () => {
    expect((await importText(`{}${'\n'.repeat(100_000)}x`)).error.Code).toBe('MalformedFile');
  });

  it('accepts documents that are too long for a custom policy', async () => {
    const actions = Array.from({ length: 500 }, (_, index) => `slb:Operation${index}`);
    const PolicyDocument = JSON.stringify({
      Version: '1',
      Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }],
    });
    expect(PolicyDocument.length).toBeGreaterThan(6144);
    expect((await importAll(response(SLB, PolicyDocument))).code).toBe(0);
    expect(await validateState(await world.state(), createPlainVault())).toEqual([]);
  });
});

describe('a custom policy of an older directory with a name that is now known as a system policy', () => {
  beforeEach(async () => {
    await world.ramctl('policy create Own --document -', { input: documentOf('iot:*') });
    await world.store.change(async ({ Policies }) => {
      const own = Policies.get('own');
      Policies.delete('own');
      if (own) Policies.set(SLB.toLowerCase(), { ...own, PolicyName: SLB });
    });
  });

  it('keeps working, and hides the system policy', async () => {
    expect((await world.ramctl(`policy attach ${SLB} --user alice`)).code).toBe(0);
    expect(await get(SLB)).toMatchObject({ PolicyType: 'Custom', Users: [{ UserName: 'alice' }] });
    expect((await world.ramctl(`policy edit ${SLB} --document -`, { input: documentOf('mns:*') })).code).toBe(0);
    const { json } = await world.ramctl('policy simulate alice --action mns:ListTopic -o json');
    expect(json).toMatchObject([{ MatchedPolicies: [{ PolicyName: SLB, PolicyType: 'Custom', VersionId: 'v2' }] }]);
    const list = (await world.ramctl(`policy list ${SLB} -o json`)).json;
    expect(list).toMatchObject([{ PolicyName: SLB, PolicyType: 'Custom', AttachmentCount: 1 }]);
    expect(await validateState(await world.state(), createPlainVault())).toEqual([]);
  });

  it('is not replaced by an import, and the system policy appears when the custom policy is deleted', async () => {
    const { code, error } = await importAll(response(SLB, documentOf('slb:*')));
    expect([code, error.Code]).toEqual([1, 'EntityAlreadyExists.Policy']);
    await world.ramctl(`policy delete ${SLB} --yes`);
    expect(await get(SLB)).toMatchObject({ PolicyType: 'System' });
  });
});

it('policy simulate remarks on a condition on acs:MFAPresent that the context cannot decide', async () => {
  const input = documentOf('iot:*', { Condition: { Bool: { 'acs:MFAPresent': 'true' } } });
  await world.ramctl('policy create WithMFA --document -', { input });
  await world.ramctl('policy attach WithMFA --user alice');
  expect((await world.ramctl('policy simulate alice --action iot:Pub')).err).toMatch(/acs:MFAPresent=true/);
  const withMFA = await world.ramctl('policy simulate alice --action iot:Pub --context ACS:mfapresent=true');
  expect([withMFA.code, withMFA.err]).toEqual([0, '']);
});
