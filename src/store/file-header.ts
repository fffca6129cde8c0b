import { closeSync, fstatSync, readSync } from 'node:fs';
import { errorCodeOf, ignoreErrors } from '../disk/errors.ts';
import { openNonBlocking, withFile } from '../disk/read.ts';
import { MAX_HEADER_BYTES, parseHeader } from './file-format.ts';

/** Returns a text that differs for every file that is ever at this path; undefined when there is no readable file. */
export function readFileVersion(path: string): string | undefined {
  const file = ignoreErrors(() => openNonBlocking(path), 'ENOENT');
  if (file === undefined) return undefined;
  try {
    const { ino, size, mtimeNs, ctimeNs } = fstatSync(file, { bigint: true });
    const header = parseHeader(readHead(file));
    return header && [ino, size, mtimeNs, ctimeNs, header.revision, header.tag].join();
  } finally {
    closeSync(file);
  }
}

/** Whether a file contains the change with this tag; false when it cannot be read. */
export function hasTag(path: string, tag: string): boolean {
  return ignoreErrors(() => readHeader(path)?.tag === tag) ?? false;
}

/** The current revision of the file: 0 when it does not exist, undefined when its first line is damaged. */
export function readRevision(path: string): number | undefined {
  return readHeader(path)?.revision;
}

export type Header = NonNullable<ReturnType<typeof parseHeader>>;

/** The header of a file that does not exist. */
export const ABSENT: Header = { revision: 0, tag: '' };

/** Returns undefined when the first line is damaged. */
export function readHeader(path: string): Header | undefined {
  try {
    return withFile(path, (file) => parseHeader(readHead(file)));
  } catch (error) {
    if (errorCodeOf(error) === 'ENOENT') return ABSENT;
    throw error;
  }
}

/** Returns the beginning of a file, which contains the header. */
function readHead(file: number): string {
  const head = Buffer.alloc(MAX_HEADER_BYTES);
  return head.toString('utf8', 0, readSync(file, head));
}
