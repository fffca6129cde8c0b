import type { State } from './state.ts';

/** A committed change with the states that `revertChange` needs. */
export interface StateChange<T> {
  value: T;
  copyBefore: () => State;
  after: State;
}

/**
 * Stores the state. `work` receives one consistent state and must await only operations on it. A read must not change
 * the state, because several reads may share it. If the store may create its file, a read of a missing file gets an
 * initial state and writes nothing.
 *
 * Both methods throw Failure `missing` (`DirectoryNotFound`) when there is no file, `broken` when the stored data cannot
 * be used, and `later` when a retry can help.
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
