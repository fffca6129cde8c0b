import { realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { Failure } from '../core/failure.ts';
import { removeQuietly, syncParentFolder } from '../disk/durable.ts';
import { ignoreErrors } from '../disk/errors.ts';
import { readUpTo, withFile } from '../disk/read.ts';
import { MAX_INPUT_BYTES } from './input.ts';
import { assertCanCreate, keepFile, openTempFile, removeStaleTempFiles, translateErrors } from './temporary-file.ts';

/**
 * Prepares new files for secrets with mode 0600. `test` creates and removes a temporary file for each, which shows that
 * the folder is writable and the name is allowed. `deliver` first writes all temporary files, and then gives them their
 * names, so that each file is complete or absent. If that fails, it removes the files that it has created and restores
 * those that it has replaced. `discard` removes delivered files only with `isProvisional`. At most one file is open at a
 * time.
 */
export function openSecretFiles(overwrite: boolean, isProvisional = false) {
  const temporaryFiles: ReturnType<typeof openTempFile>[] = [];
  const removeTemporary = () => {
    for (const temporary of temporaryFiles.splice(0)) temporary.discard();
  };
  let removeDelivered = () => {};
  const write = (path: string, content: string | Uint8Array) => {
    const temporary = openTempFile(resolve(path));
    temporaryFiles.push(temporary);
    temporary.write(content);
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
    deliver(files: [path: string, content: string | Uint8Array][]): void {
      const undoSteps: (() => void)[] = [];
      const kept: ReturnType<typeof keepFile>[] = [];
      try {
        const written = files.map(([path, content]) => ({
          path,
          file: translateErrors(path, () => write(path, content)),
        }));
        for (const { path, file } of written) {
          translateErrors(path, () => {
            const old = overwrite ? keepFile(resolve(path)) : undefined;
            if (old) undoSteps.push(old.restore);
            file.rename(overwrite);
            kept.push(old);
            if (!old) undoSteps.push(() => removeQuietly(resolve(path)));
          });
        }
        if (isProvisional) removeDelivered = () => files.map(([path]) => resolve(path)).forEach(removeQuietly);
        for (const old of kept) old?.discard();
        // Once for each folder, because syncing takes most of the time.
        const folders = new Map(files.map(([path]) => [dirname(resolve(path)), resolve(path)]));
        for (const path of folders.values()) ignoreErrors(() => syncParentFolder(path));
      } catch (error) {
        for (const undo of undoSteps) ignoreErrors(undo);
        throw error;
      } finally {
        removeTemporary();
      }
    },
    discard(): void {
      removeTemporary();
      removeDelivered();
    },
  };
}

/** Returns the content of a file for secrets; undefined when it cannot be read. Removes its stale temporary files. */
export function tryReadSecretFile(path: string): string | undefined {
  return ignoreErrors(() => {
    removeStaleTempFiles(resolve(path));
    return withFile(path, (file, status) =>
      status.isFile() ? readUpTo(file, MAX_INPUT_BYTES)?.toString() : undefined,
    );
  });
}
