import { dirname } from 'node:path';
import { setTimeout as pause, setImmediate as processEvents } from 'node:timers/promises';
import { formatRamDate } from '../core/clock.ts';
import { Failure, isFailure, type Problem } from '../core/failure.ts';
import type { Author } from '../core/history.ts';
import type { HistoryEntry } from '../core/history-entry.ts';
import { findRecordChanges, isSameState } from '../core/record-change.ts';
import { copyState, type State } from '../core/state.ts';
import type { ChangeOptions, StateChange } from '../core/store.ts';
import type { Vault } from '../core/vault.ts';
import { ignoreErrors } from '../disk/errors.ts';
import { createFolder } from '../disk/paths.ts';
import { commit, completeClaim, keepBackup, removeStaleFiles, removeStaleTempFiles, replaceFile } from './commit.ts';
import { canExist } from './conf.ts';
import { acquireDirectoryLock } from './directory-lock.ts';
import {
  encodeBody,
  encodeBytes,
  encodeFile,
  encodeHistory,
  encodeState,
  FORMAT_VERSION,
  NO_HISTORY,
} from './file-format.ts';
import {
  completeHistory,
  discardCleaning,
  findHistoryProblems,
  prepareCleaning,
  readHistoryText,
} from './history-file.ts';
import { type CommittedStep, extendHistory, joinHistory } from './history-lines.ts';
import { historyPathOf } from './history-path.ts';
import { assertRegularFile, type ReaderOptions, type SnapshotReader } from './snapshot-reader.ts';
import { laterFailure, translateStorageError } from './storage-errors.ts';

/** How often a transaction runs again after another process committed first. The lock usually prevents that. */
const MAX_ATTEMPTS = 100;
const RETRY_DELAY_MS = 10;
/** How long a process with more changes releases the lock, so that other processes can take it. */
const LOCK_PAUSE_MS = 5;

export interface WriterOptions extends ReaderOptions {
  /** Called after each durable change. */
  onCommit?: () => void;
  /** Who runs the process. Called when a change is committed. */
  author: () => Author;
}

/** A change in the queue. */
interface PendingChange extends ChangeOptions {
  apply: (state: State) => Promise<unknown>;
  /** The summary of a change that the history records without its records, and that cannot be undone. */
  event?: string | undefined;
  resolve: (change: StateChange<unknown>) => void;
  reject: (error: unknown) => void;
}

/** Calls that settle the promises of a transaction's changes. They run after the commit. */
type Settlements = (() => void)[];

/** Changes a directory file, its history file, and what killed processes left of both. */
export class FileWriter {
  readonly #path: string;
  readonly #options: WriterOptions;
  readonly #queue: PendingChange[] = [];
  #isProcessing = false;
  readonly #reader: SnapshotReader;

