import { describe, expect, it } from 'vitest';
import type { PolicyDocument, Statement } from '../../../src/core/policy/document.ts';
import { compilePolicy, evaluatePolicies, type PolicyRequest } from '../../../src/core/policy/evaluate.ts';
import { listKnownPolicies } from '../../../src/core/policy/system-policies.ts';
import { allow, CASES, deny, policy, SAMPLES } from './samples.ts';

function evaluate(documents: PolicyDocument[], Action: string, rest: Partial<PolicyRequest> = {}) {
  return evaluatePolicies(documents.map(compilePolicy), { Action, Resource: '*', Context: {}, ...rest });
}

const decide = (statement: Statement, Action: string, rest: Partial<PolicyRequest> = {}) =>
  evaluate([policy(statement)], Action, rest).Decision;

it.each(CASES)('decides the published example %i (%s): %s is %s', (_, sample, Action, Decision, rest) => {
  expect(evaluate([SAMPLES[sample]], Action, rest).Decision).toBe(Decision);
});

describe('the matched statements', () => {
  const allows = policy(allow('ecs:*'), allow('oss:*'), allow('ecs:Describe*'));
  const denies = policy(deny('ecs:StopInstance'), allow('ecs:StopInstance'));

  it('are all matching Allows, counted from 1 in each policy', () => {
    expect(evaluate([allows, policy(allow('*:DescribeInstances'))], 'ecs:DescribeInstances')).toEqual({
      Decision: 'Allow',
      Matched: [
        { policyIndex: 0, Statement: 1 },
        { policyIndex: 0, Statement: 3 },
        { policyIndex: 1, Statement: 1 },
      ],
    });
  });

  it('are only the matching Denies when a Deny matches, in any order', () => {
    const Matched = [{ policyIndex: 1, Statement: 1 }];
    expect(evaluate([allows, denies], 'ecs:StopInstance')).toEqual({ Decision: 'ExplicitDeny', Matched });
  });

  it('are empty when no statement matches', () => {
    for (const documents of [[], [allows]]) {
      expect(evaluate(documents, 'rds:DescribeDBInstances')).toEqual({ Decision: 'ImplicitDeny', Matched: [] });
    }
  });
});

it.each([
  ['*', 'ecs:RunInstances', true],
  ['*:*', 'ecs:RunInstances', true],
  ['ECS:runinstances', 'ecs:RunInstances', true],
  ['ecs:RunInstances', 'ecs:RunInstancesLater', false],
  ['pai:*', 'paidataset:CreateDataset', false],
  ['*:Describe*', 'ecs:DescribeInstances', true],
  ['*:Describe*', 'ecs:ListDescribed', false],
  ['yundun-*:Get?ser', 'yundun-waf:GetUser', true],
  ['yundun-*:Get?ser', 'yundun:GetUser', false],
  ['ecs:?', 'ecs:', false],
])('the action pattern %s matches %s: %s', (pattern, action, isMatch) => {
  expect(decide(allow(pattern), action)).toBe(isMatch ? 'Allow' : 'ImplicitDeny');
  const negated: Statement = { Effect: 'Allow', NotAction: pattern, Resource: '*' };
  expect(decide(negated, action)).toBe(isMatch ? 'ImplicitDeny' : 'Allow');
});

it.each([
  ['*', '*', true],
  ['acs:oss:*:*:*', '*', false],
  ['acs:oss:*:*:bucket/*', 'acs:oss:cn-hangzhou:1234:bucket/a/b/c', true],
  ['acs:oss:*:*:bucket/*', 'acs:oss:cn-hangzhou:1234:bucket', false],
  ['acs:oss:*:*:bucket', 'acs:oss:cn-hangzhou:1234:Bucket', false],
  ['acs:oss:*:*:b?cket', 'acs:oss:*:1234:b😀cket', true],
  ['acs:oss:*:*:b??cket', 'acs:oss:*:1234:b😀cket', false],
  ['acs:oss:*:*:*??', 'acs:oss:*:1234:😀', false],
  ['acs:oss:*:*:bucket/*.jpg', 'acs:oss:*:1234:bucket/a.jpg.jpg', true],
  ['acs:oss:*:*:bucket/*.jpg', 'acs:oss:*:1234:bucket/a.jpg.png', false],
  ['acs:log:*:*:a*c:d', 'acs:log:*:1234:ab:c:d', true],
  ['acs:ram::1234:user/alice', 'acs:ram:*:1234:user/alice', true],
  ['acs:ram:*:1234:user/alice', 'acs:ram::1234:user/alice', true],
  ['acs:ram:::user/alice', 'acs:ram:cn-hangzhou:1234:user/alice', true],
  ['acs:ram:*:1234:user/alice', 'acs:ram:*::user/alice', false],
  ['acs:ram:::user/alice', 'acs:ram:::user/alice', true],
  ['acs:ecs:cn-qingdao:1234:instance/*', 'acs:ecs:*:1234:instance/i-1', false],
  ['acs:ram:*:1234:user/*', 'acs:ram:*:1234:user/*', true],
])('the resource pattern %s matches %s: %s', (pattern, Resource, isMatch) => {
  expect(decide(allow('*', pattern), 'any:Action', { Resource })).toBe(isMatch ? 'Allow' : 'ImplicitDeny');
});

