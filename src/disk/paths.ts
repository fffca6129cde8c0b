import { lstatSync, mkdirSync, readdirSync, readlinkSync, realpathSync, rmdirSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { syncParentFolder } from './durable.ts';
import { errorCodeOf, ignoreErrors, systemError } from './errors.ts';

/** The path of a file after all links; the file need not exist. @throws the system's error, such as `ELOOP` */
export function resolveLinks(path: string): string {
  const real = ignoreErrors(() => realpathSync(path), 'ENOENT');
  if (real !== undefined) return real;
  // Without a trailing slash, which would make lstat follow the link.
  const absolute = resolve(path);
  const folder = dirname(absolute);
  if (lstatSync(absolute, { throwIfNoEntry: false })?.isSymbolicLink()) {
    return resolveLinks(resolve(folder, readlinkSync(absolute)));
  }
  return join(ignoreErrors(() => realpathSync(folder)) ?? folder, basename(absolute));
}

/** The same, but an absolute path without links resolved when the system refuses. */
export function tryResolveLinks(path: string): string {
  return ignoreErrors(() => resolveLinks(path)) ?? resolve(path);
}

/** Whether two paths lead to the same file. The file need not exist. */
export function isSameFile(left: string, right: string): boolean {
  return tryResolveLinks(left) === tryResolveLinks(right);
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

/**
 * Creates a folder and its parents with mode 0700, durably. Returns a function that removes the created ones while they
 * are empty.
 * @throws the system's error; `ENOTDIR` when a part of the path is a file
 */
export function createFolder(path: string): () => void {
  const created: string[] = [];
  const remove = () => {
    for (const folder of created) ignoreErrors(() => rmdirSync(folder));
  };
  try {
    createMissingFolders(resolve(path), created);
    for (const folder of created) syncParentFolder(folder);
    return remove;
  } catch (error) {
    remove();
    throw errorCodeOf(error) === 'EEXIST' ? systemError('ENOTDIR') : error;
  }
}

/** Adds the folders that it creates to `created`, the inner ones first. */
function createMissingFolders(folder: string, created: string[]): void {
  if (isFolder(folder)) return;
  const parent = dirname(folder);
  if (parent !== folder) createMissingFolders(parent, created);
  try {
    // With the option `recursive`, Node never returns in a folder such as /proc, where no folder can be created.
    mkdirSync(folder, { mode: 0o700 });
    created.unshift(folder);
  } catch (error) {
    // Another process may have created it.
    if (!isFolder(folder)) throw error;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
