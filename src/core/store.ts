import type { State } from './state.ts';

/** A committed change with the states that `revertChange` needs. */
export interface StateChange<T> {
  value: T;
  copyBefore: () => State;
  after: State;
}

/**
 * Stores the state. `work` receives one consistent state and must await only operations on it. A read must not change
 * the state, because several reads may share it. A read of a store without a file gets an initial state and writes
 * nothing.
 *
 * Both methods throw Failure `broken` when the stored data cannot be used, and `later` when a retry can help.
 */
export interface Store {
  read<T>(work: (state: State) => Promise<T>): Promise<T>;
  /**
   * Runs one transaction. The changes of `work` are durable when this resolves, and discarded when `work` throws.
   * `work` runs again when another process has committed first. `isBackground`: the change only counts something, and
   * is not reported as a change that the user made.
   */
  change<T>(work: (state: State) => Promise<T>, isBackground?: boolean): Promise<StateChange<T>>;
}

/** One problem that `directory check` reports. */
export interface Problem {
  Code: string;
  Message: string;
}

/** The file of a local directory, for the verbs that check, back up and restore it. */
export interface DirectoryFile {
  Path: string;
  KeyFile: string;
  exists(): boolean;
  /** Returns whether a path names one of the directory's own files. */
  isOwnFile(path: string): boolean;
  /** Checks everything without changing a record. Returns an empty list when there are no problems. */
  findProblems(): Promise<Problem[]>;
  /** @throws Failure `missing` (`DirectoryNotFound`), `broken` */
  readBackup(): Promise<Backup>;
  /** Returns the content of the key file. @throws Failure `broken` */
  readKey(): string;
  /**
   * Opens and checks a backup that was read from the file `source` (undefined: from stdin). The secrets are checked
   * with this directory's key, or with the key next to `source` if this directory has none. @throws Failure `broken`
   */
  openBackup(text: string, source: string | undefined): Promise<VerifiedBackup>;
}

/** A backup without problems. */
export interface VerifiedBackup {
  AccountId: string;
  Users: number;
  /**
   * Replaces the directory, and installs the key if there is none. Returns the path where the old file is kept, or null
   * if there was none.
   */
  restore(): Promise<string | null>;
}

/** The content of a directory's file. */
export interface Backup {
  text: string;
  AccountId: string;
  Users: number;
}