it('matches a pattern with many stars against a long name quickly', () => {
  const Resource = `acs:oss:*:1234:${'a'.repeat(100_000)}`;
  const start = performance.now();
  expect(decide(allow('*', `acs:oss:*:*:${'*a'.repeat(30)}*b`), 'oss:GetObject', { Resource })).toBe('ImplicitDeny');
  expect(performance.now() - start).toBeLessThan(500);
});

/** Whether a condition holds for the values of the key `k`. Without values, the key is absent. */
function holds(operator: string, policyValues: string[], ...k: string[]): boolean {
  return decide(allow('*', '*', { [operator]: { k: policyValues } }), 'any:Action', { Context: { k } }) === 'Allow';
}

describe('conditions', () => {
  it.each([
    ['StringEquals', 'a*', ['a*'], ['ab', 'A*', '']],
    ['StringNotEquals', 'a', ['A', 'b', ''], ['a']],
    ['StringEqualsIgnoreCase', 'aB', ['Ab', 'ab'], ['a', 'aB ']],
    ['StringNotEqualsIgnoreCase', 'aB', ['b'], ['ab', 'AB']],
    ['StringLike', 'vpc-?*', ['vpc-1', 'vpc-12:/x'], ['vpc-', 'VPC-1', 'xvpc-1']],
    ['StringNotLike', 'vpc-*', ['', 'VPC-1'], ['vpc-', 'vpc-1']],
    ['NumericEquals', '10', ['10', '10.0', '010'], ['11', '', 'ten', '0xA', '1e1', ' 10']],
    ['NumericEquals', '100000000000000001', ['100000000000000001'], ['100000000000000000', '100000000000000002']],
    ['NumericNotEquals', '-0.5', ['0.5', '-0.51'], ['-0.5', '-0.50', 'ten']],
    ['NumericLessThan', '-0.5', ['-0.51', '-10', '-0.50000000000000000001'], ['-0.5', '-0.4', '0', 'ten']],
    ['NumericLessThanEquals', '9', ['9', '8.99', '-10'], ['9.01', '10']],
    ['NumericGreaterThan', '9', ['9.01', '10'], ['9', '-10', 'ten']],
    ['NumericGreaterThanEquals', '9', ['9', '10'], ['8.99', '-10']],
    [
      'DateEquals',
      '2019-01-01T00:00:00+08:00',
      ['2018-12-31T16:00:00Z', '2018-12-31T16:00Z', '2018-12-31T16:00:00.000Z'],
      ['2019-01-01T00:00:00Z', '2019-01-01', '2019-01-01T00:00:00+08', 'now'],
    ],
    ['DateNotEquals', '2020-02-29', ['2020-02-29T00:00:01Z'], ['2020-02-29T00:00:00Z', '2020-02-30', '']],
    ['DateLessThan', '2019-01-01', ['2018-12-31T23:59:59Z'], ['2019-01-01T00:00:00Z', '2018-13-01', '2018-02-29']],
    ['DateLessThanEquals', '2019-01-01', ['2019-01-01T00:00:00Z', '2018-12-31'], ['2019-01-01T00:00:01Z']],
    ['DateGreaterThan', '2019-01-01', ['2019-01-01T00:00:00.5Z', '2020-01-01'], ['2019-01-01', '2018-01-01']],
    ['DateGreaterThanEquals', '2019-01-01', ['2019-01-01', '2019-01-01T00:00:01Z'], ['2018-12-31', 'x2020-01-01']],
    ['Bool', 'true', ['true', 'True'], ['false', '', 'yes', '1']],
    ['Bool', 'FALSE', ['false'], ['true', 'no']],
    ['IpAddress', '10.101.169.111/24', ['10.101.169.7', '10.101.169.255'], ['10.101.168.255', '10.101.169.7/32', '']],
    ['IpAddress', '10.101.169.111', ['10.101.169.111'], ['10.101.169.110', '10.101.169.111.1', '010.101.169.111']],
    ['IpAddress', '10.96.0.0/11', ['10.127.255.255', '10.96.0.0'], ['10.128.0.0', '10.95.255.255']],
    ['IpAddress', '10.0.0.1/0', ['255.0.0.1'], ['::', '::ffff:10.0.0.1', 'abc']],
    ['IpAddress', '::/0', ['::', '2001:db8::1', '::ffff:10.0.0.1'], ['10.0.0.1', 'fe80::1%eth0']],
    ['IpAddress', '2001:db8::dead:beef/33', ['2001:db8:7fff::1', '2001:DB8::'], ['2001:db8:8000::1', '2001:db9::']],
    ['IpAddress', '1:0::c0a8:1', ['1::192.168.0.1', '1:0:0:0:0:0:c0a8:1'], ['1::c0a8:2', '::1:c0a8:1']],
    ['NotIpAddress', '10.0.0.0/8', ['11.0.0.1', '::1'], ['10.1.2.3', '10.1.2', '']],
  ])('%s %s holds exactly for the expected values', (operator, policyValue, matching, others) => {
    for (const value of matching) expect([value, holds(operator, [policyValue], value)]).toEqual([value, true]);
    for (const value of others) expect([value, holds(operator, [policyValue], value)]).toEqual([value, false]);
  });

  it.each([
    ['StringEquals', 'StringNotEquals', 'a'],
    ['StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase', 'a'],
    ['StringLike', 'StringNotLike', '*'],
    ['NumericEquals', 'NumericNotEquals', '1'],
    ['DateEquals', 'DateNotEquals', '2026-01-01'],
    ['IpAddress', 'NotIpAddress', '::1'],
  ])('%s does not hold for an absent key, %s does', (positive, negated, value) => {
    expect([holds(positive, [value]), holds(negated, [value])]).toEqual([false, true]);
  });

  it.each([
    ['Bool', 'false'],
    ['NumericLessThan', '1'],
    ['NumericLessThanEquals', '1'],
    ['NumericGreaterThan', '-1'],
    ['NumericGreaterThanEquals', '-1'],
    ['DateLessThan', '2026-01-01'],
    ['DateLessThanEquals', '2026-01-01'],
    ['DateGreaterThan', '1960-01-01'],
    ['DateGreaterThanEquals', '1960-01-01'],
  ])('%s does not hold for an absent key', (operator, value) => {
    expect(holds(operator, [value])).toBe(false);
  });

  it('need one of the policy values; negated operators need none of them', () => {
    expect(holds('StringEquals', ['a', 'b'], 'b')).toBe(true);
    expect(holds('StringNotEquals', ['a', 'b'], 'b')).toBe(false);
    expect(holds('StringNotEquals', ['a', 'b'], 'c')).toBe(true);
  });

  it('need one of the request values; negated operators need none of them', () => {
    expect(holds('StringEquals', ['a'], 'b', 'a')).toBe(true);
    expect(holds('StringNotEquals', ['a'], 'b', 'a')).toBe(false);
    expect(holds('NotIpAddress', ['10.0.0.0/8'], '11.0.0.1', 'nonsense')).toBe(false);
    expect(holds('IpAddress', ['10.0.0.0/8'], 'nonsense', '10.0.0.1')).toBe(true);
  });

  it.each([
    ['ForAllValues:StringEquals', [['a'], ['a', 'b'], []], [['a', 'c'], ['']]],
    ['ForAllValues:StringNotEquals', [['c'], []], [['a'], ['a', 'c']]],
    ['ForAnyValue:StringEquals', [['a'], ['a', 'c']], [['c'], []]],
    ['ForAnyValue:StringNotEquals', [['c'], ['a', 'c']], [['a'], ['a', 'b'], []]],
  ])('%s tests the request values one by one', (operator, matching, others) => {
    for (const values of matching) expect([values, holds(operator, ['a', 'b'], ...values)]).toEqual([values, true]);
    for (const values of others) expect([values, holds(operator, ['a', 'b'], ...values)]).toEqual([values, false]);
  });

  it('must all hold, for every key and every operator', () => {
    const both = { StringEquals: { a: '1', b: '2' }, Bool: { c: 'true' } };
    const decideWith = (Context: PolicyRequest['Context']) => decide(allow('*', '*', both), 'any:Action', { Context });
    expect(decideWith({ a: ['1'], b: ['2'], c: ['true'] })).toBe('Allow');
    expect(decideWith({ a: ['1'], b: ['3'], c: ['true'] })).toBe('ImplicitDeny');
    expect(decideWith({ a: ['0'], b: ['2'], c: ['true'] })).toBe('ImplicitDeny');
    expect(decideWith({ a: ['1'], b: ['2'], c: ['false'] })).toBe('ImplicitDeny');
    expect(decide(allow('*', '*', {}), 'any:Action')).toBe('Allow');
  });

  it('ignore the case of keys and compare numbers and booleans by their text', () => {
    const statement = allow('*', '*', { StringEquals: { 'acs:PrincipalARN': 'x' }, NumericEquals: { n: [1, 2.5] } });
    const Context = { 'ACS:PrincipalArn': ['x'], N: ['2.50'] };
    expect(decide(statement, 'any:Action', { Context })).toBe('Allow');
    expect(decide(allow('*', '*', { Bool: { b: true } }), 'any:Action', { Context: { b: ['true'] } })).toBe('Allow');
  });

  it('with an unknown operator cannot be compiled', () => {
    expect(() => compilePolicy(policy(allow('*', '*', { Strange: { k: 'v' } })))).toThrow('Strange');
  });
});

it('only the system policies for administrators and for RAM allow to create users', () => {
  const allowed = listKnownPolicies().filter(
    ({ Document }) => evaluate([Document], 'ram:CreateUser').Decision === 'Allow',
  );
  expect(allowed.map(({ PolicyName }) => PolicyName)).toEqual(['AliyunRAMFullAccess', 'AdministratorAccess']);
});
