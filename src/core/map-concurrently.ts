/**
 * The number of items in progress. RAM throttles callers that send more requests at the same time. `main.ts` starts at most
 * as many threads for the hashing of passwords.
 */
const MAX_CONCURRENCY = 8;
/** The same for items that are changed. Each of them needs several requests. */
export const MAX_CONCURRENT_CHANGES = 4;

/** Shows the progress of a list whose items are read one by one. */
export interface Progress {
  step(): void;
  /** Is called after the last item, and after an error. */
  done(): void;
}

/** Is called with the length of a list before its first item is read. Returns undefined if no progress is shown. */
export type StartProgress = (total: number) => Promise<Progress | undefined>;

/**
 * Returns the results of `work` for all items, in the order of the items. A remote directory needs a request for each
 * call, so up to eight items are in progress at the same time. After an error no further item is started.
 * @throws the first error of `work`, when no item is in progress any more
 */
export async function mapConcurrently<T, R>(
  items: T[],
  work: (item: T) => Promise<R>,
  startProgress?: StartProgress,
): Promise<R[]> {
  const progress = await startProgress?.(items.length);
  const results: R[] = [];
  const errors = await forEachConcurrently(items, async (item, index) => {
    results[index] = await work(item);
    progress?.step();
  });
  progress?.done();
  if (errors.length > 0) throw errors[0];
  return results;
}

/**
 * Calls `work` for each item, for `limit` items at the same time. After an error no further item is started. Returns the
 * errors of all calls, in the order of their occurrence.
 */
export async function forEachConcurrently<T>(
  items: T[],
  work: (item: T, index: number) => Promise<void>,
  limit = MAX_CONCURRENCY,
): Promise<unknown[]> {
  const queue = items.entries();
  const errors: unknown[] = [];
  const workThroughQueue = async () => {
    for (const [index, item] of queue) {
      await work(item, index).catch((error: unknown) => errors.push(error));
      if (errors.length > 0) return;
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, workThroughQueue));
  return errors;
}
