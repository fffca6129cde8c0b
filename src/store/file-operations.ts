import { chmodSync, closeSync, fchownSync, fstatSync, linkSync, openSync, renameSync, statSync } from 'node:fs';
import { Failure } from '../core/failure.ts';
import { removeQuietly, syncParentFolder, writeDurably } from '../disk/durable.ts';

/** A new file, 0600, complete and synced, for the owner of the file `like`, if there is one. */
export function createSyncedFile(path: string, text: string, like: string): void {
  const file = openSync(path, 'wx', 0o600);
  try {
    try {
      chownLike(file, like);
      writeDurably(file, text);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    removeQuietly(path);
    throw error;
  }
}

/** Root changes somebody's directory without taking it from them; others can only take it over. */
function chownLike(file: number, like: string): void {
  const owner = statSync(like, { throwIfNoEntry: false });
  if (!owner || owner.uid === fstatSync(file).uid) return;
  try {
    fchownSync(file, owner.uid, owner.gid);
  } catch (error) {
    if (errorCodeOf(error) !== 'EPERM') throw error;
  }
}

/** What was renamed or named in a file's folder lasts from now on. @throws Failure `later` (`NotDurable`) */
export function ensureDurable(path: string): void {
  try {
    syncParentFolder(path);
  } catch {
    throw new Failure('later', 'NotDurable', `${path} was changed, but the disk did not confirm it`, {
      Hint: 'ramctl directory check',
    });
  }
}

/**
 * Gives what is in the file now another name besides, for its owner alone, unless that is taken. Returns whether it has
 * it now.
 */
export function keepBackup(path: string, name: string): boolean {
  try {
    linkSync(path, name);
    chmodSync(name, 0o600);
    return true;
  } catch (error) {
    if (errorCodeOf(error) !== 'EEXIST') throw error;
    return false;
  }
}

export function renameIfExists(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (errorCodeOf(error) !== 'ENOENT') throw error;
  }
}

export function errorCodeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
