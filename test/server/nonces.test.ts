import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { Nonces, parseTimestamp } from '../../src/server/nonces.ts';

const MINUTE = 60_000;
const START = Date.parse('2026-01-01T00:00:00Z');

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

it('the memory of nonces does not grow with the requests of yesterday', () => {
  const nonces = new Nonces();
  let count = 0;
  /** The heap after so many minutes of 2,000 requests each, in megabytes. */
  const after = (minutes: number): number => {
    for (let minute = 0; minute < minutes; minute++) {
      const now = START + (count / 2000) * MINUTE;
      for (let turn = 0; turn < 2000; turn++) nonces.use('LTAIx', `nonce-${++count}`, now, now);
    }
    collect();
    return process.memoryUsage().heapUsed / 1024 / 1024;
  };
  const full = after(60);
  expect(after(90) - full).toBeLessThan(2);
  // Still at work: what was just used is known.
  const now = START + (count / 2000) * MINUTE;
  expect(() => nonces.use('LTAIx', `nonce-${count}`, now, now)).toThrow('used already');
});

it('a nonce is known for as long as a request with it could be in time, whenever that was signed', () => {
  for (let skew = -15; skew <= 15; skew++) {
    for (let phase = 0; phase < 30; phase += 7) {
      const nonces = new Nonces();
      const now = START + phase * MINUTE;
      const moment = now + skew * MINUTE;
      const timestamp = new Date(moment).toISOString().replace('.000', '');
      nonces.use('LTAIx', 'once', parseTimestamp(timestamp, now), now);
      for (let passed = 0; passed <= 15 + skew; passed++) {
        const later = now + passed * MINUTE;
        expect(() => nonces.use('LTAIx', 'once', parseTimestamp(timestamp, later), later)).toThrow('used already');
        nonces.use('LTAIx', `other-${passed}`, later, later);
      }
      const late = now + (15 + skew) * MINUTE + 1000;
      expect(() => parseTimestamp(timestamp, late)).toThrow('expired');
    }
  }
});
