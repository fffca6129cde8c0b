/** A character on the screen and its colours; undefined is the default colour of the terminal. */
export interface Cell {
  text: string;
  foreground?: string | undefined;
  background?: string | undefined;
}

const TOKENS = /\u001b(?:[78]|\[[\d;?]*[A-Za-z])|[\r\n\u0007]|[^\u001b\r\n\u0007]|\u001b/gu;
const BLANK: Cell = { text: ' ' };

/** The screen of a terminal. One of a fixed size wraps long lines and scrolls. */
export class Screen {
  readonly columns: number;
  readonly rows: number;
  /** All lines since the start. The last `rows` of them are visible. */
  readonly #lines: Cell[][] = [[]];
  /** The position of the cursor. The row counts from the first line since the start. */
  #row = 0;
  #column = 0;
  #saved = [0, 0];
  #colours: Pick<Cell, 'foreground' | 'background'> = {};

  constructor({ columns, rows } = { columns: Infinity, rows: Infinity }) {
    this.columns = columns;
    this.rows = rows;
  }

  /** The visible cells. */
  get cells(): Cell[][] {
    return this.#lines.slice(-this.rows);
  }

  /** The visible lines without colours. */
  get lines(): string[] {
    return this.cells.map((line) =>
      line
        .map(({ text }) => text)
        .join('')
        .trimEnd(),
    );
  }

  /** Writes output of a program. @throws for an unknown control sequence */
  write(output: string): void {
    for (const [token] of output.matchAll(TOKENS)) {
      const [, parameters = '', final = ''] = /^\u001b\[([\d;?]*)([A-Za-z])$/.exec(token) ?? [];
      if (!/^[\u0000-\u001f]/.test(token)) this.#draw(token);
      else if (token === '\r') this.#column = 0;
      else if (token === '\n') this.#moveDown(1);
      else if (token === '\u001b7') this.#saved = [this.#row, this.#column];
      else if (token === '\u001b8') [this.#row = 0, this.#column = 0] = this.#saved;
      else if (final === 'm') this.#setColours(parameters);
      else if (final !== '') this.#control(final, parameters);
      else if (token !== '\u0007') throw new Error(`unknown control sequence ${JSON.stringify(token)}`);
    }
  }

  #draw(text: string): void {
    if (this.#column === this.columns) {
      this.#column = 0;
      this.#moveDown(1);
    }
    this.#line()[this.#column] = { text, ...this.#colours };
    this.#column += 1;
  }

  #line(): Cell[] {
    const line = this.#lines[this.#row] ?? [];
    for (let column = line.length; column < this.#column; column += 1) line[column] = BLANK;
    return line;
  }

  #moveDown(count: number): void {
    this.#row += count;
    while (this.#lines.length <= this.#row) this.#lines.push([]);
  }

  #control(final: string, parameters: string): void {
    const count = Number(parameters) || 1;
    if (final === 'A') this.#row = Math.max(0, this.#lines.length - this.rows, this.#row - count);
    else if (final === 'B') this.#row = Math.min(this.#lines.length - 1, this.#row + count);
    else if (final === 'C') this.#column = Math.min(this.columns - 1, this.#column + count);
    else if (final === 'D') this.#column = Math.max(0, this.#column - count);
    else if (final === 'G') this.#column = count - 1;
    else if (final === 'K') this.#erase(parameters);
    else if (final === 'J') {
      this.#erase('');
      for (let row = this.#row + 1; row < this.#lines.length; row += 1) this.#lines[row] = [];
    } else if (!/^\?25[hl]$/.test(parameters + final))
      throw new Error(`unknown control sequence ${parameters}${final}`);
  }

  #erase(mode: string): void {
    const line = this.#line();
    if (mode === '' || mode === '0') line.length = Math.min(line.length, this.#column);
    else if (mode === '1') line.fill(BLANK, 0, this.#column + 1);
    else line.length = 0;
  }

  #setColours(parameters: string): void {
    const codes = parameters.split(';');
    for (let code = codes.shift(); code !== undefined; code = codes.shift()) {
      if (code === '' || code === '0') this.#colours = {};
      else if (code === '38' || code === '48') {
        const colour = codes.splice(0, codes[0] === '5' ? 2 : 4).join(';');
        this.#colours = { ...this.#colours, [code === '38' ? 'foreground' : 'background']: colour };
      } else if (code === '39') this.#colours = { ...this.#colours, foreground: undefined };
      else if (code === '49') this.#colours = { ...this.#colours, background: undefined };
    }
  }
}
