import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import { errorCodeOf } from './errors.ts';

const CHUNK_BYTES = 64 * 1024;
const RETRY_DELAY_MS = 10;

/** Opens a file for reading; does not wait for the writer of a pipe. @throws the system's error */
export function openNonBlocking(path: string): number {
  return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
}

/** Opens a file for reading while `work` runs. */
export function withFile<T>(path: string, work: (file: number, status: Stats) => T): T {
  const file = openNonBlocking(path);
  try {
    return work(file, fstatSync(file));
  } finally {
    closeSync(file);
  }
}

/**
 * Returns the content of an open file of any type; undefined when it has more than `maxBytes`. Blocks up to `timeoutMs`
 * for the writer of a pipe.
 */
export function readUpTo(file: number, maxBytes: number, timeoutMs = 0): Buffer | undefined {
  const chunks: Buffer[] = [];
  let size = 0;
  let waitedMs = 0;
  for (;;) {
    const chunk = Buffer.alloc(Math.min(CHUNK_BYTES, maxBytes + 1));
    try {
      const length = readSync(file, chunk);
      if (length === 0) return Buffer.concat(chunks);
      size += length;
      if (size > maxBytes) return undefined;
      chunks.push(chunk.subarray(0, length));
    } catch (error) {
      if (errorCodeOf(error) !== 'EAGAIN' || waitedMs >= timeoutMs) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_DELAY_MS);
      waitedMs += RETRY_DELAY_MS;
    }
  }
}
