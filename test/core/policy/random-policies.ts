import fc from 'fast-check';
import type { Statement } from '../../../src/core/policy/document.ts';
import type { PolicyRequest } from '../../../src/core/policy/evaluate.ts';
import { policy } from './samples.ts';

/** Few values, so that statements often match requests. */
const action = fc.constantFrom('ecs:Get', 'ecs:Stop', 'oss:Get', 'oss:Put');
export const actionPattern = fc.oneof(action, fc.constantFrom('*', 'ecs:*', '*:Get', 'OSS:P?t', 'e*:*t*'));
const resource = fc.constantFrom('acs:ecs:cn:1:i/a', 'acs:ecs::1:i/b', 'acs:oss:*:1:b', 'acs:oss:*:1:b/x:y');
const resourcePattern = fc.oneof(resource, fc.constantFrom('*', 'acs:*:*:1:*', 'acs:oss:::b*', 'acs:ecs:c?:*:i/*'));
export const oneOrMany = <T>(value: fc.Arbitrary<T>) =>
  fc.oneof(value, fc.array(value, { minLength: 1, maxLength: 3 }));

const VALUES = {
  String: fc.constantFrom('', 'a', 'A', 'ab', 'a*', '?'),
  Numeric: fc.constantFrom('1', '1.0', '-2', '10', 3),
  Date: fc.constantFrom('2026-01-01', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00+08:00'),
  Bool: fc.constantFrom('true', 'False', true),
  Ip: fc.constantFrom('10.0.0.1', '10.0.0.9/24', '::1', '2001:db8::/32'),
};
const ENDINGS = ['Equals', 'NotEquals', 'LessThan', 'LessThanEquals', 'GreaterThan', 'GreaterThanEquals'];
const OPERATORS = {
  String: ['Equals', 'NotEquals', 'EqualsIgnoreCase', 'NotEqualsIgnoreCase', 'Like', 'NotLike'].map(
    (end) => `String${end}`,
  ),
  Numeric: ENDINGS.map((ending) => `Numeric${ending}`),
  Date: ENDINGS.map((ending) => `Date${ending}`),
  Bool: ['Bool'],
  Ip: ['IpAddress', 'NotIpAddress'],
};
const key = fc.constantFrom('k', 'K', 'acs:x', '__proto__');
const kind = fc.constantFrom('String', 'Numeric', 'Date', 'Bool', 'Ip');
const operation = kind.chain((kind) =>
  fc.record({
    prefix: fc.constantFrom('', 'ForAllValues:', 'ForAnyValue:'),
    name: fc.constantFrom(...OPERATORS[kind]),
    values: fc.dictionary(key, oneOrMany<string | number | boolean>(VALUES[kind]), { minKeys: 1, maxKeys: 2 }),
  }),
);
const condition = fc
  .array(operation, { maxLength: 2 })
  .map((operations) => Object.fromEntries(operations.map(({ prefix, name, values }) => [prefix + name, values])));

export const statementOf = (effect: fc.Arbitrary<Statement['Effect']>): fc.Arbitrary<Statement> =>
  fc
    .record(
      {
        Effect: effect,
        named: fc.constantFrom('Action' as const, 'NotAction' as const),
        actions: oneOrMany(actionPattern),
        Resource: oneOrMany(resourcePattern),
        Condition: condition,
      },
      { requiredKeys: ['Effect', 'named', 'actions', 'Resource'] },
    )
    .map(({ named, actions, ...rest }) => ({ ...rest, [named]: actions }));

export const statement = statementOf(fc.constantFrom('Allow', 'Deny'));
export const document = fc.array(statement, { minLength: 1, maxLength: 4 }).map((statements) => policy(...statements));
export const documents = fc.array(document, { maxLength: 3 });
const contextValue = fc.constantFrom(
  '',
  'a',
  'A',
  'ab',
  '1',
  '-2',
  '2026-01-01T00:00:00Z',
  'true',
  '10.0.0.1',
  '::1',
  'bad',
);
export const request: fc.Arbitrary<PolicyRequest> = fc.record({
  Action: action,
  Resource: fc.oneof(resource, fc.constant('*')),
  Context: fc.dictionary(key, fc.array(contextValue, { maxLength: 2 }), { maxKeys: 3 }),
});
