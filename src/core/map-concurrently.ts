/** How many reads run at the same time for a list that needs a request for each record. RAM throttles more of them. */
export const MAX_CONCURRENT_READS = 8;

/** Returns the results of `work` for all items, in their order. At most `limit` calls run at the same time. */
export async function mapConcurrently<T, R>(items: T[], limit: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();
  const runQueued = async () => {
    for (const [index, item] of queue) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: limit }, runQueued));
  return results;
}
