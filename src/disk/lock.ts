import { randomInt } from 'node:crypto';
import { existsSync, mkdirSync, rmdirSync, statSync, utimesSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { errorCodeOf, ignoreErrors, systemError } from './errors.ts';

/** How old a lock must be before another process takes it over. The holder refreshes it more often than that. */
const STALE_AFTER_MS = 2_500;

/**
 * Waits for the lock `<path>.lock`. Returns a function that releases it and never throws.
 * @throws the system's error: `ELOCKED` after `timeoutMs`, `ENOTDIR` when the lock is a file
 */
export async function acquireLock(path: string, timeoutMs: number): Promise<() => void> {
  const { default: lockfile } = await import('proper-lockfile');
  let deadline: number | undefined;
  for (;;) {
    try {
      // The asynchronous function would start the threads of the process, which takes a millisecond.
      const release = lockfile.lockSync(path, {
        realpath: false,
        stale: STALE_AFTER_MS,
        // A lock that another process took over is not an error: the caller checks that it overwrites nothing.
        onCompromised: () => {},
        // The library copies all members of this object, and needs only these.
        fs: { mkdirSync, rmdirSync, statSync, utimesSync },
      });
      return () => ignoreErrors(release);
    } catch (error) {
      const code = errorCodeOf(error);
      // ENOENT: another process removed the stale lock that this process was taking over.
      const isHeld = code === 'ELOCKED' || (code === 'ENOENT' && existsSync(dirname(path)));
      if (!isHeld) throw error;
      // The clock takes 0.6 ms to load, and most commands do not wait.
      deadline ??= performance.now() + timeoutMs;
      if (performance.now() > deadline) throw systemError('ELOCKED');
    }
    // Pauses of random length give every process its chance.
    await pause(randomInt(4, 36));
  }
}
