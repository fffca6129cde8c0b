import { isInBlock, parseCidrBlock, parseIpAddress } from './ip-address.ts';
import { compileWildcard } from './wildcard.ts';

/** The parsers of the values in requests and policies. They return undefined for a text of another type. */
interface ValueType<RequestValue, PolicyValue = RequestValue> {
  description: string;
  parseRequestValue(text: string): RequestValue | undefined;
  parsePolicyValue(text: string): PolicyValue | undefined;
}

function createType<T>(description: string, parse: (text: string) => T | undefined): ValueType<T> {
  return { description, parseRequestValue: parse, parsePolicyValue: parse };
}

const STRING = createType('a string', (text) => text);
const CASE_INSENSITIVE_STRING = createType('a string', (text) => text.toLowerCase());
const GLOB = { ...STRING, parsePolicyValue: compileWildcard };
const BOOLEAN = createType('"true" or "false"', (text) => /^(true|false)$/i.exec(text)?.[0].toLowerCase());
const NUMBER = createType('a decimal number', parseScaledDecimal);
const DATE = createType('a date such as 2026-01-01T00:00:00Z or 2026-01-01T08:00:00+08:00', parseDateMs);
const IP_ADDRESS = { ...createType('an IP address or a CIDR block', parseIpAddress), parsePolicyValue: parseCidrBlock };

/** Parses a decimal number, scaled by 10^20. A bigint is exact: ids have more digits than a floating-point number. */
function parseScaledDecimal(text: string): bigint | undefined {
  const [, whole, fraction = ''] = /^(-?\d{1,40})(?:\.(\d{1,20}))?$/.exec(text) ?? [];
  return whole === undefined ? undefined : BigInt(whole + fraction.padEnd(20, '0'));
}

/** Parses an ISO 8601 date with an offset, or a day, which starts at midnight UTC. */
function parseDateMs(text: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/.test(text)) return undefined;
  const timestampMs = Date.parse(text);
  // JavaScript reads February 30 as March 2.
  const isCalendarDay = new Date(text.slice(0, 10)).getUTCDate() === Number(text.slice(8, 10));
  return isCalendarDay && !Number.isNaN(timestampMs) ? timestampMs : undefined;
}

const isEqual = <T>(left: T, right: T) => left === right;
const NEGATED = true;

/** RAM's 21 operators by name (policy elements, Condition), each also with both prefixes. */
export const CONDITION_OPERATORS = new Map(
  Object.entries({
    ...defineOperator('StringEquals', STRING, isEqual),
    ...defineOperator('StringNotEquals', STRING, isEqual, NEGATED),
    ...defineOperator('StringEqualsIgnoreCase', CASE_INSENSITIVE_STRING, isEqual),
    ...defineOperator('StringNotEqualsIgnoreCase', CASE_INSENSITIVE_STRING, isEqual, NEGATED),
    ...defineOperator('StringLike', GLOB, (text, matchesGlob) => matchesGlob(text)),
    ...defineOperator('StringNotLike', GLOB, (text, matchesGlob) => matchesGlob(text), NEGATED),
    ...defineComparisons('Numeric', NUMBER),
    ...defineComparisons('Date', DATE),
    ...defineOperator('Bool', BOOLEAN, isEqual),
    ...defineOperator('IpAddress', IP_ADDRESS, isInBlock),
    ...defineOperator('NotIpAddress', IP_ADDRESS, isInBlock, NEGATED),
  }),
);

function defineComparisons<T>(prefix: 'Numeric' | 'Date', type: ValueType<T>) {
  return {
    ...defineOperator(`${prefix}Equals`, type, isEqual),
    ...defineOperator(`${prefix}NotEquals`, type, isEqual, NEGATED),
    ...defineOperator(`${prefix}LessThan`, type, (value, limit) => value < limit),
    ...defineOperator(`${prefix}LessThanEquals`, type, (value, limit) => value <= limit),
    ...defineOperator(`${prefix}GreaterThan`, type, (value, limit) => value > limit),
    ...defineOperator(`${prefix}GreaterThanEquals`, type, (value, limit) => value >= limit),
  };
}

function defineOperator<RequestValue, PolicyValue>(
  name: string,
  type: ValueType<RequestValue, PolicyValue>,
  matches: (requestValue: RequestValue, policyValue: PolicyValue) => boolean,
  isNegated = false,
) {
  // A request without the key satisfies an operator that tests every value.
  const define = (testsEvery: boolean) => ({
    /** The values that a policy may have, for messages. */
    valueDescription: type.description,
    acceptsValue: (value: string) => type.parsePolicyValue(value) !== undefined,
    /** Compiles the values of a policy to a test of the values in a request. An absent key has no values. */
    compileTest(policyTexts: string[]): (requestTexts: string[]) => boolean {
      const policyValues = policyTexts.map(type.parsePolicyValue).filter((value) => value !== undefined);
      // A value that cannot be parsed fails every test, also a negated test.
      const passes = (text: string) => {
        const requestValue = type.parseRequestValue(text);
        return requestValue !== undefined && policyValues.some((value) => matches(requestValue, value)) !== isNegated;
      };
      return testsEvery ? (texts) => texts.every(passes) : (texts) => texts.some(passes);
    },
  });
  return { [name]: define(isNegated), [`ForAllValues:${name}`]: define(true), [`ForAnyValue:${name}`]: define(false) };
}

/** Returns the error message for the name of an operator that does not exist. */
export function unsupportedOperatorMessage(name: string): string {
  if (/(IfExists|^Null|:Null)$/i.test(name)) return "The condition operator 'IfExists/Null' is not supported";
  const folded = name.replace(/\s/g, '').toLowerCase();
  const suggestion = [...CONDITION_OPERATORS.keys()].find((operator) => operator.toLowerCase() === folded);
  return `unknown condition operator "${name}"${suggestion ? `; did you mean ${suggestion}?` : ''}`;
}
