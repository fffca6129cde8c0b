import { existsSync } from 'node:fs';
import { Failure, isFailure } from './core/failure.ts';
import type { RandomSource } from './core/random.ts';
import type { State } from './core/state.ts';
import type { DirectoryFile } from './core/store.ts';
import { decodeFile, encodeBody } from './store/file-format.ts';
import type { JsonStore } from './store/json-store.ts';
import { findExposures, isSameFile } from './system/permissions.ts';
import { FileVault } from './system/vault.ts';

/** The key file that belongs to a directory file. */
export function keyFilePath(path: string): string {
  return `${path.replace(/\.json$/, '')}.key`;
}

/** The place of a directory that is a file of this machine, for the verbs that are about the place. */
export function directoryFile(
  store: JsonStore,
  vault: FileVault,
  keyFile: string,
  random: RandomSource,
): DirectoryFile {
  const { path } = store;
  return {
    Path: path,
    KeyFile: keyFile,
    exists: () => store.exists(),
    isOwnFile: (other) =>
      [path, keyFile].some((own) => isSameFile(own, other)) ||
      isSameFile(path, other.replace(INTERNAL_FILE_SUFFIX, '')),
    async findProblems() {
      return [...(await store.findProblems(vault)), ...findExposures([path, keyFile])];
    },
    async readBackup() {
      const stored = store.readSnapshot();
      if (stored) return { text: stored.fileText, ...summarizeState(stored.state) };
      throw new Failure('missing', 'DirectoryNotFound', `there is no directory at ${path} yet`, {
        Hint: 'ramctl directory path',
      });
    },
    readKey: () => vault.readKeyText(),
    async openBackup(text, source) {
      const { validateState: inspect } = await import('./core/check.ts');
      const name = source ?? 'stdin';
      const isKeyHere = source === undefined || existsSync(keyFile);
      const key = isKeyHere ? vault : new FileVault(keyFilePath(source), random);
      const { state, findings } = await translateBackupErrors(name, async () => {
        const { state } = decodeFile(text, name);
        return { state, findings: await inspect(state, key) };
      });
      if (findings.length > 0) {
        throw new Failure('broken', 'BackupUnusable', `${name} is not whole; nothing was changed`, {
          Errors: findings.slice(0, MAX_REPORTED_PROBLEMS),
          Hint: isKeyHere ? 'name another copy' : `${keyFilePath(source)} is used when there is no ${keyFile}`,
        });
      }
      return {
        ...summarizeState(state),
        async restore() {
          vault.copyKeyFrom(key);
          if (state.Account.KeyFingerprint !== undefined) vault.verifyKey(state.Account.KeyFingerprint);
          return store.replace(encodeBody(state));
        },
      };
    },
  };
}

/** What `commit.ts` gives names of its own. */
const INTERNAL_FILE_SUFFIX = /\.(r\d+|[0-9a-f]{16}\.tmp|lock)$/;
/** As many as one can take in. */
const MAX_REPORTED_PROBLEMS = 20;

/** Reads a copy. @throws Failure `broken` */
async function translateBackupErrors<T>(name: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!isFailure(error)) throw error;
    const message = error.message.startsWith(name) ? error.message : `${name}: ${error.message}`;
    throw new Failure(error.kind, error.code, message, { Hint: 'name another copy; nothing was changed' });
  }
}

function summarizeState({ Account, Users }: State) {
  return { AccountId: Account.AccountId, Users: Users.size };
}
