/**
 * Records by folded name, in their order. Those of a file come as lines of JSON, each parsed when it is first asked
 * for: most commands look at one of thousands, and write the others as they read them.
 */
export class Records<T extends object> extends Map<string, T> {
  readonly #parse: (line: string, name: string) => T;
  /** What was parsed for readers who share these records: nobody may change it. */
  #sharedCache: Map<string, T> | undefined;

  /** `lines`: name and JSON of each record; `parse` may refuse one by throwing. */
  constructor(
    lines: Iterable<readonly [name: string, line: string]> = [],
    parse: (line: string, name: string) => T = (line) => JSON.parse(line),
  ) {
    super();
    this.#parse = parse;
    for (const [name, line] of lines) this.#setRaw(name, line);
  }

  override get(name: string): T | undefined {
    const found: T | string | undefined = super.get(name);
    if (typeof found !== 'string') return found;
    const known = this.#sharedCache?.get(name);
    if (known) return known;
    const record = this.#parse(found, name);
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

  /** The records in whose JSON `text` may occur: whoever looks for an id need not have all the others parsed. */
  *possibleMatches(text: string): Generator<T> {
    for (const [name, found] of super.entries() as MapIterator<[string, T | string]>) {
      if (typeof found !== 'string' || found.includes(text)) yield this.get(name) as T;
    }
  }

  /** Each record as a line of JSON. */
  toJsonLines(): string[] {
    const all = super.values() as MapIterator<T | string>;
    return Array.from(all, (found) => (typeof found === 'string' ? found : JSON.stringify(found)));
  }

  override set(name: string, record: T): this {
    if (this.#sharedCache) throw new Error('records that are shared are not changed');
    return super.set(name, record);
  }

  override delete(name: string): boolean {
    if (this.#sharedCache) throw new Error('records that are shared are not changed');
    return super.delete(name);
  }

  /** From now on many may read these records, each parsed once, and whoever changes one finds it frozen. */
  share(): void {
    this.#sharedCache ??= new Map();
  }

  /** The same records, each a copy of its own. */
  copy(): Records<T> {
    const copy = new Records<T>([], this.#parse);
    for (const [name, found] of super.entries() as MapIterator<[string, T | string]>) {
      copy.#setRaw(name, typeof found === 'string' ? found : structuredClone(found));
    }
    return copy;
  }

  #setRaw(name: string, found: T | string): void {
    super.set(name, found as T);
  }
}

function deepFreeze<T extends object>(value: T): T {
  for (const member of Object.values(value)) if (typeof member === 'object' && member !== null) deepFreeze(member);
  return Object.freeze(value);
}
