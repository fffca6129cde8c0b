import type { State } from './state.ts';

/** What a change was: enough to take it back as long as nobody else touched the same records. */
export interface StateChange<T> {
  value: T;
  copyBefore: () => State;
  after: State;
}

/**
 * Where the state rests. `work` is given one consistent state and awaits nothing but calls on it. A change has it for
 * itself; a read may share it with others, and leaves it as it is. Reading something that was never written gives a fresh state and writes nothing.
 *
 * Both throw Failure `broken` when what is stored cannot be used and `later` when it cannot be had just now.
 */
export interface Store {
  read<T>(work: (state: State) => Promise<T>): Promise<T>;
  /**
   * One transaction: what `work` did to the state is durable when this resolves, or, when `work` throws, never was.
   * `work` may run again from the start when another process was faster. `isAside`: it only keeps count of something,
   * which whoever asks what was written need not know.
   */
  change<T>(work: (state: State) => Promise<T>, isAside?: boolean): Promise<StateChange<T>>;
}

/** One thing that `directory check` has to say. */
export interface Problem {
  Code: string;
  Message: string;
}

/** The place where a directory lives, for the verbs that are about the place itself. */
export interface DirectoryFile {
  Path: string;
  KeyFile: string;
  exists(): boolean;
  /** Whether a path names one of the directory's own files. */
  isOwnFile(path: string): boolean;
  /** Looks at everything, changes no record. An empty list means that the directory is whole. */
  findProblems(): Promise<Problem[]>;
  /** What is there now. @throws Failure `missing` (`DirectoryNotFound`), `broken` */
  readBackup(): Promise<Backup>;
  /** The content of the key file. @throws Failure `broken` */
  readKey(): string;
  /**
   * A copy that was kept in the file `source` (undefined: it came from stdin), looked at as `check` looks at a
   * directory: under the key that is here, or where there is none under the one beside `source`. @throws Failure `broken`
   */
  openBackup(text: string, source: string | undefined): Promise<VerifiedBackup>;
}

/** A copy in which nothing is wrong. */
export interface VerifiedBackup {
  AccountId: string;
  Users: number;
  /**
   * Puts it in the directory's place, with its key where there is none. Returns under which name what was there is kept,
   * null when nothing was.
   */
  restore(): Promise<string | null>;
}

/** The whole of a directory, as it is kept in its file. */
export interface Backup {
  text: string;
  AccountId: string;
  Users: number;
}
