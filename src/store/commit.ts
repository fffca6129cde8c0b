import { chmodSync, linkSync, lstatSync, renameSync, statSync, unlinkSync } from 'node:fs';
import { createPrivateFile, removeQuietly, syncParentFolder } from '../disk/durable.ts';
import { errorCodeOf, ignoreErrors } from '../disk/errors.ts';
import { listSiblingFiles } from '../disk/paths.ts';
import { ABSENT, type Header, hasTag, readHeader, readRevision } from './file-header.ts';
import { brokenFailure, laterFailure } from './storage-errors.ts';

/*
 * The commit protocol replaces the file by its next revision, as a compare-and-swap. It loses no change when two
 * processes hold the lock (directory-lock.ts), and when a process is killed or suspended at any step. Why: docs/decisions/claims.md
 *
 * Each change has a tag: 16 random hexadecimal digits in the first line of its text. A claim is the file
 * `<file>.r<revision>`. It reserves this revision for one change.
 *
 *   1. The process writes the new text to the temporary file `<file>.<tag>.tmp` and syncs it.
 *   2. It links the temporary file to the claim. A link fails when the name exists, so that only one process can claim
 *      the revision.
 *   3. It checks that the file still has the previous revision. Otherwise the claim came too late: the process rolls
 *      back, which means that it removes the temporary file and the claim.
 *   4. It renames the temporary file to the file. When another process finds the claim first, that process renames it.
 *      A temporary file can be renamed only once, so that a suspended process cannot overwrite a later revision.
 *   5. It syncs the folder and removes the claim. A claim for a revision that exists has no effect.
 */

/** How often a file is replaced again after another process has changed it. */
const MAX_ATTEMPTS = 100;
/** How old a file must be, in milliseconds, before no running process can need it. */
const STALE_AFTER_MS = 60_000;

/**
 * Commits `text`, whose first line contains `tag` and the revision after `revision`. Revision 0: the file does not exist.
 * Returns false, with nothing changed, when another process committed first.
 * @throws the system's error, with nothing changed; Failure `later`: `NotDurable` when the change is made but may be lost
 * in a power failure, `Unsettled` when the change may still be completed; `broken`: `ClaimUnusable`
 */
export function commit(path: string, revision: number, tag: string, text: string | Buffer): boolean {
  const temporary = tempPathOf(path, tag);
  const claim = claimPathOf(path, revision + 1);
  createPrivateFile(temporary, text, path);
  try {
    linkSync(temporary, claim);
  } catch (error) {
    removeQuietly(temporary);
    const code = errorCodeOf(error);
    // EEXIST: the revision is claimed. ENOENT: another process removed the temporary file as stale.
    if (code !== 'EEXIST' && code !== 'ENOENT') throw error;
    completeClaim(path, revision);
    return false;
  }
  let failure: unknown;
  try {
    if (readRevision(path) === revision) renameIfExists(temporary, path);
  } catch (error) {
    failure = error;
  }
  // If the temporary file no longer exists, this process or another one has renamed it.
  if (rollBack(path, tag)) {
    if (hasTag(claim, tag)) removeQuietly(claim);
    if (failure) throw failure;
    return false;
  }
  ensureDurable(path);
  removeQuietly(claim);
  return true;
}

/**
 * Replaces a file that may be unreadable by the text that `encode` makes for a revision. The previous file is kept as
 * `backupPath`. Returns whether there was one. The caller holds the lock.
 * @throws as `commit`, and Failure `later` (`DirectoryBusy`)
 */
export function replaceFile(path: string, tag: string, backupPath: string, encode: (revision: number) => string) {
  for (let left = MAX_ATTEMPTS; left > 0; left -= 1) {
    const revision = readRevision(path);
    // A suspended process will report its claimed change as made. So that change comes first, and is in the backup.
    if (revision === undefined ? completeAnyClaim(path) : completeClaim(path, revision)) continue;
    const isKept = revision !== 0 && keepBackup(path, backupPath);
    try {
      const isDone =
        revision === undefined ? overwrite(path, tag, encode(1)) : commit(path, revision, tag, encode(revision + 1));
      if (isDone) return isKept;
    } catch (error) {
      if (isKept && statSync(path).ino === statSync(backupPath).ino) removeQuietly(backupPath);
      throw error;
    }
    if (isKept) removeQuietly(backupPath);
  }
  const claim = claimPathOf(path, (readRevision(path) ?? 0) + 1);
  const hint = `rm ${claim}   # only if no other ramctl is running`;
  throw laterFailure('DirectoryBusy', `another process keeps changing ${path}`, hint);
}

/** Links the present file to another name, with mode 0600. Returns false when that name exists. */
export function keepBackup(path: string, backupPath: string): boolean {
  const link = () => {
    linkSync(path, backupPath);
    chmodSync(backupPath, 0o600);
    return true;
  };
  return ignoreErrors(link, 'EEXIST') ?? false;
}

