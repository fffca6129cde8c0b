/**
 * The number of items in progress. RAM throttles callers that send more requests at the same time. `main.ts` starts at most
 * as many threads for the hashing of passwords.
 */
const MAX_CONCURRENCY = 8;

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
 * @throws the first error of `work`
 */
export async function mapConcurrently<T, R>(
  items: T[],
  work: (item: T) => Promise<R>,
  startProgress?: StartProgress,
): Promise<R[]> {
  const progress = await startProgress?.(items.length);
  const results: R[] = [];
  const queue = items.entries();
  let hasFailed = false;
  const workThroughQueue = async () => {
    for (const [index, item] of queue) {
      results[index] = await work(item);
      if (hasFailed) return;
      progress?.step();
    }
  };
  const workers = Array.from({ length: Math.min(MAX_CONCURRENCY, items.length) }, workThroughQueue);
  try {
    await Promise.all(workers);
  } catch (error) {
    hasFailed = true;
    throw error;
  } finally {
    progress?.done();
  }
  return results;
}
