import { beforeAll, describe, expect, it } from 'vitest';
import { TestWorld } from '../support/test-world.ts';

const REMOTE = '-d https://ram.example.com';
const world = new TestWorld();
const show = async (line: string) => {
  world.progressBars.length = 0;
  expect((await world.ramctl(line)).code).toBe(0);
  return [...world.progressBars];
};

beforeAll(async () => {
  const names = Array.from({ length: 100 }, (_, index) => `user-${index}`);
  for (const UserName of names) await world.directory.createUser({ UserName });
});

describe('a list that needs a request for each item', () => {
  it.each(['user list', 'ak list'])('shows the progress of %s in a remote directory', async (line) => {
    expect(await show(`${REMOTE} ${line}`)).toMatchObject([{ total: 100, steps: 100 }]);
  });

  it.each([
    ['a local directory', 'user list'],
    ['a short list', `${REMOTE} user list user-1`],
    ['an empty list', `${REMOTE} group list`],
    ['--quiet', `${REMOTE} user list -q`],
    ['JSON output', `${REMOTE} user list -o json`],
  ])('shows no progress for %s', async (_, line) => {
    expect(await show(line)).toEqual([]);
  });
});
