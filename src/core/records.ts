import { computeOnce, markUnchanging } from './computed.ts';

const SHARED_ERROR = 'shared records must not be changed';

/**
 * A map of records by lower-case name. A file has each record as a line of JSON, which is parsed on first access: most
 * commands need one record of thousands and write the others unchanged.
 */
export class Records<T extends object> extends Map<string, T> {
  readonly #parse: (line: string, name: string) => T;
  /** The parsed records once they are shared by several readers. They are frozen. */
  #sharedCache: Map<string, T> | undefined;

  /** `lines`: the JSON of each record. `nameOf` returns the name in it. `parse` may throw to reject a record. */
  constructor(
    lines: readonly string[] = [],
    nameOf: (line: string) => string = () => '',
    parse: (line: string, name: string) => T = (line) => JSON.parse(line),
  ) {
    super();
    this.#parse = parse;
    for (const line of lines) this.#setRaw(nameOf(line), line);
  }

  override get(name: string): T | undefined {
    const value = this.#getRaw(name);
    if (typeof value !== 'string') return value;
    const cached = this.#sharedCache?.get(name);
    if (cached) return cached;
    const record = this.#parse(value, name);
    if (this.#sharedCache) this.#sharedCache.set(name, deepFreeze(record));
    else this.#setRaw(name, record);
    return record;
  }

  override *entries(): MapIterator<[string, T]> {
    for (const name of this.keys()) yield [name, this.get(name) as T];
  }

  override *values(): MapIterator<T> {
    for (const [, record] of this.entries()) yield record;
  }

  override [Symbol.iterator](): MapIterator<[string, T]> {
    return this.entries();
  }

  /**
   * Returns the records that may have a member `member` with this value at any depth, so that a search for an id parses
   * only these. Shared records are searched with an index.
   */
  possibleMatches(member: string, text: string): T[] {
    const json = JSON.stringify(text);
    if (this.#sharedCache) {
      const index = computeOnce(this, `index of ${member}`, () => this.#createIndex(member));
      return Array.from(index.get(json) ?? [], (name) => this.get(name) as T);
    }
    const label = `"${member}":${json}`;
    // An import searches the id of each new user and key. A generator would take twice as long.
    const matches: T[] = [];
    this.#forEachRaw((value, name) => {
      if (typeof value !== 'string') matches.push(value);
      else if (value.includes(label)) matches.push(this.get(name) as T);
    });
    return matches;
  }

  toJsonLines(): string[] {
    return Array.from(super.values(), (value: T | string) => toLine(value));
  }

  /** Returns the records of `earlier` that are missing or different here, and the records here that differ from `earlier`. */
  differencesFrom(earlier: Records<T>): { removed: T[]; added: T[] } {
    const names = { removed: [] as string[], added: [] as string[] };
    this.#forEachRaw((value, name) => {
      const earlierValue = earlier.#getRaw(name);
      if (value === earlierValue || (earlierValue && toLine(value) === toLine(earlierValue))) return;
      names.added.push(name);
      if (earlierValue) names.removed.push(name);
    });
    for (const name of earlier.keys()) if (!this.has(name)) names.removed.push(name);
    return {
      removed: names.removed.map((name) => earlier.get(name) as T),
      added: names.added.map((name) => this.get(name) as T),
    };
  }

  override set(name: string, record: T): this {
    if (this.#sharedCache) throw new Error(SHARED_ERROR);
    return super.set(name, record);
  }

  override delete(name: string): boolean {
    if (this.#sharedCache) throw new Error(SHARED_ERROR);
    return super.delete(name);
  }

  /** Allows several readers to use these records. Each record is parsed once, and a change to it throws. */
  share(): void {
    this.#sharedCache ??= new Map();
    markUnchanging(this);
  }

  /** Returns a deep copy. */
  copy(): Records<T> {
    const copy = new Records<T>([], undefined, this.#parse);
    this.#forEachRaw((value, name) => {
      copy.#setRaw(name, typeof value === 'string' ? value : structuredClone(value));
    });
    return copy;
  }

  /** Returns the names of the records by the JSON of the member's value. */
  #createIndex(member: string): Map<string, Set<string>> {
    const pattern = new RegExp(`"${member}":("(?:[^"\\\\]|\\\\.)*")`, 'g');
    const index = new Map<string, Set<string>>();
    this.#forEachRaw((value, name) => {
      for (const [, json = ''] of toLine(value).matchAll(pattern))
        index.set(json, (index.get(json) ?? new Set()).add(name));
    });
    return index;
  }

  /** An iterator would create an array for each record, which takes three times as long. */
  #forEachRaw(work: (value: T | string, name: string) => void): void {
    super.forEach(work);
  }

  #getRaw(name: string): T | string | undefined {
    return super.get(name);
  }

  #setRaw(name: string, value: T | string): void {
    super.set(name, value as T);
  }
}

function toLine(value: object | string): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

export function deepFreeze<T extends object>(value: T): T {
  for (const member of Object.values(value)) if (typeof member === 'object' && member !== null) deepFreeze(member);
  return Object.freeze(value);
}
