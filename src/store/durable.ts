import {
  closeSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { Failure } from '../core/failure.ts';

/**
 * A new file, 0600, complete and synced, for the owner of the file `like`, if there is one. Node's own writers give up
 * quietly on a short write; this one does not.
 */
export function writeDurably(path: string, text: string, like: string): void {
  const file = openSync(path, 'wx', 0o600);
  try {
    const bytes = Buffer.from(text);
    try {
      giveTo(file, like);
      for (let written = 0; written < bytes.length; ) {
        written += writeSync(file, bytes, written);
      }
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    discard(path);
    throw error;
  }
}

/** Root changes somebody's directory without taking it from them. */
function giveTo(file: number, like: string): void {
  const owner = statSync(like, { throwIfNoEntry: false });
  if (owner && owner.uid !== fstatSync(file).uid) fchownSync(file, owner.uid, owner.gid);
}

/** Systems that cannot sync a folder say so; their renames last by other means. */
const CANNOT_SYNC = new Set(['EINVAL', 'ENOTSUP', 'EISDIR', 'EPERM', 'EACCES']);

/** A rename or a new name lasts only once its folder is on disk too. */
export function syncFolder(path: string): void {
  try {
    const folder = openSync(dirname(path), 'r');
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
  } catch (error) {
    if (CANNOT_SYNC.has(codeOf(error) ?? '')) return;
    throw new Failure('later', 'NotDurable', `${path} was changed, but the disk did not confirm it`, {
      Hint: 'ramctl directory check',
    });
  }
}

export function renameUnlessGone(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}

/** Removes what nobody needs any more. Where that fails, a later command does it. */
export function discard(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // What stays does no harm.
  }
}

export function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
