import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '../core/clock.ts';
import type { Entropy } from '../core/entropy.ts';
import { Failure } from '../core/failure.ts';
import { storageFailure } from './trouble.ts';

/** How long a command waits for others, and after how long it takes a lock for left behind, in milliseconds. */
const PATIENCE = 30_000;
const STALE = 2_500;

/**
 * Waits in line for the lock of a file: short, uneven pauses, so that nobody starves. Returns what gives it back.
 * @throws Failure `later` (`DirectoryLocked`, `DirectoryUnavailable`), `broken` (`LockUnusable`, `DirectoryUnusable`)
 */
export async function lockOf(
  path: string,
  { clock, entropy }: { clock: Clock; entropy: Entropy },
): Promise<() => Promise<void>> {
  const { default: lockfile } = await import('proper-lockfile');
  const deadline = clock.now().getTime() + PATIENCE;
  for (;;) {
    try {
      // That nobody is overwritten is the commit's affair, also when this lock is taken over.
      return await lockfile.lock(path, { realpath: false, stale: STALE, onCompromised: () => {} });
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
      await pause(4 + (entropy.bytes(1)[0] ?? 0) / 8);
    }
  }
  throw new Failure('later', 'DirectoryLocked', `${path} has been locked for ${PATIENCE / 1000} s`, {
    Hint: `rmdir ${path}.lock   # only if no other ramctl is at work`,
  });
}
