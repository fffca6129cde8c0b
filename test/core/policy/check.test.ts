import { describe, expect, it } from 'vitest';
import { checkDocument, type PolicyFinding, parseDocument } from '../../../src/core/policy/check.ts';
import { parseStoredDocument } from '../../../src/core/policy/document.ts';
import { listKnownPolicies } from '../../../src/core/policy/system-policies.ts';
import { failure } from '../../support/failures.ts';
import { allow, deny, policy, SAMPLES } from './samples.ts';

const pretty = (value: unknown) => JSON.stringify(value, null, 2);
const formatFinding = ({ Line, Column, Message }: PolicyFinding) => `${Line}:${Column} ${Message}`;

async function findingsOf(text: string, Severity: PolicyFinding['Severity']): Promise<string[]> {
  const { document, findings } = await checkDocument(text);
  expect(document === undefined).toBe(findings.some((finding) => finding.Severity === 'Error'));
  return findings.filter((finding) => finding.Severity === Severity).map(formatFinding);
}

const errors = (text: string) => findingsOf(text, 'Error');
const warnings = (text: string) => findingsOf(text, 'Warning');

/** A document with one statement, on the second line. */
const withStatement = (statement: string) => `{"Version": "1", "Statement": [\n${statement}\n]}`;
/** A document with one condition, on the third line. */
const withCondition = (condition: string) =>
  withStatement(`{"Effect": "Allow", "Action": "ecs:*", "Resource": "*", "Condition":\n${condition}}`);

it.each(Object.entries(SAMPLES))(
  'accepts the published policy %s on one line and on many lines',
  async (name, sample) => {
    for (const text of [JSON.stringify(sample), pretty(sample)]) {
      const { document, findings } = await checkDocument(text);
      expect(document).toEqual(sample);
      expect(parseStoredDocument(text)).toEqual(sample);
      const expectedWarnings: Record<string, string[]> = {
        allButBilling: ['AllowsEverything'],
        ossPut: ['NeverMatches'],
        iotMfa: ['AccessKeysLackMFAPresent'],
      };
      expect(findings.map(({ Code }) => Code)).toEqual(expectedWarnings[name] ?? []);
    }
  },
);

it('accepts every system policy', async () => {
  const warned: string[] = [];
  for (const { PolicyName, Document } of listKnownPolicies()) {
    const { document, findings } = await checkDocument(JSON.stringify(Document));
    expect([PolicyName, document]).toEqual([PolicyName, Document]);
    warned.push(...findings.map(({ Code }) => `${PolicyName} ${Code}`));
  }
  expect(warned).toEqual(['AdministratorAccess AllowsEverything']);
});

it.each([
  ['members in another order', '{"Statement":[{"Resource":"*","Action":"ecs:*","Effect":"Deny"}],"Version":"1"}'],
  [
    'lists of one',
    withStatement('{"Effect": "Deny", "NotAction": ["ecs:*"], "Resource": ["acs:ram::1234:user/a:b c"]}'),
  ],
  ['an empty condition', withCondition('{}')],
  ['an unknown condition key', withCondition('{"StringEquals": {"acs:RequestTag/cost center": ""}}')],
  ['two spellings of one key', withCondition('{"Bool": {"acs:MFAPresent": "true", "acs:mfapresent": "true"}}')],
  ['values that are numbers and booleans', withCondition('{"NumericLessThan": {"k": [1, -2.5]}, "Bool": {"k": true}}')],
  [
    'keys that are names of the JavaScript object prototype',
    withCondition('{"StringEquals": {"__proto__": "x", "constructor": "x"}}'),
  ],
])('accepts a document with %s', async (_, text) => {
  expect(await errors(text)).toEqual([]);
});

it('keeps a condition on the key __proto__', async () => {
  const document = await parseDocument(withCondition('{"StringEquals": {"__proto__": "x"}}'));
  expect(Object.entries(document.Statement[0]?.Condition?.StringEquals ?? {})).toEqual([['__proto__', 'x']]);
});

