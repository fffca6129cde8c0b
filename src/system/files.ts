import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, fstatSync, linkSync, lstatSync, openSync, readdirSync, renameSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { Failure } from '../core/failure.ts';
import { closeQuietly, removeQuietly, syncParentFolder, writeDurably } from '../disk/durable.ts';
import { isAccessibleByOthers } from './permissions.ts';
import {
  decodeText,
  MAX_INPUT_BYTES,
  openNonBlocking,
  readStream,
  readUpTo,
  throwInputTooLarge,
  withFile,
} from './read-text.ts';

/** The content of a file that the command line names. @throws Failure `missing`, `refused` */
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
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new Failure('missing', 'FileNotFound', `there is no file ${path}`, { Field: path });
    throw new Failure('refused', 'FileUnreadable', `${path} cannot be read (${code})`, { Field: path });
  }
}

/** Perhaps nobody ever writes into it: whoever waits for that must be free to leave. Closes the file. */
async function readPipe(file: number, path: string): Promise<string> {
  const { Socket } = await import('node:net');
  return readStream(new Socket({ fd: file, writable: false }), path);
}

/**
 * A new file for secrets, 0600, complete or absent. Opening makes an empty temporary file beside it, which proves that
 * the folder can be written; delivering fills it and gives it its name.
 * @throws Failure `refused` (`FileExists`), `later` (`SinkUnavailable`)
 */
export function openSecretFile(path: string, overwrite: boolean) {
  const target = resolve(path);
  const temporary = translateErrors(path, () => prepareTempPath(target));
  const file = translateErrors(path, () => {
    const present = lstatSync(target, { throwIfNoEntry: false });
    if (present && !overwrite) throw createSystemError('EEXIST');
    if (present && !present.isFile() && !present.isSymbolicLink()) throw createSystemError('EISDIR');
    return openSync(temporary, 'wx', 0o600);
  });
  const discard = () => {
    closeQuietly(file);
    removeQuietly(temporary);
  };
  return {
    discard,
    async deliver(content: (present: string | undefined) => string): Promise<void> {
      try {
        translateErrors(path, () => {
          writeDurably(file, content(undefined));
          if (overwrite) renameSync(temporary, target);
          else linkSync(temporary, target);
          syncParentFolderQuietly(target);
        });
      } finally {
        discard();
      }
    },
  };
}

/** The name stands by now: a folder that cannot be synced is no reason to take it back. */
export function syncParentFolderQuietly(target: string): void {
  try {
    syncParentFolder(target);
  } catch {
    // Some file systems sync no folders, some folders cannot be read.
  }
}

/** A name beside `target` for what will take its place; what a process that was killed left there goes. */
export function prepareTempPath(target: string): string {
  removeStaleTempFiles(target);
  return join(dirname(target), `.${basename(target)}.${process.pid}.${randomBytes(8).toString('hex')}.tmp`);
}

/** The content of a file for secrets, undefined when it cannot be had; leftovers beside it go. */
export function tryReadSecretFile(path: string): string | undefined {
  try {
    removeStaleTempFiles(resolve(path));
    return withFile(path, (file, status) =>
      status.isFile() ? readUpTo(file, MAX_INPUT_BYTES)?.toString() : undefined,
    );
  } catch {
    return undefined;
  }
}

/** A secret is in it: nobody else would ever remove it. */
function removeStaleTempFiles(target: string): void {
  const prefix = `.${basename(target)}.`;
  const names = existsSync(dirname(target)) ? readdirSync(dirname(target)) : [];
  for (const name of names.filter((each) => each.startsWith(prefix))) {
    const [, pid] = /^(\d+)\.[0-9a-f]{16}\.tmp$/.exec(name.slice(prefix.length)) ?? [];
    if (pid !== undefined && !isProcessAlive(Number(pid))) removeQuietly(join(dirname(target), name));
  }
}

function isProcessAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Work on a file for secrets, its errors in words. @throws Failure `refused` (`FileExists`), `later` (`SinkUnavailable`) */
export function translateErrors<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof Failure) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') throwFileExists(path);
    throw new Failure(
      'later',
      'SinkUnavailable',
      `${path} cannot be written: ${REASONS[code ?? ''] ?? code ?? message}`,
      {
        Field: path,
      },
    );
  }
}

const REASONS: Record<string, string> = {
  ENOENT: 'its folder is not there',
  ENOTDIR: 'its folder is not a folder',
  EISDIR: 'it is not a file',
  EACCES: 'access is denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  ENAMETOOLONG: 'its name is too long',
  ELOOP: 'its links go round in circles',
};

function throwFileExists(path: string): never {
  throw new Failure('refused', 'FileExists', `${path} is there already`, {
    Field: path,
    Hint: 'name a new file, or add --overwrite',
  });
}

/** An error as the system would make it. */
export function createSystemError(code: string): Error {
  return Object.assign(new Error(code), { code });
}
