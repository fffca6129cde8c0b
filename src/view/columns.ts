import stringWidth from 'fast-string-width';

export const COLUMN_GAP = '  ';
/** Above this many rows a terminal's drawing library takes seconds. */
const MAX_STYLED_ROWS = 200;

/** Draws rows as columns that are as wide as their content, lines within a cell below each other. */
export type TableRenderer = (rows: string[][]) => string;

/** For pipes and files: nothing but padding, which starts in no time. */
export const renderPlainTable: TableRenderer = (rows) => {
  const lines = rows.flatMap(splitLines);
  const widths: number[] = [];
  for (const line of lines) {
    for (const [column, text] of line.entries()) widths[column] = Math.max(widths[column] ?? 0, textWidth(text));
  }
  const pad = (text: string, column: number) => text + ' '.repeat((widths[column] ?? 0) - textWidth(text));
  return trimLineEnds(lines.map((line) => line.map(pad).join(COLUMN_GAP)).join('\n'));
};

/** For terminals of `width` columns: prose in the last column is wrapped. */
export async function loadTableRenderer(width: number): Promise<TableRenderer> {
  const { renderTable: drawn } = await import('./table.ts');
  return (rows) =>
    rows.length > MAX_STYLED_ROWS
      ? renderPlainTable(rows)
      : trimLineEnds(drawn(rows, COLUMN_GAP, lastColumnWidth(rows, width)));
}

/** Below so many columns wrapped prose is no pleasure to read. */
const MIN_COLUMN_WIDTH = 20;

/** The columns left for the last cell, when it does not fit as it is and each of its words does: no word is torn. */
function lastColumnWidth(rows: string[][], width: number): number | undefined {
  const lines = rows.flatMap(splitLines);
  const count = Math.max(...rows.map((row) => row.length));
  const widest = (at: number) => Math.max(...lines.map((line) => textWidth(line[at] ?? '')));
  const room =
    width - Array.from({ length: count - 1 }, (_, at) => widest(at) + COLUMN_GAP.length).reduce((a, b) => a + b, 0);
  const words = lines.flatMap((line) => (line[count - 1] ?? '').split(' '));
  return widest(count - 1) > room && room >= MIN_COLUMN_WIDTH && words.every((word) => textWidth(word) <= room)
    ? room
    : undefined;
}

/** A row whose cells have several lines, as so many rows. */
function splitLines(row: string[]): string[][] {
  if (!row.some((text) => text.includes('\n'))) return [row];
  const cells = row.map((text) => text.split('\n'));
  const height = Math.max(...cells.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) => cells.map((lines) => lines[line] ?? ''));
}

/** Columns that a text takes; most texts are ASCII without escapes, where that is their length. */
export function textWidth(text: string): number {
  return /^[ -~]*$/.test(text) ? text.length : stringWidth(text);
}

function trimLineEnds(text: string): string {
  return text.replace(/ +$/gm, '');
}
