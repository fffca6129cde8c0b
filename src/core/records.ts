import { markUnchanging } from './computed.ts';
import { LINE_SEPARATOR, RecordLines, type RejectLines } from './record-lines.ts';

/** How records are read from lines of JSON. */
export interface LineSource<T> {
  /** The lines, separated by a comma and a line break. */
  text: string;
  /** Returns the record of a line. @throws if it is invalid or has another name */
  parse: (line: string, name: string) => T;
  reject: RejectLines;
}

const NO_LINES: LineSource<never> = {
  text: '',
  parse: (line) => JSON.parse(line) as never,
  reject: (problem) => {
    throw new Error(`the list ${problem}`);
  },
};

/**
 * A map of records by lower-case name. It consists of lines, which never change and which all copies share, and of the
 * records that were used, added or deleted since: most commands use one record of thousands. The order is that of a `Map`.
 */
export class Records<T extends object> {
  readonly #nameMember: string;
  readonly #source: Omit<LineSource<T>, 'text'>;
  #lines: RecordLines;
  /** The records of lines that were used. They can differ from their lines, and keep their place. */
  #used = new Map<string, T>();
  /** The names of the lines without a record. */
  #deleted = new Set<string>();
  /** The records that come after those of the lines. */
  #added = new Map<string, T>();
  /** Whether several readers use the records. Then the used ones are frozen, and none were added or deleted. */
  #isShared = false;

  constructor(nameMember: string, { text, ...source }: LineSource<T> = NO_LINES) {
    this.#nameMember = nameMember;
    this.#source = source;
    this.#lines = new RecordLines(text, nameMember, source.reject);
  }

  get size(): number {
    return this.#lines.size - this.#deleted.size + this.#added.size;
  }

  has(name: string): boolean {
    return this.#added.has(name) || this.#startOf(name) !== -1;
  }

  /** Returns a record. The caller may change it if the records are not shared. */
  get(name: string): T | undefined {
    const known = this.#used.get(name) ?? this.#added.get(name);
    if (known) return known;
    const start = this.#startOf(name);
    if (start === -1) return undefined;
    const record = this.#source.parse(this.#lines.lineAt(start), name);
    this.#used.set(name, this.#isShared ? deepFreeze(record) : record);
    return record;
  }

  /** Replaces a record in its place, or adds it at the end. */
  set(name: string, record: T): void {
    this.#assertNotShared();
    const list = this.#startOf(name) === -1 ? this.#added : this.#used;
    list.set(name, record);
  }

  delete(name: string): void {
    this.#assertNotShared();
    if (this.#added.delete(name) || this.#startOf(name) === -1) return;
    this.#used.delete(name);
    this.#deleted.add(name);
  }

  *keys(): Generator<string> {
    for (const name of this.#lines.keys()) if (!this.#deleted.has(name)) yield name;
    yield* this.#added.keys();
  }

  *values(): Generator<T> {
    for (const name of this.keys()) yield this.get(name) as T;
  }

  *[Symbol.iterator](): Generator<[string, T]> {
    for (const name of this.keys()) yield [name, this.get(name) as T];
  }

  /**
   * Returns the records that may have a member `member` with this value at any depth, so that a search for an id parses
   * only these. Their order is not defined.
   */
  possibleMatches(member: string, value: string): T[] {
    const matches: T[] = [];
    for (const name of this.#lines.namesWith(member, value)) {
      const record = this.get(name);
      if (record) matches.push(record);
    }
    // `get` made the matches used records. Other records that were used or added can have got the value later.
    return this.#isShared ? matches : [...this.#used.values(), ...this.#added.values()];
  }

  /** Returns the records of `earlier` that are missing or different here, and the records here that differ from `earlier`. */
  differencesFrom(earlier: Records<T>): { removed: T[]; added: T[] } {
    const names =
      this.#lines === earlier.#lines
        ? [...this.#touchedNames(), ...earlier.#touchedNames()]
        : [...this.keys(), ...earlier.keys()];
    const removed: T[] = [];
    const added: T[] = [];
    for (const name of new Set(names)) {
      const [before, after] = [earlier.#toLine(name), this.#toLine(name)];
      if (before === after) continue;
      if (before !== undefined) removed.push(earlier.get(name) as T);
      if (after !== undefined) added.push(this.get(name) as T);
    }
    return { removed, added };
  }

  /**
   * Returns the JSON of the records in their order. Each element has one line or several, separated by a comma and a line
   * break. Unchanged lines that follow each other are one element, so that an unchanged text is not copied.
   */
  toJsonLines(): string[] {
    const { text } = this.#lines;
    const elements: string[] = [];
    let copiedTo = 0;
    for (const name of this.#inOrder([...this.#used.keys(), ...this.#deleted])) {
      const start = this.#lines.startOf(name);
      const record = this.#used.get(name);
      const line = record ? JSON.stringify(record) : '';
      if (line === this.#lines.lineAt(start)) continue;
      elements.push(text.slice(copiedTo, Math.max(0, start - LINE_SEPARATOR.length)), line);
      copiedTo = this.#lines.endOfLine(start) + LINE_SEPARATOR.length;
    }
    elements.push(text.slice(copiedTo), ...Array.from(this.#added.values(), (record) => JSON.stringify(record)));
    return elements.filter((element) => element !== '');
  }

  /** Allows several readers to use these records. Each record is parsed once, and a change to it throws. */
  share(): void {
    if (this.#isShared) return;
    if (this.#isTouched()) {
      this.#lines = new RecordLines(this.toJsonLines().join(LINE_SEPARATOR), this.#nameMember, this.#source.reject);
      this.#used = new Map();
      this.#deleted = new Set();
      this.#added = new Map();
    }
    this.#isShared = true;
    markUnchanging(this);
  }

  /** Returns a deep copy that is not shared. */
  copy(): Records<T> {
    const copy = new Records(this.#nameMember, { ...this.#source, text: '' });
    copy.#lines = this.#lines;
    if (this.#isShared) return copy;
    for (const [name, record] of this.#used) copy.#used.set(name, structuredClone(record));
    for (const [name, record] of this.#added) copy.#added.set(name, structuredClone(record));
    copy.#deleted = new Set(this.#deleted);
    return copy;
  }

  /** Whether the records can differ from the lines. */
  #isTouched(): boolean {
    return !this.#isShared && this.#used.size + this.#deleted.size + this.#added.size > 0;
  }

  #startOf(name: string): number {
    return this.#deleted.has(name) ? -1 : this.#lines.startOf(name);
  }

  #toLine(name: string): string | undefined {
    const record = this.#used.get(name) ?? this.#added.get(name);
    if (record) return JSON.stringify(record);
    const start = this.#startOf(name);
    return start === -1 ? undefined : this.#lines.lineAt(start);
  }

  /** Returns the names of the records that can differ from their line, in the order of the records. Deleted ones are last. */
  #touchedNames(): string[] {
    if (!this.#isTouched()) return [];
    return [...this.#inOrder([...this.#used.keys()]), ...this.#added.keys(), ...this.#inOrder([...this.#deleted])];
  }

  /** Sorts names by the place of their lines. */
  #inOrder(names: string[]): string[] {
    return names.sort((left, right) => this.#lines.startOf(left) - this.#lines.startOf(right));
  }

  #assertNotShared(): void {
    if (this.#isShared) throw new Error('shared records must not be changed');
  }
}

export function deepFreeze<T extends object>(value: T): T {
  for (const member of Object.values(value)) if (typeof member === 'object' && member !== null) deepFreeze(member);
  return Object.freeze(value);
}
