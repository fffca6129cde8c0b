import { existsSync } from 'node:fs';
import type { Entropy } from './core/entropy.ts';
import { Failure, isFailure } from './core/failure.ts';
import type { State } from './core/state.ts';
import type { Place } from './core/store.ts';
import type { JsonStore } from './store/json.ts';
import { decode, encodeBody, type Stored } from './store/schema.ts';
import { exposuresOf, isSameFile } from './system/paths.ts';
import { FileVault } from './system/vault.ts';

/** The key file that belongs to a directory file. */
export function keyBeside(path: string): string {
  return `${path.replace(/\.json$/, '')}.key`;
}

/** The place of a directory that is a file of this machine, for the verbs that are about the place. */
export function placeOf(store: JsonStore, vault: FileVault, keyFile: string, entropy: Entropy): Place {
  const { path } = store;
  return {
    Path: path,
    KeyFile: keyFile,
    exists: () => store.exists(),
    owns: (other) => [path, keyFile].some((own) => isSameFile(own, other)),
    async check() {
      return [...(await store.check(vault)), ...exposuresOf([path, keyFile])];
    },
    async copy() {
      const text = store.text();
      if (text !== undefined) return { text, ...summary(decode(text, path).state) };
      throw new Failure('missing', 'DirectoryNotFound', `there is no directory at ${path} yet`, {
        Hint: 'ramctl directory path',
      });
    },
    key: () => vault.text(),
    async examine(text, source) {
      const { inspect } = await import('./core/check.ts');
      const name = source ?? 'stdin';
      const { state } = readable(text, name);
      const findings = await inspect(state, vaultFor(source));
      if (findings.length === 0) return { text, ...summary(state) };
      const isKey = source !== undefined && findings.some(({ Code }) => Code === 'Key');
      throw new Failure('broken', 'BackupUnusable', `${name} is not whole; nothing was changed`, {
        Errors: findings,
        ...(isKey ? { Hint: `${keyBeside(source)} is used when there is no ${keyFile}` } : {}),
      });
    },
    async restore({ text }, source) {
      vault.adopt(vaultFor(source));
      return store.replace(encodeBody(readable(text, source ?? 'stdin').state));
    },
  };

  /** The key of a copy: the one that is here, or else the one beside it. */
  function vaultFor(source: string | undefined): FileVault {
    return source === undefined || existsSync(keyFile) ? vault : new FileVault(keyBeside(source), entropy);
  }
}

/** A copy as a state. @throws Failure `broken` */
function readable(text: string, name: string): Stored {
  try {
    return decode(text, name);
  } catch (error) {
    if (!isFailure(error)) throw error;
    throw new Failure(error.kind, error.code, error.message, { Hint: 'name another copy; nothing was changed' });
  }
}

function summary({ Account, Users }: State) {
  return { AccountId: Account.AccountId, Users: Users.size };
}
