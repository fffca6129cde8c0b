import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { Nonces, parseTimestamp } from '../../src/server/replay-protection.ts';

const MINUTE = 60_000;
const START = Date.parse('2026-01-01T00:00:00Z');

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

it('does not keep the nonces of old requests in memory', () => {
  const nonces = new Nonces();
  let count = 0;
  /** Simulates minutes of 2,000 requests each and returns the size of the heap in megabytes. */
  const heapAfter = (minutes: number): number => {
    for (let minute = 0; minute < minutes; minute++) {
      const now = START + (count / 2000) * MINUTE;
      for (let request = 0; request < 2000; request++) nonces.use('LTAIx', `nonce-${++count}`, now, now);
    }
    collectGarbage();
    return process.memoryUsage().heapUsed / 1024 / 1024;
  };
  const fullHeap = heapAfter(60);
  expect(heapAfter(90) - fullHeap).toBeLessThan(2);
  // A nonce that was just used is still known.
  const now = START + (count / 2000) * MINUTE;
  expect(() => nonces.use('LTAIx', `nonce-${count}`, now, now)).toThrow('used already');
});

it('knows a nonce for as long as a request with it could be in time', () => {
  for (let skew = -15; skew <= 15; skew++) {
    for (let phase = 0; phase < 30; phase += 7) {
      const nonces = new Nonces();
      const now = START + phase * MINUTE;
      const timestampMs = now + skew * MINUTE;
      const timestamp = new Date(timestampMs).toISOString().replace('.000', '');
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
