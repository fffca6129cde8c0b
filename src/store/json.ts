import { existsSync, mkdirSync, rmdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Clock, ramDate } from '../core/clock.ts';
import type { Entropy } from '../core/entropy.ts';
import { Failure, isFailure } from '../core/failure.ts';
import type { State } from '../core/state.ts';
import type { Change, Finding, Store } from '../core/store.ts';
import type { Vault } from '../core/vault.ts';
import { commit, finish, keep, replace, sweep } from './commit.ts';
import { readThroughConf, refuseUnlessFile } from './conf.ts';
import { decode, encode, encodeBody, type Stored, VERSION } from './schema.ts';

/** How long a command waits for others, and after how long it takes a lock for left behind, in milliseconds. */
const PATIENCE = 30_000;
const STALE = 2_500;
/** How often a command tries again because another one was faster; under a lock that holds, once is enough. */
const MOST_ATTEMPTS = 100;

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

  /** True as well where we may not look: whoever opens the file will be told. */
  exists(): boolean {
    try {
      return statSync(this.path, { throwIfNoEntry: false }) !== undefined;
    } catch {
      return true;
    }
  }

  async read<T>(work: (state: State) => Promise<T>): Promise<T> {
    return work(this.#load().state);
  }

  async change<T>(work: (state: State) => Promise<T>, isAside = false): Promise<Change<T>> {
    return this.#locked(async () => {
      for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
        const change = await this.#attempt(work, isAside);
        if (change) return change;
        await pause(10);
      }
      throw new Failure('later', 'DirectoryBusy', `${this.path} is being changed by something else`, {
        Hint: 'ramctl directory check',
      });
    });
  }

  /** One transaction, or undefined when another process was faster. */
  async #attempt<T>(work: (state: State) => Promise<T>, isAside: boolean): Promise<Change<T> | undefined> {
    const stored = this.#load();
    // What a killed command has claimed came first, also for one that is refused now.
    if (this.#guard(() => finish(this.path, stored.revision))) return undefined;
    const value = await work(stored.state);
    const body = encodeBody(stored.state);
    const before = () => (stored.revision === 0 ? this.#options.fresh() : decode(stored.text, this.path).state);
    if (body !== stored.body) {
      const { tag, kept } = this.#newTag();
      const text = encode(stored.revision + 1, body, tag);
      const done = this.#guard(() => {
        sweep(this.path, stored.revision, this.#options.clock.now());
        // An older ramctl can go on with what it wrote.
        if (stored.version < VERSION) keep(this.path, kept);
        return commit(this.path, stored.revision, tag, text);
      });
      if (!done) return undefined;
      if (!isAside) this.#options.committed?.();
    }
    return { value, before, after: stored.state };
  }

  #load(): Stored {
    return this.#guard(() => {
      refuseUnlessFile(this.path);
      const text = readThroughConf(this.path);
      if (text !== undefined) return decode(text, this.path);
      const state = this.#options.fresh();
      return { version: VERSION, revision: 0, body: encodeBody(state), text: '', state };
    });
  }

  /** Runs `work` while no other ramctl does. Folders that were made for nothing go again. */
  async #locked<T>(work: () => Promise<T>): Promise<T> {
    const folder = dirname(this.path);
    const made = this.#guard(() => mkdirSync(folder, { recursive: true, mode: 0o700 }));
    const release = await this.#lock();
    try {
      return await work();
    } finally {
      // A lock that somebody took over after a long pause is theirs to release.
      await release().catch(() => {});
      if (made !== undefined && !this.exists()) removeEmpty(folder, made);
    }
  }

  /** Waits in line: short, uneven pauses, so that nobody starves. */
  async #lock(): Promise<() => Promise<void>> {
    const { default: lockfile } = await import('proper-lockfile');
    const { clock, entropy } = this.#options;
    const deadline = clock.now().getTime() + PATIENCE;
    for (;;) {
      try {
        // That nobody is overwritten is the commit's affair, also when this lock is taken over.
        return await lockfile.lock(this.path, { realpath: false, stale: STALE, onCompromised: () => {} });
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === undefined) throw error;
        // ENOENT: somebody who took it for left behind removed it while we were taking it.
        const isTaken = code === 'ELOCKED' || (code === 'ENOENT' && existsSync(dirname(this.path)));
        if (code === 'ENOTDIR') {
          const lock = `${this.path}.lock`;
          throw new Failure('broken', 'LockUnusable', `${lock} is in the way and is not ramctl's`, {
            Hint: `rm ${lock}`,
          });
        }
        if (!isTaken) throw storageFailure(code, this.path);
        if (clock.now().getTime() > deadline) break;
        await pause(4 + (entropy.bytes(1)[0] ?? 0) / 8);
      }
    }
    throw new Failure('later', 'DirectoryLocked', `${this.path} has been locked for ${PATIENCE / 1000} s`, {
      Hint: `rmdir ${this.path}.lock   # only if no other ramctl is at work`,
    });
  }

  #guard<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      throw error instanceof Failure || code === undefined ? error : storageFailure(code, this.path);
    }
  }

  /** What is there now; undefined when nothing is. @throws Failure `broken` */
  stored(): Stored | undefined {
    const stored = this.#load();
    return stored.revision === 0 ? undefined : stored;
  }

  /**
   * Puts another body in the place of whatever is there, readable or not; what was there is kept under the name that is
   * returned, null when nothing was.
   */
  async replace(body: string): Promise<string | null> {
    return this.#locked(async () =>
      this.#guard(() => {
        refuseUnlessFile(this.path);
        const { tag, kept } = this.#newTag();
        const isKept = replace(this.path, tag, kept, (revision) => encode(revision, body, tag));
        this.#options.committed?.();
        return isKept ? kept : null;
      }),
    );
  }

  /** 16 hexadecimal digits of a change, and under which name it keeps what it replaces, if it does. */
  #newTag(): { tag: string; kept: string } {
    const { clock, entropy } = this.#options;
    const tag = Buffer.from(entropy.bytes(8)).toString('hex');
    return { tag, kept: `${this.path}.${ramDate(clock.now()).replaceAll(':', '')}-${tag.slice(0, 4)}` };
  }

  /** What the file and its records have wrong. What killed commands left behind is cleaned away first. */
  async check(vault: Vault): Promise<Finding[]> {
    if (!this.exists()) return [];
    try {
      await this.#tidy(vault);
      const { inspect } = await import('../core/check.ts');
      return await inspect(this.#load().state, vault);
    } catch (error) {
      if (error instanceof Failure) return [{ Code: error.code, Message: error.message }];
      throw error;
    }
  }

  /** Finishes a claim, removes leftovers and a stale lock, where the folder lets us. */
  async #tidy(vault: Vault): Promise<void> {
    const { revision } = this.#load();
    await this.#locked(async () =>
      this.#guard(() => {
        finish(this.path, revision);
        sweep(this.path, revision, this.#options.clock.now());
        vault.tidy();
      }),
    ).catch((error: unknown) => {
      if (!isFailure(error, 'DirectoryUnusable', 'DirectoryUnavailable', 'DirectoryLocked')) throw error;
    });
  }
}

