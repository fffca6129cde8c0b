import { isWithin, readAddress, readBlock } from './address.ts';
import { compileGlob } from './wildcard.ts';

/** A condition operator by its full name (`StringLike`, `ForAllValues:NotIpAddress`). */
interface Operator {
  /** What the values in a policy must be, in words. */
  takes: string;
  understands(value: string): boolean;
  /** Makes of a policy's values the test of those that a request has for a key; it has none when the key is absent. */
  compile(values: string[]): (given: string[]) => boolean;
}

/** How one value of a request (`read`) is held against one of a policy (`accept`); undefined: it is none of the kind. */
interface Comparison<T> {
  takes: string;
  read(given: string): T | undefined;
  accept(value: string): ((given: T) => boolean) | undefined;
}

type Kind<T> = Pick<Comparison<T>, 'takes' | 'read'>;

const TEXT: Kind<string> = { takes: 'a string', read: (text) => text };
const FOLDED: Kind<string> = { takes: 'a string', read: (text) => text.toLowerCase() };
const TRUTH: Kind<string> = {
  takes: '"true" or "false"',
  read: (text) => (/^(true|false)$/i.test(text) ? text.toLowerCase() : undefined),
};
const NUMBER: Kind<bigint> = { takes: 'a decimal number', read: readNumber };
const DATE: Kind<number> = {
  takes: 'a date such as 2026-01-01T00:00:00Z or 2026-01-01T08:00:00+08:00',
  read: readDate,
};

/** Exact, for ids have more digits than a floating point number: as a multiple of 10 to the power of -20. */
function readNumber(text: string): bigint | undefined {
  const [, whole, fraction = ''] = /^(-?\d{1,40})(?:\.(\d{1,20}))?$/.exec(text) ?? [];
  return whole === undefined ? undefined : BigInt(whole + fraction.padEnd(20, '0'));
}

/** The milliseconds of an ISO 8601 date with an offset, or of the beginning of a day in UTC. */
function readDate(text: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/.test(text)) return undefined;
  const moment = Date.parse(text);
  // JavaScript takes February 30 for March 2.
  const exists = new Date(text.slice(0, 10)).getUTCDate() === Number(text.slice(8, 10));
  return exists && !Number.isNaN(moment) ? moment : undefined;
}

function compare<T>(kind: Kind<T>, meets: (given: T, wanted: T) => boolean): Comparison<T> {
  return {
    ...kind,
    accept(value) {
      const wanted = kind.read(value);
      return wanted === undefined ? undefined : (given) => meets(given, wanted);
    },
  };
}

const LIKE: Comparison<string> = { ...TEXT, accept: compileGlob };
const WITHIN: Comparison<number[]> = {
  takes: 'an IP address or a CIDR block',
  read: readAddress,
  accept(value) {
    const block = readBlock(value);
    return block && ((given) => isWithin(given, block));
  },
};

const equal = <T>(given: T, wanted: T) => given === wanted;
const less = <T>(given: T, wanted: T) => given < wanted;
const atMost = <T>(given: T, wanted: T) => given <= wanted;
const more = <T>(given: T, wanted: T) => given > wanted;
const atLeast = <T>(given: T, wanted: T) => given >= wanted;

/** RAM's 21 operators (policy elements, Condition), those that negate another beside it. */
const OPERATORS = new Map([
  ...family('StringEquals', compare(TEXT, equal), 'StringNotEquals'),
  ...family('StringEqualsIgnoreCase', compare(FOLDED, equal), 'StringNotEqualsIgnoreCase'),
  ...family('StringLike', LIKE, 'StringNotLike'),
  ...family('NumericEquals', compare(NUMBER, equal), 'NumericNotEquals'),
  ...family('NumericLessThan', compare(NUMBER, less)),
  ...family('NumericLessThanEquals', compare(NUMBER, atMost)),
  ...family('NumericGreaterThan', compare(NUMBER, more)),
  ...family('NumericGreaterThanEquals', compare(NUMBER, atLeast)),
  ...family('DateEquals', compare(DATE, equal), 'DateNotEquals'),
  ...family('DateLessThan', compare(DATE, less)),
  ...family('DateLessThanEquals', compare(DATE, atMost)),
  ...family('DateGreaterThan', compare(DATE, more)),
  ...family('DateGreaterThanEquals', compare(DATE, atLeast)),
  ...family('Bool', compare(TRUTH, equal)),
  ...family('IpAddress', WITHIN, 'NotIpAddress'),
]);

/** An operator and the one that negates it, each also with both prefixes. */
function family<T>(name: string, comparison: Comparison<T>, negation?: string): [string, Operator][] {
  const names = negation === undefined ? [name] : [name, negation];
  return names.flatMap((each): [string, Operator][] => [
    [each, operator(comparison, each === negation, each === negation)],
    [`ForAllValues:${each}`, operator(comparison, each === negation, true)],
    [`ForAnyValue:${each}`, operator(comparison, each === negation, false)],
  ]);
}

/**
 * `every`: whether all values of the request must pass, which none at all do, or one of them. A value that cannot be
 * read passes no test, not even a negated one.
 */
function operator<T>({ takes, read, accept }: Comparison<T>, negated: boolean, every: boolean): Operator {
  return {
    takes,
    understands: (value) => accept(value) !== undefined,
    compile(values) {
      const tests = values.flatMap((value) => accept(value) ?? []);
      const passes = (text: string) => {
        const given = read(text);
        return given !== undefined && tests.some((test) => test(given)) !== negated;
      };
      return every ? (given) => given.every(passes) : (given) => given.some(passes);
    },
  };
}

export function findOperator(name: string): Operator | undefined {
  return OPERATORS.get(name);
}

/** What is wrong with the name of an operator that does not exist. */
export function explainOperator(name: string): string {
  if (/(IfExists|^Null|:Null)$/i.test(name)) return "The condition operator 'IfExists/Null' is not supported";
  const folded = name.replace(/\s/g, '').toLowerCase();
  const meant = [...OPERATORS.keys()].find((known) => known.toLowerCase() === folded);
  return `there is no condition operator "${name}"${meant ? `; did you mean ${meant}?` : ''}`;
}
