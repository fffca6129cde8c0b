import { loadTableRenderer, renderPlainTable } from './columns.ts';
import { genericView } from './generic.ts';
import { toPlainData } from './plain-data.ts';
import type { Query } from './query.ts';
import { type Colours, NO_COLOURS, type Style } from './style.ts';

export const FORMATS = ['table', 'json', 'yaml', 'csv'] as const;
export type Format = (typeof FORMATS)[number];

/** How a kind of result looks to a person. The other formats need no help. */
export type View<T> = (value: T, style: Style) => string;

/** A whole result as text, line end included; empty when there is nothing to say. */
export type Formatter = <T>(view: View<T>, value: T) => string;

/** What a table is drawn on. */
export interface OutputSettings {
  /** Columns; undefined when it is no terminal. */
  width: number | undefined;
  now: Date;
  colourLevel: 0 | 1 | 2 | 3;
}

/** One format, with only the libraries it takes. */
export async function createFormatter(
  format: Format,
  query: Query | undefined,
  surface: () => OutputSettings,
): Promise<Formatter> {
  const prepared = (value: unknown) => (query ? query(toPlainData(value)) : toPlainData(value));
  switch (format) {
    case 'json':
      return (_, value) => `${JSON.stringify(prepared(value), null, 2)}\n`;
    case 'yaml': {
      const { formatYaml: yaml } = await import('./yaml.ts');
      return (_, value) => yaml(prepared(value));
    }
    case 'csv': {
      const { formatCsv: csv } = await import('./csv.ts');
      return (_, value) => csv(prepared(value));
    }
    case 'table': {
      const { colourLevel, width, now } = surface();
      const draw = width === undefined ? renderPlainTable : await loadTableRenderer(width);
      const style: Style = {
        width: width ?? Number.POSITIVE_INFINITY,
        now,
        colour: await loadColours(colourLevel),
        draw,
      };
      return (view, value) => {
        const text = query ? genericView(prepared(value), style) : view(toPlainData(value) as typeof value, style);
        return text === '' ? '' : `${text}\n`;
      };
    }
  }
}

/** The colours of a stream, at chalk's level: 0 is none. */
export async function loadColours(level: OutputSettings['colourLevel']): Promise<Colours> {
  return level === 0 ? NO_COLOURS : new (await import('chalk')).Chalk({ level });
}
