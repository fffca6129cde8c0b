import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs';
import { DAY_MS, formatRamDate } from '../core/clock.ts';
import type { Problem } from '../core/failure.ts';
import { isExpired } from '../core/local-history.ts';
import { chownLike, createPrivateFile, removeQuietly, syncParentFolder } from '../disk/durable.ts';
import { ignoreErrors, systemError } from '../disk/errors.ts';
import type { HistoryState } from './file-format.ts';
import { hasTag } from './file-header.ts';
import { encodeEntry, joinHistory, parseHistory } from './history-lines.ts';
import { historyPathOf } from './history-path.ts';
import { translateStorageError } from './storage-errors.ts';

/*
 * The history file `<name>.history.jsonl` has one line of JSON for each change: a checksum, the members of the entry, and last
 * its ChangeId. No entry is lost or repeated when a process is killed at any step:
 *
 *   1. The commit of a change (commit.ts) stores its entries in the directory file, together with the id of the entry before
 *      them. They stay there until the next change.
 *   2. After the commit, the process appends them to the history file. If it was killed before, the next change does it
 *      before its own commit. A reader adds them to what it has read from the file.
 *   3. Each change syncs the history file before its commit removes the earlier entries from the directory file.
 *   4. Two processes that hold the lock (directory-lock.ts) can append the same entry. Readers use an id only once.
 *   5. To remove the records of old entries, a change writes the new content to `<file>.<tag>.tmp` before its commit. `tag` is
 *      that of the change. After the commit, this process or the next change renames the file. So the file is replaced only
 *      together with a revision, and by a content that has all entries before this revision.
 *   6. A last line without an end is removed by the next append: its entry is still in the directory file. A damaged one is
 *      appended again.
 *   7. A file that does not continue with the entries of the directory file belongs to a directory that was replaced. It is
 *      kept under another name.
 */

/** The number of bytes at the end of a line that contain its id. */
const MAX_ID_BYTES = 128;
const APPEND_FLAGS =
  constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** What a directory file has of the history, and its tag. */
export interface HistoryOwner {
  history: HistoryState;
  tag: string;
}

/**
 * Adds the entries of the directory file to its history file, before the next commit removes them there. A history file of
 * another directory is kept with `suffix`. `isSynced`: the entries must survive a power failure. Returns false when another
 * process has replaced the directory file of `owner`; the caller then reads it again.
 * @throws Failure `broken` (`DirectoryUnusable`), `later` (`DirectoryUnavailable`)
 */
export function completeHistory(path: string, owner: HistoryOwner, suffix: string, isSynced = true): boolean {
  const file = historyPathOf(path);
  return withStorageErrors(file, () => complete(path, file, owner, suffix, isSynced));
}

function complete(path: string, file: string, { history, tag }: HistoryOwner, suffix: string, isSynced: boolean) {
  const temporary = temporaryPathOf(path, tag);
  if (statSync(temporary, { throwIfNoEntry: false })) {
    ignoreErrors(() => renameSync(temporary, file), 'ENOENT');
    syncParentFolder(file);
  }
  if (history.lines.length === 0) return true;
  const missing = findMissingLines(file, history);
  if (missing === undefined) {
    // The entries of a later change are in the file before a process that does not hold the lock any more reads it.
    if (!hasTag(path, tag)) return false;
    renameSync(file, `${file}${suffix}`);
  }
  append(file, missing ?? history.lines, path, isSynced);
  return true;
}

/** Returns the lines of the directory file that the history file does not have; undefined when it belongs to another directory. */
function findMissingLines(file: string, history: HistoryState): readonly string[] | undefined {
  const latest = history.lines.map((line) => `${line}\n`).join('');
  const tail = readTail(file, Buffer.byteLength(latest) + MAX_ID_BYTES);
  if (tail === undefined) return history.lines;
  // These are the usual cases. Otherwise only the whole file shows which entry is the last.
  if (tail.endsWith(latest)) return [];
  if (tail.endsWith(`"ChangeId":"${history.Previous}"}\n`)) return history.lines;
  return joinHistory(readHistoryText(file), history).missing;
}

