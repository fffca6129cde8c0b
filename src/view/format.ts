import { anyValueView } from './any-value.ts';
import { renderColumns, selectMembers, type ViewColumns } from './columns.ts';
import { renderPlainTable } from './plain-table.ts';
import { toPrintableData } from './printable-data.ts';
import type { Query } from './query.ts';
import { type ColourLevel, loadColours, type Style } from './style.ts';

export type Format = 'table' | 'json' | 'yaml' | 'csv';

/** Returns a result as text for a person. Only the format `table` uses views. */
export interface View<T> extends ViewColumns {
  (value: T, style: Style): string;
}

/** What the user selects from a result: first the query, then the columns of what the query returns. */
export interface Selection {
  query?: Query | undefined;
  columns?: string[] | undefined;
}

/** Returns a whole result as text that ends with a line end, or an empty text. @throws Failure `usage` for an unknown column */
export type Formatter = <T>(view: View<T>, value: T) => string;

/**
 * Returns the formatter of a format, and loads only the libraries that this format needs. Only the format `table` calls
 * `readTerminal`. `size` is undefined when the output is not a terminal.
 */
export async function createFormatter(
  format: Format,
  { query, columns }: Selection,
  readTerminal: () => Pick<Style, 'now' | 'isLocal'> & {
    size: Pick<Style, 'width' | 'height'> | undefined;
    colourLevel: ColourLevel;
  },
): Promise<Formatter> {
  const applyQuery = (value: unknown) => (query ? query(toPrintableData(value)) : toPrintableData(value));
  // The result of a query does not have the columns of the view.
  const columnsOf = (view: ViewColumns) => (query ? {} : view);
  const select = (view: ViewColumns, value: unknown) => {
    const data = applyQuery(value);
    const declared = columnsOf(view);
    return columns ? selectMembers(columns, declared, data) : { data, members: declared.members };
  };
  if (format === 'json') return (view, value) => `${JSON.stringify(select(view, value).data, null, 2)}\n`;
  if (format === 'yaml') {
    const { stringify } = await import('yaml');
    // `compat` quotes text that a YAML 1.1 reader would take for another type: a user named `no`, a date.
    return (view, value) => stringify(select(view, value).data, { lineWidth: 0, compat: 'yaml-1.1' });
  }
  if (format === 'csv') {
    const { formatCsv } = await import('./csv.ts');
    return (view, value) => {
      const { data, members } = select(view, value);
      return formatCsv(data, members);
    };
  }
  const { colourLevel, size, now, isLocal } = readTerminal();
  const { width, height } = size ?? { width: Infinity, height: Infinity };
  const style = {
    width,
    height,
    now,
    isLocal,
    colour: await loadColours(colourLevel),
    renderTable: await loadTableRenderer(width),
  };
  return (view, value) => {
    const data = applyQuery(value);
    const text =
      (columns && renderColumns(columns, columnsOf(view), data, style)) ??
      (query ? anyValueView(data, style) : view(data as typeof value, style));
    return text === '' ? '' : `${text}\n`;
  };
}

async function loadTableRenderer(width: number): Promise<Style['renderTable']> {
  if (width === Infinity) return renderPlainTable;
  return (await import('./terminal-table.ts')).createTerminalTableRenderer(width);
}