/** Replaces a file without a readable revision, to which nothing can be committed. */
function overwrite(path: string, tag: string, text: string): true {
  const temporary = tempPathOf(path, tag);
  createPrivateFile(temporary, text, path);
  renameSync(temporary, path);
  ensureDurable(path);
  return true;
}

/** Completes a claim for any revision, for a file whose revision is unknown. Returns whether there was one. */
function completeAnyClaim(path: string): boolean {
  return listClaims(path).some((claim) => {
    const header = readClaim(claim, path);
    if (!header || header === ABSENT) return false;
    const temporary = tempPathOf(path, header.tag);
    if (!statSync(temporary, { throwIfNoEntry: false })) return false;
    renameIfExists(temporary, path);
    removeQuietly(claim);
    return true;
  });
}

/**
 * Completes the change that has claimed the revision after `revision`. Returns whether the file has a later revision
 * now. A claim without a temporary file is being rolled back. @throws Failure `broken` (`ClaimUnusable`)
 */
export function completeClaim(path: string, revision: number): boolean {
  const claim = claimPathOf(path, revision + 1);
  const header = readClaim(claim, path);
  if (header === ABSENT || readRevision(path) !== revision) return false;
  if (header?.revision !== revision + 1) {
    throw brokenFailure('ClaimUnusable', `${claim} was not made by ramctl and prevents changes`, `rm -r ${claim}`);
  }
  renameIfExists(tempPathOf(path, header.tag), path);
  if (readRevision(path) === revision) return false;
  ensureDurable(path);
  if (hasTag(claim, header.tag)) removeQuietly(claim);
  return true;
}

/**
 * Removes what killed processes left: claims for revisions that exist, claims without a temporary file, and temporary
 * files. A claim for a later revision belongs to a file that an older one has replaced. The caller holds the lock and
 * has called `completeClaim`.
 */
export function removeStaleFiles(path: string, revision: number, now: Date): void {
  for (const claim of listClaims(path)) {
    const claimed = Number(/\d+$/.exec(claim));
    const maxLinks = claimed === revision + 1 ? 1 : undefined;
    if (claimed <= revision || isStale(claim, now, maxLinks)) removeQuietly(claim);
  }
  removeStaleTempFiles(path, now);
}

/** Removes the old temporary files `<path>.<tag>.tmp`. */
export function removeStaleTempFiles(path: string, now: Date): void {
  for (const temporary of listSiblingFiles(path, /^[0-9a-f]{16}\.tmp$/)) {
    if (isStale(temporary, now, 1)) removeQuietly(temporary);
  }
}

function listClaims(path: string): string[] {
  return listSiblingFiles(path, /^r\d+$/);
}

/** Removes the temporary file. Returns false when it does not exist, which means that the change is made. */
function rollBack(path: string, tag: string): boolean {
  try {
    unlinkSync(tempPathOf(path, tag));
    return true;
  } catch (error) {
    if (errorCodeOf(error) === 'ENOENT' || hasTag(path, tag)) return false;
    throw laterFailure('Unsettled', `${path}: the disk failed; the next command may complete the change`);
  }
}

/** Syncs the folder after a rename. @throws Failure `later` (`NotDurable`) */
function ensureDurable(path: string): void {
  try {
    syncParentFolder(path);
  } catch {
    throw laterFailure('NotDurable', `${path} was changed, but the disk did not confirm it`);
  }
}

function renameIfExists(from: string, to: string): void {
  ignoreErrors(() => renameSync(from, to), 'ENOENT');
}

function tempPathOf(path: string, tag: string): string {
  return `${path}.${tag}.tmp`;
}

function claimPathOf(path: string, revision: number): string {
  return `${path}.r${revision}`;
}

/** Whether a file is old and has at most `maxLinks` names. A temporary file and its claim are one file with two names. */
function isStale(path: string, now: Date, maxLinks = Number.POSITIVE_INFINITY): boolean {
  const status = statSync(path, { throwIfNoEntry: false });
  return status !== undefined && status.nlink <= maxLinks && now.getTime() - status.ctimeMs > STALE_AFTER_MS;
}

/**
 * Returns the header of a claim, undefined when it is not a regular file of root or of the owner of the directory file.
 * In folders such as /tmp another user could make a claim, so that root renames a file of that user to the directory file.
 */
function readClaim(claim: string, path: string): Header | undefined {
  const status = lstatSync(claim, { throwIfNoEntry: false });
  if (!status) return ABSENT;
  const owner = statSync(path, { throwIfNoEntry: false })?.uid ?? status.uid;
  return status.isFile() && (status.uid === 0 || status.uid === owner) ? readHeader(claim) : undefined;
}
