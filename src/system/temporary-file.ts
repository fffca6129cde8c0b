import { randomBytes } from 'node:crypto';
import { closeSync, ftruncateSync, linkSync, lstatSync, openSync, readdirSync, renameSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Failure } from '../core/failure.ts';
import { createCloser, removeQuietly, writeDurably } from '../disk/durable.ts';
import { errorCodeOf, errorReason, ignoreErrors, isWithoutHardLinks, systemError } from '../disk/errors.ts';

/** Checks that no file has this name, unless it may be replaced. @throws the system's error */
export function assertCanCreate(target: string, overwrite: boolean): void {
  const present = lstatSync(target, { throwIfNoEntry: false });
  if (present && !overwrite) throw systemError('EEXIST');
  if (present && !present.isFile() && !present.isSymbolicLink()) throw systemError('EISDIR');
}

function tempPath(target: string): string {
  return join(dirname(target), `.${basename(target)}.${process.pid}.${randomBytes(8).toString('hex')}.tmp`);
}

/** Creates a temporary file with mode 0600 in the folder of `target`. @throws the system's error */
export function openTempFile(target: string) {
  const path = tempPath(target);
  const file = openSync(path, 'wx', 0o600);
  const close = createCloser(file);
  return {
    /** Replaces the content. */
    write(content: string | Uint8Array): void {
      ftruncateSync(file, 0);
      writeDurably(file, content);
    },
    /** Gives the file the name `target`. Fails without `overwrite` when that name exists. */
    rename(overwrite: boolean): void {
      if (overwrite) renameSync(path, target);
      else giveNewName(path, target);
    },
    close,
    /** Closes the file and removes the temporary name. */
    discard(): void {
      close();
      removeQuietly(path);
    },
  };
}

/** Gives a file a name that no file has. @throws the system's error; `EEXIST` when a file has this name */
function giveNewName(path: string, target: string): void {
  try {
    linkSync(path, target);
  } catch (error) {
    if (!isWithoutHardLinks(error)) throw error;
    // Without hard links, an empty file reserves the name first. A kill before the next step leaves it empty.
    closeSync(openSync(target, 'wx', 0o600));
    try {
      renameSync(path, target);
    } catch (renameError) {
      removeQuietly(target);
      throw renameError;
    }
  }
}

/** Keeps a file that is about to be replaced under a second name. Returns undefined if there is none. */
export function keepFile(target: string) {
  if (!lstatSync(target, { throwIfNoEntry: false })) return undefined;
  const path = tempPath(target);
  giveNewName(target, path);
  const discard = () => removeQuietly(path);
  return {
    discard,
    restore(): void {
      renameSync(path, target);
      // Renaming does nothing if both are names of the same file.
      discard();
    },
  };
}

/**
 * Removes the temporary files of these files that belong to processes that no longer run. Such files may contain secrets.
 */
export function removeStaleTempFiles(...targets: string[]): void {
  const names = new Set(targets.map((target) => basename(target)));
  for (const folder of new Set(targets.map((target) => dirname(target)))) {
    for (const name of ignoreErrors(() => readdirSync(folder), 'ENOENT') ?? []) {
      const [, targetName = '', pid] = /^\.(.+)\.(\d+)\.[0-9a-f]{16}\.tmp$/s.exec(name) ?? [];
      if (names.has(targetName) && !isProcessAlive(Number(pid))) removeQuietly(join(folder, name));
    }
  }
}

function isProcessAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return errorCodeOf(error) === 'EPERM';
  }
}

/** Turns system errors on a file for secrets into Failures. @throws Failure `refused` (`FileExists`), `later` */
export function translateErrors<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof Failure) throw error;
    const details = { Field: path, Hint: 'name a new file, or add --overwrite' };
    if (errorCodeOf(error) === 'EEXIST') throw new Failure('refused', 'FileExists', `${path} already exists`, details);
    throw new Failure('later', 'SinkUnavailable', `${path} cannot be written: ${errorReason(error)}`, { Field: path });
  }
}
