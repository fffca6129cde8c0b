import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { acquireLock } from '../../src/disk/lock.ts';

let folder = '';
let path = '';
let lock = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ramctl-lock-'));
  path = join(folder, 'directory.json');
  lock = `${path}.lock`;
});

afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true });
});

it('a lock that is held is refused after the timeout, and can be acquired when it is released', async () => {
  const release = await acquireLock(path, 0);
  await expect(acquireLock(path, 50)).rejects.toMatchObject({ code: 'ELOCKED' });
  const next = acquireLock(path, 10_000);
  release();
  (await next)();
  expect(existsSync(lock)).toBe(false);
});

it('the holder refreshes the lock before it is stale', async () => {
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'], now: Date.now() });
  const release = await acquireLock(path, 0);
  for (let seconds = 0; seconds < 10; seconds += 2) {
    vi.advanceTimersByTime(2_000);
    expect(statSync(lock).mtimeMs).toBeGreaterThan(Date.now() - 2_500);
  }
  release();
  expect(existsSync(lock)).toBe(false);
});

it('a stale lock is taken over, and the previous holder does not fail', async () => {
  const release = await acquireLock(path, 0);
  const longAgo = new Date(Date.now() - 2_600);
  utimesSync(lock, longAgo, longAgo);
  const releaseNext = await acquireLock(path, 0);
  releaseNext();
  expect(existsSync(lock)).toBe(false);
  expect(release).not.toThrow();
});

it('the release does not throw if the lock cannot be removed', async () => {
  const release = await acquireLock(path, 0);
  writeFileSync(join(lock, 'file'), '');
  expect(release).not.toThrow();
});

it('other errors of the file system are thrown as they are', async () => {
  await expect(acquireLock(join(folder, 'missing', 'file'), 0)).rejects.toMatchObject({ code: 'ENOENT' });
  writeFileSync(lock, '');
  const longAgo = new Date(Date.now() - 2_600);
  utimesSync(lock, longAgo, longAgo);
  await expect(acquireLock(path, 0)).rejects.toMatchObject({ code: 'ENOTDIR' });
  rmSync(lock);
  mkdirSync(lock);
  await expect(acquireLock(path, 0)).rejects.toMatchObject({ code: 'ELOCKED' });
});
