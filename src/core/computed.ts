/** The values that were computed from each snapshot, by key. They live as long as their snapshot. */
const computedValues = new WeakMap<object, Map<string, unknown>>();

/** Declares that an object no longer changes, so that `computeOnce` can keep values that are computed from it. */
export function markUnchanging(snapshot: object): void {
  if (!computedValues.has(snapshot)) computedValues.set(snapshot, new Map());
}

/**
 * Returns `compute()`. For an unchanging source, each key is computed once. Each revision of a directory is another
 * source, so that no value outlives its revision.
 */
export function computeOnce<T>(source: object, key: string, compute: () => T): T {
  const values = computedValues.get(source);
  if (!values) return compute();
  if (!values.has(key)) values.set(key, compute());
  return values.get(key) as T;
}

export function isUnchanging(source: object): boolean {
  return computedValues.has(source);
}
