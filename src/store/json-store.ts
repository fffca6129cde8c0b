import { mkdirSync, rmdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Clock, formatRamDate } from '../core/clock.ts';
import { Failure, isFailure } from '../core/failure.ts';
import type { RandomSource } from '../core/random.ts';
import { copyState, type State, shareState } from '../core/state.ts';
import type { Problem, StateChange, Store } from '../core/store.ts';
import type { Vault } from '../core/vault.ts';
import { commit, completeClaim, readFileVersion, removeStaleTempFiles, replaceFile } from './commit.ts';
import { assertRegularFile, readWithConf } from './conf.ts';
import { decodeFile, encodeBody, encodeFile, FORMAT_VERSION, type Snapshot } from './file-format.ts';
import { keepBackup } from './file-operations.ts';
import { acquireLock } from './lock.ts';
import { storageFailure } from './storage-errors.ts';

/** How often a command tries again because another one was faster; under a lock that holds, once is enough. */
const MAX_ATTEMPTS = 100;
/** How long a process with more to change leaves the lock to others, in milliseconds. */
const LOCK_PAUSE_MS = 5;

export interface JsonStoreOptions {
  clock: Clock;
  random: RandomSource;
  createInitialState: () => State;
  /** Told after each change that became durable. */
  onCommit?: () => void;
}

/** A change that waits for its transaction. */
interface PendingChange {
  apply: (state: State) => Promise<unknown>;
  isBackground: boolean;
  resolve: (change: StateChange<unknown>) => void;
  reject: (error: unknown) => void;
}

/**
 * A directory in a JSON file. conf finds, reads and (de)serialises it; writing is `commit.ts`, because conf's own
 * write can leave a broken file on a full disk.
 */
export class JsonStore implements Store {
  readonly path: string;
  readonly #options: JsonStoreOptions;
  readonly #queue: PendingChange[] = [];
  #isProcessing = false;
  #hasReadBefore = false;
  /** What was read last, and the stamp that the file had then. */
  #cached: { stamp: string; stored: Snapshot } | undefined;

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
    const stored = this.#readCached();
    return work(stored === this.#cached?.stored ? shareState(stored.state) : stored.state);
  }

  change<T>(apply: (state: State) => Promise<T>, isBackground = false): Promise<StateChange<T>> {
    return new Promise((done, reject) => {
      this.#queue.push({ apply, isBackground, resolve: done as PendingChange['resolve'], reject });
      if (!this.#isProcessing) void this.#processQueue();
    });
  }

  /**
   * Those who wait when a transaction begins share it: many changes at once cost one commit. When that fails, it fails for
   * all of them, also for who would have been refused.
   */
  async #processQueue(): Promise<void> {
    this.#isProcessing = true;
    while (this.#queue.length > 0) {
      const wishes = this.#queue.splice(0);
      try {
        for (const settle of await this.#withLock(() => this.#commitWithRetries(wishes))) settle();
      } catch (error) {
        for (const { reject } of wishes) reject(error);
      }
      // Other processes get their turn.
      if (this.#queue.length > 0) await pause(LOCK_PAUSE_MS);
    }
    this.#isProcessing = false;
  }

  async #commitWithRetries(wishes: PendingChange[]): Promise<(() => void)[]> {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      const settled = await this.#commitOnce(wishes);
      if (settled) return settled;
      await pause(10);
    }
    throw new Failure('later', 'DirectoryBusy', `${this.path} is being changed by something else`, {
      Hint: 'ramctl directory check',
    });
  }

