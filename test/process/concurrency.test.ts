import { expect, it } from 'vitest';
import { type Ended, Home } from '../support/process.ts';

const LANES = 8;
const EACH = 12;

it(`${LANES} shells that create ${EACH} users each lose none`, { timeout: 180_000 }, async () => {
  const home = new Home();
  const shell = async (lane: number) => {
    const ended: Ended[] = [];
    for (let turn = 0; turn < EACH; turn++) ended.push(await home.ramctl(['user', 'create', `user-${lane}-${turn}`]));
    return ended;
  };
  const ended = (await Promise.all(Array.from({ length: LANES }, (_, lane) => shell(lane)))).flat();
  expect(ended.filter(({ code }) => code !== 0)).toEqual([]);
  const names = await home.json<string[]>('user', 'list', '--query', '[].UserName');
  expect(names).toHaveLength(LANES * EACH);
  expect(await home.json('directory', 'check')).toMatchObject({ Whole: true });
  expect(home.files()).toEqual(['directory.json', 'directory.key']);
});

it('first commands at once agree on one directory and one key', async () => {
  for (let round = 0; round < 4; round++) {
    const home = new Home();
    const names = ['alice', 'bob', 'carol'];
    const made = await Promise.all(names.map((name) => home.ramctl(['user', 'create', name, '--access-key', '-q'])));
    expect(made.map(({ code, err }) => [code, err])).toEqual(names.map(() => [0, '']));
    expect(await home.json('user', 'list', '--query', '[].UserName')).toEqual(names);
    expect(await home.json('directory', 'check')).toMatchObject({ Whole: true });
    expect(home.files()).toEqual(['directory.json', 'directory.key']);
  }
});

it('of many who create the same user exactly one does', async () => {
  const home = new Home();
  const ended = await Promise.all(Array.from({ length: 6 }, () => home.ramctl(['user', 'create', 'alice'])));
  expect(ended.map(({ code }) => code).sort()).toEqual([0, 1, 1, 1, 1, 1]);
});

it('a reader never sees half a change', async () => {
  const home = new Home();
  await home.json('user', 'create', 'alice');
  const writer = (async () => {
    for (let turn = 0; turn < 10; turn++) await home.json('user', 'create', `user-${turn}`, '--access-key');
  })();
  for (let turn = 0; turn < 10; turn++) {
    const seen = await home.json<{ UserName: string; AccessKeys: number }[]>('user', 'list');
    expect(seen.filter(({ UserName, AccessKeys }) => UserName !== 'alice' && AccessKeys !== 1)).toEqual([]);
  }
  await writer;
});
