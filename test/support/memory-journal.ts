import type { ImportJournal, JournalEntry } from '../../src/core/import-journal.ts';

/** A journal in memory. `now` returns the date of an entry. */
export class MemoryJournal implements ImportJournal {
  readonly #entries = new Map<string, JournalEntry>();
  readonly #now: () => Date;

  constructor(now: () => Date) {
    this.#now = now;
  }

  entries(): JournalEntry[] {
    return [...this.#entries.values()];
  }

  recordStart({ UserName }: { UserName: string }): void {
    this.#entries.set(UserName, { UserName, Date: this.#now().toISOString() });
  }

  recordCreated({ UserName, UserId }: { UserName: string; UserId: string }): void {
    this.#entries.set(UserName, { UserName, Date: this.#now().toISOString(), UserId });
  }

  recordRefused({ UserName }: { UserName: string }): void {
    this.#entries.delete(UserName);
  }

  remove(): void {
    this.#entries.clear();
  }
}
