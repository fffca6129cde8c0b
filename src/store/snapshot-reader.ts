import { statSync } from 'node:fs';
import type { Clock } from '../core/clock.ts';
import { Failure } from '../core/failure.ts';
import type { RandomSource } from '../core/random.ts';
import { copyState, createInitialState, type State, shareState } from '../core/state.ts';
import { systemError } from '../disk/errors.ts';
import { canExist, readWithConf } from './conf.ts';
import { decodeFile, FORMAT_VERSION, NO_HISTORY, type Snapshot } from './file-format.ts';
import { readFileVersion } from './file-header.ts';
import { translateStorageError } from './storage-errors.ts';

export interface ReaderOptions {
  clock: Clock;
  random: RandomSource;
  /** Called after a change has created the file. Without it, a missing file is an error. */
  onCreate?: () => void;
  /** The command line that creates the directory, for the error about a missing file. */
  initCommand?: string;
}

/** Reads a directory file, and keeps what it has read while the file is unchanged. */
export class SnapshotReader {
  readonly #path: string;
  readonly #options: ReaderOptions;
  #hasReadBefore = false;
  #cached: { version: string; snapshot: Snapshot } | undefined;
  /** Becomes false when the file exists. A file that is deleted later must not become a new account. */
  canCreate: boolean;
  /** The state of the directory that the first change creates. All reads before it must have the same account ID. */
  #initialState: State | undefined;

  constructor(path: string, options: ReaderOptions) {
    this.#path = path;
    this.#options = options;
    this.canCreate = options.onCreate !== undefined;
  }

  /**
   * Returns the cached snapshot while the file is unchanged. Most commands read once, so the first snapshot is not cached.
   * @throws Failure `missing`, `broken`, `later`
   */
  read(): Snapshot {
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

  /** @throws Failure `missing` (`DirectoryNotFound`) */
  assertExists(): void {
    if (!canExist(this.#path)) throw this.#notFoundFailure();
  }

  #notFoundFailure(): Failure {
    const Hint = this.#options.initCommand;
    return new Failure('missing', 'DirectoryNotFound', `the directory ${this.#path} does not exist`, { Hint });
  }

  #readFile(): Snapshot {
    assertRegularFile(this.#path);
    const content = readWithConf(this.#path);
    if (content) {
      this.canCreate = false;
      return decodeFile(content, this.#path);
    }
    if (!this.canCreate) throw this.#notFoundFailure();
    this.#initialState ??= createInitialState(this.#options.clock, this.#options.random);
    const state = copyState(this.#initialState);
    return {
      formatVersion: FORMAT_VERSION,
      revision: 0,
      tag: '',
      fileText: '',
      state,
      history: NO_HISTORY,
    };
  }
}

/**
 * Refuses pipes, devices and folders: reading a pipe would block, reading a device would not end, and a change would replace
 * both by a file. @throws the system's error EISDIR
 */
export function assertRegularFile(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() === false) throw systemError('EISDIR');
}
