// `ak rotate --run-id` again, after the delivered pair was lost.
import { chmodSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { type Home, parseError } from '../support/process.ts';
import {
  createRobotHome,
  findFilesWithSecret,
  type KeyPair,
  killAtEachStep,
  readKeyPair,
  readRobot,
  scriptEnvironment,
  verifyKeyPair,
} from '../support/rotation.ts';

/** Two minutes later, locks of killed processes are stale, and no grace period is over. */
const LATER_MS = 120_000;

let robotHome: Home;
let old: KeyPair;
beforeAll(async () => {
  robotHome = await createRobotHome();
  old = readKeyPair(robotHome, 'old.env') as KeyPair;
});

const rotate = (...args: string[]) => ['ak', 'rotate', 'robot', '--run-id', '7', '-o', 'json', ...args];
/** A home in which a rotation was delivered to `new.env` and the file was lost. */
async function loseDelivery(args: string[], robot = robotHome): Promise<{ home: Home; lost: string }> {
  const home = robot.copy();
  const { NewAccessKeyId } = await home.json<{ NewAccessKeyId: string }>(...args);
  rmSync(join(home.folder, 'new.env'), { force: true });
  return { home, lost: NewAccessKeyId };
}
const newKeysOf = (home: Home) =>
  Object.keys(readRobot(home).keys).filter((AccessKeyId) => AccessKeyId !== old.AccessKeyId);

it('a repeated rotation that is killed at each file step loses no AccessKey', { timeout: 180_000 }, async () => {
  const prepareRotation = async (options: string[], state: string, oldStatus: string) => {
    const args = rotate('--secret-to', 'file:new.env', ...options);
    return { args, state, oldStatus, ...(await loseDelivery(args)) };
  };
  const withoutGrace = await prepareRotation([], 'Done', 'Inactive');
  const withGrace = await prepareRotation(['--grace', '1h', '--check', 'true'], 'Grace', 'Active');
  const killAt = async (step: number): Promise<boolean> => {
    // Both rotations change files in the same steps.
    const { args, state, oldStatus, home: initialHome, lost } = step % 2 === 0 ? withoutGrace : withGrace;
    const home = initialHome.copy();
    const { wasStopped = false } = await home.run(args, { stopAt: { step, folder: home.folder } });
    const afterKill = readRobot(home);
    const delivered = readKeyPair(home, 'new.env');
    // The old AccessKey and one new AccessKey exist: the lost one, or the one that replaces it.
    const [newKey = '', ...others] = newKeysOf(home);
    expect([afterKill.keys[old.AccessKeyId], afterKill.keys[newKey], others]).toEqual([oldStatus, 'Active', []]);
    if (delivered) expect([delivered.AccessKeyId, newKey === lost]).toEqual([newKey, false]);

    expect(await home.run(args, { aheadMs: LATER_MS })).toMatchObject({ code: 0, err: '' });
    const pair = readKeyPair(home, 'new.env') as KeyPair;
    if (newKey !== lost) expect(pair.AccessKeyId).toBe(newKey);
    expect(readRobot(home)).toEqual({
      keys: { [old.AccessKeyId]: oldStatus, [pair.AccessKeyId]: 'Active' },
      rotations: { 7: state },
    });
    expect(await verifyKeyPair(home, pair)).toBe(0);
    expect(home.files()).toEqual(['directory.history.jsonl', 'directory.json', 'directory.key']);
    expect(findFilesWithSecret(home, pair.AccessKeySecret, 'new.env')).toEqual([]);
    return wasStopped;
  };
  expect(await killAtEachStep(killAt)).toBeGreaterThan(20);
});

it('a command that started before another one delivered does not replace that AccessKey', async () => {
  const args = rotate('--grace', '1h');
  const { home, lost } = await loseDelivery(args);
  // The slow process starts first, and continues after the other one has ended.
  const before = `import fs from 'node:fs';
    fs.writeFileSync('started', '');
    while (!fs.existsSync('continue'));`;
  const slow = home.ramctl(args, { before });
  await expect.poll(() => existsSync(join(home.folder, 'started')), { timeout: 30_000 }).toBe(true);
  const { NewAccessKeyId, AccessKey } = await home.json<{ NewAccessKeyId: string; AccessKey: KeyPair }>(...args);
  home.write('continue', '');
  const refused = await slow;
  expect([refused.code, refused.out, parseError(refused)]).toMatchObject([1, '', { Code: 'RotationDelivered' }]);
  expect([newKeysOf(home), NewAccessKeyId === lost]).toEqual([[NewAccessKeyId], false]);
  expect(await verifyKeyPair(home, AccessKey)).toBe(0);
});

it('a command that runs during the check of another one delivers the same pair', async () => {
  const args = rotate('--check', './check', '--grace', '1h');
  const robot = robotHome.copy();
  const script = `test -e inner.json || exec ramctl ${args.join(' ')} >inner.json`;
  chmodSync(robot.write('check', `#!/bin/sh\n${script}\n`), 0o755);
  robot.write('inner.json', '');
  const { home, lost } = await loseDelivery(args, robot);
  rmSync(join(home.folder, 'inner.json'));
  const { code, out } = await home.ramctl(args, { environment: scriptEnvironment(home) });
  const { AccessKey } = JSON.parse(out);
  expect([code, JSON.parse(home.read('inner.json')).AccessKey]).toEqual([0, AccessKey]);
  expect([newKeysOf(home), AccessKey.AccessKeyId === lost]).toEqual([[AccessKey.AccessKeyId], false]);
  expect(await verifyKeyPair(home, AccessKey)).toBe(0);
});
