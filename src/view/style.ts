import type { TableRenderer } from './columns.ts';

/** The colours that are used, by what they are called in chalk. */
export type Colours = Record<'bold' | 'dim' | 'green' | 'yellow' | 'red', (text: string) => string>;

const identity = (text: string) => text;

/** No colours at all, without the library for them. */
export const NO_COLOURS: Colours = { bold: identity, dim: identity, green: identity, yellow: identity, red: identity };

/** What a drawing depends on: the terminal's columns, the colours that are allowed, the present moment, the drawer. */
export interface Style {
  /** Columns; infinite when the reader is not a person at a terminal. */
  width: number;
  colour: Colours;
  now: Date;
  draw: TableRenderer;
}

export function isTerminal({ width }: Style): boolean {
  return Number.isFinite(width);
}
