import { closeSync, fstatSync } from 'node:fs';
import { Failure } from '../core/failure.ts';
import { errorCodeOf, errorReason } from '../disk/errors.ts';
import { openNonBlocking, readUpTo } from '../disk/read.ts';
import { isAccessibleByOthers } from './permissions.ts';

/** The limit for every input. An endless stream must not fill the memory. */
export const MAX_INPUT_BYTES = 64 * 1024 * 1024;

/** Returns the content of a file or pipe from the command line. @throws Failure `missing`, `refused` */
export async function readInputFile(path: string): Promise<{ text: string; isReadableByOthers: boolean }> {
  try {
    const file = openNonBlocking(path);
    const status = fstatSync(file);
    if (status.isFIFO()) return { text: await readPipe(file, path), isReadableByOthers: false };
    try {
      if (status.isDirectory()) throw new Failure('refused', 'NotAFile', `${path} is a folder`, { Field: path });
      const bytes = readUpTo(file, MAX_INPUT_BYTES) ?? throwInputTooLarge(path);
      return { text: decodeText(bytes, path), isReadableByOthers: status.isFile() && isAccessibleByOthers(status) };
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if (error instanceof Failure) throw error;
    if (errorCodeOf(error) === 'ENOENT') {
      throw new Failure('missing', 'FileNotFound', `the file ${path} does not exist`, { Field: path });
    }
    throw new Failure('refused', 'FileUnreadable', `${path} cannot be read: ${errorReason(error)}`, { Field: path });
  }
}

/** Waits for the writer without blocking, so that the user can interrupt the command. Closes the file. */
async function readPipe(file: number, path: string): Promise<string> {
  const { Socket } = await import('node:net');
  return readStream(new Socket({ fd: file, writable: false }), path);
}

/** Returns the content of a stream as text. @throws Failure `refused` */
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

function throwInputTooLarge(source: string): never {
  throw new Failure('refused', 'InputTooLarge', `${source} is larger than 64 MiB`);
}

/** Decodes UTF-8 without a byte order mark. Replacing invalid bytes would change a password. @throws Failure `refused` */
export function decodeText(bytes: Uint8Array, source: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Failure('refused', 'InputNotText', `${source} is not UTF-8 text`);
  }
}
