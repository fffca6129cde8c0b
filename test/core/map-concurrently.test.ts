import { expect, it } from 'vitest';
import { mapConcurrently } from '../../src/core/map-concurrently.ts';

it('returns the results in the order of the items, with at most so many calls at the same time', async () => {
  const waiting: (() => void)[] = [];
  let started = 0;
  const result = mapConcurrently([1, 2, 3, 4, 5], 2, async (item) => {
    started += 1;
    await new Promise<void>((resolve) => waiting.push(resolve));
    return item * 10;
  });
  expect(started).toBe(2);
  for (let finished = 0; finished < 5; finished += 1) {
    waiting.pop()?.();
    await new Promise(setImmediate);
    expect(started).toBe(Math.min(5, finished + 3));
  }
  expect(await result).toEqual([10, 20, 30, 40, 50]);
});

it('fails with the error of a call', async () => {
  const work = (item: number) => (item === 2 ? Promise.reject(new Error('refused')) : Promise.resolve(item));
  await expect(mapConcurrently([1, 2, 3], 2, work)).rejects.toThrow('refused');
});
