import {
  constants,
  fsyncSync,
  ftruncateSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmdirSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Failure } from '../core/failure.ts';
import { closeQuietly, removeQuietly, writeAll, writeDurably } from '../disk/durable.ts';
import { createSystemError, prepareTempPath, syncParentFolderQuietly, translateErrors } from './files.ts';
import { decodeText, readUpTo, withFile } from './read-text.ts';

/** What a sink is given: the new content of a file that had `present` before, undefined when it was not there. */
type ContentBuilder = (present: string | undefined) => string;

/** How often a file is read again because somebody else has just changed it. */
const MAX_ATTEMPTS = 20;
/** How long a lock on it lasts and how often, and for how long, it is waited for, in milliseconds. */
const LOCK_STALE_MS = 2_500;
const MAX_LOCK_RETRIES = 200;
const LOCK_RETRY_MS = 50;
/** Far more than a list of profiles takes; editing takes memory many times the size of the text. */
const MAX_FILE_BYTES = 1024 * 1024;

/**
 * A file of others that secrets are written into: its new content replaces it as a whole, 0600, also where a link
 * leads. Other ramctls wait; what somebody else changes meanwhile is kept. @throws Failure `later` (`SinkUnavailable`)
 */
export function openSharedFile(path: string) {
  let made: string | undefined;
  const { target, temporary, file } = translateErrors(path, () => {
    const target = resolveLinks(path);
    try {
      made = mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
    } catch (error) {
      throw (error as NodeJS.ErrnoException).code === 'EEXIST' ? createSystemError('ENOTDIR') : error;
    }
    const temporary = prepareTempPath(target);
    return { target, temporary, file: openSync(temporary, 'wx', 0o600) };
  });
  let isOpen = true;
  const discard = () => {
    if (isOpen) closeQuietly(file);
    isOpen = false;
    removeQuietly(temporary);
    if (made !== undefined) removeFolderIfEmpty(dirname(target));
  };
  const replace = (content: ContentBuilder) => {
    for (let left = MAX_ATTEMPTS; left > 0; left -= 1) {
      const before = readContent(target);
      ftruncateSync(file, 0);
      writeDurably(file, content(before));
      if (readContent(target) !== before) continue;
      renameSync(temporary, target);
      return syncParentFolderQuietly(target);
    }
    throw new Failure('later', 'SinkUnavailable', `${path} is being changed all the time`, { Field: '--secret-to' });
  };
  return {
    read: () => translateErrors(path, () => readContent(target)),
    discard,
    async deliver(content: ContentBuilder): Promise<void> {
      try {
        const release = await acquireLock(target, path);
        try {
          translateErrors(path, () => replace(content));
        } finally {
          await release().catch(() => {});
        }
      } finally {
        discard();
      }
    },
  };
}

/** Waits in line; that nothing is overwritten does not hang on it. */
async function acquireLock(target: string, path: string): Promise<() => Promise<void>> {
  const { default: lockfile } = await import('proper-lockfile');
  for (let left = MAX_LOCK_RETRIES; ; left -= 1) {
    try {
      return await lockfile.lock(target, { realpath: false, stale: LOCK_STALE_MS, onCompromised: () => {} });
    } catch (error) {
      // ENOENT: somebody who took the lock for left behind removed it while we were taking it.
      const { code } = error as NodeJS.ErrnoException;
      if (left === 0 || (code !== 'ELOCKED' && code !== 'ENOENT')) {
        throw new Failure('later', 'SinkUnavailable', `${path} cannot be locked (${code})`, { Field: '--secret-to' });
      }
      await pause(LOCK_RETRY_MS);
    }
  }
}

/** A file that others read line by line and that grows at its end: all of the text is added, or nothing. */
export function openAppendFile(path: string) {
  const file = translateErrors(path, () => openSync(path, constants.O_WRONLY | constants.O_APPEND));
  return {
    discard: () => closeQuietly(file),
    async deliver(content: ContentBuilder): Promise<void> {
      const present = translateErrors(path, () => readFileSync(path));
      try {
        translateErrors(path, () => {
          writeAll(file, content(present.toString('utf8')));
          fsyncSync(file);
        });
      } catch (error) {
        truncateQuietly(file, present.length);
        throw error;
      } finally {
        closeQuietly(file);
      }
    },
  };
}

/** Why it was not written matters more than that a part of it may stay. */
function truncateQuietly(file: number, length: number): void {
  try {
    ftruncateSync(file, length);
  } catch {
    // The disk is beyond help.
  }
}

/** Where a path leads, also when nothing is there yet. */
function resolveLinks(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    const link = lstatSync(path, { throwIfNoEntry: false });
    return link?.isSymbolicLink() ? resolveLinks(resolve(dirname(path), readlinkSync(path))) : resolve(path);
  }
}

function readContent(path: string): string | undefined {
  try {
    return withFile(path, (file, status) => {
      // A device or a pipe must not be replaced by a file.
      if (!status.isFile()) throw createSystemError('EISDIR');
      const bytes = readUpTo(file, MAX_FILE_BYTES);
      if (bytes) return decodeText(bytes, path);
      throw new Failure('later', 'SinkUnusable', `${path} holds more than 1 MiB`);
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error instanceof Failure
      ? new Failure('later', 'SinkUnusable', error.message, { Field: '--secret-to' })
      : error;
  }
}

function removeFolderIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Something is in it by now, the file itself when it was delivered.
  }
}
