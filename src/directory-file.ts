import { existsSync } from 'node:fs';
import type { Entropy } from './core/entropy.ts';
import { Failure, isFailure } from './core/failure.ts';
import type { State } from './core/state.ts';
import type { DirectoryFile } from './core/store.ts';
import type { JsonStore } from './store/json.ts';
import { decode, encodeBody } from './store/schema.ts';
import { exposuresOf, isSameFile } from './system/paths.ts';
import { FileVault } from './system/vault.ts';

/** The key file that belongs to a directory file. */
export function keyFilePath(path: string): string {
  return `${path.replace(/\.json$/, '')}.key`;
}

/** The place of a directory that is a file of this machine, for the verbs that are about the place. */
export function directoryFile(store: JsonStore, vault: FileVault, keyFile: string, entropy: Entropy): DirectoryFile {
  const { path } = store;
  return {
    Path: path,
    KeyFile: keyFile,
    exists: () => store.exists(),
    owns: (other) =>
      [path, keyFile].some((own) => isSameFile(own, other)) || isSameFile(path, other.replace(OWN_ENDING, '')),
    async check() {
      return [...(await store.check(vault)), ...exposuresOf([path, keyFile])];
    },
    async copy() {
      const stored = store.stored();
      if (stored) return { text: stored.text, ...summary(stored.state) };
      throw new Failure('missing', 'DirectoryNotFound', `there is no directory at ${path} yet`, {
        Hint: 'ramctl directory path',
      });
    },
    key: () => vault.text(),
    async examine(text, source) {
      const { inspect } = await import('./core/check.ts');
      const name = source ?? 'stdin';
      const isKeyHere = source === undefined || existsSync(keyFile);
      const key = isKeyHere ? vault : new FileVault(keyFilePath(source), entropy);
      const { state, findings } = await readable(name, async () => {
        const { state } = decode(text, name);
        return { state, findings: await inspect(state, key) };
      });
      if (findings.length > 0) {
        throw new Failure('broken', 'BackupUnusable', `${name} is not whole; nothing was changed`, {
          Errors: findings.slice(0, MOST_FINDINGS),
          Hint: isKeyHere ? 'name another copy' : `${keyFilePath(source)} is used when there is no ${keyFile}`,
        });
      }
      return {
        ...summary(state),
        async restore() {
          vault.adopt(key);
          if (state.Account.KeyFingerprint !== undefined) vault.expect(state.Account.KeyFingerprint);
          return store.replace(encodeBody(state));
        },
      };
    },
  };
}

/** What `commit.ts` gives names of its own. */
const OWN_ENDING = /\.(r\d+|[0-9a-f]{16}\.tmp|lock)$/;
/** As many as one can take in. */
const MOST_FINDINGS = 20;

/** Reads a copy. @throws Failure `broken` */
async function readable<T>(name: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!isFailure(error)) throw error;
    const message = error.message.startsWith(name) ? error.message : `${name}: ${error.message}`;
    throw new Failure(error.kind, error.code, message, { Hint: 'name another copy; nothing was changed' });
  }
}

function summary({ Account, Users }: State) {
  return { AccountId: Account.AccountId, Users: Users.size };
}
