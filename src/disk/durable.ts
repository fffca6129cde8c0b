import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * All of `text` into an open file or pipe; Node's own writers give up quietly on a short write. Returns what a pipe that
 * does not block would not take yet.
 */
export function writeAll(file: number, text: string): Buffer {
  let rest = Buffer.from(text);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(file, rest));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      break;
    }
  }
  return rest;
}

/** The same for a file, from its beginning on, wherever an earlier write has left off; on disk when this returns. */
export function writeDurably(file: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let written = 0; written < bytes.length; ) {
    written += writeSync(file, bytes, written, bytes.length - written, written);
  }
  fsyncSync(file);
}

/** Systems that cannot sync a folder say so; their new names last by other means. */
const SYNC_UNSUPPORTED_ERRORS = new Set(['EINVAL', 'ENOTSUP', 'EISDIR', 'EPERM', 'EACCES']);

/** A new name lasts only once its folder is on disk too. */
export function syncParentFolder(path: string): void {
  try {
    const folder = openSync(dirname(path), 'r');
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
  } catch (error) {
    if (!SYNC_UNSUPPORTED_ERRORS.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

/** Removes a temporary file. Where that fails, a later command does it: it is no reason to fail as well. */
export function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // It stays as private as it is.
  }
}

/** What was written is on disk by then, or was refused: that closing fails, or was done before, changes nothing. */
export function closeQuietly(file: number): void {
  try {
    closeSync(file);
  } catch {
    // The descriptor is gone all the same.
  }
}

/** What the system refuses for now only: a full disk, say. */
export const TEMPORARY_ERRORS = new Set(['ENOSPC', 'EDQUOT', 'EMFILE', 'ENFILE', 'EIO', 'EBUSY', 'EAGAIN', 'ENOMEM']);
