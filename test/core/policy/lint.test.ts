import { describe, expect, it } from 'vitest';
import { checkDocument } from '../../../src/core/policy/check.ts';
import { compilePolicy, evaluatePolicies } from '../../../src/core/policy/evaluate.ts';
import { allow, deny, policy } from './samples.ts';

type Statement = ReturnType<typeof allow>;

async function warningsOf(statement: object): Promise<[Code: string, Message: string][]> {
  const { document, findings } = await checkDocument(JSON.stringify({ Version: '1', Statement: [statement] }));
  expect(document).toBeDefined();
  return findings.map(({ Code, Message }) => [Code, Message]);
}

const codesOf = async (statement: object) => (await warningsOf(statement)).map(([Code]) => Code);

describe('a resource that RAM accepts although parts are missing or empty', () => {
  it.each([
    ['acs::ram::*', 'matches nothing'],
    ['acs::*:*:b', 'matches nothing'],
    ['acs:ram::*', 'its last * matches the missing parts'],
    ['acs:ram:*', 'its last * matches the missing parts'],
    ['acs:ram', 'matches nothing'],
    ['acs:ram:*:*:', 'matches nothing'],
    ['acs:*', 'its last * matches the missing parts'],
  ])('%s is accepted with a warning that says what it matches: %s', async (resource, consequence) => {
    const warnings = await warningsOf(allow('ram:Get*', resource));
    expect(warnings).toEqual([['IncompleteResource', expect.stringContaining(consequence)]]);
    const compiled = compilePolicy(policy(allow('ram:Get*', resource)) as never);
    const request = { Action: 'ram:GetUser', Resource: 'acs:ram:*:1234:user/alice', Context: {} };
    const isMatch = evaluatePolicies([compiled], request).Decision === 'Allow';
    expect(isMatch).toBe(consequence !== 'matches nothing');
  });

  it.each(['acs:ram:*:*:*', 'acs:*:*:*:*', 'acs:ram::1234:user/alice', 'acs:ram:*:*:user/a:b c', '*'])(
    '%s is complete',
    async (resource) => {
      expect(await codesOf(allow('ram:Get*', resource))).toEqual([]);
    },
  );

  it('is also reported in a statement with NotAction, and as a wildcard for everything', async () => {
    expect(await codesOf({ Effect: 'Deny', NotAction: 'ecs:*', Resource: 'acs::ram::*' })).toEqual([
      'IncompleteResource',
    ]);
    expect((await codesOf(allow('*', 'acs:*'))).sort()).toEqual(['AllowsEverything', 'IncompleteResource']);
    expect(await codesOf(allow('*', 'acs::*:*:*'))).toEqual(['IncompleteResource']);
  });
});

it.each([
  ['polardbx:*', 'acs:drds:*:*:*'],
  ['yundun-sas:*', 'acs:yundun-aegis:*:*:*'],
  ['bssapi:QueryBill', 'acs:bss:*:*:*'],
])('%s may apply to %s, because both codes belong to one service', async (action, resource) => {
  expect(await codesOf(allow(action, resource))).toEqual([]);
  expect(await codesOf(allow('ecs:*', resource))).toEqual(['NeverMatches']);
});

describe('a condition on acs:MFAPresent', () => {
  const BLOCKS = 'BlocksMFABinding';
  const KEYS = 'AccessKeysLackMFAPresent';
  const withoutMFA = { Bool: { 'acs:MFAPresent': 'false' } };

  it.each<[string, Statement, string[]]>([
    ['a Deny of everything without MFA', deny('*', '*', withoutMFA), [KEYS, BLOCKS]],
    ['a Deny of RAM without MFA', deny('ram:*', 'acs:ram:*:*:*', withoutMFA), [KEYS, BLOCKS]],
    ['another spelling of the key', deny('*', '*', { Bool: { 'acs:mfapresent': 'false' } }), [KEYS, BLOCKS]],
    ['another operator', deny('*', '*', { StringNotEquals: { 'acs:MFAPresent': 'true' } }), [KEYS, BLOCKS]],
    [
      'another condition in the statement',
      deny('*', '*', { ...withoutMFA, IpAddress: { 'acs:SourceIp': '10.0.0.0/8' } }),
      [KEYS, BLOCKS],
    ],
    ['a Deny of another service', deny('ecs:*', '*', withoutMFA), [KEYS]],
    ['a Deny on resources of another service', deny('*', 'acs:ecs:*:*:*', withoutMFA), [KEYS]],
    ['a Deny on roles', deny('*', 'acs:ram:*:*:role/*', withoutMFA), [KEYS]],
    ['a Deny on one user', deny('*', 'acs:ram:*:*:user/bob', withoutMFA), [KEYS, BLOCKS]],
    ['a Deny on MFA devices', deny('*', 'acs:ram:*:*:mfa/*', withoutMFA), [KEYS, BLOCKS]],
    ['a Deny with MFA', deny('*', '*', { Bool: { 'acs:MFAPresent': 'true' } }), [KEYS]],
    ['an Allow with MFA', allow('iot:*', '*', { Bool: { 'acs:MFAPresent': 'true' } }), [KEYS]],
    ['a Deny under another condition', deny('*', '*', { Bool: { 'acs:SecureTransport': 'false' } }), []],
  ])('%s', async (_, statement, codes) => {
    expect(await codesOf(statement)).toEqual(codes);
  });

  it('names the actions of the binding that are blocked and how to exclude them', async () => {
    const [, [, message] = []] = await warningsOf(deny('*', '*', withoutMFA));
    expect(message).toMatch(/ram:CreateVirtualMFADevice and ram:BindMFADevice.*NotAction.*ram:GetUserMFAInfo/);
    const partly = { Effect: 'Deny', NotAction: ['ram:CreateVirtualMFADevice'], Resource: '*', Condition: withoutMFA };
    expect((await warningsOf(partly))[1]?.[1]).toMatch(
      /also blocks ram:BindMFADevice without MFA.*add them to NotAction/,
    );
    const exempt = { ...partly, NotAction: ['ram:*MFADevice', 'ram:GetUserMFAInfo'] };
    expect(await codesOf(exempt)).toEqual([KEYS]);
  });

  it.each([
    [allow('iot:*', '*', { Bool: { 'acs:MFAPresent': 'true' } }), 'this Allow never applies to them'],
    [deny('iot:*', '*', withoutMFA), 'this Deny never applies to them'],
    [deny('iot:*', '*', { StringNotEquals: { 'acs:MFAPresent': 'true' } }), 'this Deny also applies to them'],
    [allow('iot:*', '*', { 'ForAllValues:Bool': { 'acs:MFAPresent': 'true' } }), 'this Allow also applies to them'],
  ])('says what happens to requests with an AccessKey: %j: %s', async (statement, consequence) => {
    expect((await warningsOf(statement))[0]?.[1]).toContain(`have no acs:MFAPresent, so ${consequence}`);
  });

  it('is reported at the operator', async () => {
    const text = JSON.stringify(policy(deny('*', '*', withoutMFA)), null, 2);
    const { findings } = await checkDocument(text);
    const line = text.split('\n').findIndex((content) => content.includes('"Bool"')) + 1;
    expect(findings.map(({ Line }) => Line)).toEqual([line, line]);
  });
});
