import type { ChalkInstance } from 'chalk';

/** What a drawing depends on: columns of the terminal, colours that are allowed, the present moment. */
export interface Style {
  width: number;
  colour: ChalkInstance;
  now: Date;
}
