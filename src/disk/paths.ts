import { lstatSync, readdirSync, readlinkSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { ignoreErrors } from './errors.ts';

/** The path of a file after all links; the file need not exist. @throws the system's error, such as `ELOOP` */
export function resolveLinks(path: string): string {
  const real = ignoreErrors(() => realpathSync(path), 'ENOENT');
  if (real !== undefined) return real;
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) {
    return resolveLinks(resolve(dirname(path), readlinkSync(path)));
  }
  const folder = resolve(dirname(path));
  return join(ignoreErrors(() => realpathSync(folder)) ?? folder, basename(path));
}

/** The same, but an absolute path without links resolved when the system refuses. */
export function tryResolveLinks(path: string): string {
  return ignoreErrors(() => resolveLinks(path)) ?? resolve(path);
}

/** The paths of the files named `<path>.<suffix>` whose suffix matches. */
export function listSiblingFiles(path: string, suffix: RegExp): string[] {
  const folder = dirname(path);
  const prefix = `${basename(path)}.`;
  const names = ignoreErrors(() => readdirSync(folder), 'ENOENT') ?? [];
  return names
    .filter((name) => name.startsWith(prefix) && suffix.test(name.slice(prefix.length)))
    .map((name) => join(folder, name));
}
