import { realpathSync, type Stats, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

interface Exposure {
  Code: 'Mode' | 'Owner';
  Message: string;
}

/** How others on this machine can get at private files that are there, themselves or by their folders. */
export function findExposures(paths: string[]): Exposure[] {
  const present = paths.filter(tryStat);
  const folders = new Set(present.map((path) => dirname(path)));
  return [...present.flatMap(checkFile), ...Array.from(folders).flatMap(checkFolder)];
}

function checkFile(path: string): Exposure[] {
  const status = tryStat(path);
  const isLoose = status?.isFile() && isAccessibleByOthers(status);
  const loose = { Code: 'Mode' as const, Message: `${path} can be reached by others; chmod 600 ${path}` };
  return [...checkOwner(path, status), ...(isLoose ? [loose] : [])];
}

function checkFolder(path: string): Exposure[] {
  const status = tryStat(path);
  const open = { Code: 'Mode' as const, Message: `others can replace files in ${path}; chmod go-w ${path}` };
  return [...checkOwner(path, status), ...(status && isWorldWritable(status) ? [open] : [])];
}

function checkOwner(path: string, status: Stats | undefined): Exposure[] {
  return status && isOwnedByOtherUser(status) ? [{ Code: 'Owner', Message: `${path} belongs to somebody else` }] : [];
}

/** Undefined for what cannot be looked at: that is somebody else's affair. */
function tryStat(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

/** What another ordinary user of the machine owns is theirs to change. */
export function isOwnedByOtherUser({ uid }: Stats): boolean {
  const self = process.getuid?.();
  return self !== undefined && uid !== self && uid !== 0 && self !== 0;
}

/** Where everybody can replace what others put there; in folders such as /tmp (sticky) they cannot. */
function isWorldWritable({ mode }: Stats): boolean {
  return process.platform !== 'win32' && (mode & 0o1002) === 0o002;
}

/** Windows keeps permissions elsewhere. */
export function isAccessibleByOthers({ mode }: Stats): boolean {
  return process.platform !== 'win32' && (mode & 0o077) !== 0;
}

/** Whether two paths name the same file, links followed; it need not be there. */
export function isSameFile(left: string, right: string): boolean {
  return resolveLinks(left) === resolveLinks(right);
}

function resolveLinks(path: string): string {
  for (const way of [() => realpathSync(path), () => join(realpathSync(dirname(path)), basename(path))]) {
    try {
      return way();
    } catch {
      // Not there yet: the folder may be.
    }
  }
  return resolve(path);
}
