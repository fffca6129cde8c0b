import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { commandLine } from './cli/args.ts';
import { nameAccount } from './core/account.ts';
import type { DirectoryFile } from './core/directory-file.ts';
import { Failure, isFailure } from './core/failure.ts';
import type { Author } from './core/history.ts';
import { localDirectory } from './core/local.ts';
import { localHistory } from './core/local-history.ts';
import { defaultDomainOf } from './core/logon-names.ts';
import type { State } from './core/state.ts';
import type { Target } from './core/target.ts';
import { isSameFile } from './disk/paths.ts';
import { resolveDirectoryPath } from './store/conf.ts';
import { decodeFile, encodeBody, encodeFile, FORMAT_VERSION } from './store/file-format.ts';
import { historyPathOf } from './store/history-path.ts';
import { JsonStore } from './store/json-store.ts';
import { certificateFilePaths } from './system/certificate-paths.ts';
import { systemClock as clock } from './system/clock.ts';
import { findExposures } from './system/permissions.ts';
import { systemRandom as random } from './system/random.ts';
import { FileVault } from './system/vault.ts';

/** The files that `commit.ts`, `history-file.ts` and `directory-lock.ts` create next to the directory file. */
const INTERNAL_FILE_SUFFIX = /\.(r\d+|[0-9a-f]{16}\.tmp|lock)$/;
const MAX_REPORTED_PROBLEMS = 20;

interface OpenOptions {
  /** Replaces the default key file. */
  namedKeyFile?: string | undefined;
  /** Called after each durable change. */
  onCommit?: () => void;
  /** Called after a change has created the directory. Without it, a missing directory is an error. */
  onCreate?: ((path: string) => void) | undefined;
  /** Who runs the process, for the history. Called when a change is committed. */
  author: () => Author;
}

/**
 * Opens the directory at the path `name`, or at the default path. `main.ts` imports this file only when a command opens
 * a directory, so that other commands start faster.
 * @throws Failure `usage` if RAMCTL_KEY_FILE names the directory
 */
export function openDirectory(name: string | undefined, { namedKeyFile, onCommit, onCreate, author }: OpenOptions) {
  const path = resolveDirectoryPath(name);
  const keyFile = namedKeyFile === undefined ? keyFilePath(path) : resolve(namedKeyFile);
  if (isSameFile(keyFile, path)) {
    const message = `RAMCTL_KEY_FILE names the directory itself, ${path}`;
    throw new Failure('usage', 'Usage', message, { Field: 'RAMCTL_KEY_FILE', Hint: 'ramctl help environment' });
  }
  const tlsFiles = certificateFilePaths(path);
  const vault = new FileVault(keyFile, random);
  const store = new JsonStore(path, {
    clock,
    random,
    author,
    ...(onCommit && { onCommit }),
    ...(onCreate && { onCreate: () => onCreate(path) }),
    initCommand: commandLine(name === undefined ? ['init'] : ['-d', name, 'init']),
  });
  const file: DirectoryFile = {
    Path: path,
    KeyFile: keyFile,
    exists: () => store.exists(),
    assertExists: () => store.assertExists(),
    create(account, beforeCommit) {
      return store.create(({ Account }) => {
        nameAccount(Account, account);
        const { AccountId, AccountAlias = null } = Account;
        const DefaultDomain = defaultDomainOf(AccountAlias ?? AccountId);
        beforeCommit({ Directory: path, KeyFile: keyFile, AccountId, AccountAlias, DefaultDomain });
        Account.KeyFingerprint = vault.ensureKey();
      });
    },
    isOwnFile: (other) =>
      [keyFile, tlsFiles.cert, tlsFiles.key].some((name) => isSameFile(name, other)) ||
      [other, other.replace(INTERNAL_FILE_SUFFIX, '')].some((name) =>
        [path, historyPathOf(path)].some((own) => isSameFile(own, name)),
      ),
    async findProblems() {
      return [
        ...(await store.findProblems(vault)),
        ...findExposures([path, historyPathOf(path), keyFile, tlsFiles.key]),
      ];
    },
    async readBackup() {
      const { formatVersion, revision, tag, fileText, state } = store.readSnapshot();
      // The latest entry of the history can have secrets that were deleted.
      const text = formatVersion < FORMAT_VERSION ? fileText : encodeFile(revision, encodeBody(state), tag);
      return { text, ...summarizeState(state) };
    },
    readKey: () => vault.readKeyText(),
    async openBackup(text, source) {
      const name = source ?? 'stdin';
      const usesOwnKey = source === undefined || existsSync(keyFile);
      const key = usesOwnKey ? vault : new FileVault(keyFilePath(source), random);
      const validate = async () => {
        const { validateState } = await import('./core/validate-state.ts');
        const { state } = decodeFile(Buffer.from(text), name);
        return { state, problems: await validateState(state, key) };
      };
      const { state, problems } = await validate().catch((error) => {
        if (!isFailure(error)) throw error;
        const message = error.message.startsWith(name) ? error.message : `${name}: ${error.message}`;
        throw new Failure(error.kind, error.code, message, { Hint: 'name another backup; nothing was changed' });
      });
      if (problems.length > 0) {
        throw new Failure('broken', 'BackupUnusable', `${name} is not a valid backup; nothing was changed`, {
          Errors: problems.slice(0, MAX_REPORTED_PROBLEMS),
          Hint: usesOwnKey ? 'name another backup' : `${keyFilePath(source)} is used when ${keyFile} does not exist`,
        });
      }
      return {
        ...summarizeState(state),
        async restore() {
          vault.copyKeyFrom(key);
          if (state.Account.KeyFingerprint !== undefined) vault.verifyKey(state.Account.KeyFingerprint);
          return store.replace(state);
        },
      };
    },
  };
  const target: Target = { kind: 'local', name: path };
  return {
    directory: localDirectory({ store, clock, random, vault }),
    history: localHistory({ store, clock, vault }),
    target,
    file,
  };
}

/** The default key file of a directory file. */
function keyFilePath(path: string): string {
  return `${path.replace(/\.json$/, '')}.key`;
}

function summarizeState({ Account, Users }: State) {
  return { AccountId: Account.AccountId, Users: Users.size };
}