describe('a text that is not JSON', () => {
  it.each([
    ['', '1:1 this is not JSON: it is empty'],
    [' \n ', '1:1 this is not JSON: it is empty'],
    ['\n ,', '2:2 this is not JSON: value expected'],
    ['{"Version": "1" "Statement"', '1:17 this is not JSON: comma expected'],
    ['{\n  "Version": "1",\n}', '3:1 this is not JSON: property name expected'],
    ['{\r\n"Version" "1"}', '2:11 this is not JSON: colon expected'],
    ['{"Version": "1", // why\n}', '1:18 this is not JSON: invalid comment token'],
    ["{'Version': '1'}", '1:2 this is not JSON: invalid symbol'],
    ['{"Version": "1', '1:13 this is not JSON: unexpected end of string'],
    ['{"Version": "\\x"}', '1:13 this is not JSON: invalid escape character'],
    ['{"Version": 01}', '1:14 this is not JSON: comma expected'],
    ['{"Version": "1"', '1:16 this is not JSON: close brace expected'],
    ['{"Version": "1"} {}', '1:18 this is not JSON: end of file expected'],
    ['\ufeff{}', '1:1 control and bidirectional characters can hide text: write them as \\u…'],
    ['["a\u202eb"]', '1:4 control and bidirectional characters can hide text: write them as \\u…'],
    ['["😀", x]', '1:8 this is not JSON: invalid symbol'],
  ])('is reported with its position: %j: %s', async (text, message) => {
    expect(await errors(text)).toEqual([message]);
  });

  it('can be nested as deeply as its length allows', async () => {
    expect(await errors('['.repeat(6144))).toHaveLength(1);
    expect(await errors(`${'['.repeat(3072)}${']'.repeat(3072)}`)).toHaveLength(1);
    expect(await errors('{"a":'.repeat(1228))).toHaveLength(1);
  });
});

it.each([
  ['[]', ['1:1 a policy document must be an object']],
  ['null', ['1:1 a policy document must be an object']],
  ['{}', ['1:1 Version must be "1", in quotes', '1:1 Statement must be a list of at least one statement']],
  [
    '{"Version": 1,\n "Statement": {"Effect": "Allow"}}',
    ['1:13 Version must be "1", in quotes', '2:15 Statement must be a list of at least one statement'],
  ],
  [
    '{"Version": "2", "Statement": []}',
    ['1:13 Version must be "1", in quotes', '1:31 Statement must be a list of at least one statement'],
  ],
  [
    `{"Id": "x", ${JSON.stringify(policy(allow('ecs:*'))).slice(1)}`,
    ['1:2 a policy document has no "Id", only Version, Statement'],
  ],
  [
    '{"Version": "1", "Statement": [1],\n "Version": "1"}',
    ['1:32 a statement must be an object', '2:2 "Version" occurs twice'],
  ],
])('reports errors in the structure of the document %s: %j', async (text, messages) => {
  expect(await errors(text)).toEqual(messages);
});

const ACTION = 'an action must be "*" or <ramCode>:<name>, without spaces';
const RESOURCE = 'a resource must be "*" or acs:<ramCode>:<region>:<account>:<relativeId>';
const NO_ACTION = 'Add an Action or NotAction element to the policy statement.';

it.each([
  [
    '{}',
    ['2:1 Effect must be "Allow" or "Deny"', `2:1 ${NO_ACTION}`, '2:1 Add a Resource element to the policy statement.'],
  ],
  ['{"Effect": "allow", "Action": "*", "Resource": "*"}', ['2:12 Effect must be "Allow" or "Deny"']],
  ['{"Effect": ["Allow"], "Action": "*", "Resource": "*"}', ['2:12 Effect must be "Allow" or "Deny"']],
  ['{"Effect": "Deny", "Resource": "*"}', [`2:1 ${NO_ACTION}`]],
  [
    '{"Effect": "Deny", "Action": "*", "NotAction": "ecs:*", "Resource": "*"}',
    ['2:48 a statement has either Action or NotAction, not both'],
  ],
  ['{"Effect": "Deny", "Action": "*"}', ['2:1 Add a Resource element to the policy statement.']],
  [
    '{"Effect": "Deny", "Action": "*", "NotResource": "*"}',
    [
      '2:1 Add a Resource element to the policy statement.',
      '2:35 NotResource is not supported: list the resources in Resource',
    ],
  ],
  [
    '{"Effect": "Deny", "Action": "*", "Resource": "*", "Principal": {"RAM": "*"}}',
    ['2:52 Principal is not supported: a policy applies to the users, groups and roles that it is attached to'],
  ],
  [
    '{"Sid": "s", "Effect": "Deny", "Action": "*", "Resource": "*"}',
    ['2:2 a statement has no "Sid", only Effect, Action, NotAction, Resource, Condition'],
  ],
  ['{"Effect": "Deny", "Action": "*", "Resource": "*", "\\u0041ction": "ecs:*"}', ['2:52 "Action" occurs twice']],
  [
    '{"Effect": "Deny", "Action": [], "Resource": []}',
    ['2:30 a list must not be empty', '2:46 a list must not be empty'],
  ],
  [
    '{"Effect": "Deny", "Action": [["*"], 1, null], "Resource": "*"}',
    [`2:31 ${ACTION}`, `2:38 ${ACTION}`, `2:41 ${ACTION}`],
  ],
  [
    '{"Effect": "Deny", "NotAction": ["DescribeInstances", "ecs: Get", "ecs:", ":Get", "acs:ecs:*:*:*", "ecs:Get "], "Resource": "*"}',
    [`2:34 ${ACTION}`, `2:55 ${ACTION}`, `2:67 ${ACTION}`, `2:75 ${ACTION}`, `2:83 ${ACTION}`, `2:100 ${ACTION}`],
  ],
  [
    '{"Effect": "Deny", "Action": "*", "Resource": ["*:x", "oss:*:*:*:b", "acs::::", "acs:", "acs:oss:a b", "**", true]}',
    [
      `2:48 ${RESOURCE}`,
      `2:55 ${RESOURCE}`,
      `2:70 ${RESOURCE}`,
      `2:81 ${RESOURCE}`,
      `2:89 ${RESOURCE}`,
      `2:104 ${RESOURCE}`,
      `2:110 ${RESOURCE}`,
    ],
  ],
])('reports errors in the statement %s: %j', async (statement, messages) => {
  expect(await errors(withStatement(statement))).toEqual(messages);
});

