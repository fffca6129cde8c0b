import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import { Failure } from '../core/failure.ts';

/** More than any input of ours needs; a stream that never ends must not fill the memory. */
export const MAX_INPUT_BYTES = 64 * 1024 * 1024;
const CHUNK_BYTES = 64 * 1024;
const RETRY_DELAY_MS = 10;

/** Opens a file for reading, and never waits for the other end of a pipe. @throws the system's error */
export function openNonBlocking(path: string): number {
  return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
}

/** The same for as long as `work` takes. */
export function withFile<T>(path: string, work: (file: number, status: Stats) => T): T {
  const file = openNonBlocking(path);
  try {
    return work(file, fstatSync(file));
  } finally {
    closeSync(file);
  }
}

/**
 * All that an open file holds, whatever it is; undefined when that is more than `most` bytes. Whoever writes into a pipe
 * is given `patience` milliseconds, in which nothing else can happen.
 */
export function readUpTo(file: number, most: number, patience = 0): Buffer | undefined {
  const chunks: Buffer[] = [];
  let [size, waited] = [0, 0];
  for (;;) {
    const chunk = Buffer.alloc(Math.min(CHUNK_BYTES, most + 1));
    try {
      const length = readSync(file, chunk);
      if (length === 0) return Buffer.concat(chunks);
      size += length;
      if (size > most) return undefined;
      chunks.push(chunk.subarray(0, length));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN' || waited >= patience) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_DELAY_MS);
      waited += RETRY_DELAY_MS;
    }
  }
}

/** All of a stream as text. @throws Failure `refused` */
export async function readStream(stream: AsyncIterable<Buffer>, source: string): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > MAX_INPUT_BYTES) throwInputTooLarge(source);
    chunks.push(chunk);
  }
  return decodeText(Buffer.concat(chunks), source);
}

export function throwInputTooLarge(source: string): never {
  throw new Failure('refused', 'InputTooLarge', `${source} holds more than 64 MiB`);
}

/** Bytes as UTF-8, a byte order mark left out. @throws Failure `refused`: a password must not change on its way in */
export function decodeText(bytes: Uint8Array, source: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Failure('refused', 'InputNotText', `${source} is not UTF-8 text`);
  }
}
