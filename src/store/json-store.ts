import type { Problem } from '../core/failure.ts';
import type { HistoryEntry } from '../core/history-entry.ts';
import type { State } from '../core/state.ts';
import type { ChangeOptions, HistoryStore, StateChange } from '../core/store.ts';
import type { Vault } from '../core/vault.ts';
import { canExist } from './conf.ts';
import type { Snapshot } from './file-format.ts';
import type { FileWriter, WriterOptions } from './file-writer.ts';
import { SnapshotReader } from './snapshot-reader.ts';

/** A directory in a JSON file. Most commands only read it, so the code for changes is loaded when it is first used. */
export class JsonStore implements HistoryStore {
  readonly #path: string;
  readonly #options: WriterOptions;
  readonly #reader: SnapshotReader;
  #writer: Promise<FileWriter> | undefined;

  /** `path`: see `resolveDirectoryPath`. Opens nothing. */
  constructor(path: string, options: WriterOptions) {
    this.#path = path;
    this.#options = options;
    this.#reader = new SnapshotReader(path, options);
  }

  exists(): boolean {
    return canExist(this.#path);
  }

  /** @throws Failure `missing` (`DirectoryNotFound`) */
  assertExists(): void {
    this.#reader.assertExists();
  }

  async read<T>(work: (state: State) => Promise<T>): Promise<T> {
    return work(this.#reader.read().state);
  }

  /** The present content of the file. @throws Failure `missing` (`DirectoryNotFound`), `broken` */
  readSnapshot(): Snapshot {
    return this.#reader.read();
  }

  async change<T>(apply: (state: State) => Promise<T>, options?: ChangeOptions): Promise<StateChange<T>> {
    return (await this.#openWriter()).change(apply, options);
  }

  /** See `FileWriter`. */
  async create(initialize: (state: State) => void): Promise<void> {
    await (await this.#openWriter()).create(initialize);
  }

  /** See `FileWriter`. */
  async replace(state: State): Promise<string | null> {
    return (await this.#openWriter()).replace(state);
  }

  async readHistory(): Promise<HistoryEntry[]> {
    return (await this.#openWriter()).readHistory();
  }

  /** See `FileWriter`. */
  async findProblems(vault: Vault): Promise<Problem[]> {
    return (await this.#openWriter()).findProblems(vault);
  }

  #openWriter(): Promise<FileWriter> {
    this.#writer ??= import('./file-writer.ts').then(
      ({ FileWriter }) => new FileWriter(this.#path, this.#options, this.#reader),
    );
    return this.#writer;
  }
}
