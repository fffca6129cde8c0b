import { describe, expect, it } from 'vitest';
import { Home, killAtFileStep } from '../support/process.ts';
import { killAtEachStep } from '../support/rotation.ts';

const POLICY = 'AliyunIOTReadOnlyAccess';
const GRANT_ARGS = ['--access-key', '--policy', POLICY];
/** A lock file that is older than this is stale. */
const STALE_LOCK_MS = 2_500;
const LATER = { aheadMs: 120_000 };

interface Summary {
  UserName: string;
  AccessKeys: number;
}

/** The names of all users. Expects that each has the AccessKey and the policy that its command gave it. */
async function listCompleteUsers(home: Home): Promise<string[]> {
  const users = await home.json<Summary[]>('user', 'list');
  const usersWithPolicy = await home.json<Summary[]>('user', 'list', '--policy', POLICY);
  expect(usersWithPolicy).toEqual(users);
  expect(users.filter(({ AccessKeys }) => AccessKeys !== 1)).toEqual([]);
  return users.map(({ UserName }) => UserName);
}

/** The revisions of the entries in the history file. */
function readRevisions(home: Home): number[] {
  const lines = home.read('ramctl/directory.history.jsonl').trimEnd().split('\n');
  return lines.map((line) => Number.parseInt(JSON.parse(line).ChangeId, 10));
}

/** Runs a command that changes no files from a step on. Its exit code is null, as after a kill, if it came to that step. */
async function stop(home: Home, args: string[], step: number): Promise<{ code: number | null }> {
  const { code, wasStopped } = await home.run(args, { stopAt: { step, folder: home.config } });
  return { code: wasStopped ? null : code };
}

describe.each([
  ['the first command ever', []],
  ['a later command', ['alice']],
])('%s that is killed at any file step', (_, existingUsers) => {
  it('changes all or nothing, and the next command works', { timeout: 180_000 }, async () => {
    const sampleHome = new Home();
    for (const name of existingUsers) await sampleHome.json('user', 'create', name, ...GRANT_ARGS);
    expect(await killAtEachStep((step) => killAt(step, sampleHome.copy(), existingUsers))).toBeGreaterThan(5);
  });

  /** Kills a command at a step. Returns whether it was killed, or ended before that step. */
  async function killAt(step: number, home: Home, users: string[]): Promise<boolean> {
    const bob = ['user', 'create', 'bob', ...GRANT_ARGS];
    // The first command is only stopped, which takes less time.
    const { code } =
      users.length === 0
        ? await stop(home, bob, step)
        : await home.ramctl(bob, { before: killAtFileStep(step, home.config) });
    // After some steps another process runs at once, and waits for the lock. After the others the lock is stale.
    const args = ['user', 'create', 'next', ...GRANT_ARGS, '-q'];
    const next = await (step % 8 === 0 ? home.ramctl(args) : home.run(args, LATER));
    expect([next.code, next.err]).toEqual([0, '']);
    const all = await listCompleteUsers(home);
    const found = all.filter((name) => code === 0 || name !== 'bob');
    expect(found).toEqual([...users, ...(code === 0 ? ['bob'] : []), 'next']);
    expect((await home.run(['directory', 'check'], LATER)).code).toBe(0);
    expect([`step ${step}`, ...readRevisions(home)]).toEqual([`step ${step}`, ...all.map((_, index) => index + 1)]);
    expect([`step ${step}`, ...home.files()]).toEqual([
      `step ${step}`,
      'directory.history.jsonl',
      'directory.json',
      'directory.key',
    ]);
    return code === null;
  }
});

it('a stale lock does not delay a read, and directory check removes it', async () => {
  const home = new Home();
  await home.json('user', 'create', 'alice');
  // At the third step, the process holds the lock.
  await home.ramctl(['user', 'create', 'bob'], { before: killAtFileStep(3, home.config) });
  expect(home.files()).toContain('directory.json.lock');
  expect((await home.ramctl(['user', 'list'])).milliseconds).toBeLessThan(STALE_LOCK_MS);
  expect((await home.run(['directory', 'check'], LATER)).code).toBe(0);
  expect(home.files()).toEqual(['directory.history.jsonl', 'directory.json', 'directory.key']);
});

it('an invalid claim file does not block a command', async () => {
  const home = new Home();
  await home.json('user', 'create', 'alice');
  home.write('ramctl/directory.json.r2', 'not a directory\n');
  const { code } = await home.ramctl(['user', 'create', 'bob'], { limit: 5_000 });
  expect([0, 6]).toContain(code);
  expect(await home.json('user', 'list', '--query', '[].UserName')).toEqual(code === 0 ? ['alice', 'bob'] : ['alice']);
});
