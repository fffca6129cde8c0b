import { realpathSync, type Stats, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

/** Whether others on this machine can reach a file. One that cannot be looked at is somebody else's affair. */
export function isExposed(path: string): boolean {
  try {
    return hasLooseMode(statSync(path));
  } catch {
    return false;
  }
}

/** Windows keeps permissions elsewhere. */
export function hasLooseMode({ mode }: Stats): boolean {
  return process.platform !== 'win32' && (mode & 0o077) !== 0;
}

/** Whether two paths name the same file, links followed; it need not be there. */
export function isSameFile(left: string, right: string): boolean {
  return followed(left) === followed(right);
}

function followed(path: string): string {
  for (const way of [() => realpathSync(path), () => join(realpathSync(dirname(path)), basename(path))]) {
    try {
      return way();
    } catch {
      // Not there yet: the folder may be.
    }
  }
  return resolve(path);
}
