import { createEntry, type HistoryEntry } from '../../src/core/history-entry.ts';
import { findRecordChanges } from '../../src/core/record-change.ts';
import { copyState, type State, shareState } from '../../src/core/state.ts';
import type { ChangeOptions, HistoryStore, StateChange } from '../../src/core/store.ts';

interface Options {
  now?: () => Date;
  /** The command line of the changes. */
  command?: () => string;
}

/** Returns the state as a file has it: each record is text until it is read, and readers cannot change it. */
function store(state: State): State {
  const stored = copyState(state);
  shareState(stored);
  return stored;
}

/** A store in memory. Changes queue, as they do in a file. */
export class MemoryStore implements HistoryStore {
  #state: State;
  #lastChange: Promise<unknown> = Promise.resolve();
  #revision = 0;
  readonly #options: Options;
  readonly #entries: HistoryEntry[] = [];

  constructor(initialState: State, options: Options = {}) {
    this.#state = store(initialState);
    this.#options = options;
  }

  read<T>(work: (state: State) => Promise<T>): Promise<T> {
    return work(this.#state);
  }

  async readHistory(): Promise<HistoryEntry[]> {
    return structuredClone(this.#entries);
  }

  change<T>(work: (state: State) => Promise<T>, { isBackground, author }: ChangeOptions = {}): Promise<StateChange<T>> {
    const { now = () => new Date(0), command = () => '' } = this.#options;
    const change = this.#lastChange.then(async () => {
      const before = this.#state;
      const after = copyState(before);
      const value = await work(after);
      const records = structuredClone(findRecordChanges(before, after));
      this.#state = store(after);
      if (isBackground || records.length === 0) return { value, records };
      this.#revision += 1;
      const step = { before, after, records, author: author ?? { Actor: 'tester', Command: command() } };
      const entry = createEntry(step, { revision: this.#revision, index: 0, digits: 'abcdef', now: now() });
      this.#entries.push(entry);
      return { value, records, entry };
    });
    this.#lastChange = change.catch(() => {});
    return change;
  }
}
