import { isInBlock, parseCidrBlock, parseIpAddress } from './ip-address.ts';
import { compileGlob } from './wildcard.ts';

/** A condition operator by its full name (`StringLike`, `ForAllValues:NotIpAddress`). */
interface ConditionOperator {
  /** What the values in a policy must be, in words. */
  valueDescription: string;
  acceptsValue(value: string): boolean;
  /** Makes of a policy's values the test of those that a request has for a key; it has none when the key is absent. */
  compileTest(values: string[]): (given: string[]) => boolean;
}

/** How one value of a request (`read`) is held against one of a policy (`accept`); undefined: it is none of the kind. */
interface Comparison<T> {
  valueDescription: string;
  parse(given: string): T | undefined;
  compileTest(value: string): ((given: T) => boolean) | undefined;
}

type ValueType<T> = Pick<Comparison<T>, 'valueDescription' | 'parse'>;

const STRING: ValueType<string> = { valueDescription: 'a string', parse: (text) => text };
const CASE_INSENSITIVE_STRING: ValueType<string> = {
  valueDescription: 'a string',
  parse: (text) => text.toLowerCase(),
};
const BOOLEAN: ValueType<string> = {
  valueDescription: '"true" or "false"',
  parse: (text) => (/^(true|false)$/i.test(text) ? text.toLowerCase() : undefined),
};
const NUMBER: ValueType<bigint> = { valueDescription: 'a decimal number', parse: parseScaledDecimal };
const DATE: ValueType<number> = {
  valueDescription: 'a date such as 2026-01-01T00:00:00Z or 2026-01-01T08:00:00+08:00',
  parse: parseDateMs,
};

/** Exact, for ids have more digits than a floating point number: as a multiple of 10 to the power of -20. */
function parseScaledDecimal(text: string): bigint | undefined {
  const [, whole, fraction = ''] = /^(-?\d{1,40})(?:\.(\d{1,20}))?$/.exec(text) ?? [];
  return whole === undefined ? undefined : BigInt(whole + fraction.padEnd(20, '0'));
}

/** The milliseconds of an ISO 8601 date with an offset, or of the beginning of a day in UTC. */
function parseDateMs(text: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/.test(text)) return undefined;
  const moment = Date.parse(text);
  // JavaScript takes February 30 for March 2.
  const exists = new Date(text.slice(0, 10)).getUTCDate() === Number(text.slice(8, 10));
  return exists && !Number.isNaN(moment) ? moment : undefined;
}

function buildComparison<T>(kind: ValueType<T>, meets: (given: T, wanted: T) => boolean): Comparison<T> {
  return {
    ...kind,
    compileTest(value) {
      const wanted = kind.parse(value);
      return wanted === undefined ? undefined : (given) => meets(given, wanted);
    },
  };
}

const MATCHES_GLOB: Comparison<string> = { ...STRING, compileTest: compileGlob };
const IN_IP_RANGE: Comparison<number[]> = {
  valueDescription: 'an IP address or a CIDR block',
  parse: parseIpAddress,
  compileTest(value) {
    const block = parseCidrBlock(value);
    return block && ((given) => isInBlock(given, block));
  },
};

const isEqual = <T>(given: T, wanted: T) => given === wanted;
const isLess = <T>(given: T, wanted: T) => given < wanted;
const isAtMost = <T>(given: T, wanted: T) => given <= wanted;
const isGreater = <T>(given: T, wanted: T) => given > wanted;
const isAtLeast = <T>(given: T, wanted: T) => given >= wanted;

/** RAM's 21 operators (policy elements, Condition), those that negate another beside it. */
const OPERATORS = new Map([
  ...buildOperatorVariants('StringEquals', buildComparison(STRING, isEqual), 'StringNotEquals'),
  ...buildOperatorVariants(
    'StringEqualsIgnoreCase',
    buildComparison(CASE_INSENSITIVE_STRING, isEqual),
    'StringNotEqualsIgnoreCase',
  ),
  ...buildOperatorVariants('StringLike', MATCHES_GLOB, 'StringNotLike'),
  ...buildOperatorVariants('NumericEquals', buildComparison(NUMBER, isEqual), 'NumericNotEquals'),
  ...buildOperatorVariants('NumericLessThan', buildComparison(NUMBER, isLess)),
  ...buildOperatorVariants('NumericLessThanEquals', buildComparison(NUMBER, isAtMost)),
  ...buildOperatorVariants('NumericGreaterThan', buildComparison(NUMBER, isGreater)),
  ...buildOperatorVariants('NumericGreaterThanEquals', buildComparison(NUMBER, isAtLeast)),
  ...buildOperatorVariants('DateEquals', buildComparison(DATE, isEqual), 'DateNotEquals'),
  ...buildOperatorVariants('DateLessThan', buildComparison(DATE, isLess)),
  ...buildOperatorVariants('DateLessThanEquals', buildComparison(DATE, isAtMost)),
  ...buildOperatorVariants('DateGreaterThan', buildComparison(DATE, isGreater)),
  ...buildOperatorVariants('DateGreaterThanEquals', buildComparison(DATE, isAtLeast)),
  ...buildOperatorVariants('Bool', buildComparison(BOOLEAN, isEqual)),
  ...buildOperatorVariants('IpAddress', IN_IP_RANGE, 'NotIpAddress'),
]);

/** An operator and the one that negates it, each also with both prefixes. */
function buildOperatorVariants<T>(
  name: string,
  comparison: Comparison<T>,
  negation?: string,
): [string, ConditionOperator][] {
  const names = negation === undefined ? [name] : [name, negation];
  return names.flatMap((each): [string, ConditionOperator][] => [
    [each, buildOperator(comparison, each === negation, each === negation)],
    [`ForAllValues:${each}`, buildOperator(comparison, each === negation, true)],
    [`ForAnyValue:${each}`, buildOperator(comparison, each === negation, false)],
  ]);
}

/**
 * `every`: whether all values of the request must pass, which none at all do, or one of them. A value that cannot be
 * read passes no test, not even a negated one.
 */
function buildOperator<T>(
  { valueDescription, parse, compileTest: accept }: Comparison<T>,
  negated: boolean,
  every: boolean,
): ConditionOperator {
  return {
    valueDescription,
    acceptsValue: (value) => accept(value) !== undefined,
    compileTest(values) {
      const tests = values.flatMap((value) => accept(value) ?? []);
      const passes = (text: string) => {
        const given = parse(text);
        return given !== undefined && tests.some((test) => test(given)) !== negated;
      };
      return every ? (given) => given.every(passes) : (given) => given.some(passes);
    },
  };
}

export function findOperator(name: string): ConditionOperator | undefined {
  return OPERATORS.get(name);
}

/** What is wrong with the name of an operator that does not exist. */
export function unsupportedOperatorMessage(name: string): string {
  if (/(IfExists|^Null|:Null)$/i.test(name)) return "The condition operator 'IfExists/Null' is not supported";
  const folded = name.replace(/\s/g, '').toLowerCase();
  const meant = [...OPERATORS.keys()].find((known) => known.toLowerCase() === folded);
  return `there is no condition operator "${name}"${meant ? `; did you mean ${meant}?` : ''}`;
}
