import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Conf from 'conf';
import { Failure } from '../core/failure.ts';
import { ignoreErrors } from '../disk/errors.ts';
import { tryResolveLinks } from '../disk/paths.ts';

/**
 * The path of a directory file: `target`, or the default path. Links are followed, so that a change replaces the file
 * and not the link. @throws Failure `usage` when the target is not a path
 */
export function resolveDirectoryPath(target: string | undefined): string {
  // `aliyun:` and URLs are reserved for targets that are not files.
  if (target === '' || (target && /^aliyun:|:\/\//.test(target))) {
    throw new Failure('usage', 'Usage', 'the directory must be the path of a JSON file', { Field: '--directory' });
  }
  return tryResolveLinks(target ?? defaultDirectoryPath());
}

/** The folder of the journals of imports: `imports` next to the default directory. */
export function importsFolder(): string {
  return join(dirname(defaultDirectoryPath()), 'imports');
}

/** `directory.json` in the configuration folder that conf chooses for the platform. */
function defaultDirectoryPath(): string {
  return new ConfFile({ projectName: 'ramctl', projectSuffix: '', configName: 'directory' }).path;
}

/** Returns true also when access is denied; reading the file reports the reason. */
export function canExist(path: string): boolean {
  return ignoreErrors(() => statSync(path, { throwIfNoEntry: false }) !== undefined) ?? true;
}

/** conf finds the file and does not read it: docs/decisions/conf-finds-the-file.md. Its constructor reads through this getter. */
class ConfFile extends Conf {
  override get store(): Record<string, unknown> {
    return {};
  }
}
