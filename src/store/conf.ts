import { lstatSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, extname, resolve } from 'node:path';
import Conf from 'conf';
import { Failure } from '../core/failure.ts';

/**
 * The file of a directory: `target`, or conf's place for ramctl. A link is followed, so that the file it names is the
 * one that is replaced. @throws Failure `usage` when the target is not a path
 */
export function resolveDirectoryPath(target: string | undefined): string {
  if (target === '' || target?.includes('://')) {
    throw new Failure('usage', 'Usage', 'a directory is named by the path of a JSON file', { Field: '--directory' });
  }
  const path = target === undefined ? defaultDirectoryPath() : resolve(target);
  return resolveLinks(path);
}

/** Where a path leads, also when nothing is there yet (a volume that is not mounted, say). */
function resolveLinks(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return isSymbolicLink(path) ? resolve(dirname(path), readlinkSync(path)) : path;
  }
}

function isSymbolicLink(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink();
  } catch {
    return false;
  }
}

/**
 * conf, as far as we use it. It declares its folder making private, would read the file when it is constructed, and
 * would create folders for a mere look; this is the one cast that takes.
 */
declare class ConfApi {
  constructor(options: {
    projectName?: string;
    projectSuffix?: string;
    cwd?: string;
    configName: string;
    fileExtension: string;
    accessPropertiesByDotNotation: false;
    deserialize?: (text: string) => object;
  });
  readonly path: string;
  get store(): object;
  _ensureDirectory(): void;
}

class ConfFile extends (Conf as unknown as typeof ConfApi) {
  override _ensureDirectory(): void {}

  override get store(): object {
    return {};
  }

  /** Reads the file, once. One that is not there is not read at all. */
  read(): void {
    void super.store;
  }
}

/** The text of a file, as conf reads it; undefined when there is none. @throws as the system does */
export function readWithConf(path: string): string | undefined {
  const extension = extname(path).length > 1 ? extname(path) : '';
  let found: string | undefined;
  const file = new ConfFile({
    cwd: dirname(path),
    configName: basename(path, extension),
    fileExtension: extension.slice(1),
    accessPropertiesByDotNotation: false,
    deserialize: (text) => {
      found = text;
      return {};
    },
  });
  file.read();
  return found;
}

/** `directory.json` in conf's folder for ramctl, without the suffix that it adds by itself. */
function defaultDirectoryPath(): string {
  const names = { projectName: 'ramctl', projectSuffix: '', configName: 'directory', fileExtension: 'json' };
  return new ConfFile({ ...names, accessPropertiesByDotNotation: false }).path;
}

/** A pipe would keep us waiting, a device fill the memory, or be replaced by a file. @throws as the system would */
export function assertRegularFile(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() === false)
    throw Object.assign(new Error(), { code: 'EISDIR' });
}
