import { anyValueView } from './any-value.ts';
import { renderPlainTable } from './plain-table.ts';
import { toPrintableData } from './printable-data.ts';
import type { Query } from './query.ts';
import { type ColourLevel, loadColours, type Style } from './style.ts';

export const FORMATS = ['table', 'json', 'yaml', 'csv'] as const;
export type Format = (typeof FORMATS)[number];

/** Returns a result as text for a person. Only the format `table` uses views. */
export type View<T> = (value: T, style: Style) => string;

/** Returns a whole result as text that ends with a line end, or an empty text. */
export type Formatter = <T>(view: View<T>, value: T) => string;

/**
 * Returns the formatter of a format, and loads only the libraries that this format needs. Only the format `table` calls
 * `readTerminal`. `width` and `height` are the columns and rows of the terminal, undefined when the output is not a
 * terminal.
 */
export async function createFormatter(
  format: Format,
  query: Query | undefined,
  readTerminal: () => {
    width: number | undefined;
    height: number | undefined;
    now: Date;
    colourLevel: ColourLevel;
  },
): Promise<Formatter> {
  const prepare = (value: unknown) => (query ? query(toPrintableData(value)) : toPrintableData(value));
  if (format === 'json') return (_, value) => `${JSON.stringify(prepare(value), null, 2)}\n`;
  if (format === 'yaml') {
    const { stringify } = await import('yaml');
    // `compat` quotes text that a YAML 1.1 reader would take for another type: a user named `no`, a date.
    return (_, value) => stringify(prepare(value), { lineWidth: 0, compat: 'yaml-1.1' });
  }
  if (format === 'csv') {
    const { formatCsv } = await import('./csv.ts');
    return (_, value) => formatCsv(prepare(value));
  }
  const { colourLevel, width, height, now } = readTerminal();
  const colour = await loadColours(colourLevel);
  const size = { width: width ?? Infinity, height: height ?? Infinity };
  const style = { ...size, now, colour, renderTable: await loadTableRenderer(width) };
  return (view, value) => {
    const text = query ? anyValueView(prepare(value), style) : view(toPrintableData(value) as typeof value, style);
    return text === '' ? '' : `${text}\n`;
  };
}

async function loadTableRenderer(width: number | undefined): Promise<Style['renderTable']> {
  if (width === undefined) return renderPlainTable;
  return (await import('./terminal-table.ts')).createTerminalTableRenderer(width);
}
