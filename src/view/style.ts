import type { Draw } from './columns.ts';

/** The colours that are used, by what they are called in chalk. */
export type Paint = Record<'bold' | 'dim' | 'green' | 'yellow' | 'red', (text: string) => string>;

const asIs = (text: string) => text;

/** No colours at all, without the library for them. */
export const NO_PAINT: Paint = { bold: asIs, dim: asIs, green: asIs, yellow: asIs, red: asIs };

/** What a drawing depends on: the terminal's columns, the colours that are allowed, the present moment, the drawer. */
export interface Style {
  /** Columns; infinite when the reader is not a person at a terminal. */
  width: number;
  colour: Paint;
  now: Date;
  draw: Draw;
}

export function isTerminal({ width }: Style): boolean {
  return Number.isFinite(width);
}
