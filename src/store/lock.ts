import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '../core/clock.ts';
import { Failure } from '../core/failure.ts';
import type { RandomSource } from '../core/random.ts';
import { storageFailure } from './storage-errors.ts';

/** How long a command waits for others, and after how long it takes a lock for left behind, in milliseconds. */
const LOCK_TIMEOUT_MS = 30_000;
const LOCK_STALE_MS = 2_500;

/**
 * Waits in line for the lock of a file: short, uneven pauses, so that nobody starves. Returns what gives it back.
 * @throws Failure `later` (`DirectoryLocked`, `DirectoryUnavailable`), `broken` (`LockUnusable`, `DirectoryUnusable`)
 */
export async function acquireLock(
  path: string,
  { clock, random }: { clock: Clock; random: RandomSource },
): Promise<() => Promise<void>> {
  const { default: lockfile } = await import('proper-lockfile');
  const deadline = clock.now().getTime() + LOCK_TIMEOUT_MS;
  for (;;) {
    try {
      // That nobody is overwritten is the commit's affair, also when this lock is taken over.
      return await lockfile.lock(path, { realpath: false, stale: LOCK_STALE_MS, onCompromised: () => {} });
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === undefined) throw error;
      // ENOENT: somebody who took it for left behind removed it while we were taking it.
      const isTaken = code === 'ELOCKED' || (code === 'ENOENT' && existsSync(dirname(path)));
      if (code === 'ENOTDIR') {
        const lock = `${path}.lock`;
        throw new Failure('broken', 'LockUnusable', `${lock} is in the way and is not ramctl's`, {
          Hint: `rm ${lock}`,
        });
      }
      if (!isTaken) throw storageFailure(code, path);
      if (clock.now().getTime() > deadline) break;
      await pause(4 + (random.bytes(1)[0] ?? 0) / 8);
    }
  }
  throw new Failure('later', 'DirectoryLocked', `${path} has been locked for ${LOCK_TIMEOUT_MS / 1000} s`, {
    Hint: `rmdir ${path}.lock   # only if no other ramctl is at work`,
  });
}
