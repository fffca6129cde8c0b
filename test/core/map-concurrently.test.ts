import { expect, it } from 'vitest';
import { mapConcurrently } from '../../src/core/map-concurrently.ts';

/** Calls that each wait until the test answers them. */
function createCalls() {
  const pending = new Map<number, { resolve: (value: string) => void; reject: (error: Error) => void }>();
  const started: number[] = [];
  const call = (item: number) =>
    new Promise<string>((resolve, reject) => {
      started.push(item);
      pending.set(item, { resolve, reject });
    });
  const settle = async (item: number, error?: Error) => {
    const { resolve, reject } = pending.get(item) ?? {};
    if (error) reject?.(error);
    else resolve?.(`result ${item}`);
    await nextTurn();
  };
  return { call, started, settle };
}

const nextTurn = () => new Promise((next) => setImmediate(next));
const numbers = (length: number) => Array.from({ length }, (_, index) => index);

it('has eight items in progress at most, and returns the results in the order of the items', async () => {
  const { call, started, settle } = createCalls();
  const results = mapConcurrently(numbers(10), call);
  await nextTurn();
  expect(started).toEqual(numbers(8));
  await settle(5);
  expect(started).toEqual(numbers(9));
  for (const item of [8, 9, 7, 6, 4, 3, 2, 1, 0]) await settle(item);
  expect(await results).toEqual(numbers(10).map((item) => `result ${item}`));
});

it('starts no further item after an error, and throws the first one when no item is in progress any more', async () => {
  const { call, started, settle } = createCalls();
  const results = mapConcurrently(numbers(20), call);
  await nextTurn();
  let hasEnded = false;
  const outcome = expect(results.finally(() => (hasEnded = true))).rejects.toThrow('first');
  await settle(3, new Error('first'));
  await settle(4, new Error('second'));
  for (const item of [0, 1, 2, 5, 6]) await settle(item);
  expect(hasEnded).toBe(false);
  await settle(7);
  await outcome;
  expect(started).toEqual(numbers(8));
});

it('returns an empty list for an empty list', async () => {
  expect(await mapConcurrently([], async () => 1)).toEqual([]);
});
