import Table from 'cli-table3';
import { COLUMN_GAP, columnWidths, renderPlainTable, textWidth, trimLineEnds } from './plain-table.ts';

/** cli-table3 takes seconds for tables with more rows. */
const MAX_ROWS = 200;
/** A narrower column is too hard to read. */
const MIN_WRAPPED_WIDTH = 20;
const BORDERS =
  'top top-mid top-left top-right bottom bottom-mid bottom-left bottom-right left left-mid mid mid-mid right right-mid';
const NO_BORDERS = Object.fromEntries(BORDERS.split(' ').map((name) => [name, '']));

/** Returns a renderer for a terminal of `width` columns, which wraps the last column if the table is too wide. */
export function createTerminalTableRenderer(width: number) {
  return (rows: string[][]): string => {
    if (rows.length > MAX_ROWS) return renderPlainTable(rows);
    const colWidths = wrappedWidths(rows, width);
    const table = new Table({
      chars: { ...NO_BORDERS, middle: COLUMN_GAP },
      style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
      ...(colWidths && { colWidths, wordWrap: true }),
    });
    table.push(...rows);
    return trimLineEnds(table.toString());
  };
}

/**
 * Returns a limit for the last column and null for the others. Undefined if the table fits, or if wrapping would break a
 * word.
 */
function wrappedWidths(rows: string[][], width: number): (number | null)[] | undefined {
  const widths = columnWidths(rows);
  const lastWidth = widths.pop() ?? 0;
  const available = widths.reduce((left, taken) => left - taken - COLUMN_GAP.length, width);
  const words = rows.flatMap((row) => (row[widths.length] ?? '').split(/[ \n]/));
  const canWrap = available >= MIN_WRAPPED_WIDTH && words.every((word) => textWidth(word) <= available);
  return lastWidth > available && canWrap ? [...widths.map(() => null), available] : undefined;
}
