import { existsSync, mkdirSync, realpathSync } from 'node:fs';
import { basename, dirname, extname, resolve } from 'node:path';
import Conf from 'conf';
import { inspect } from '../core/check.ts';
import type { Clock } from '../core/clock.ts';
import type { Entropy } from '../core/entropy.ts';
import { Failure } from '../core/failure.ts';
import type { State } from '../core/state.ts';
import type { Change, Finding, Store } from '../core/store.ts';
import type { Vault } from '../core/vault.ts';
import { commit, sweep } from './commit.ts';
import { decode, encode, encodeBody, type Stored } from './schema.ts';

/** How long a command waits for others, and after how long it takes a lock for left behind, in milliseconds. */
const PATIENCE = 30_000;
const STALE = 2_500;

export interface JsonStoreOptions {
  clock: Clock;
  entropy: Entropy;
  fresh: () => State;
  /** Told after each change that became durable. */
  committed?: () => void;
}

/**
 * A directory in a JSON file. conf finds, reads and (de)serialises it; writing is `commit.ts`, because conf's own
 * write can leave a broken file on a full disk.
 */
export class JsonStore implements Store {
  readonly path: string;
  readonly #options: JsonStoreOptions;

  /** `path`: see `directoryPath`. Opens nothing yet. */
  constructor(path: string, options: JsonStoreOptions) {
    this.path = path;
    this.#options = options;
  }

  exists(): boolean {
    return existsSync(this.path);
  }

  async read<T>(work: (state: State) => Promise<T>): Promise<T> {
    return work(this.#load().state);
  }

  async change<T>(work: (state: State) => Promise<T>): Promise<Change<T>> {
    const release = await this.#lock();
    try {
      for (;;) {
        const change = await this.#attempt(work);
        if (change) return change;
      }
    } finally {
      // A lock that somebody took over after a long pause is theirs to release.
      await release().catch(() => {});
    }
  }

  /** One transaction, or undefined when another process was faster. */
  async #attempt<T>(work: (state: State) => Promise<T>): Promise<Change<T> | undefined> {
    const stored = this.#load();
    const value = await work(stored.state);
    const body = encodeBody(stored.state);
    const before = () =>
      stored.revision === 0 ? this.#options.fresh() : decode(encode(stored.revision, stored.body), this.path).state;
    if (body !== stored.body) {
      const tag = Buffer.from(this.#options.entropy.bytes(8)).toString('hex');
      const text = encode(stored.revision + 1, body);
      const done = this.#guard(() => {
        sweep(this.path, stored.revision, this.#options.clock.now());
        return commit(this.path, stored.revision, text, tag);
      });
      if (!done) return undefined;
      this.#options.committed?.();
    }
    return { value, before, after: stored.state };
  }

  #load(): Stored {
    let stored: Stored = { revision: 0, body: '', state: this.#options.fresh() };
    this.#guard(() =>
      readThroughConf(this.path, (text) => {
        stored = decode(text, this.path);
      }),
    );
    return stored;
  }

  async #lock(): Promise<() => Promise<void>> {
    this.#guard(() => makeFolder(this.path));
    const { default: lockfile } = await import('proper-lockfile');
    const retries = { forever: true, maxRetryTime: PATIENCE, minTimeout: 4, maxTimeout: 40, randomize: true };
    // Waiting is all the lock is for; that nobody is overwritten is the commit's affair.
    const onCompromised = () => {};
    return lockfile.lock(this.path, { realpath: false, stale: STALE, retries, onCompromised }).catch((error) => {
      if (error.code !== 'ELOCKED' && error.code !== undefined) throw storageFailure(error, this.path);
      throw new Failure('later', 'DirectoryLocked', `${this.path} has been locked for ${PATIENCE / 1000} s`, {
        Hint: `another ramctl is at work; if none is, remove ${this.path}.lock`,
      });
    });
  }

  #guard<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw error instanceof Failure ? error : storageFailure(error as NodeJS.ErrnoException, this.path);
    }
  }

  /** What the file and its records have wrong. */
  check(vault: Vault): Finding[] {
    if (!this.exists()) return [];
    try {
      const { state, revision } = this.#load();
      sweep(this.path, revision, this.#options.clock.now());
      return inspect(state, vault);
    } catch (error) {
      if (error instanceof Failure) return [{ Code: error.code, Message: error.message }];
      throw error;
    }
  }
}

/**
 * The file of a directory: `target`, or conf's place for ramctl. A link is followed, so that the file it names is the
 * one that is replaced. @throws Failure `usage` when the target is not a path
 */
export function directoryPath(target: string | undefined): string {
  if (target === '' || target?.includes('://')) {
    throw new Failure('usage', 'Usage', 'a directory is named by the path of a JSON file', { Field: '--directory' });
  }
  const path = target === undefined ? confPath() : resolve(target);
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

interface ConfOptions {
  projectName?: string;
  projectSuffix?: string;
  cwd?: string;
  configName: string;
  fileExtension: string;
  accessPropertiesByDotNotation: false;
  deserialize: (text: string) => object;
}

/** conf declares its folder making private and would create folders for a mere look; this is the one cast it takes. */
const OpenConf = Conf as unknown as new (options: ConfOptions) => { readonly path: string; _ensureDirectory(): void };

class DirectoryFile extends OpenConf {
  override _ensureDirectory(): void {}
}

/** Reads the file once, in conf's constructor. A missing file is not read at all. */
function readThroughConf(path: string, read: (text: string) => void): void {
  const extension = extname(path).length > 1 ? extname(path) : '';
  new DirectoryFile({
    cwd: dirname(path),
    configName: basename(path, extension),
    fileExtension: extension.slice(1),
    accessPropertiesByDotNotation: false,
    deserialize: (text) => {
      read(text);
      return {};
    },
  });
}

function confPath(): string {
  const nothing = { accessPropertiesByDotNotation: false, deserialize: () => ({}) } as const;
  const names = { projectName: 'ramctl', projectSuffix: '', configName: 'directory', fileExtension: 'json' };
  return new DirectoryFile({ ...nothing, ...names }).path;
}

function makeFolder(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
}

const PASSING = new Set(['ENOSPC', 'EDQUOT', 'EMFILE', 'ENFILE', 'EIO', 'EBUSY', 'EAGAIN', 'ENOMEM']);

/** What the system said about the file: a full disk passes, a forbidden or misplaced file needs a person. */
function storageFailure(error: NodeJS.ErrnoException, path: string): Failure {
  const reason = REASONS[error.code ?? ''] ?? error.code ?? 'it cannot be used';
  return error.code !== undefined && PASSING.has(error.code)
    ? new Failure('later', 'DirectoryUnavailable', `${path}: ${reason}; nothing was changed`, {
        Hint: 'try again later',
      })
    : new Failure('broken', 'DirectoryUnusable', `${path}: ${reason}`, { Hint: 'ramctl directory path' });
}

const REASONS: Record<string, string> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EACCES: 'access is denied',
  EPERM: 'the operation is not permitted',
  EROFS: 'the file system is read-only',
  EISDIR: 'this is a folder, not a file',
  ENOTDIR: 'a part of the path is not a folder',
  EEXIST: 'a part of the path is not a folder',
  EMFILE: 'too many open files',
  ENOENT: 'the folder is gone',
};
