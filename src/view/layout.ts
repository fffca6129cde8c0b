import { cutFreeText } from './cut-text.ts';
import { COLUMN_GAP, textWidth } from './plain-table.ts';
import type { Style } from './style.ts';

/** The content of a table cell or a field. Booleans are shown as yes or no, lists as one line for each item. */
export type Cell = string | number | boolean | string[] | null | undefined;

export type Field = [label: string, value: Cell];

export interface TableColumn {
  heading: string;
  /** Whether the cells may be cut if the table is too wide for the terminal. */
  isFreeText?: boolean;
  /** Whether the column may be left out if cutting is not enough. */
  isOptional?: boolean;
}

function formatCell(cell: Cell): string | undefined {
  if (typeof cell === 'boolean') return cell ? 'yes' : 'no';
  if (Array.isArray(cell)) return cell.join('\n');
  return cell?.toString();
}

/**
 * Returns rows under headings, with columns as wide as their content, or `emptyText` when there are no rows. Free text is
 * cut to fit the terminal; if that is not enough, optional columns are left out. A table that is too wide all the same
 * becomes one block of fields for each row, with no value cut.
 */
export function renderList(columns: TableColumn[], rows: Cell[][], style: Style, emptyText: string): string {
  if (rows.length === 0) return style.colour.dim(emptyText);
  const body = rows.map((row) => row.map((cell) => formatCell(cell) ?? '-'));
  const table = tryRenderTable(columns, body, style);
  if (table !== undefined) return table;
  const isKept = (_: unknown, index: number) => !columns[index]?.isOptional;
  const keptColumns = columns.filter(isKept);
  const narrowTable =
    keptColumns.length < columns.length
      ? tryRenderTable(
          keptColumns,
          body.map((row) => row.filter(isKept)),
          style,
        )
      : undefined;
  if (narrowTable !== undefined) return narrowTable;
  const toFields = (row: string[]) => columns.map(({ heading }, index): Field => [heading, row[index]]);
  return body.map((row) => renderFields(toFields(row), style)).join('\n\n');
}

/** Returns undefined if the table is too wide for the terminal although free text is cut. */
function tryRenderTable(columns: TableColumn[], rows: string[][], style: Style): string | undefined {
  const headings = columns.map(({ heading }) => heading);
  const isFreeText = columns.map((column) => column.isFreeText ?? false);
  const [head = [], ...lines] = cutFreeText([headings, ...rows], isFreeText, style.width);
  const table = style.renderTable([head.map((heading) => style.colour.bold(heading)), ...lines]);
  return table.split('\n').every((line) => textWidth(line) <= style.width) ? table : undefined;
}

/**
 * Returns one line for each label and its value. Long values are wrapped at spaces. A value with a word that does not
 * fit next to its label starts on the next line, unwrapped, so that it can be copied in one piece.
 */
export function renderFields(fields: Field[], style: Style): string {
  const labelWidth = Math.max(...fields.map(([label]) => textWidth(label))) + COLUMN_GAP.length;
  const valueWidth = style.width - labelWidth;
  const lines = fields.flatMap(([label, cell]) => {
    const value = formatCell(cell) || '-';
    const [first = '', ...more] = value.split('\n').flatMap((line) => wrapText(line, valueWidth));
    const heading = style.colour.bold(label);
    if ([first, ...more].some((line) => textWidth(line) > valueWidth)) return [heading, ...value.split('\n')];
    const indent = ' '.repeat(labelWidth);
    return [heading + ' '.repeat(labelWidth - textWidth(label)) + first, ...more.map((line) => indent + line)];
  });
  return lines.join('\n');
}

/** Splits a line at spaces into pieces of at most `width` columns. */
export function wrapText(line: string, width: number): string[] {
  if (textWidth(line) <= width) return [line];
  const pieces: string[] = [];
  for (const word of line.split(' ')) {
    const last = pieces.at(-1);
    if (last !== undefined && textWidth(last) + 1 + textWidth(word) <= width)
      pieces[pieces.length - 1] = `${last} ${word}`;
    else pieces.push(word);
  }
  return pieces;
}
