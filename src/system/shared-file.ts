import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';
import { syncFolder, writeAll, writeDurably } from './durable.ts';
import { attempt, temporaryFor } from './files.ts';

/** What a sink is given: the new content of a file that had `present` before, undefined when it was not there. */
type Content = (present: string | undefined) => string;

/**
 * A file of others that secrets are written into: its new content replaces it as a whole, 0600, also where a link
 * leads. @throws Failure `later` (`SinkUnavailable`)
 */
export function openSharedFile(path: string) {
  const target = attempt(path, () => (existsSync(path) ? realpathSync(path) : resolve(path)));
  const temporary = attempt(path, () => temporaryFor(target));
  const read = () => (existsSync(target) ? readFileSync(target, 'utf8') : undefined);
  let made: string | undefined;
  const file = attempt(path, () => {
    made = mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
    return openSync(temporary, 'wx', 0o600);
  });
  let isOpen = true;
  const abandon = () => {
    if (isOpen) closeSync(file);
    isOpen = false;
    rmSync(temporary, { force: true });
    if (made !== undefined) removeIfEmpty(dirname(target));
  };
  return {
    read: () => attempt(path, read),
    abandon,
    async deliver(content: Content): Promise<void> {
      try {
        attempt(path, () => {
          writeDurably(file, content(read()));
          renameSync(temporary, target);
          syncFolder(target);
        });
      } finally {
        abandon();
      }
    },
  };
}

/** A file that others read line by line and that grows at its end: all of the text is added, or nothing. */
export function openLog(path: string) {
  const file = attempt(path, () => openSync(path, constants.O_WRONLY | constants.O_APPEND));
  return {
    abandon: () => closeSync(file),
    async deliver(content: Content): Promise<void> {
      const { size } = fstatSync(file);
      try {
        attempt(path, () => {
          writeAll(file, content(undefined));
          fsyncSync(file);
        });
      } catch (error) {
        ftruncateSync(file, size);
        throw error;
      } finally {
        closeSync(file);
      }
    },
  };
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Something is in it by now, the file itself when it was delivered.
  }
}
