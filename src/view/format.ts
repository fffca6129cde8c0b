import { anything } from './anything.ts';
import { padded, terminalDraw } from './columns.ts';
import { plainly } from './plain.ts';
import type { Query } from './query.ts';
import { NO_PAINT, type Paint, type Style } from './style.ts';

export const FORMATS = ['table', 'json', 'yaml', 'csv'] as const;
export type Format = (typeof FORMATS)[number];

/** How a kind of result looks to a person. The other formats need no help. */
export type View<T> = (value: T, style: Style) => string;

/** A whole result as text, line end included; empty when there is nothing to say. */
export type Formatter = <T>(view: View<T>, value: T) => string;

/** What a table is drawn on. */
export interface Surface {
  /** Columns; undefined when it is no terminal. */
  width: number | undefined;
  now: Date;
  colourLevel: 0 | 1 | 2 | 3;
}

/** One format, with only the libraries it takes. */
export async function formatter(format: Format, query: Query | undefined, surface: () => Surface): Promise<Formatter> {
  const prepared = (value: unknown) => (query ? query(plainly(value)) : plainly(value));
  switch (format) {
    case 'json':
      return (_, value) => `${JSON.stringify(prepared(value), null, 2)}\n`;
    case 'yaml': {
      const { yaml } = await import('./yaml.ts');
      return (_, value) => yaml(prepared(value));
    }
    case 'csv': {
      const { csv } = await import('./csv.ts');
      return (_, value) => csv(prepared(value));
    }
    case 'table': {
      const { colourLevel, width, now } = surface();
      const draw = width === undefined ? padded : await terminalDraw(width);
      const style: Style = {
        width: width ?? Number.POSITIVE_INFINITY,
        now,
        colour: await paint(colourLevel),
        draw,
      };
      return (view, value) => {
        const text = query ? anything(prepared(value), style) : view(plainly(value) as typeof value, style);
        return text === '' ? '' : `${text}\n`;
      };
    }
  }
}

/** The colours of a stream, at chalk's level: 0 is none. */
export async function paint(level: Surface['colourLevel']): Promise<Paint> {
  return level === 0 ? NO_PAINT : new (await import('chalk')).Chalk({ level });
}
