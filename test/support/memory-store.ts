import { copyState, type State } from '../../src/core/state.ts';
import type { StateChange, Store } from '../../src/core/store.ts';

/** A store in memory. Changes queue, as they do in a file. */
export class MemoryStore implements Store {
  #state: State;
  #lastChange: Promise<unknown> = Promise.resolve();

  constructor(initialState: State) {
    this.#state = initialState;
  }

  read<T>(work: (state: State) => Promise<T>): Promise<T> {
    return work(copyState(this.#state));
  }

  change<T>(work: (state: State) => Promise<T>): Promise<StateChange<T>> {
    const change = this.#lastChange.then(async () => {
      const before = this.#state;
      const after = copyState(before);
      const value = await work(after);
      this.#state = after;
      return { value, copyBefore: () => copyState(before), after: copyState(after) };
    });
    this.#lastChange = change.catch(() => {});
    return change;
  }
}
