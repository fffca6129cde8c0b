import { expect, it } from 'vitest';
import { Home } from '../support/process.ts';

it('concurrent first commands create one directory and one key', async () => {
  for (let round = 0; round < 2; round++) {
    const home = new Home();
    const names = ['alice', 'bob', 'carol'];
    const results = await Promise.all(names.map((name) => home.ramctl(['user', 'create', name, '--access-key', '-q'])));
    expect(results.map(({ code, err }) => [code, err])).toEqual(names.map(() => [0, '']));
    expect(await home.json('user', 'list', '--query', '[].UserName')).toEqual(names);
    expect(await home.json('directory', 'check')).toMatchObject({ Whole: true });
    expect(home.files()).toEqual(['directory.history.jsonl', 'directory.json', 'directory.key']);
  }
});

it('only one of several concurrent commands creates a user', async () => {
  const home = new Home();
  const results = await Promise.all(Array.from({ length: 4 }, () => home.ramctl(['user', 'create', 'alice'])));
  expect(results.map(({ code }) => code).sort()).toEqual([0, 1, 1, 1]);
});

it('a reader sees each change completely or not at all', async () => {
  const home = new Home();
  await home.json('user', 'create', 'alice');
  const writer = (async () => {
    for (let round = 0; round < 5; round++) {
      expect((await home.ramctl(['user', 'create', `user-${round}`, '--access-key'])).code).toBe(0);
    }
  })();
  for (let round = 0; round < 5; round++) {
    const { code, out } = await home.ramctl(['user', 'list', '-o', 'json']);
    expect(code).toBe(0);
    const users: { UserName: string; AccessKeys: number }[] = JSON.parse(out);
    expect(users.filter(({ UserName, AccessKeys }) => UserName !== 'alice' && AccessKeys !== 1)).toEqual([]);
  }
  await writer;
});
