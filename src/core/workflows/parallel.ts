/** How many users of a remote target are changed at the same time. RAM throttles accounts that send many requests. */
const MAX_PARALLEL = 4;

/**
 * Calls `work` for each item, for several at the same time. After a rejection, it starts no more calls. Returns the
 * errors of all calls that were rejected.
 */
export async function forEachInParallel<T>(
  items: Iterable<T>,
  work: (item: T, index: number) => Promise<void>,
): Promise<unknown[]> {
  const queue = Array.from(items).entries();
  const errors: unknown[] = [];
  const workOnQueue = async () => {
    for (const [index, item] of queue) {
      if (errors.length > 0) return;
      await work(item, index).catch((error: unknown) => errors.push(error));
    }
  };
  await Promise.all(Array.from({ length: MAX_PARALLEL }, workOnQueue));
  return errors;
}
