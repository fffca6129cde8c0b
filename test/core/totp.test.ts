import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  buildOtpAuthUri,
  findAcceptedPairStep,
  findAcceptedStep,
  generateSeed,
  parseCode,
} from '../../src/core/totp.ts';
import { failure, failureCode } from '../support/failures.ts';
import { codeAt } from '../support/mfa.ts';
import { createTestRandom } from '../support/test-world.ts';

const SEED = generateSeed(createTestRandom());
const NOW = new Date('2026-01-01T00:00:17Z');
const STEP = Math.floor(NOW.getTime() / 30_000);
const at = (steps: number) => codeAt(SEED, NOW, steps);
const denied = failure('denied', 'CheckAuthenticationCodeFail');
const pair = (first: string, second: string, lastUsed?: number) =>
  findAcceptedPairStep(SEED, [first, second], NOW, lastUsed);

it('a seed is 64 characters of Base32, another one each time', () => {
  const random = createTestRandom();
  const [first, second] = [generateSeed(random), generateSeed(random)];
  for (const seed of [first, second]) expect(seed).toMatch(/^[A-Z2-7]{64}$/);
  expect(first).not.toBe(second);
});

// RFC 6238, appendix B, SHA-1: the last six of its eight digits, for the key 12345678901234567890.
it.each([
  [59, '287082'],
  [1111111109, '081804'],
  [1111111111, '050471'],
  [1234567890, '005924'],
  [2000000000, '279037'],
  [20000000000, '353130'],
])('at second %i RFC 6238 has %s', (second, code) => {
  const seed = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
  expect(findAcceptedStep(seed, code, new Date(second * 1000), undefined)).toBe(Math.floor(second / 30));
});

it('accepts the present step and its neighbours after the last used; explains up to ten steps, no more', () => {
  const place = fc.record({
    noise: fc.uint8Array({ minLength: 40, maxLength: 40 }),
    second: fc.integer({ min: 1_600_000_000, max: 4_000_000_000 }),
    offset: fc.integer({ min: -12, max: 12 }),
    used: fc.option(fc.integer({ min: -12, max: 12 }), { nil: undefined }),
  });
  fc.assert(
    fc.property(place, ({ noise, second, offset, used }) => {
      const seed = generateSeed({ bytes: () => noise });
      const now = new Date(second * 1000);
      const codes = Array.from({ length: 25 }, (_, index) => codeAt(seed, now, index - 12));
      // Two steps may share a code by chance; that is another matter.
      fc.pre(new Set(codes).size === codes.length);
      const step = Math.floor(second / 30);
      const lastUsed = used === undefined ? undefined : step + used;
      const work = () => findAcceptedStep(seed, codes[offset + 12] ?? '', now, lastUsed);
      if (Math.abs(offset) <= 1 && offset > (used ?? -Infinity)) {
        expect(work()).toBe(step + offset);
        return;
      }
      expect(work).toThrow(denied);
      if (Math.abs(offset) > 10) expect(work).toThrow(/wrong$/);
      else if (offset <= (used ?? -Infinity)) expect(work).toThrow('used already');
      else expect(work).toThrow(`${Math.abs(offset) * 30} seconds ${offset < 0 ? 'ago' : 'from now'}`);
      expect(work).not.toThrow(codes[offset + 12]);
    }),
    { numRuns: 300 },
  );
});

describe('a pair', () => {
  it.each([-1, 0])('of adjacent codes in order, the first %i steps away, counts as the later step', (first) => {
    expect(pair(at(first), at(first + 1))).toBe(STEP + first + 1);
  });

  it.each([
    ['in the wrong order', at(1), at(0), 'wrong order'],
    ['twice the same', at(0), at(0), 'the same'],
    ['not adjacent', at(-1), at(1), 'follow each other'],
    [
      'of which the first is nine steps away',
      at(-9),
      at(-8),
      'first MFA code is right for a moment about 270 seconds ago',
    ],
    ['of which the second is too far', at(1), at(2), 'second MFA code is right for a moment about 60 seconds from now'],
    ['of which the second is wrong', at(0), at(20), 'second MFA code is wrong'],
    ['of which both are wrong', at(20), at(21), 'first MFA code is wrong'],
  ])('%s is refused and explained', (_, first, second, why) => {
    expect(() => pair(first, second)).toThrow(denied);
    expect(() => pair(first, second)).toThrow(why);
  });

  it('is refused when the first or the second was used', () => {
    expect(() => pair(at(0), at(1), STEP)).toThrow('first MFA code was used already');
    expect(() => pair(at(-1), at(0), STEP)).toThrow('used already');
    expect(pair(at(0), at(1), STEP - 1)).toBe(STEP + 1);
  });
});

it('blanks and hyphens inside a code do not matter', () => {
  const spaced = (code: string) => ` ${code.slice(0, 3)} ${code.slice(3)}\t`;
  expect(findAcceptedStep(SEED, spaced(at(0)), NOW, undefined)).toBe(STEP);
  expect(pair(spaced(at(0)), at(1).replace(/(...)/, '$1-'))).toBe(STEP + 1);
});

it.each(['', ' ', '12345', '1234567', '12345a', '+12345', '1e5000', '１２３４５６', '12\u202e3456', '123456,'])(
  'the code %j is malformed',
  (code) => {
    expect(failureCode(() => parseCode(code))).toBe('InvalidParameter.AuthenticationCode.Format');
    expect(() => pair(code, at(1))).toThrow(failure('refused', 'InvalidParameter.AuthenticationCode.Format'));
    expect(() => pair(at(0), code)).toThrow(failure('refused', 'InvalidParameter.AuthenticationCode.Format'));
  },
);

it('the URI for authenticator apps names issuer, account and seed, and nothing is lost on the way', () => {
  const uri = new URL(buildOtpAuthUri('Alibaba Cloud', 'alice@acme.onaliyun.com', SEED));
  expect([uri.protocol, uri.host]).toEqual(['otpauth:', 'totp']);
  expect(decodeURIComponent(uri.pathname)).toBe('/Alibaba Cloud:alice@acme.onaliyun.com');
  expect(uri.searchParams.get('secret')).toBe(SEED);
  expect(uri.searchParams.get('issuer')).toBe('Alibaba Cloud');
});
