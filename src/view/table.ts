import Table from 'cli-table3';

/**
 * Rows as columns on a terminal, the last one wrapped to `last` columns where that is given. Slow above some hundred
 * rows.
 */
export function renderTable(rows: string[][], gap: string, last?: number): string {
  const none = { top: '', 'top-mid': '', 'top-left': '', 'top-right': '', bottom: '', 'bottom-mid': '' };
  const more = { 'bottom-left': '', 'bottom-right': '', left: '', 'left-mid': '', mid: '', 'mid-mid': '' };
  const table = new Table({
    chars: { ...none, ...more, right: '', 'right-mid': '', middle: gap },
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
    ...(last === undefined ? {} : { colWidths: computeWidths(rows, last), wordWrap: true }),
  });
  table.push(...rows);
  return table.toString();
}

/** All columns as they come, but for the last. */
function computeWidths(rows: string[][], last: number): (number | null)[] {
  const count = Math.max(...rows.map((row) => row.length));
  return [...new Array(count - 1).fill(null), last];
}