const UNSUPPORTED = "The condition operator 'IfExists/Null' is not supported";

it.each([
  ['[]', ['3:1 Condition must be an object']],
  ['{"Bool": {}}', ['3:10 a condition operator needs a condition key']],
  ['{"Bool": "true"}', ['3:10 a condition operator must be an object']],
  ['{"Bool": {"k": []}}', ['3:16 a list must not be empty']],
  ['{"Bool": {"k": "true"}, "Bool": {"k": "false"}}', ['3:25 "Bool" occurs twice']],
  ['{"Bool": {"k": "true", "k": "false"}}', ['3:24 "k" occurs twice']],
  ['{"Bool": {"acs:MFAPresent ": "true"}}', ['3:11 a condition key must not be empty or start or end with a space']],
  ['{"Bool": {"": "true"}}', ['3:11 a condition key must not be empty or start or end with a space']],
  [
    '{"StringLike": {"k": ["x", null, {}, [], 1e400]}}',
    ['3:28', '3:34', '3:38', '3:42'].map((at) => `${at} a condition value must be a string`),
  ],
  ['{"IPaddress ": {"k": "x"}}', ['3:2 unknown condition operator "IPaddress "; did you mean IpAddress?']],
  [
    '{"forallvalues:stringequals": {"k": "x"}}',
    ['3:2 unknown condition operator "forallvalues:stringequals"; did you mean ForAllValues:StringEquals?'],
  ],
  ['{"ArnLike": {"k": "x"}}', ['3:2 unknown condition operator "ArnLike"']],
  ['{"constructor": {"k": "x"}}', ['3:2 unknown condition operator "constructor"']],
  ['{"BoolIfExists": {"k": "true"}, "Null": {"k": "true"}}', [`3:2 ${UNSUPPORTED}`, `3:33 ${UNSUPPORTED}`]],
  ['{"ForAnyValue:StringEqualsIfExists": {"k": "true"}}', [`3:2 ${UNSUPPORTED}`]],
  [
    '{"Bool": {"k": ["true", "yes", 1]}}',
    ['3:25 Bool requires "true" or "false"', '3:32 Bool requires "true" or "false"'],
  ],
  ['{"ForAllValues:NumericEquals": {"k": "ten"}}', ['3:38 ForAllValues:NumericEquals requires a decimal number']],
  ...[
    'abc',
    '10.0.0.256',
    '10.0.0.0/33',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    '::/129',
    '::/08',
    '192.168.*',
    'fe80::1%1',
    '',
  ].map((value): [string, string[]] => [
    `{"NotIpAddress": {"k": "${value}"}}`,
    ['3:24 NotIpAddress requires an IP address or a CIDR block'],
  ]),
  ...['now', '2026-02-29', '2026-13-01', '2026-01-01T00:00:00', '2026-01-01T25:00:00Z', '2026-01-01 00:00:00Z'].map(
    (value): [string, string[]] => [
      `{"DateEquals": {"k": "${value}"}}`,
      ['3:22 DateEquals requires a date such as 2026-01-01T00:00:00Z or 2026-01-01T08:00:00+08:00'],
    ],
  ),
])('reports errors in the condition %s: %j', async (condition, messages) => {
  expect(await errors(withCondition(condition))).toEqual(messages);
});

