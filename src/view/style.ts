import type { ChalkInstance } from 'chalk';
import type { Draw } from './columns.ts';

/** What a drawing depends on: the terminal's columns, the colours that are allowed, the present moment, the drawer. */
export interface Style {
  width: number;
  colour: ChalkInstance;
  now: Date;
  draw: Draw;
}
