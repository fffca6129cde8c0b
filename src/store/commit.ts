import {
  closeSync,
  constants,
  linkSync,
  lstatSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  statSync,
  unlinkSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Failure } from '../core/failure.ts';
import { removeQuietly } from '../disk/durable.ts';
import { codeOf, confirm, create, keep, renameUnlessGone } from './durable.ts';
import { HEAD_BYTES, readHead } from './schema.ts';

/*
 * Puts a new revision in a file's place, as a compare-and-swap. The lock before it only queues: one that can be taken
 * over after a kill lets two holders in now and then. So:
 *
 *   1. The new text is written to `<file>.<tag>.tmp`, synced; the tag is in its first line and nobody else's.
 *   2. It is linked to the claim `<file>.r<revision>`. Only one writer can do that, the others find the name taken.
 *   3. If the file is still at the revision before, the claim stands: from now on the file moves on through this text
 *      or not at all. Otherwise it came too late and is taken back.
 *   4. `<file>.<tag>.tmp` is renamed over the file, by its writer or by whoever found the claim in the way; it can be
 *      renamed once only, so that nobody who was held up puts an old text over a newer one.
 *   5. The claim is removed. One for a revision that came to be means nothing any more.
 */

/** How often a file is replaced that something else changes at the same time. */
const MOST_ATTEMPTS = 100;
/** How old something has to be before nobody can be at work on it, in milliseconds. */
const ABANDONED = 60_000;

/**
 * Commits `text`, whose first line names `tag` and the revision after `revision` (0: the file is not there yet).
 * Returns false, with nothing changed, when somebody else was first.
 * @throws the system's error when the disk refuses, with nothing changed; Failure `later`: `NotDurable` when the change
 * stands but may not outlive a power cut, `Unsettled` when the claim stands and nobody can tell; `broken`: `ClaimUnusable`
 */
export function commit(path: string, revision: number, tag: string, text: string): boolean {
  const temporary = temporaryOf(path, tag);
  const claim = claimOf(path, revision + 1);
  create(temporary, text, path);
  if (!claimed(temporary, claim)) {
    finish(path, revision);
    return false;
  }
  let trouble: unknown;
  try {
    if (currentRevision(path) === revision) renameUnlessGone(temporary, path);
  } catch (error) {
    trouble = error;
  }
  // Gone, it was renamed, by us or by somebody who finished the claim. Still there, nobody can do it any more.
  if (takenBack(path, tag)) {
    if (isMine(claim, tag)) removeQuietly(claim);
    if (trouble) throw trouble;
    return false;
  }
  confirm(path);
  removeQuietly(claim);
  return true;
}

/**
 * Puts the text that `encode` makes for a revision in the place of a file that may not even be readable, which nobody
 * can commit to then. What was there gets the name `kept`; returns whether there was anything. To be called under the
 * lock. @throws as `commit`, and Failure `later` (`DirectoryBusy`)
 */
export function replace(path: string, tag: string, kept: string, encode: (revision: number) => string): boolean {
  for (let left = MOST_ATTEMPTS; left > 0; left -= 1) {
    const revision = currentRevision(path);
    // Whoever was held up in the middle of a change will say that it was made: so it comes first, and is kept.
    if (revision === undefined ? finishAny(path) : finish(path, revision)) continue;
    const isKept = revision !== 0 && keep(path, kept);
    try {
      if (put(path, tag, revision, encode)) return isKept;
    } catch (error) {
      if (isKept && statSync(path).ino === statSync(kept).ino) removeQuietly(kept);
      throw error;
    }
    if (isKept) removeQuietly(kept);
  }
  const claim = claimOf(path, (currentRevision(path) ?? 0) + 1);
  throw new Failure('later', 'DirectoryBusy', `${path} is being changed by something else`, {
    Hint: `rm ${claim}   # only if no other ramctl is at work`,
  });
}

/** What tells the file at a path from any other that was or will be there; undefined when it is not there. */
export function stampOf(path: string): string | undefined {
  const status = statSync(path, { bigint: true, throwIfNoEntry: false });
  const head = headOf(path);
  if (!status || head === 'absent' || !head) return undefined;
  return [status.ino, status.size, status.mtimeNs, status.ctimeNs, head.revision, head.tag].join();
}

function put(path: string, tag: string, revision: number | undefined, encode: (revision: number) => string): boolean {
  if (revision !== undefined) return commit(path, revision, tag, encode(revision + 1));
  create(temporaryOf(path, tag), encode(1), path);
  renameSync(temporaryOf(path, tag), path);
  confirm(path);
  return true;
}

/** Moves a file of which no revision can be told on with any claim whose text is still there. */
function finishAny(path: string): boolean {
  return claimsOf(path).some(({ name }) => {
    const head = isForeign(name, path) ? undefined : headOf(name);
    const text = typeof head === 'object' ? temporaryOf(path, head.tag) : undefined;
    if (text === undefined || !statSync(text, { throwIfNoEntry: false })) return false;
    renameUnlessGone(text, path);
    removeQuietly(name);
    return true;
  });
}

