import stringWidth from 'fast-string-width';

export const COLUMN_GAP = '  ';

/** Returns rows as text with aligned columns. A cell may have several lines. For pipes and files; needs no library. */
export function renderPlainTable(rows: string[][]): string {
  const lines = rows.flatMap(splitLines);
  const widths = columnWidths(rows);
  const pad = (text: string, column: number) => text + ' '.repeat((widths[column] ?? 0) - textWidth(text));
  return trimLineEnds(lines.map((line) => line.map(pad).join(COLUMN_GAP)).join('\n'));
}

/** Returns a row whose cells have several lines as one row for each line. */
function splitLines(row: string[]): string[][] {
  if (!row.some((text) => text.includes('\n'))) return [row];
  const cells = row.map((text) => text.split('\n'));
  const height = Math.max(...cells.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) => cells.map((lines) => lines[line] ?? ''));
}

/** Returns the width of the widest line of each column. */
export function columnWidths(rows: string[][]): number[] {
  const widths: number[] = [];
  for (const line of rows.flatMap(splitLines)) {
    for (const [column, text] of line.entries()) widths[column] = Math.max(widths[column] ?? 0, textWidth(text));
  }
  return widths;
}

/** Returns the terminal columns that a text takes. Printable ASCII, the usual case, needs no library. */
export function textWidth(text: string): number {
  return /^[ -~]*$/.test(text) ? text.length : stringWidth(text);
}

export function trimLineEnds(text: string): string {
  return text.replace(/ +$/gm, '');
}
