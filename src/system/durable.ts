import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** All of `text` into an open file. Node's own writers give up quietly on a short write. */
export function writeAll(file: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
}

/** The same, on disk when this returns. */
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
