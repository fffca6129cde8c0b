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
import { MAX_HEADER_BYTES, parseHeader } from './file-format.ts';
import { createSyncedFile, ensureDurable, errorCodeOf, keepBackup, renameIfExists } from './file-operations.ts';

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
const MAX_ATTEMPTS = 100;
/** How old something has to be before nobody can be at work on it, in milliseconds. */
const STALE_AFTER_MS = 60_000;

/**
 * Commits `text`, whose first line names `tag` and the revision after `revision` (0: the file is not there yet).
 * Returns false, with nothing changed, when somebody else was first.
 * @throws the system's error when the disk refuses, with nothing changed; Failure `later`: `NotDurable` when the change
 * stands but may not outlive a power cut, `Unsettled` when the claim stands and nobody can tell; `broken`: `ClaimUnusable`
 */
export function commit(path: string, revision: number, tag: string, text: string): boolean {
  const temporary = tempPathOf(path, tag);
  const claim = claimPathOf(path, revision + 1);
  createSyncedFile(temporary, text, path);
  if (!createClaim(temporary, claim)) {
    completeClaim(path, revision);
    return false;
  }
  let trouble: unknown;
  try {
    if (readRevision(path) === revision) renameIfExists(temporary, path);
  } catch (error) {
    trouble = error;
  }
  // Gone, it was renamed, by us or by somebody who finished the claim. Still there, nobody can do it any more.
  if (rollBack(path, tag)) {
    if (hasTag(claim, tag)) removeQuietly(claim);
    if (trouble) throw trouble;
    return false;
  }
  ensureDurable(path);
  removeQuietly(claim);
  return true;
}

/**
 * Puts the text that `encode` makes for a revision in the place of a file that may not even be readable, which nobody
 * can commit to then. What was there gets the name `kept`; returns whether there was anything. To be called under the
 * lock. @throws as `commit`, and Failure `later` (`DirectoryBusy`)
 */
export function replaceFile(path: string, tag: string, kept: string, encode: (revision: number) => string): boolean {
  for (let left = MAX_ATTEMPTS; left > 0; left -= 1) {
    const revision = readRevision(path);
    // Whoever was held up in the middle of a change will say that it was made: so it comes first, and is kept.
    if (revision === undefined ? completeAnyClaim(path) : completeClaim(path, revision)) continue;
    const isKept = revision !== 0 && keepBackup(path, kept);
    try {
      if (writeRevision(path, tag, revision, encode)) return isKept;
    } catch (error) {
      if (isKept && statSync(path).ino === statSync(kept).ino) removeQuietly(kept);
      throw error;
    }
    if (isKept) removeQuietly(kept);
  }
  const claim = claimPathOf(path, (readRevision(path) ?? 0) + 1);
  throw new Failure('later', 'DirectoryBusy', `${path} is being changed by something else`, {
    Hint: `rm ${claim}   # only if no other ramctl is at work`,
  });
}

/** What tells the file at a path from any other that was or will be there; undefined when it is not there. */
export function readFileVersion(path: string): string | undefined {
  const status = statSync(path, { bigint: true, throwIfNoEntry: false });
  const head = readHeader(path);
  if (!status || head === 'absent' || !head) return undefined;
  return [status.ino, status.size, status.mtimeNs, status.ctimeNs, head.revision, head.tag].join();
}

function writeRevision(
  path: string,
  tag: string,
  revision: number | undefined,
  encode: (revision: number) => string,
): boolean {
  if (revision !== undefined) return commit(path, revision, tag, encode(revision + 1));
  createSyncedFile(tempPathOf(path, tag), encode(1), path);
  renameSync(tempPathOf(path, tag), path);
  ensureDurable(path);
  return true;
}

/** Moves a file of which no revision can be told on with any claim whose text is still there. */
function completeAnyClaim(path: string): boolean {
  return listClaims(path).some(({ name }) => {
    const head = isUntrustedFile(name, path) ? undefined : readHeader(name);
    const text = typeof head === 'object' ? tempPathOf(path, head.tag) : undefined;
    if (text === undefined || !statSync(text, { throwIfNoEntry: false })) return false;
    renameIfExists(text, path);
    removeQuietly(name);
    return true;
  });
}

/**
 * Moves the file on with the claim for the revision after `revision`, if one was left behind; returns whether it has
 * moved on. A claim whose text is gone is being taken back just now. @throws Failure `broken`
 */
