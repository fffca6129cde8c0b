import type { Author } from './history.ts';
import type { HistoryEntry } from './history-entry.ts';
import type { RecordChange } from './record-change.ts';
import type { State } from './state.ts';

/** A committed change. */
export interface StateChange<T> {
  value: T;
  /** The records that the change touched, without those of which it only counted a use. */
  records: RecordChange[];
  /** The entry of the change in the history. A change without records has none. */
  entry?: HistoryEntry | undefined;
}

export interface ChangeOptions {
  /** The change only counts something: it is not reported as a change that the user made, and has no entry in the history. */
  isBackground?: boolean;
  /** Who makes the change. Default: who runs the process. */
  author?: Author | undefined;
}

/**
 * Stores the state. `work` receives one consistent state and must await only operations on it. A read must not change
 * the state, because several reads may share it. If the store may create its file, a read of a missing file gets an
 * initial state and writes nothing.
 *
 * The methods throw Failure `missing` (`DirectoryNotFound`) when there is no file, `broken` when the stored data cannot
 * be used, and `later` when a retry can help.
 */
export interface Store {
  read<T>(work: (state: State) => Promise<T>): Promise<T>;
  /**
   * Runs one transaction. The changes of `work` are durable when this resolves, and discarded when `work` throws.
   * `work` runs again when another process has committed first.
   */
  change<T>(work: (state: State) => Promise<T>, options?: ChangeOptions): Promise<StateChange<T>>;
}

/** A store with the history of its changes. */
export interface HistoryStore extends Store {
  /** Returns the entries of all changes, the oldest first. */
  readHistory(): Promise<HistoryEntry[]>;
}
