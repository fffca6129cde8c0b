import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
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

/** The same for files, on disk when this returns. */
export function writeDurably(file: number, text: string): void {
  writeAll(file, text);
  fsyncSync(file);
}

/** A new name lasts only once its folder is on disk too. */
export function syncFolder(path: string): void {
  const folder = openSync(dirname(path), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