  constructor(path: string, options: WriterOptions, reader: SnapshotReader) {
    this.#path = path;
    this.#options = options;
    this.#reader = reader;
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
    assertNew(!canExist(this.#path));
    this.#reader.canCreate = true;
    const apply = async (state: State) => {
      // Another process may have created the file.
      assertNew(this.#reader.canCreate);
      initialize(state);
    };
    await this.#enqueue(apply, { event: 'created the directory' });
  }

  change<T>(apply: (state: State) => Promise<T>, options: ChangeOptions = {}): Promise<StateChange<T>> {
    return this.#enqueue(apply, options);
  }

  #enqueue<T>(
    apply: (state: State) => Promise<T>,
    options: Pick<PendingChange, 'isBackground' | 'author' | 'event'>,
  ): Promise<StateChange<T>> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ ...options, apply, resolve: resolve as PendingChange['resolve'], reject });
      if (!this.#isProcessing) void this.#processQueue();
    });
  }

  async readHistory(): Promise<HistoryEntry[]> {
    const file = historyPathOf(this.#path);
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      const { tag } = this.#reader.read();
      const text = readHistoryText(file);
      // The text can be newer than the directory file that was read before it.
      const snapshot = this.#reader.read();
      if (snapshot.tag === tag) return joinHistory(text, snapshot.history).entries;
    }
    throw laterFailure('DirectoryBusy', `another process keeps changing ${this.#path}`);
  }

  /**
   * Replaces the file, readable or not, by one with this state. Returns the path where the previous file is kept; null
   * when there was none. A new history begins, and the previous one is kept too.
   */
  replace(state: State): Promise<string | null> {
    return this.#withLock(async () => {
      assertRegularFile(this.#path);
      const { clock, author } = this.#options;
      const { tag, suffix } = this.#createTag();
      const backupPath = `${this.#path}${suffix}`;
      // The kept file has its latest entries even if the kept history cannot get them.
      ignoreErrors(() => completeHistory(this.#path, this.#reader.read(), suffix));
      let history = NO_HISTORY;
      const encode = (revision: number) => {
        const event = 'restored the directory from a backup';
        const step = { before: state, after: state, records: [], author: author(), event };
        history = extendHistory(NO_HISTORY, [step], { revision, tag, now: clock.now() });
        return encodeFile(revision, encodeBody(state, history), tag);
      };
      const isKept = replaceFile(this.#path, tag, backupPath, encode);
      ignoreErrors(() => completeHistory(this.#path, { history, tag }, suffix));
      this.#options.onCommit?.();
      return isKept ? backupPath : null;
    });
  }

  /**
   * The problems of the file and its records. Before the check, it removes what killed processes left.
   * @throws Failure `missing` (`DirectoryNotFound`)
   */
  async findProblems(vault: Vault): Promise<Problem[]> {
    this.#reader.assertExists();
    try {
      await this.#removeLeftovers(vault);
      const { validateState } = await import('../core/validate-state.ts');
      const { state, history } = this.#reader.read();
      return [...(await validateState(state, vault)), ...findHistoryProblems(this.#path, history)];
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
      // Other requests that have arrived add their changes to the queue now.
      await processEvents();
      const changes = this.#queue.splice(0);
      try {
        // Without this check, the lock would create the folder.
        if (!this.#reader.canCreate) this.#reader.assertExists();
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
    const snapshot = this.#reader.read();
    // The claim of a killed process is an earlier change. A change that is refused must see it too.
    if (completeClaim(this.#path, snapshot.revision)) return undefined;
    let state = snapshot.state;
    const steps: CommittedStep[] = [];
    const settlements: Settlements = [];
    for (const { apply, resolve, reject, isBackground, event, author = this.#options.author() } of changes) {
      const before = state;
      const after = copyState(before);
      try {
        const value = await apply(after);
        state = after;
        const records = findRecordChanges(before, after);
        const step: CommittedStep = { before, after, records, author, isBackground, event };
        steps.push(step);
        settlements.push(() => resolve({ value, records, entry: step.entry }));
      } catch (error) {
        settlements.push(() => reject(error));
      }
    }
    if (isSameState(snapshot.state, state)) return settlements;
    const { tag, suffix } = this.#createTag();
    const now = this.#options.clock.now();
    removeStaleFiles(this.#path, snapshot.revision, now);
    if (!completeHistory(this.#path, snapshot, suffix)) return undefined;
    // Only now, because `completeHistory` needs the temporary file of the latest change, which can be old.
    removeStaleTempFiles(historyPathOf(this.#path), now);
    // An older ramctl can continue with the backup.
    if (snapshot.formatVersion < FORMAT_VERSION) keepBackup(this.#path, `${this.#path}${suffix}`);
    const revision = snapshot.revision + 1;
    const cleaned = prepareCleaning(this.#path, tag, snapshot.history, now);
    const history = extendHistory(cleaned, steps, { revision, tag, now });
    const bytes = encodeBytes(revision, [...encodeState(state), ...encodeHistory(history)], tag);
    if (!commit(this.#path, snapshot.revision, tag, bytes)) {
      discardCleaning(this.#path, tag);
      return undefined;
    }
    // The entries remain in the directory file. The next change adds them when the disk fails now.
    ignoreErrors(() => completeHistory(this.#path, { history, tag }, suffix, false));
    if (snapshot.revision === 0) {
      this.#reader.canCreate = false;
      this.#options.onCreate?.();
    }
    if (changes.some(({ isBackground }) => !isBackground)) this.#options.onCommit?.();
    return settlements;
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
        release();
        removeFolder();
      }
    } catch (error) {
      throw translateStorageError(error, this.#path);
    }
  }

  /** Returns the tag of a new change, and the suffix of the names under which the change may keep previous files. */
  #createTag(): { tag: string; suffix: string } {
    const { clock, random } = this.#options;
    const tag = Buffer.from(random.bytes(8)).toString('hex');
    return { tag, suffix: `.${formatRamDate(clock.now()).replaceAll(':', '')}-${tag.slice(0, 4)}` };
  }

  /** Completes a claim, and removes temporary files and a stale lock. Does nothing in a read-only folder. */
  async #removeLeftovers(vault: Vault): Promise<void> {
    const { revision } = this.#reader.read();
    await this.#withLock(async () => {
      const now = this.#options.clock.now();
      completeClaim(this.#path, revision);
      removeStaleFiles(this.#path, revision, now);
      completeHistory(this.#path, this.#reader.read(), this.#createTag().suffix);
      removeStaleTempFiles(historyPathOf(this.#path), now);
      vault.removeTempFiles();
    }).catch((error: unknown) => {
      if (!isFailure(error, 'DirectoryUnusable', 'DirectoryUnavailable', 'DirectoryLocked')) throw error;
    });
  }
}
