import { type Stats, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Problem } from '../core/failure.ts';
import { ignoreErrors } from '../disk/errors.ts';

/** The ways in which other users of this machine can read or replace private files. Skips files that do not exist. */
export function findExposures(paths: string[]): Problem[] {
  const files = paths.filter(tryStat);
  const isLoose = (status: Stats) => status.isFile() && isAccessibleByOthers(status);
  const folders = [...new Set(files.map((path) => dirname(path)))];
  return [
    ...files.flatMap((path) => check(path, isLoose, 'access', 'chmod 600')),
    ...folders.flatMap((path) => check(path, isWorldWritable, 'replace files in', 'chmod go-w')),
  ];
}

/** `risk` is what other users can do when the file or folder is exposed; `remedy` is the command that prevents it. */
function check(path: string, isExposed: (status: Stats) => boolean, risk: string, remedy: string): Problem[] {
  const status = tryStat(path);
  if (!status) return [];
  const message = `other users can ${risk} ${path}; run ${remedy} ${path}`;
  return [
    ...(isOwnedByOtherUser(status) ? [{ Code: 'Owner', Message: `another user owns ${path}` }] : []),
    ...(isExposed(status) ? [{ Code: 'Mode', Message: message }] : []),
  ];
}

function tryStat(path: string): Stats | undefined {
  return ignoreErrors(() => statSync(path));
}

/** Whether a user other than root and this one owns the file, and so can change it. Root trusts all owners. */
export function isOwnedByOtherUser({ uid }: Stats): boolean {
  const self = process.getuid?.();
  return self !== undefined && uid !== self && uid !== 0 && self !== 0;
}

/** Whether every user can replace the files of others in a folder. In sticky folders such as /tmp they cannot. */
function isWorldWritable({ mode }: Stats): boolean {
  return process.platform !== 'win32' && (mode & 0o1002) === 0o002;
}

/** Whether the mode gives other users access. Windows does not use modes. */
export function isAccessibleByOthers({ mode }: Stats): boolean {
  return process.platform !== 'win32' && (mode & 0o077) !== 0;
}
