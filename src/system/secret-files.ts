import { dirname, resolve } from 'node:path';
import { removeQuietly, syncParentFolder } from '../disk/durable.ts';
import { ignoreErrors } from '../disk/errors.ts';
import { assertCanCreate, keepFile, openTempFile, removeStaleTempFiles, translateErrors } from './secret-file.ts';

/**
 * Prepares several new files for secrets with mode 0600. `test` creates and removes a temporary file for each, which
 * shows that the folder is writable and the name is allowed. `deliver` first writes all temporary files, and then gives
 * them their names. If that fails, it removes the files that it has created and restores those that it has replaced. At
 * most one file is open at a time.
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
    },
    deliver(files: [path: string, text: string][]): void {
      const undoSteps: (() => void)[] = [];
      const kept: ReturnType<typeof keepFile>[] = [];
      try {
        const written = files.map(([path, text]) => ({ path, file: translateErrors(path, () => write(path, text)) }));
        for (const { path, file } of written) {
          translateErrors(path, () => {
            const old = overwrite ? keepFile(resolve(path)) : undefined;
            if (old) undoSteps.push(old.restore);
            file.rename(overwrite);
            kept.push(old);
            if (!old) undoSteps.push(() => removeQuietly(resolve(path)));
          });
        }
        for (const old of kept) old?.discard();
        // Once for each folder, because syncing takes most of the time.
        const folders = new Map(files.map(([path]) => [dirname(resolve(path)), resolve(path)]));
        for (const path of folders.values()) ignoreErrors(() => syncParentFolder(path));
      } catch (error) {
        for (const undo of undoSteps) ignoreErrors(undo);
        throw error;
      } finally {
        discard();
      }
    },
    discard,
  };
}
