import { fsyncSync, ftruncateSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { type Clock, formatRamDate } from '../core/clock.ts';
import type { UserRef } from '../core/directory.ts';
import { Failure } from '../core/failure.ts';
import type { ImportJournal, JournalEntry } from '../core/import-journal.ts';
import { foldCase } from '../core/state.ts';
import { createCloser, removeQuietly, syncParentFolder, writeAll } from '../disk/durable.ts';
import { errorCodeOf, errorReason } from '../disk/errors.ts';
import { acquireLock } from '../disk/lock.ts';
import { createFolder } from '../disk/paths.ts';
import { readUpTo, withFile } from '../disk/read.ts';

/** Longer than the lock of a killed process is kept. */
const LOCK_TIMEOUT_MS = 5_000;
/** Much more than the journal of the most users that an account can have. */
const MAX_BYTES = 16 * 1024 * 1024;

/**
 * A line of the file. The first one names the target, for people who find the file. Each of the others is about one user:
 * the start of the creation, the end with the UserId, or a refusal, which removes the user from the journal.
 */
type Line = { Target: string } | UserLine;
type UserLine = JournalEntry | (UserRef & { Refused: true });

interface Options {
  /** From `identifyImport`. */
  id: string;
  targetName: string;
  clock: Clock;
  /** Called with true after each record, and with false after the journal was removed. */
  onChange?: (exists: boolean) => void;
  /** How long to wait for another process that runs the same import. */
  timeoutMs?: number;
}

/**
 * Opens the journal of an import: a JSON Lines file with mode 0600, which the first record creates. `close` releases the
 * lock that keeps other processes from running the same import.
 * @throws Failure `later` (`ImportRunning`, `JournalUnavailable`), `broken` (`JournalUnusable`)
 */
export async function openImportJournal(folder: string, options: Options) {
  const path = journalPath(folder, options.id);
  const removeCreatedFolders = translateErrors(path, () => createFolder(folder));
  const release = await acquireLock(path, options.timeoutMs ?? LOCK_TIMEOUT_MS).catch((error: unknown) => {
    if (errorCodeOf(error) !== 'ELOCKED') throw unavailable(path, error);
    throw new Failure('later', 'ImportRunning', 'another process is running the same import');
  });
  let closeFile = () => {};
  const close = () => {
    closeFile();
    release();
    // Does nothing while the folder has a journal.
    removeCreatedFolders();
  };
  try {
    const { entries, length } = readJournal(path);
    let file: number | undefined;
    const openFile = () => {
      const opened = openSync(path, 'a', 0o600);
      closeFile = createCloser(opened);
      // A line that is not complete is removed.
      ftruncateSync(opened, length);
      if (length === 0) writeLine(opened, { Target: options.targetName });
      syncParentFolder(path);
      return opened;
    };
    const record = (line: UserLine) => {
      translateErrors(path, () => {
        file ??= openFile();
        writeLine(file, line);
        fsyncSync(file);
      });
      applyLine(entries, line);
      options.onChange?.(true);
    };
    const now = () => formatRamDate(options.clock.now());
    const journal: ImportJournal = {
      entries: () => Array.from(entries.values()),
      recordStart: ({ UserName }) => record({ UserName, Date: now() }),
      recordCreated: ({ UserName, UserId }) => record({ UserName, Date: now(), UserId }),
      recordRefused: ({ UserName }) => record({ UserName, Refused: true }),
      remove() {
        closeFile();
        removeQuietly(path);
        options.onChange?.(false);
      },
    };
    return { ...journal, close };
  } catch (error) {
    close();
    throw error;
  }
}

/** Returns the users of an interrupted import, none if there is no journal. @throws as `openImportJournal` */
export function readImportJournal(folder: string, id: string): JournalEntry[] {
  return Array.from(readJournal(journalPath(folder, id)).entries.values());
}

function journalPath(folder: string, id: string): string {
  return join(folder, `${id}.jsonl`);
}

function writeLine(file: number, line: Line): void {
  writeAll(file, `${JSON.stringify(line)}\n`);
}

/** Returns the users of a journal, and the length of its complete lines. A kill may have cut off the last line. */
function readJournal(path: string) {
  const entries = new Map<string, JournalEntry>();
  const content = translateErrors(path, () => readContent(path));
  if (content === undefined) throw unusable(path);
  const length = content.lastIndexOf('\n') + 1;
  for (const text of content.subarray(0, length).toString().split('\n').slice(1, -1)) {
    try {
      applyLine(entries, JSON.parse(text));
    } catch {
      throw unusable(path);
    }
  }
  return { entries, length };
}

/** Returns an empty content for a missing file, undefined for a file that is too large. @throws the system's error */
function readContent(path: string): Buffer | undefined {
  try {
    return withFile(path, (file) => readUpTo(file, MAX_BYTES));
  } catch (error) {
    if (errorCodeOf(error) === 'ENOENT') return Buffer.alloc(0);
    throw error;
  }
}

function applyLine(entries: Map<string, JournalEntry>, line: UserLine): void {
  const key = foldCase(line.UserName);
  if ('Refused' in line) entries.delete(key);
  else entries.set(key, line);
}

function translateErrors<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw unavailable(path, error);
  }
}

function unavailable(path: string, error: unknown): Failure {
  const message = `the journal of the import, ${path}, cannot be used: ${errorReason(error)}`;
  return new Failure('later', 'JournalUnavailable', message);
}

function unusable(path: string): Failure {
  const message = `${path} is not the journal of an import`;
  const Hint = 'remove the file; users that the interrupted import created then count as existing users';
  return new Failure('broken', 'JournalUnusable', message, { Hint });
}
