import { expect, it } from 'vitest';
import { runUnreliably } from '../support/unreliable-run.ts';

// `npm run torture` runs 500 seeds.
const [first = 3, last = 6] = (process.env.UNRELIABLE_SEEDS ?? '').split('-').filter(Boolean).map(Number);
const seeds = Array.from({ length: last - first + 1 }, (_, index) => first + index);

it.each(seeds)(
  'loses and doubles nothing when the network and the endpoint are unreliable, seed %i',
  async (seed) => {
    expect((await runUnreliably(seed)).join('\n\n')).toBe('');
  },
  60_000,
);
