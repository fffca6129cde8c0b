import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ALPHANUMERIC, DIGITS, generateRandomText, type RandomSource } from '../../src/core/random.ts';
import { systemRandom } from '../../src/system/random.ts';

it.each([DIGITS, ALPHANUMERIC, 'abc', 'x'])('uniform bytes give uniform characters of %s', (alphabet) => {
  let next = 0;
  const everyByte: RandomSource = { bytes: (count) => Uint8Array.from({ length: count }, () => next++ % 256) };
  const expectedCount = 3 * Math.floor(256 / alphabet.length);
  const text = generateRandomText(everyByte, alphabet, expectedCount * alphabet.length);
  for (const character of alphabet) expect(text.split(character).length - 1).toBe(expectedCount);
});

it('bytes above the largest multiple of the alphabet length are dropped', () => {
  const bytes = [255, 250, 249, 0, 249, 250, 61];
  const random: RandomSource = { bytes: (count) => Uint8Array.from(bytes.splice(0, count)) };
  expect(generateRandomText(random, DIGITS, 4)).toBe('9091');
});

it('random text has the requested length and only characters of the alphabet', () => {
  fc.assert(
    fc.property(fc.nat({ max: 200 }), fc.integer({ min: 1, max: 62 }), (length, size) => {
      const alphabet = ALPHANUMERIC.slice(0, size);
      expect(generateRandomText(systemRandom, alphabet, length)).toMatch(new RegExp(`^[${alphabet}]{${length}}$`));
    }),
  );
});
