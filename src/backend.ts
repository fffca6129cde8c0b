import type { Directory } from './core/directory.ts';
import { localDirectory } from './core/local.ts';
import type { DirectoryFile } from './core/store.ts';
import { directoryFile, keyFilePath } from './directory-file.ts';
import { resolveDirectoryPath } from './store/directory-path.ts';
import { JsonStore } from './store/json-store.ts';
import { systemClock as clock } from './system/clock.ts';
import { systemRandom as random } from './system/random.ts';
import { FileVault } from './system/vault.ts';

/**
 * Opens the directory at the path `target`, or at the default path. `onCommit` is called after each durable change.
 * `main.ts` imports this file when a command opens a directory, so that other commands do not load it.
 */
export function openDirectory(
  target: string | undefined,
  namedKeyFile: string | undefined,
  onCommit: () => void,
): { directory: Directory; file: DirectoryFile } {
  const path = resolveDirectoryPath(target);
  const keyFile = namedKeyFile ?? keyFilePath(path);
  const vault = new FileVault(keyFile, random);
  const store = new JsonStore(path, { clock, random, onCommit });
  return {
    directory: localDirectory({ store, clock, random, vault }),
    file: directoryFile(store, vault, keyFile, random),
  };
}