  /** One transaction, or undefined when another process was faster. A wish that throws leaves nothing behind. */
  async #commitOnce(wishes: PendingChange[]): Promise<(() => void)[] | undefined> {
    const stored = this.#readCached();
    // What a killed command has claimed came first, also for one that is refused now.
    if (this.#translateErrors(() => completeClaim(this.path, stored.revision))) return undefined;
    let present = stored.state;
    const settled: (() => void)[] = [];
    for (const { apply, resolve, reject } of wishes) {
      const before = present;
      const after = copyState(before);
      try {
        const value = await apply(after);
        present = after;
        settled.push(() => resolve({ value, copyBefore: () => copyState(before), after }));
      } catch (error) {
        settled.push(() => reject(error));
      }
    }
    if (present === stored.state) return settled;
    const body = encodeBody(present);
    if (body === stored.body) return settled;
    const { tag, kept } = this.#createTag();
    const text = encodeFile(stored.revision + 1, body, tag);
    const isDone = this.#translateErrors(() => {
      removeStaleTempFiles(this.path, stored.revision, this.#options.clock.now());
      // An older ramctl can go on with what it wrote.
      if (stored.formatVersion < FORMAT_VERSION) keepBackup(this.path, kept);
      return commit(this.path, stored.revision, tag, text);
    });
    if (!isDone) return undefined;
    if (wishes.some(({ isBackground }) => !isBackground)) this.#options.onCommit?.();
    return settled;
  }

  /** Whoever asks again and again reads the file again only when it has changed; most commands ask once. */
  #readCached(): Snapshot {
    if (!this.#hasReadBefore) {
      this.#hasReadBefore = true;
      return this.#readFile();
    }
    const stamp = () => this.#translateErrors(() => readFileVersion(this.path));
    const now = stamp();
    if (this.#cached && this.#cached.stamp === now) return this.#cached.stored;
    const stored = this.#readFile();
    this.#cached = now !== undefined && now === stamp() ? { stamp: now, stored } : undefined;
    return stored;
  }

  #readFile(): Snapshot {
    return this.#translateErrors(() => {
      assertRegularFile(this.path);
      const text = readWithConf(this.path);
      if (text !== undefined) return decodeFile(text, this.path);
      const state = this.#options.createInitialState();
      return { formatVersion: FORMAT_VERSION, revision: 0, body: encodeBody(state), fileText: '', state };
    });
  }

  /** Runs `work` while no other ramctl does. Folders that were made for nothing go again. */
  async #withLock<T>(work: () => Promise<T>): Promise<T> {
    const folder = dirname(this.path);
    const made = this.#translateErrors(() => mkdirSync(folder, { recursive: true, mode: 0o700 }));
    const release = await acquireLock(this.path, this.#options);
    try {
      return await work();
    } finally {
      // A lock that somebody took over after a long pause is theirs to release.
      await release().catch(() => {});
      if (made !== undefined && !this.exists()) removeEmptyFolders(folder, made);
    }
  }

  #translateErrors<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      throw error instanceof Failure || code === undefined ? error : storageFailure(code, this.path);
    }
  }

  /** What is there now; undefined when nothing is. @throws Failure `broken` */
  readSnapshot(): Snapshot | undefined {
    const stored = this.#readCached();
    return stored.revision === 0 ? undefined : stored;
  }

  /**
   * Puts another body in the place of whatever is there, readable or not; what was there is kept under the name that is
   * returned, null when nothing was.
   */
  async replace(body: string): Promise<string | null> {
    return this.#withLock(async () =>
      this.#translateErrors(() => {
        assertRegularFile(this.path);
        const { tag, kept } = this.#createTag();
        const isKept = replaceFile(this.path, tag, kept, (revision) => encodeFile(revision, body, tag));
        this.#options.onCommit?.();
        return isKept ? kept : null;
      }),
    );
  }

  /** 16 hexadecimal digits of a change, and under which name it keeps what it replaces, if it does. */
  #createTag(): { tag: string; kept: string } {
    const { clock, random } = this.#options;
    const tag = Buffer.from(random.bytes(8)).toString('hex');
    return { tag, kept: `${this.path}.${formatRamDate(clock.now()).replaceAll(':', '')}-${tag.slice(0, 4)}` };
  }

  /** What the file and its records have wrong. What killed commands left behind is cleaned away first. */
  async findProblems(vault: Vault): Promise<Problem[]> {
    if (!this.exists()) return [];
    try {
      await this.#removeLeftovers(vault);
      const { validateState: inspect } = await import('../core/check.ts');
      return await inspect(this.#readCached().state, vault);
    } catch (error) {
      if (error instanceof Failure) return [{ Code: error.code, Message: error.message }];
      throw error;
    }
  }

  /** Finishes a claim, removes leftovers and a stale lock, where the folder lets us. */
  async #removeLeftovers(vault: Vault): Promise<void> {
    const { revision } = this.#readCached();
    await this.#withLock(async () =>
      this.#translateErrors(() => {
        completeClaim(this.path, revision);
        removeStaleTempFiles(this.path, revision, this.#options.clock.now());
        vault.removeTempFiles();
      }),
    ).catch((error: unknown) => {
      if (!isFailure(error, 'DirectoryUnusable', 'DirectoryUnavailable', 'DirectoryLocked')) throw error;
    });
  }
}

/** Removes folders from `folder` up to `top` as long as they are empty. */
function removeEmptyFolders(folder: string, top: string): void {
  try {
    rmdirSync(folder);
  } catch {
    return;
  }
  if (folder !== top) removeEmptyFolders(dirname(folder), top);
}
