import { createReadStream, fstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Encoding } from '../core/encoding.ts';
import { Failure } from '../core/failure.ts';
import { errorCodeOf, errorReason } from '../disk/errors.ts';
import { openNonBlocking } from '../disk/read.ts';
import { decodeText } from './decode-text.ts';
import { isAccessibleByOthers } from './permissions.ts';

/** The limit for every input. An endless stream must not fill the memory. */
export const MAX_INPUT_BYTES = 64 * 1024 * 1024;

/** Returns the content of a file, device or pipe that the user named. @throws Failure `missing`, `refused` */
export async function readInputFile(path: string, encoding?: Encoding) {
  try {
    const file = openNonBlocking(path);
    const status = fstatSync(file);
    // A socket does not block while it waits for the writer of a pipe, so that the user can interrupt the command.
    const stream = status.isFIFO()
      ? new (await import('node:net')).Socket({ fd: file, writable: false })
      : createReadStream(path, { fd: file });
    const text = await readStream(stream, path, encoding);
    return { text, isReadableByOthers: status.isFile() && isAccessibleByOthers(status) };
  } catch (error) {
    if (error instanceof Failure) throw error;
    const code = errorCodeOf(error);
    const details = { Field: path };
    if (code === 'ENOENT') throw new Failure('missing', 'FileNotFound', `the file ${path} does not exist`, details);
    if (code === 'EISDIR') throw new Failure('refused', 'NotAFile', `${path} is a folder`, details);
    throw new Failure('refused', 'FileUnreadable', `${path} cannot be read: ${errorReason(error)}`, details);
  }
}

/** Returns the paths of the files in a folder in the order of their names; undefined if `path` is not a folder. @throws Failure `refused` (`FileUnreadable`) */
export function listFolder(path: string): string[] | undefined {
  try {
    const files = readdirSync(path, { withFileTypes: true }).filter((entry) => !entry.isDirectory());
    return files.map(({ name }) => join(path, name)).sort();
  } catch (error) {
    if (['ENOTDIR', 'ENOENT'].includes(errorCodeOf(error) ?? '')) return undefined;
    throw new Failure('refused', 'FileUnreadable', `${path} cannot be read: ${errorReason(error)}`, { Field: path });
  }
}

/** Returns the content of a stream as text. The default encoding is UTF-8. @throws Failure `refused` */
export async function readStream(stream: AsyncIterable<Buffer>, source: string, encoding?: Encoding): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > MAX_INPUT_BYTES) throw new Failure('refused', 'InputTooLarge', `${source} is larger than 64 MiB`);
    chunks.push(chunk);
  }
  return decodeText(Buffer.concat(chunks), source, encoding);
}
