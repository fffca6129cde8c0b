import {
  closeSync,
  fsyncSync,
  linkSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { HEAD_BYTES, revisionIn } from './schema.ts';

/**
 * Puts a new revision in a file's place, as a compare-and-swap: the lock before it only queues, because a lock that
 * can be taken over after a kill lets two holders in now and then. Exactly one writer can link its text to the claim
 * `<file>.r<revision>`; the claim is then renamed over the file. Whoever finds a claim for the next revision finishes
 * it, so a kill between the two steps loses nothing. Everything is on disk before it has a name that counts.
 */

/** How old something has to be before nobody can be at work on it, in milliseconds. */
const ABANDONED = 60_000;

/**
 * Commits `text` as the revision after `revision` (0: the file is not there yet). Returns false, with nothing
 * changed, when somebody else was first. @throws the system's error when the disk refuses
 */
export function commit(path: string, revision: number, text: string, tag: string): boolean {
  const temporary = `${path}.${tag}.tmp`;
  const claim = claimOf(path, revision + 1);
  try {
    writeDurably(temporary, text);
    try {
      linkSync(temporary, claim);
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
      finish(path, revision);
      return false;
    }
  } finally {
    rmSync(temporary, { force: true });
  }
  if (currentRevision(path) === revision) {
    try {
      renameUnlessGone(claim, path);
    } catch (error) {
      rmSync(claim, { force: true });
      throw error;
    }
  } else if (unlinkUnlessGone(claim)) {
    return false;
  }
  syncFolder(path);
  return true;
}

/** Puts a claim for the revision after `revision` in place, if one was left behind. */
function finish(path: string, revision: number): void {
  const claim = claimOf(path, revision + 1);
  if (currentRevision(path) === revision && currentRevision(claim) === revision + 1) {
    renameUnlessGone(claim, path);
    syncFolder(path);
  }
}

/**
 * Removes what killed commands left beside the file: temporary files, and claims that came too late. Only old ones:
 * a younger claim may belong to a writer that is about to look whether it still stands.
 */
export function sweep(path: string, revision: number, now: Date): void {
  const folder = dirname(path);
  const prefix = `${basename(path)}.`;
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(prefix)) continue;
    const rest = name.slice(prefix.length);
    const late = /^r\d+$/.test(rest) && Number(rest.slice(1)) <= revision;
    if (!late && !/^[0-9a-f]{16}\.tmp$/.test(rest)) continue;
    const leftover = join(folder, name);
    const made = statSync(leftover, { throwIfNoEntry: false })?.ctimeMs;
    if (made !== undefined && now.getTime() - made > ABANDONED) rmSync(leftover, { force: true });
  }
}

function claimOf(path: string, revision: number): string {
  return `${path}.r${revision}`;
}

/** The revision of the file right now; 0 when it is not there, undefined when it cannot be told. */
function currentRevision(path: string): number | undefined {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return 0;
    throw error;
  }
  try {
    const head = Buffer.alloc(HEAD_BYTES);
    return revisionIn(head.toString('utf8', 0, readSync(file, head)));
  } finally {
    closeSync(file);
  }
}

/** A new file, 0600, complete and synced. Node's own writers give up quietly on a short write; this one does not. */
function writeDurably(path: string, text: string): void {
  const file = openSync(path, 'wx', 0o600);
  try {
    const bytes = Buffer.from(text);
    for (let written = 0; written < bytes.length; ) {
      written += writeSync(file, bytes, written);
    }
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** A rename or a new name lasts only once its folder is on disk too. */
function syncFolder(path: string): void {
  const folder = openSync(dirname(path), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

function renameUnlessGone(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}

function unlinkUnlessGone(path: string): boolean {
  try {
    unlinkSync(path);
    return true;
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
    return false;
  }
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
