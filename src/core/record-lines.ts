/** What separates the lines of a list. */
export const LINE_SEPARATOR = ',\n';

/** After this many searches of a text, its names and values are indexed, which takes as long as about ten searches. */
const MAX_SEARCHES = 10;
/** Names that a search can find. All valid names match. */
const SEARCHABLE_NAME = /^[\w.-]{1,128}$/;

/** Throws the error for lines that cannot be used. `problem` continues a sentence whose subject is the file. */
export type RejectLines = (problem: string) => never;

/**
 * The records of a list as lines of JSON, which never change. The text is searched: splitting thousands of lines takes
 * longer than all other work of a command that uses one record. Later searches use an index.
 */
export class RecordLines {
  /** The lines, separated by a comma and a line break. */
  readonly text: string;
  /** The text before the name in a line. A nested object can contain it too, but only after the name. */
  readonly #nameLabel: string;
  readonly #reject: RejectLines;
  /** The starts of lines by lower-case name; -1 is a name without a line. */
  #starts = new Map<string, number>();
  #hasAllStarts = false;
  /** The names by the JSON of a value, for each member that was indexed. */
  readonly #namesByValue = new Map<string, Map<string, Set<string>>>();
  #searchCount = 0;
  #size: number | undefined;

  /** `reject` is called when a line has no name, or two lines have the same. */
  constructor(text: string, nameMember: string, reject: RejectLines) {
    this.text = text;
    this.#nameLabel = `"${nameMember}":"`;
    this.#reject = reject;
  }

  get size(): number {
    this.#size ??= this.text === '' ? 0 : this.text.split('\n').length;
    return this.#size;
  }

  /** Returns where the line of a lower-case name starts, or -1. */
  startOf(name: string): number {
    let start = this.#starts.get(name);
    if (start !== undefined || this.#hasAllStarts) return start ?? -1;
    if (!SEARCHABLE_NAME.test(name) || !this.#canSearch()) return this.#indexNames().get(name) ?? -1;
    start = this.#search(name);
    this.#starts.set(name, start);
    return start;
  }

  lineAt(start: number): string {
    return this.text.slice(start, this.endOfLine(start));
  }

  /** Returns where the line that contains this position ends, without its comma. */
  endOfLine(position: number): number {
    const end = this.text.indexOf('\n', position);
    return end === -1 ? this.text.length : end + 1 - LINE_SEPARATOR.length;
  }

  /** Returns the lower-case names in the order of the lines. */
  keys(): Iterable<string> {
    return this.#indexNames().keys();
  }

  /** Returns the lower-case names of the lines that have a member with this value at any depth. */
  namesWith(member: string, value: string): Iterable<string> {
    const json = JSON.stringify(value);
    const index = this.#namesByValue.get(member) ?? (this.#canSearch() ? undefined : this.#indexValues(member));
    if (index) return index.get(json) ?? [];
    const label = `"${member}":${json}`;
    const names: string[] = [];
    for (let at = this.text.indexOf(label); at !== -1; at = this.text.indexOf(label, this.endOfLine(at))) {
      names.push(this.#nameOfLine(at));
    }
    return names;
  }

  #canSearch(): boolean {
    this.#searchCount += 1;
    return this.#searchCount <= MAX_SEARCHES;
  }

  #search(name: string): number {
    // With the label in the pattern, the search would take three times as long.
    const pattern = new RegExp(`"${name.replaceAll('.', '\\.')}"`, 'gi');
    for (let match = pattern.exec(this.text); match; match = pattern.exec(this.text)) {
      const start = this.#startOfLine(match.index);
      if (this.#nameStart(start) === match.index + 1) return start;
    }
    return -1;
  }

  #startOfLine(position: number): number {
    return this.text.lastIndexOf('\n', position) + 1;
  }

  #nameStart(lineStart: number): number {
    return this.text.indexOf(this.#nameLabel, lineStart) + this.#nameLabel.length;
  }

  /** Returns the lower-case name of the line that contains this position. */
  #nameOfLine(position: number): string {
    const start = this.#startOfLine(position);
    const nameStart = this.#nameStart(start);
    const name = this.text.slice(nameStart, this.text.indexOf('"', nameStart)).toLowerCase();
    if (!this.#hasAllStarts) this.#starts.set(name, start);
    return name;
  }

  /** Returns the lower-case names in the order of the lines. */
  #findNames(): string[] {
    // In a pattern, `.` and `^` would take the separator U+2028 for the end of a line.
    const upToName = new RegExp(`(?:^|${LINE_SEPARATOR})\\{[^\\n]*?${this.#nameLabel}[^"]*`, 'g');
    const names = (this.text.match(upToName) ?? []).map((text) => text.slice(text.lastIndexOf('"') + 1).toLowerCase());
    if (names.length < this.size) this.#reject('contains an invalid record');
    return names;
  }

  #indexNames(): Map<string, number> {
    if (this.#hasAllStarts) return this.#starts;
    const starts = new Map<string, number>();
    const names = this.#findNames();
    let start = 0;
    for (const name of names) {
      starts.set(name, start);
      start = this.text.indexOf('\n', start) + 1;
    }
    if (starts.size < names.length) this.#reject('contains two records with one name');
    this.#starts = starts;
    this.#hasAllStarts = true;
    return starts;
  }

  #indexValues(member: string): Map<string, Set<string>> {
    const index = new Map<string, Set<string>>();
    for (const match of this.text.matchAll(new RegExp(`"${member}":("(?:[^"\\\\]|\\\\.)*")`, 'g'))) {
      const [, json = ''] = match;
      index.set(json, (index.get(json) ?? new Set()).add(this.#nameOfLine(match.index)));
    }
    this.#namesByValue.set(member, index);
    return index;
  }
}
