import { describe, expect, it } from 'vitest';
import { clockAheadBy, Home, killAtFileStep } from '../support/process.ts';

const POLICY = 'AliyunIOTReadOnlyAccess';
const WHOLE = ['--access-key', '--policy', POLICY];
/** After how many milliseconds a lock is taken for left behind. */
const STALE = 2_500;
const LATER = { before: clockAheadBy(120_000) };

interface Summary {
  UserName: string;
  AccessKeys: number;
}

/** The users there are, each with everything that the command gave them. */
async function wholeUsers(home: Home): Promise<string[]> {
  const users = await home.json<Summary[]>('user', 'list');
  const holders = await home.json<Summary[]>('user', 'list', '--policy', POLICY);
  expect(holders).toEqual(users);
  expect(users.filter(({ AccessKeys }) => AccessKeys !== 1)).toEqual([]);
  return users.map(({ UserName }) => UserName);
}

describe.each([
  ['the first command ever', []],
  ['a later command', ['alice']],
])('%s, killed at each of its steps', (_, before) => {
  it('leaves all or nothing, and lets the next one through', { timeout: 180_000 }, async () => {
    const furnished = new Home();
    for (const name of before) await furnished.json('user', 'create', name, ...WHOLE);
    const killed: boolean[] = [];
    while (!killed.includes(false)) {
      const steps = Array.from({ length: 24 }, (_, ahead) => killed.length + 1 + ahead);
      killed.push(...(await Promise.all(steps.map((step) => killedAt(step, furnished.copy(), before)))));
    }
    expect(killed.indexOf(false)).toBeGreaterThan(5);
  });

  async function killedAt(step: number, home: Home, present: string[]): Promise<boolean> {
    const bob = ['user', 'create', 'bob', ...WHOLE];
    const { code } = await home.ramctl(bob, { before: killAtFileStep(step, home.config) });
    const next = await home.ramctl(['user', 'create', 'next', ...WHOLE, '-q']);
    expect([next.code, next.err]).toEqual([0, '']);
    const users = (await wholeUsers(home)).filter((name) => code === 0 || name !== 'bob');
    expect(users).toEqual([...present, ...(code === 0 ? ['bob'] : []), 'next']);
    expect((await home.ramctl(['directory', 'check'], LATER)).code).toBe(0);
    expect([`step ${step}`, ...home.files()]).toEqual([`step ${step}`, 'directory.json', 'directory.key']);
    return code === null;
  }
});

it('a lock that was left behind keeps nobody from reading, and is removed by directory check', async () => {
  const home = new Home();
  await home.json('user', 'create', 'alice');
  // The second step is under the lock.
  await home.ramctl(['user', 'create', 'bob'], { before: killAtFileStep(2, home.config) });
  expect(home.files()).toContain('directory.json.lock');
  expect((await home.ramctl(['user', 'list'])).milliseconds).toBeLessThan(STALE);
  expect((await home.ramctl(['directory', 'check'], LATER)).code).toBe(0);
  expect(home.files()).toEqual(['directory.json', 'directory.key']);
});

it('a claim that holds no directory holds nobody up', async () => {
  const home = new Home();
  await home.json('user', 'create', 'alice');
  home.write('ramctl/directory.json.r2', 'not a directory\n');
  const { code } = await home.ramctl(['user', 'create', 'bob'], { limit: 5_000 });
  expect([0, 6]).toContain(code);
  expect(await home.json('user', 'list', '--query', '[].UserName')).toEqual(code === 0 ? ['alice', 'bob'] : ['alice']);
});