/**
 * Moves the file on with the claim for the revision after `revision`, if one was left behind; returns whether it has
 * moved on. A claim whose text is gone is being taken back just now. @throws Failure `broken`
 */
export function finish(path: string, revision: number): boolean {
  const claim = claimOf(path, revision + 1);
  const head = isForeign(claim, path) ? undefined : headOf(claim);
  if (head === 'absent' || currentRevision(path) !== revision) return false;
  if (head?.revision !== revision + 1) {
    throw new Failure('broken', 'ClaimUnusable', `${claim} is in the way and is not ramctl's`, {
      Hint: `rm -r ${claim}`,
    });
  }
  renameUnlessGone(temporaryOf(path, head.tag), path);
  if (currentRevision(path) === revision) return false;
  confirm(path);
  if (isMine(claim, head.tag)) removeQuietly(claim);
  return true;
}

/**
 * Removes what killed commands left beside the file: claims for revisions that came to be, claims whose text is gone,
 * temporary files. A claim further on is of a file that was here before somebody put an older one in its place. To be
 * called under the lock, after `finish`.
 */
export function sweep(path: string, revision: number, now: Date): void {
  for (const { name, number } of claimsOf(path)) {
    const isDead = number === revision + 1 ? isAbandoned(name, now) : number <= revision || isOld(name, now);
    if (isDead) removeQuietly(name);
  }
  for (const name of beside(path, /^[0-9a-f]{16}\.tmp$/)) {
    if (isAbandoned(name, now)) removeQuietly(name);
  }
}

function claimsOf(path: string): { name: string; number: number }[] {
  return beside(path, /^r\d+$/).map((name) => ({ name, number: Number(name.slice(path.length + 2)) }));
}

/** The files whose names are the file's own, a dot, and what fits. */
function beside(path: string, rest: RegExp): string[] {
  const start = `${basename(path)}.`;
  const names = readdirSync(dirname(path)).filter((name) => name.startsWith(start));
  return names.filter((name) => rest.test(name.slice(start.length))).map((name) => join(dirname(path), name));
}

/** Step 2. The temporary file goes when the name is taken, or when the disk refuses. */
function claimed(temporary: string, claim: string): boolean {
  try {
    linkSync(temporary, claim);
    return true;
  } catch (error) {
    removeQuietly(temporary);
    const code = codeOf(error);
    if (code === 'EEXIST' || code === 'ENOENT') return false;
    throw error;
  }
}

/** Whether the temporary file was still there to be removed, and so the change is off. */
function takenBack(path: string, tag: string): boolean {
  try {
    unlinkSync(temporaryOf(path, tag));
    return true;
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || isMine(path, tag)) return false;
    throw new Failure('later', 'Unsettled', `${path}: the disk failed; the next command may complete the change`, {
      Hint: 'ramctl directory check',
    });
  }
}

function temporaryOf(path: string, tag: string): string {
  return `${path}.${tag}.tmp`;
}

function claimOf(path: string, revision: number): string {
  return `${path}.r${revision}`;
}

/** Old, and under no other name: a temporary file that has been claimed is the claim's affair. */
function isAbandoned(path: string, now: Date): boolean {
  return statSync(path, { throwIfNoEntry: false })?.nlink === 1 && isOld(path, now);
}

function isOld(path: string, now: Date): boolean {
  const status = statSync(path, { throwIfNoEntry: false });
  return status !== undefined && now.getTime() - status.ctimeMs > ABANDONED;
}

/**
 * Whether what is under a claim's name is no file, or was put there by somebody who may not change the directory: in
 * folders such as /tmp everybody can make names, and root could be led to rename their file over another's.
 */
function isForeign(claim: string, path: string): boolean {
  const status = lstatSync(claim, { throwIfNoEntry: false });
  const owners = [0, statSync(path, { throwIfNoEntry: false })?.uid ?? status?.uid];
  return status !== undefined && !(status.isFile() && owners.includes(status.uid));
}

/** Whether a file holds the change with this tag; false also when it cannot be read. */
function isMine(path: string, tag: string): boolean {
  try {
    const head = headOf(path);
    return head !== 'absent' && head?.tag === tag;
  } catch {
    return false;
  }
}

/** The revision of the file right now; 0 when it is not there, undefined when it cannot be told. */
function currentRevision(path: string): number | undefined {
  const head = headOf(path);
  return head === 'absent' ? 0 : head?.revision;
}

function headOf(path: string): { revision: number; tag: string } | 'absent' | undefined {
  let file: number;
  try {
    // A pipe that somebody put there must not keep us waiting.
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return 'absent';
    throw error;
  }
  try {
    const head = Buffer.alloc(HEAD_BYTES);
    return readHead(head.toString('utf8', 0, readSync(file, head)));
  } finally {
    closeSync(file);
  }
}
