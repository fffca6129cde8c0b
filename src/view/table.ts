import Table from 'cli-table3';
import stringWidth from 'string-width';
import type { Style } from './style.ts';

/** Above this many rows the drawing library takes seconds; plain padding looks the same. */
const LONG = 200;
const GAP = '  ';

/** Rows under headings, in columns as wide as their content; `none` when there are no rows. */
export function list(headings: string[], rows: string[][], style: Style, none: string): string {
  if (rows.length === 0) return style.colour.dim(none);
  const head = headings.map((heading) => style.colour.bold(heading));
  return rows.length > LONG ? padded([head, ...rows]) : drawn([head, ...rows]);
}

/** A thing as names and values below each other. Values that are absent are shown as a dash. */
export function fields(pairs: [name: string, value: string | null | undefined][], style: Style): string {
  return drawn(pairs.map(([name, value]) => [style.colour.bold(name), value || '-']));
}

function drawn(rows: string[][]): string {
  const none = { top: '', 'top-mid': '', 'top-left': '', 'top-right': '', bottom: '', 'bottom-mid': '' };
  const more = { 'bottom-left': '', 'bottom-right': '', left: '', 'left-mid': '', mid: '', 'mid-mid': '' };
  const table = new Table({
    chars: { ...none, ...more, right: '', 'right-mid': '', middle: GAP },
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
  });
  table.push(...rows);
  return trimmed(table.toString());
}

function padded(rows: string[][]): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, text] of row.entries()) {
      widths[column] = Math.max(widths[column] ?? 0, stringWidth(text));
    }
  }
  const line = (row: string[]) =>
    row.map((text, column) => text + ' '.repeat((widths[column] ?? 0) - stringWidth(text))).join(GAP);
  return trimmed(rows.map(line).join('\n'));
}

function trimmed(text: string): string {
  return text.replace(/ +$/gm, '');
}
