import { describe, expect, it } from 'vitest';
import { ahead, Home, killedAtStep, seeded } from '../support/process.ts';

const POLICY = 'AliyunIOTReadOnlyAccess';
const WHOLE = ['--access-key', '--policy', POLICY];
/** After how many milliseconds a lock is taken for left behind. */
const STALE = 2_500;
const LATER = { before: ahead(120_000) };

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

it('kills at any moment lose nothing that was acknowledged', { timeout: 180_000 }, async () => {
  const home = new Home();
  const chance = seeded(20150501);
  let span = 0;
  for (const name of ['alice', 'bob', 'carol']) {
    span = Math.max(span, (await home.ramctl(['user', 'create', name, ...WHOLE])).milliseconds);
  }
  const acknowledged = ['alice', 'bob', 'carol'];
  let kills = 0;
  const shell = async (lane: number) => {
    for (let turn = 0; turn < 15; turn++) {
      const name = `user-${lane}-${turn}`;
      const killAfter = span * (0.2 + 1.2 * chance());
      const { code, err } = await home.ramctl(['user', 'create', name, ...WHOLE, '-q'], { killAfter });
      if (code === 0) acknowledged.push(name);
      else kills += 1;
      expect([code, err]).toEqual([code === 0 ? 0 : null, '']);
    }
  };
  await Promise.all([shell(1), shell(2)]);
  expect(kills).toBeGreaterThan(5);

  expect(await wholeUsers(home)).toEqual(expect.arrayContaining(acknowledged));
  expect((await home.ramctl(['user', 'create', 'next'])).code).toBe(0);
  expect((await home.ramctl(['directory', 'check'], LATER)).code).toBe(0);
  expect(home.files()).toEqual(['directory.json', 'directory.key']);
});

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
    const { code } = await home.ramctl(bob, { before: killedAtStep(step, home.config) });
    const next = await home.ramctl(['user', 'create', 'next', ...WHOLE, '-q']);
    expect([next.code, next.err]).toEqual([0, '']);
    const users = (await wholeUsers(home)).filter((name) => code === 0 || name !== 'bob');
    expect(users).toEqual([...present, ...(code === 0 ? ['bob'] : []), 'next']);
    expect((await home.ramctl(['directory', 'check'], LATER)).code).toBe(0);
    expect([`step ${step}`, ...home.files()]).toEqual([`step ${step}`, 'directory.json', 'directory.key']);
    return code === null;
  }
});

describe('a lock that was left behind', () => {
  /** The second step opens the temporary file, under the lock. */
  async function locked(): Promise<Home> {
    const home = new Home();
    await home.json('user', 'create', 'alice');
    await home.ramctl(['user', 'create', 'bob'], { before: killedAtStep(2, home.config) });
    expect(home.files()).toContain('directory.json.lock');
    return home;
  }

  it('holds nobody up for long', async () => {
    const home = await locked();
    expect((await home.ramctl(['user', 'list'])).milliseconds).toBeLessThan(STALE);
    const next = await home.ramctl(['user', 'create', 'next']);
    expect([next.code, next.milliseconds < 2 * STALE]).toEqual([0, true]);
    expect(home.files()).not.toContain('directory.json.lock');
  });

  it('is removed by directory check', async () => {
    const home = await locked();
    expect((await home.ramctl(['directory', 'check'], LATER)).code).toBe(0);
    expect(home.files()).toEqual(['directory.json', 'directory.key']);
  });
});

it('a claim that holds no directory holds nobody up', async () => {
  const home = new Home();
  await home.json('user', 'create', 'alice');
  home.write('ramctl/directory.json.r2', 'not a directory\n');
  const { code } = await home.ramctl(['user', 'create', 'bob'], { limit: 5_000 });
  expect([0, 6]).toContain(code);
  expect(await home.json('user', 'list', '--query', '[].UserName')).toEqual(code === 0 ? ['alice', 'bob'] : ['alice']);
});
