import stringWidth from 'fast-string-width';

const GAP = '  ';
/** Above this many rows a terminal's drawing library takes seconds. */
const LONG = 200;

/** Draws rows as columns that are as wide as their content, lines within a cell below each other. */
export type Draw = (rows: string[][]) => string;

/** For pipes and files: nothing but padding, which starts in no time. */
export const padded: Draw = (rows) => {
  const lines = rows.flatMap(linesOf);
  const widths: number[] = [];
  for (const line of lines) {
    for (const [column, text] of line.entries()) widths[column] = Math.max(widths[column] ?? 0, widthOf(text));
  }
  const pad = (text: string, column: number) => text + ' '.repeat((widths[column] ?? 0) - widthOf(text));
  return trimmed(lines.map((line) => line.map(pad).join(GAP)).join('\n'));
};

/** For terminals. */
export async function terminalDraw(): Promise<Draw> {
  const { drawn } = await import('./table.ts');
  return (rows) => (rows.length > LONG ? padded(rows) : trimmed(drawn(rows, GAP)));
}

/** A row whose cells have several lines, as so many rows. */
function linesOf(row: string[]): string[][] {
  if (!row.some((text) => text.includes('\n'))) return [row];
  const cells = row.map((text) => text.split('\n'));
  const height = Math.max(...cells.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) => cells.map((lines) => lines[line] ?? ''));
}

/** Columns that a text takes; most texts are ASCII without escapes, where that is their length. */
function widthOf(text: string): number {
  return /^[ -~]*$/.test(text) ? text.length : stringWidth(text);
}

function trimmed(text: string): string {
  return text.replace(/ +$/gm, '');
}
