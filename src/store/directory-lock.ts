import { errorCodeOf } from '../disk/errors.ts';
import { acquireLock } from '../disk/lock.ts';
import { brokenFailure, laterFailure } from './storage-errors.ts';

/*
 * Lock rules:
 *
 *   1. A process changes the directory file only while it holds the lock, the folder `<file>.lock`. Readers take no lock.
 *   2. The holder refreshes the lock. After 2.5 s without a refresh the lock is stale: the process was killed or
 *      suspended, and another process takes the lock over.
 *   3. A process waits for the lock up to 30 s. After each transaction it releases the lock.
 *   4. A suspended process that continues may hold the lock together with its successor. The lock only avoids wasted
 *      work; the commit protocol (commit.ts) prevents lost changes.
 */

const LOCK_TIMEOUT_MS = 30_000;

/**
 * Waits for the lock of a directory file. Returns a function that releases it.
 * @throws other errors of the file system, Failure `later` (`DirectoryLocked`), `broken` (`LockUnusable`)
 */
export async function acquireDirectoryLock(path: string): Promise<() => void> {
  const lock = `${path}.lock`;
  try {
    return await acquireLock(path, LOCK_TIMEOUT_MS);
  } catch (error) {
    const code = errorCodeOf(error);
    if (code === 'ENOTDIR') throw brokenFailure('LockUnusable', `${lock} is not a lock of ramctl`, `rm ${lock}`);
    if (code !== 'ELOCKED') throw error;
    const hint = `rmdir ${lock}   # only if no other ramctl is running`;
    throw laterFailure('DirectoryLocked', `${path} has been locked for ${LOCK_TIMEOUT_MS / 1000} s`, hint);
  }
}
