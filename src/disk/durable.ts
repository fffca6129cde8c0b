import { closeSync, fchownSync, fstatSync, fsyncSync, openSync, statSync, unlinkSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { errorCodeOf, ignoreErrors } from './errors.ts';
import { withFile } from './read.ts';

/**
 * Writes `text` to an open file or pipe. Returns the bytes that a non-blocking pipe does not accept yet. Node's own
 * functions ignore a short write.
 */
export function writeAll(file: number, text: string): Buffer {
  let rest = Buffer.from(text);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(file, rest));
    } catch (error) {
      if (errorCodeOf(error) !== 'EAGAIN') throw error;
      break;
    }
  }
  return rest;
}

/** Writes to an open file from its beginning, and syncs the file. */
export function writeDurably(file: number, content: string | Uint8Array): void {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  for (let written = 0; written < bytes.length; ) {
    written += writeSync(file, bytes, written, bytes.length - written, written);
  }
  fsyncSync(file);
}

/** Creates a file with mode 0600 and syncs it. When root creates it, its owner becomes the owner of the file `like`. */
export function createPrivateFile(path: string, text: string | Buffer, like?: string): void {
  const file = openSync(path, 'wx', 0o600);
  try {
    try {
      if (like !== undefined) chownLike(file, like);
      writeDurably(file, text);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    removeQuietly(path);
    throw error;
  }
}

/** A user who is not root cannot give a file to another user, and stays its owner. */
export function chownLike(file: number, like: string): void {
  const owner = statSync(like, { throwIfNoEntry: false });
  if (!owner || owner.uid === fstatSync(file).uid) return;
  ignoreErrors(() => fchownSync(file, owner.uid, owner.gid), 'EPERM');
}

/** Syncs the folder of a file, so that a new name in it survives a power failure. */
export function syncParentFolder(path: string): void {
  const sync = () => withFile(dirname(path), (folder) => fsyncSync(folder));
  // Systems that cannot sync a folder report one of these errors.
  ignoreErrors(sync, 'EINVAL', 'ENOTSUP', 'EISDIR', 'EPERM', 'EACCES');
}

/** Removes a temporary file. After an error, a later command removes it. */
export function removeQuietly(path: string): void {
  // rmSync would take 0.3 ms for the first file.
  ignoreErrors(() => unlinkSync(path));
}

/**
 * Returns a function that closes a file whose data is synced, so that errors mean no loss. Only its first call has an
 * effect, because the system may give the number to another file afterwards.
 */
export function createCloser(file: number): () => void {
  let isOpen = true;
  return () => {
    if (isOpen) ignoreErrors(() => closeSync(file));
    isOpen = false;
  };
}
