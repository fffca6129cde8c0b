import { realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { Failure } from '../core/failure.ts';
import { removeQuietly, syncParentFolder } from '../disk/durable.ts';
import { ignoreErrors } from '../disk/errors.ts';
import { assertCanCreate, openTempFile, removeStaleTempFiles, translateErrors } from './secret-file.ts';

/**
 * Prepares several new files for secrets with mode 0600. `test` creates and removes a temporary file for each, which
 * shows that the folder is writable and the name is allowed. `deliver` first writes all temporary files, and then gives
 * them their names. If that fails, it removes the files that it has created. At most one file is open at a time.
 */
export function openSecretFiles(overwrite: boolean) {
  let temporaryFiles: ReturnType<typeof openTempFile>[] = [];
  const discard = () => {
    for (const temporary of temporaryFiles) temporary.discard();
    temporaryFiles = [];
  };
  const write = (path: string, text: string) => {
    const temporary = openTempFile(resolve(path));
    temporaryFiles.push(temporary);
    temporary.write(text);
    temporary.close();
    return temporary;
  };
  return {
    test(paths: string[]): void {
      // An error here occurs again when a file is created.
      ignoreErrors(() => removeStaleTempFiles(...paths.map((path) => resolve(path))));
      for (const path of paths) {
        translateErrors(path, () => {
          assertCanCreate(resolve(path), overwrite);
          openTempFile(resolve(path)).discard();
        });
      }
      // Links and `..` can lead from different paths to the same file.
      const files = new Set(paths.map((path) => join(realpathSync(dirname(resolve(path))), basename(path))));
      if (files.size === paths.length) return;
      throw new Failure('usage', 'Usage', 'several users would share a secret file', { Field: '--secret-to' });
    },
    deliver(files: [path: string, text: string][]): void {
      const published: string[] = [];
      try {
        const written = files.map(([path, text]) => ({ path, file: translateErrors(path, () => write(path, text)) }));
        for (const { path, file } of written) {
          translateErrors(path, () => file.rename(overwrite));
          published.push(resolve(path));
        }
        // Once for each folder, because syncing takes most of the time.
        const folders = new Map(published.map((path) => [dirname(path), path]));
        for (const path of folders.values()) ignoreErrors(() => syncParentFolder(path));
      } catch (error) {
        published.forEach(removeQuietly);
        throw error;
      } finally {
        discard();
      }
    },
    discard,
  };
}
