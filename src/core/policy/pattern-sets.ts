import { Failure } from '../failure.ts';
import { compileWildcard } from './wildcard.ts';

/** Patterns as sets of texts. RAM ignores the case of actions, but not of resources. */
export interface PatternSets {
  /** Whether every text that `inner` matches is one that `outer` matches. For few patterns with `?`, false instead of true. */
  contains(outer: string, inner: string): boolean;
  /** Returns patterns that together match exactly the texts that both patterns match. None contains another one. */
  intersect(left: string, right: string): string[];
}

/** A pattern that matches every action. Actions have one colon, and so have all other patterns. */
export const EVERY_ACTION = '*:*';
export const ACTIONS = createPatternSets(
  (text) => text.toLowerCase(),
  (pattern) => pattern.split(':'),
);
/**
 * The region, the account and the other parts in front are compared one by one. A `*` in them could match a colon, but
 * then `acs:oss:*:*:logs/*` and `acs:oss:*:*:tmp/*` would overlap, in the object `tmp/x:logs/y` of the bucket `logs`.
 */
export const RESOURCES = createPatternSets(
  (text) => text,
  (pattern) => /^([^:]*):([^:]*):([^:]*):([^:]*):(.*)$/s.exec(pattern)?.slice(1) ?? [pattern],
);

/** Patterns with several `*` can overlap in very many ways, and such overlaps are slow to compare. */
const MAX_OVERLAPS = 200;

/** The steps that the comparison in progress may still take. A comparison is synchronous, so there is one at a time. */
let stepsLeft = Infinity;

/**
 * Returns `compare()`. A step takes about as long as one test of a pattern. The limit counts steps instead of time, so that
 * the same policies always have the same result. @throws Failure `refused` (`PoliciesTooComplex`)
 */
export function limitSteps<T>(maxSteps: number, compare: () => T): T {
  stepsLeft = maxSteps;
  try {
    return compare();
  } finally {
    stepsLeft = Infinity;
  }
}

/** @throws Failure `refused` (`PoliciesTooComplex`) */
export function countSteps(steps: number): void {
  stepsLeft -= steps;
  if (stepsLeft < 0) throw tooComplex();
}

function tooComplex(): Failure {
  return new Failure('refused', 'PoliciesTooComplex', 'the policies overlap in too many ways to compare them');
}

function createPatternSets(fold: (text: string) => string, split: (pattern: string) => string[]): PatternSets {
  const contains = (outer: string, inner: string) => containsPattern(fold(outer), fold(inner));
  const isSame = (left: string, right: string) => fold(left) === fold(right);
  const intersectPart = (left: string, right: string): string[] => {
    if (contains(left, right)) return [right];
    if (contains(right, left)) return [left];
    if (!haveSameStart(fold(left), fold(right))) return [];
    return removeContained(intersectSymbols(left, right, isSame), contains);
  };
  return {
    contains,
    intersect(left, right) {
      countSteps(1);
      if (!haveSameStart(fold(left), fold(right))) return [];
      if (contains(left, right)) return [right];
      if (contains(right, left)) return [left];
      const [leftParts, rightParts] = [split(left), split(right)];
      if (leftParts.length !== rightParts.length) return intersectPart(left, right);
      let joined = [''];
      for (const [index, part] of leftParts.entries()) {
        const overlaps = intersectPart(part, rightParts[index] ?? '');
        joined = joined.flatMap((start) => overlaps.map((end) => (index === 0 ? end : `${start}:${end}`)));
        if (joined.length > MAX_OVERLAPS) throw tooComplex();
      }
      return joined;
    },
  };
}

/**
 * The text of a pattern, with its `*` and `?` as characters, is its most general instance: no other pattern has a
 * character that is equal to them. Only a `?` could match the `*`, which stands for any number of characters.
 */
function containsPattern(outer: string, inner: string): boolean {
  countSteps(1);
  if (outer === inner) return true;
  return !(outer.includes('?') && inner.includes('*')) && compileWildcard(outer)(inner);
}

/** Returns false if the literal starts of the patterns differ. This is much faster than to intersect them. */
function haveSameStart(left: string, right: string): boolean {
  const literalLength = Math.min(...[left, right].map((text) => (/[*?]/.exec(text) ?? { index: text.length }).index));
  return left.slice(0, literalLength) === right.slice(0, literalLength);
}

function intersectSymbols(leftText: string, rightText: string, isSame: typeof containsPattern): string[] {
  const [left, right] = [leftText, rightText].map((text) => Array.from(text.replace(/\*+/g, '*')));
  const known = new Map<string, string[]>();
  /** Returns the patterns of the rest of both, from these symbols on. */
  const intersectRest = (leftIndex: number, rightIndex: number): string[] => {
    const key = `${leftIndex} ${rightIndex}`;
    const patterns = known.get(key) ?? [...new Set(listRest(leftIndex, rightIndex))];
    if (patterns.length > MAX_OVERLAPS) throw tooComplex();
    countSteps(patterns.length);
    known.set(key, patterns);
    return patterns;
  };
  const listRest = (leftIndex: number, rightIndex: number): string[] => {
    const [first, second] = [left?.[leftIndex], right?.[rightIndex]];
    const prepend = (symbol: string, rest: string[]) => rest.map((pattern) => (symbol + pattern).replace('**', '*'));
    const endLeft = () => intersectRest(leftIndex + 1, rightIndex);
    const endRight = () => intersectRest(leftIndex, rightIndex + 1);
    if (first === undefined && second === undefined) return [''];
    if (first === '*' && second === '*') return prepend('*', [...endLeft(), ...endRight()]);
    // A `*` ends before the symbol of the other pattern, or covers it.
    if (first === '*') return [...endLeft(), ...(second === undefined ? [] : prepend(second, endRight()))];
    if (second === '*') return [...endRight(), ...(first === undefined ? [] : prepend(first, endLeft()))];
    if (first === undefined || second === undefined) return [];
    if (first !== '?' && second !== '?' && !isSame(first, second)) return [];
    return prepend(first === '?' ? second : first, intersectRest(leftIndex + 1, rightIndex + 1));
  };
  return intersectRest(0, 0);
}

/** Returns the items that no other item contains. Of equal items, the first one remains. */
export function removeContained<T>(items: T[], contains: (outer: T, inner: T) => boolean): T[] {
  return items.filter(
    (item, index) =>
      !items.some(
        (other, otherIndex) =>
          otherIndex !== index && contains(other, item) && (otherIndex < index || !contains(item, other)),
      ),
  );
}
