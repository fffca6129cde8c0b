import Table from 'cli-table3';

/** Rows as columns on a terminal. Slow above some hundred rows, where `padded` takes over. */
export function drawn(rows: string[][], gap: string): string {
  const none = { top: '', 'top-mid': '', 'top-left': '', 'top-right': '', bottom: '', 'bottom-mid': '' };
  const more = { 'bottom-left': '', 'bottom-right': '', left: '', 'left-mid': '', mid: '', 'mid-mid': '' };
  const table = new Table({
    chars: { ...none, ...more, right: '', 'right-mid': '', middle: gap },
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
  });
  table.push(...rows);
  return table.toString();
}