function append(file: string, lines: readonly string[], path: string, isSynced: boolean): void {
  const isNew = statSync(file, { throwIfNoEntry: false }) === undefined;
  const descriptor = openSync(file, APPEND_FLAGS, 0o600);
  try {
    if (!fstatSync(descriptor).isFile()) throw systemError('EISDIR');
    if (isNew) {
      chownLike(descriptor, path);
      fchmodSync(descriptor, 0o600);
    }
    if (lines.length > 0) {
      removeTornLine(descriptor);
      const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
      for (let written = 0; written < bytes.length; ) written += writeSync(descriptor, bytes, written);
    }
    if (isSynced) fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  if (isNew) syncParentFolder(file);
}

/** Removes what follows the last end of a line. */
function removeTornLine(descriptor: number): void {
  const { size } = fstatSync(descriptor);
  const last = Buffer.alloc(1);
  if (size === 0 || (readSync(descriptor, last, 0, 1, size - 1) === 1 && last.toString() === '\n')) return;
  ftruncateSync(descriptor, readFileSync(descriptor).lastIndexOf('\n') + 1);
}

function openRegular(file: string): number | undefined {
  const descriptor = ignoreErrors(
    () => openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK),
    'ENOENT',
  );
  if (descriptor !== undefined && !fstatSync(descriptor).isFile()) {
    closeSync(descriptor);
    throw systemError('EISDIR');
  }
  return descriptor;
}

function readTail(file: string, length: number): string | undefined {
  const descriptor = openRegular(file);
  if (descriptor === undefined) return undefined;
  try {
    const tail = Buffer.alloc(length);
    const start = Math.max(0, fstatSync(descriptor).size - length);
    return tail.toString('utf8', 0, readSync(descriptor, tail, 0, length, start));
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Returns the text of a history file, which is empty when there is no file.
 * @throws Failure `broken` (`DirectoryUnusable`), `later` (`DirectoryUnavailable`)
 */
export function readHistoryText(file: string): string {
  return withStorageErrors(file, () => {
    const descriptor = openRegular(file);
    if (descriptor === undefined) return '';
    try {
      return readFileSync(descriptor, 'utf8');
    } finally {
      closeSync(descriptor);
    }
  });
}

function withStorageErrors<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw translateStorageError(error, file);
  }
}

/** Returns the problems of a history file. @throws as readHistoryText */
export function findHistoryProblems(path: string, history: HistoryState): Problem[] {
  const file = historyPathOf(path);
  const { damagedLines, missing } = joinHistory(readHistoryText(file), history);
  const problems = damagedLines.map((line) => ({
    Code: 'HistoryCorrupt',
    Message: `${file}, line ${line} is damaged`,
  }));
  const Message = `${file} belongs to a directory that was replaced; the next change keeps it under another name`;
  return missing ? problems : [...problems, { Code: 'HistoryForeign', Message }];
}

/**
 * Writes the content without the records of old entries to a temporary file, when there are such entries, at most once a day.
 * `completeHistory` makes it the history file after the change with this tag is committed. Returns the history for that change.
 */
export function prepareCleaning(path: string, tag: string, history: HistoryState, now: Date): HistoryState {
  const { Oldest, Cleaned, ...rest } = history;
  // A date in the future was stored while the clock was wrong.
  const isRecent = Cleaned !== undefined && Math.abs(now.getTime() - Date.parse(Cleaned)) < DAY_MS;
  if (Oldest === undefined || isRecent || !isExpired(Oldest, now)) return history;
  const file = historyPathOf(path);
  const { entries } = parseHistory(readHistoryText(file));
  for (const entry of entries) if (isExpired(entry.Date, now)) delete entry.Records;
  createPrivateFile(temporaryPathOf(path, tag), entries.map((entry) => `${encodeEntry(entry)}\n`).join(''), path);
  // The clock can have gone back, so that the first date is not the earliest.
  const [oldest] = entries.flatMap(({ Records, Date: date }) => (Records ? [date] : [])).sort();
  return { ...rest, Cleaned: formatRamDate(now), ...(oldest !== undefined && { Oldest: oldest }) };
}

/** Removes what `prepareCleaning` has written for a change that was not committed. */
export function discardCleaning(path: string, tag: string): void {
  removeQuietly(temporaryPathOf(path, tag));
}

function temporaryPathOf(path: string, tag: string): string {
  return `${historyPathOf(path)}.${tag}.tmp`;
}
