import { COLUMN_GAP, textWidth } from './columns.ts';
import type { Style } from './style.ts';

/** What stands in a cell; what is absent is shown as a dash. */
type Cell = string | null | undefined;

/** Rows under headings, in columns as wide as their content; `none` when there are no rows. */
export function renderList(headings: string[], rows: Cell[][], style: Style, none: string): string {
  if (rows.length === 0) return style.colour.dim(none);
  const body = rows.map((row) => row.map((cell) => cell ?? '-'));
  const table = style.draw([headings.map((heading) => style.colour.bold(heading)), ...body]);
  if (table.split('\n').every((line) => textWidth(line) <= style.width)) return table;
  // Too narrow for columns: each row as a block of its own, so that nothing is cut or torn apart.
  return body
    .map((row) =>
      renderFields(
        headings.map((heading, at) => [heading, row[at]]),
        style,
      ),
    )
    .join('\n\n');
}

/**
 * A thing as names and values below each other. Values are wrapped at blanks; one with a word that does not fit beside
 * its name stands below it, so that nothing which is copied is torn where it need not be.
 */
export function renderFields(pairs: [name: string, value: Cell][], style: Style): string {
  const left = Math.max(...pairs.map(([name]) => textWidth(name))) + COLUMN_GAP.length;
  const room = style.width - left;
  const lines = pairs.flatMap(([name, value]) => {
    const [first = '', ...more] = (value || '-').split('\n').flatMap((line) => wrapText(line, room));
    const heading = style.colour.bold(name);
    if ([first, ...more].some((line) => textWidth(line) > room)) return [heading, ...(value ?? '').split('\n')];
    const indent = ' '.repeat(left);
    return [heading + ' '.repeat(left - textWidth(name)) + first, ...more.map((line) => indent + line)];
  });
  return lines.join('\n');
}

/** A line in pieces of at most `room` columns, broken at blanks only. */
function wrapText(line: string, room: number): string[] {
  if (textWidth(line) <= room) return [line];
  const pieces: string[] = [];
  for (const word of line.split(' ')) {
    const last = pieces.at(-1);
    if (last !== undefined && textWidth(last) + 1 + textWidth(word) <= room)
      pieces[pieces.length - 1] = `${last} ${word}`;
    else pieces.push(word);
  }
  return pieces;
}
