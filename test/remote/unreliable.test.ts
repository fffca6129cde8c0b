import { expect, it } from 'vitest';
import { runUnreliably } from '../support/unreliable-run.ts';

/** The seeds of `npm run torture`, from the first to the last one. */
const range = process.env.UNRELIABLE_SEEDS?.split('-').map(Number);
const [first = 3, last = 4] = range ?? [];
const seeds = Array.from({ length: last - first + 1 }, (_, index) => first + index);

it.each(seeds)(
  'loses and doubles nothing when the network and the endpoint are unreliable, seed %i',
  async (seed) => {
    expect((await runUnreliably(seed)).join('\n\n')).toBe('');
  },
  60_000,
);
