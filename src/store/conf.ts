import { statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
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

/**
 * Returns the content of a file, undefined when there is none. Why conf only reads, and how ramctl gets the bytes:
 * docs/decisions/conf-reads-commit-writes.md
 */
export function readWithConf(path: string): Buffer | undefined {
  // conf would create the folder of a missing file.
  if (!canExist(path)) return undefined;
  let content: Buffer | undefined;
  const file = new ConfFile({
    cwd: dirname(path),
    configName: basename(path),
    fileExtension: '',
    accessPropertiesByDotNotation: false,
    // With a key, conf reads bytes and passes them to the method that is replaced below. Nothing is encrypted.
    encryptionKey: 'unused',
  });
  Object.assign(file, {
    _decryptData(bytes: Uint8Array) {
      content = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      return '{}';
    },
  });
  file.read();
  return content;
}

/** Returns true also when access is denied; reading the file reports the reason. */
export function canExist(path: string): boolean {
  return ignoreErrors(() => statSync(path, { throwIfNoEntry: false }) !== undefined) ?? true;
}

/** conf's constructor reads the file through the getter `store`. It is overridden, so that the file is read once. */
class ConfFile extends Conf {
  override get store(): Record<string, unknown> {
    return {};
  }

  read(): void {
    void super.store;
  }
}