describe('the length limit', () => {
  const padded = (length: number, filler: string) => {
    const shortest = JSON.stringify(policy(allow('ecs:*', 'acs:ecs:*:*:')));
    return shortest.replace('*:*:', `*:*:${filler.repeat(length - shortest.length)}`);
  };

  it('counts the characters of the text as it was sent', async () => {
    for (const filler of ['x', '😀']) {
      expect(await errors(padded(6144, filler))).toEqual([]);
      expect(await errors(padded(6145, filler))).toEqual(['1:1 a policy document has at most 6144 characters']);
    }
    expect(await errors(`${padded(6144, 'x')}\n`)).toHaveLength(1);
  });

  it('has its own error code', async () => {
    const parsing = parseDocument('x'.repeat(6145));
    await expect(parsing).rejects.toThrow(failure('refused', 'InvalidParameter.PolicyDocument.Length'));
  });

  it('is checked quickly for a text of many megabytes', async () => {
    const text = '['.repeat(64 * 1024 * 1024);
    const start = performance.now();
    expect(await errors(text)).toHaveLength(1);
    expect(performance.now() - start).toBeLessThan(100);
  });
});

describe('a warning', () => {
  const ALLOWS_EVERYTHING = 'the statement allows every action on every resource';

  it.each([
    ['everything allowed', allow(['ecs:*', '*'], ['*']), [`2:1 ${ALLOWS_EVERYTHING}`]],
    ['everything allowed, with an empty condition', allow('*', '*', {}), [`2:1 ${ALLOWS_EVERYTHING}`]],
    ['everything denied', deny('*'), []],
    ['everything allowed under a condition', allow('*', '*', { IpAddress: { 'acs:SourceIp': '192.0.2.0/24' } }), []],
    [
      'actions on objects and the resource of a bucket',
      allow(['oss:GetObject', 'oss:putobject*'], ['acs:oss:*:*:b1/*', 'acs:oss:*:*:b1']),
      ['2:94 these actions apply to objects, but the resource is a bucket; its objects are acs:oss:*:*:b1/*'],
    ],
    [
      'an action on objects and an action on the bucket',
      allow(['oss:GetObject', 'oss:ListObjects'], 'acs:oss:*:*:b1'),
      [],
    ],
    ['a pattern that matches buckets', allow('oss:GetObject', 'acs:oss:*:*:b1*'), []],
    [
      'a resource of another service',
      allow('ecs:*', 'acs:oss:*:*:b1'),
      ['2:47 none of these actions belongs to the service oss'],
    ],
    ['a pattern that matches the service', allow('yundun-*:Get*', ['acs:yundun-waf:*:*:x', 'acs:*waf:*:*:x']), []],
    ['the service in upper case', allow('ECS:*', 'acs:ecs:*:*:*'), []],
    ['actions of every service', allow('*:Get*', 'acs:oss:*:*:b1'), []],
    ['AssumeRole of sts on a role of ram', allow('sts:AssumeRole', 'acs:ram:*:1234:role/x'), []],
    ['NotAction', { Effect: 'Allow', NotAction: 'ecs:*', Resource: 'acs:ecs:*:*:*' } as const, []],
    [
      'a service that is a name of the JavaScript object prototype',
      allow('ecs:*', 'acs:constructor:*:*:x'),
      ['2:47 none of these actions belongs to the service constructor'],
    ],
  ])('is given only where it is due: %s', async (_, statement, messages) => {
    expect(await warnings(withStatement(JSON.stringify(statement)))).toEqual(messages);
  });

  it('has a code, and warnings have the order of the text', async () => {
    const { findings } = await checkDocument(JSON.stringify(policy(allow('ecs:*', 'acs:oss:*:*:b'), allow('*'))));
    expect(findings.map(({ Severity, Code }) => [Severity, Code])).toEqual([
      ['Warning', 'NeverMatches'],
      ['Warning', 'AllowsEverything'],
    ]);
  });

  it('is not given for a document with errors', async () => {
    expect(await warnings(JSON.stringify({ ...policy(allow('*')), Version: '2' }))).toEqual([]);
  });
});

describe('parseDocument', () => {
  it('returns a valid document', async () => {
    expect(await parseDocument(pretty(SAMPLES.ip))).toEqual(SAMPLES.ip);
    expect(await parseDocument(pretty(SAMPLES.ossPut))).toEqual(SAMPLES.ossPut);
  });

  it('refuses an invalid document with the first error in the message and all errors in the details', async () => {
    const text = withStatement('{"Effect": "allow", "Resource": "*"}');
    const Message = `line 2, column 1: ${NO_ACTION}`;
    const Code = 'MalformedPolicyDocument';
    const error = await parseDocument(text).catch((error) => error);
    expect(error).toEqual(failure('refused', Code));
    expect(error.message).toBe(Message);
    expect(error.details).toEqual({
      Field: 'PolicyDocument',
      Errors: [
        { Code, Message },
        { Code, Message: 'line 2, column 12: Effect must be "Allow" or "Deny"' },
      ],
    });
  });
});