export function completeClaim(path: string, revision: number): boolean {
  const claim = claimPathOf(path, revision + 1);
  const head = isUntrustedFile(claim, path) ? undefined : readHeader(claim);
  if (head === 'absent' || readRevision(path) !== revision) return false;
  if (head?.revision !== revision + 1) {
    throw new Failure('broken', 'ClaimUnusable', `${claim} is in the way and is not ramctl's`, {
      Hint: `rm -r ${claim}`,
    });
  }
  renameIfExists(tempPathOf(path, head.tag), path);
  if (readRevision(path) === revision) return false;
  ensureDurable(path);
  if (hasTag(claim, head.tag)) removeQuietly(claim);
  return true;
}

/**
 * Removes what killed commands left beside the file: claims for revisions that came to be, claims whose text is gone,
 * temporary files. A claim further on is of a file that was here before somebody put an older one in its place. To be
 * called under the lock, after `finish`.
 */
export function removeStaleTempFiles(path: string, revision: number, now: Date): void {
  for (const { name, number } of listClaims(path)) {
    const isDead = number === revision + 1 ? isOrphaned(name, now) : number <= revision || isStale(name, now);
    if (isDead) removeQuietly(name);
  }
  for (const name of listSiblingFiles(path, /^[0-9a-f]{16}\.tmp$/)) {
    if (isOrphaned(name, now)) removeQuietly(name);
  }
}

function listClaims(path: string): { name: string; number: number }[] {
  return listSiblingFiles(path, /^r\d+$/).map((name) => ({ name, number: Number(name.slice(path.length + 2)) }));
}

/** The files whose names are the file's own, a dot, and what fits. */
function listSiblingFiles(path: string, rest: RegExp): string[] {
  const start = `${basename(path)}.`;
  const names = readdirSync(dirname(path)).filter((name) => name.startsWith(start));
  return names.filter((name) => rest.test(name.slice(start.length))).map((name) => join(dirname(path), name));
}

/** Step 2. The temporary file goes when the name is taken, or when the disk refuses. */
function createClaim(temporary: string, claim: string): boolean {
  try {
    linkSync(temporary, claim);
    return true;
  } catch (error) {
    removeQuietly(temporary);
    const code = errorCodeOf(error);
    if (code === 'EEXIST' || code === 'ENOENT') return false;
    throw error;
  }
}

/** Whether the temporary file was still there to be removed, and so the change is off. */
function rollBack(path: string, tag: string): boolean {
  try {
    unlinkSync(tempPathOf(path, tag));
    return true;
  } catch (error) {
    if (errorCodeOf(error) === 'ENOENT' || hasTag(path, tag)) return false;
    throw new Failure('later', 'Unsettled', `${path}: the disk failed; the next command may complete the change`, {
      Hint: 'ramctl directory check',
    });
  }
}

function tempPathOf(path: string, tag: string): string {
  return `${path}.${tag}.tmp`;
}

function claimPathOf(path: string, revision: number): string {
  return `${path}.r${revision}`;
}

/** Old, and under no other name: a temporary file that has been claimed is the claim's affair. */
function isOrphaned(path: string, now: Date): boolean {
  return statSync(path, { throwIfNoEntry: false })?.nlink === 1 && isStale(path, now);
}

function isStale(path: string, now: Date): boolean {
  const status = statSync(path, { throwIfNoEntry: false });
  return status !== undefined && now.getTime() - status.ctimeMs > STALE_AFTER_MS;
}

/**
 * Whether what is under a claim's name is no file, or was put there by somebody who may not change the directory: in
 * folders such as /tmp everybody can make names, and root could be led to rename their file over another's.
 */
function isUntrustedFile(claim: string, path: string): boolean {
  const status = lstatSync(claim, { throwIfNoEntry: false });
  const owners = [0, statSync(path, { throwIfNoEntry: false })?.uid ?? status?.uid];
  return status !== undefined && !(status.isFile() && owners.includes(status.uid));
}

/** Whether a file holds the change with this tag; false also when it cannot be read. */
function hasTag(path: string, tag: string): boolean {
  try {
    const head = readHeader(path);
    return head !== 'absent' && head?.tag === tag;
  } catch {
    return false;
  }
}

/** The revision of the file right now; 0 when it is not there, undefined when it cannot be told. */
function readRevision(path: string): number | undefined {
  const head = readHeader(path);
  return head === 'absent' ? 0 : head?.revision;
}

function readHeader(path: string): { revision: number; tag: string } | 'absent' | undefined {
  let file: number;
  try {
    // A pipe that somebody put there must not keep us waiting.
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    if (errorCodeOf(error) === 'ENOENT') return 'absent';
    throw error;
  }
  try {
    const head = Buffer.alloc(MAX_HEADER_BYTES);
    return parseHeader(head.toString('utf8', 0, readSync(file, head)));
  } finally {
    closeSync(file);
  }
}
