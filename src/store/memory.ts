import { copyOf, type State } from '../core/state.ts';
import type { Change, Store } from '../core/store.ts';

/** A store that lasts as long as the program. Changes queue, as they do on disk. */
export class MemoryStore implements Store {
  #state: State;
  #last: Promise<unknown> = Promise.resolve();

  constructor(fresh: State) {
    this.#state = fresh;
  }

  read<T>(work: (state: State) => Promise<T>): Promise<T> {
    return work(copyOf(this.#state));
  }

  change<T>(work: (state: State) => Promise<T>): Promise<Change<T>> {
    const change = this.#last.then(async () => {
      const before = this.#state;
      const after = copyOf(before);
      const value = await work(after);
      this.#state = after;
      return { value, before: () => copyOf(before), after: copyOf(after) };
    });
    this.#last = change.catch(() => {});
    return change;
  }
}
