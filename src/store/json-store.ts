import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Clock, formatRamDate } from '../core/clock.ts';
import { Failure, isFailure, type Problem } from '../core/failure.ts';
import type { RandomSource } from '../core/random.ts';
import { copyState, createInitialState, type State, shareState } from '../core/state.ts';
import type { StateChange, Store } from '../core/store.ts';
import type { Vault } from '../core/vault.ts';
import { systemError } from '../disk/errors.ts';
import { createFolder } from '../disk/paths.ts';
import { commit, completeClaim, keepBackup, readFileVersion, removeStaleFiles, replaceFile } from './commit.ts';
import { canExist, readWithConf } from './conf.ts';
import { acquireDirectoryLock } from './directory-lock.ts';
import { decodeFile, encodeBody, encodeFile, FORMAT_VERSION, type Snapshot } from './file-format.ts';
import { laterFailure, translateStorageError } from './storage-errors.ts';

/** How often a transaction runs again after another process committed first. The lock usually prevents that. */
const MAX_ATTEMPTS = 100;
const RETRY_DELAY_MS = 10;
/** How long a process with more changes releases the lock, so that other processes can take it. */
const LOCK_PAUSE_MS = 5;

interface JsonStoreOptions {
  clock: Clock;
  random: RandomSource;
  /** Called after each durable change. */
  onCommit?: () => void;
  /** Called after a change has created the file. Without it, a missing file is an error. */
  onCreate?: () => void;
  /** The command line that creates the directory, for the error about a missing file. */
  initCommand?: string;
}

/** A change in the queue. */
interface PendingChange {
  apply: (state: State) => Promise<unknown>;
  isBackground: boolean;
  resolve: (change: StateChange<unknown>) => void;
  reject: (error: unknown) => void;
}

/** Calls that settle the promises of a transaction's changes. They run after the commit. */
type Settlements = (() => void)[];

/** A directory in a JSON file. */
export class JsonStore implements Store {
  readonly #path: string;
  readonly #options: JsonStoreOptions;
  readonly #queue: PendingChange[] = [];
  #isProcessing = false;
  #hasReadBefore = false;
  #cached: { version: string; snapshot: Snapshot } | undefined;
  /** Becomes false when the file exists. A file that is deleted later must not become a new account. */
  #canCreate: boolean;
  /** The state of the directory that the first change creates. All reads before it must have the same account ID. */
  #initialState: State | undefined;

  /** `path`: see `resolveDirectoryPath`. Opens nothing. */
  constructor(path: string, options: JsonStoreOptions) {
    this.#path = path;
    this.#options = options;
    this.#canCreate = options.onCreate !== undefined;
  }

