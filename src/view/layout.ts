import { widthOf } from './columns.ts';
import type { Style } from './style.ts';

/** What stands in a cell; what is absent is shown as a dash. */
type Cell = string | null | undefined;

/** Rows under headings, in columns as wide as their content; `none` when there are no rows. */
export function list(headings: string[], rows: Cell[][], style: Style, none: string): string {
  if (rows.length === 0) return style.colour.dim(none);
  const body = rows.map((row) => row.map((cell) => cell ?? '-'));
  const table = style.draw([headings.map((heading) => style.colour.bold(heading)), ...body]);
  if (table.split('\n').every((line) => widthOf(line) <= style.width)) return table;
  // Too narrow for columns: each row as a block of its own, so that nothing is cut or torn apart.
  return body
    .map((row) =>
      fields(
        headings.map((heading, at) => [heading, row[at]]),
        style,
      ),
    )
    .join('\n\n');
}

/** A thing as names and values below each other. */
export function fields(pairs: [name: string, value: Cell][], style: Style): string {
  return style.draw(pairs.map(([name, value]) => [style.colour.bold(name), value || '-']));
}