/** Removes folders from `folder` up to `top` as long as they are empty. */
function removeEmpty(folder: string, top: string): void {
  try {
    rmdirSync(folder);
  } catch {
    return;
  }
  if (folder !== top) removeEmpty(dirname(folder), top);
}

const PASSING = new Set(['ENOSPC', 'EDQUOT', 'EMFILE', 'ENFILE', 'EIO', 'EBUSY', 'EAGAIN', 'ENOMEM']);

/** What the system said about the file: a full disk passes, a forbidden or misplaced file needs a person. */
function storageFailure(code: string, path: string): Failure {
  const reason = REASONS[code] ?? code;
  return PASSING.has(code)
    ? new Failure('later', 'DirectoryUnavailable', `${path}: ${reason}; nothing was changed`, {
        Hint: 'ramctl directory check',
      })
    : new Failure('broken', 'DirectoryUnusable', `${path}: ${reason}`, { Hint: 'ramctl directory path' });
}

const REASONS: Record<string, string> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EACCES: 'access is denied',
  EPERM: 'the operation is not permitted',
  EROFS: 'the file system is read-only',
  EISDIR: 'this is not a file',
  ENOTDIR: 'a part of the path is not a folder',
  EEXIST: 'a part of the path is not a folder',
  EMFILE: 'too many open files',
  EIO: 'the disk reports an error',
  ENOENT: 'the folder is gone',
};