  exists(): boolean {
    return canExist(this.#path);
  }

  /** @throws Failure `missing` (`DirectoryNotFound`) */
  assertExists(): void {
    if (!this.exists()) throw this.#notFoundFailure();
  }

  /**
   * Creates the file with the initial state after `initialize`.
   * @throws Failure `refused` (`DirectoryAlreadyExists`), `broken` when the path cannot be used
   */
  async create(initialize: (state: State) => void): Promise<void> {
    const assertNew = (isNew: boolean) => {
      const message = `the directory ${this.#path} already exists`;
      if (!isNew) throw new Failure('refused', 'DirectoryAlreadyExists', message, { Hint: 'ramctl overview' });
    };
    try {
      assertRegularFile(this.#path);
    } catch (error) {
      throw translateStorageError(error, this.#path);
    }
    assertNew(!this.exists());
    this.#canCreate = true;
    await this.change(async (state) => {
      // Another process may have created the file.
      assertNew(this.#canCreate);
      initialize(state);
    });
  }

  async read<T>(work: (state: State) => Promise<T>): Promise<T> {
    return work(this.#readCached().state);
  }

  change<T>(apply: (state: State) => Promise<T>, isBackground = false): Promise<StateChange<T>> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ apply, isBackground, resolve: resolve as PendingChange['resolve'], reject });
      if (!this.#isProcessing) void this.#processQueue();
    });
  }

  /** The present content of the file. @throws Failure `missing` (`DirectoryNotFound`), `broken` */
  readSnapshot(): Snapshot {
    return this.#readCached();
  }

  /**
   * Replaces the file, readable or not, by one with this body. Returns the path where the previous file is kept; null
   * when there was none.
   */
  replace(body: string): Promise<string | null> {
    return this.#withLock(async () => {
      assertRegularFile(this.#path);
      const { tag, backupPath } = this.#createTag();
      const isKept = replaceFile(this.#path, tag, backupPath, (revision) => encodeFile(revision, body, tag));
      this.#options.onCommit?.();
      return isKept ? backupPath : null;
    });
  }

  /**
   * The problems of the file and its records. Before the check, it removes what killed processes left.
   * @throws Failure `missing` (`DirectoryNotFound`)
   */
  async findProblems(vault: Vault): Promise<Problem[]> {
    this.assertExists();
    try {
      await this.#removeLeftovers(vault);
      const { validateState } = await import('../core/validate-state.ts');
      return await validateState(this.#readCached().state, vault);
    } catch (error) {
      if (error instanceof Failure) return [{ Code: error.code, Message: error.message }];
      throw error;
    }
  }

  /**
   * Commits the changes that are queued when a transaction starts together, so that many concurrent changes cost one
   * write. When the write fails, all of them fail.
   */
  async #processQueue(): Promise<void> {
    this.#isProcessing = true;
    while (this.#queue.length > 0) {
      const changes = this.#queue.splice(0);
      try {
        // Without this check, the lock would create the folder.
        if (!this.#canCreate) this.assertExists();
        for (const settle of await this.#withLock(() => this.#commitWithRetries(changes))) settle();
      } catch (error) {
        for (const { reject } of changes) reject(error);
      }
      if (this.#queue.length > 0) await pause(LOCK_PAUSE_MS);
    }
    this.#isProcessing = false;
  }

  async #commitWithRetries(changes: PendingChange[]): Promise<Settlements> {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      const settlements = await this.#commitOnce(changes);
      if (settlements) return settlements;
      await pause(RETRY_DELAY_MS);
    }
    throw laterFailure('DirectoryBusy', `another process keeps changing ${this.#path}`);
  }

  /** Runs one transaction; a change that throws is rolled back. Returns undefined when another process committed first. */
  async #commitOnce(changes: PendingChange[]): Promise<Settlements | undefined> {
    const snapshot = this.#readCached();
    // The claim of a killed process is an earlier change. A change that is refused must see it too.
    if (completeClaim(this.#path, snapshot.revision)) return undefined;
    let state = snapshot.state;
    const settlements: Settlements = [];
    for (const { apply, resolve, reject } of changes) {
      const before = state;
      const after = copyState(before);
      try {
        const value = await apply(after);
        state = after;
        settlements.push(() => resolve({ value, copyBefore: () => copyState(before), after }));
      } catch (error) {
        settlements.push(() => reject(error));
      }
    }
    if (state === snapshot.state) return settlements;
    const body = encodeBody(state);
    if (body === snapshot.body) return settlements;
    const { tag, backupPath } = this.#createTag();
    removeStaleFiles(this.#path, snapshot.revision, this.#options.clock.now());
    // An older ramctl can continue with the backup.
    if (snapshot.formatVersion < FORMAT_VERSION) keepBackup(this.#path, backupPath);
    const text = encodeFile(snapshot.revision + 1, body, tag);
    if (!commit(this.#path, snapshot.revision, tag, text)) return undefined;
    if (snapshot.revision === 0) {
      this.#canCreate = false;
      this.#options.onCreate?.();
    }
    if (changes.some(({ isBackground }) => !isBackground)) this.#options.onCommit?.();
    return settlements;
  }

  /**
   * Returns the cached snapshot while the file is unchanged. Most commands read once, so the first snapshot is not cached.
   * @throws Failure `missing`, `broken`, `later`
   */
  #readCached(): Snapshot {
    try {
      if (!this.#hasReadBefore) {
        this.#hasReadBefore = true;
        return this.#readFile();
      }
      const version = readFileVersion(this.#path);
      if (this.#cached && this.#cached.version === version) return this.#cached.snapshot;
      const snapshot = this.#readFile();
      const isUnchanged = version !== undefined && version === readFileVersion(this.#path);
      this.#cached = isUnchanged ? { version, snapshot } : undefined;
      if (isUnchanged) shareState(snapshot.state);
      return snapshot;
    } catch (error) {
      throw translateStorageError(error, this.#path);
    }
  }

  #readFile(): Snapshot {
    assertRegularFile(this.#path);
    const text = readWithConf(this.#path);
    if (text !== undefined) {
      this.#canCreate = false;
      return decodeFile(text, this.#path);
    }
    if (!this.#canCreate) throw this.#notFoundFailure();
    this.#initialState ??= createInitialState(this.#options.clock, this.#options.random);
    const state = copyState(this.#initialState);
    return { formatVersion: FORMAT_VERSION, revision: 0, body: encodeBody(state), fileText: '', state };
  }

  /**
   * Runs `work` under the lock. Creates the folder, and removes it again when `work` creates no file.
   * @throws the Failures of `work`, and Failure `broken` or `later` for its system errors
   */
  async #withLock<T>(work: () => Promise<T>): Promise<T> {
    try {
      const removeFolder = createFolder(dirname(this.#path));
      const release = await acquireDirectoryLock(this.#path);
      try {
        return await work();
      } finally {
        await release();
        removeFolder();
      }
    } catch (error) {
      throw translateStorageError(error, this.#path);
    }
  }

  #notFoundFailure(): Failure {
    const Hint = this.#options.initCommand;
    return new Failure('missing', 'DirectoryNotFound', `the directory ${this.#path} does not exist`, { Hint });
  }

  /** Returns the tag of a new change, and the path where the change may keep the previous file. */
  #createTag(): { tag: string; backupPath: string } {
    const { clock, random } = this.#options;
    const tag = Buffer.from(random.bytes(8)).toString('hex');
    return { tag, backupPath: `${this.#path}.${formatRamDate(clock.now()).replaceAll(':', '')}-${tag.slice(0, 4)}` };
  }

  /** Completes a claim, and removes temporary files and a stale lock. Does nothing in a read-only folder. */
  async #removeLeftovers(vault: Vault): Promise<void> {
    const { revision } = this.#readCached();
    await this.#withLock(async () => {
      completeClaim(this.#path, revision);
      removeStaleFiles(this.#path, revision, this.#options.clock.now());
      vault.removeTempFiles();
    }).catch((error: unknown) => {
      if (!isFailure(error, 'DirectoryUnusable', 'DirectoryUnavailable', 'DirectoryLocked')) throw error;
    });
  }
}

/** Reading a pipe would block, reading a device would not end, and a change would replace both by a file. */
function assertRegularFile(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() === false) throw systemError('EISDIR');
}
