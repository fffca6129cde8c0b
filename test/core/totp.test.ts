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
const acceptPair = (first: string, second: string, lastUsed?: number) =>
  findAcceptedPairStep(SEED, [first, second], NOW, lastUsed);

it('a seed has 32 characters of Base32 (160 bits, RFC 4226 section 4) and differs each time', () => {
  const random = createTestRandom();
  const [first, second] = [generateSeed(random), generateSeed(random)];
  for (const seed of [first, second]) expect(seed).toMatch(/^[A-Z2-7]{32}$/);
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
])('accepts the code of RFC 6238 for second %i: %s', (second, code) => {
  const seed = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
  expect(findAcceptedStep(seed, code, new Date(second * 1000), undefined)).toBe(Math.floor(second / 30));
});

it('accepts the present step and its neighbours if unused, and explains codes up to ten steps away', () => {
  const input = fc.record({
    bytes: fc.uint8Array({ minLength: 20, maxLength: 20 }),
    second: fc.integer({ min: 1_600_000_000, max: 4_000_000_000 }),
    offset: fc.integer({ min: -12, max: 12 }),
    used: fc.option(fc.integer({ min: -12, max: 12 }), { nil: undefined }),
  });
  fc.assert(
    fc.property(input, ({ bytes, second, offset, used }) => {
      const seed = generateSeed({ bytes: () => bytes });
      const now = new Date(second * 1000);
      const codes = Array.from({ length: 25 }, (_, index) => codeAt(seed, now, index - 12));
      // Skips inputs where two steps have the same code by chance.
      fc.pre(new Set(codes).size === codes.length);
      const step = Math.floor(second / 30);
      const lastUsed = used === undefined ? undefined : step + used;
      const accept = () => findAcceptedStep(seed, codes[offset + 12] ?? '', now, lastUsed);
      if (Math.abs(offset) <= 1 && offset > (used ?? -Infinity)) {
        expect(accept()).toBe(step + offset);
        return;
      }
      expect(accept).toThrow(denied);
      if (Math.abs(offset) > 10) expect(accept).toThrow(/wrong$/);
      else if (offset <= (used ?? -Infinity)) expect(accept).toThrow('used already');
      else expect(accept).toThrow(`${Math.abs(offset) * 30} seconds ${offset < 0 ? 'ago' : 'from now'}`);
      expect(accept).not.toThrow(codes[offset + 12]);
    }),
    { numRuns: 100 },
  );
});

describe('a pair of codes', () => {
  it.each([-1, 0])('in order, with the first code %i steps away, is accepted as the later step', (first) => {
    expect(acceptPair(at(first), at(first + 1))).toBe(STEP + first + 1);
  });

  it.each([
    ['in the wrong order', at(1), at(0), 'wrong order'],
    ['of the same code twice', at(0), at(0), 'the same'],
    ['of codes that are not adjacent', at(-1), at(1), 'follow each other'],
    ['whose first code is nine steps away', at(-9), at(-8), 'first MFA code belongs to a time about 270 seconds ago'],
    ['whose second code is too far away', at(1), at(2), 'second MFA code belongs to a time about 60 seconds from now'],
    ['whose second code is wrong', at(0), at(20), 'second MFA code is wrong'],
    ['whose codes are both wrong', at(20), at(21), 'first MFA code is wrong'],
  ])('%s is rejected with an explanation', (_, first, second, message) => {
    expect(() => acceptPair(first, second)).toThrow(denied);
    expect(() => acceptPair(first, second)).toThrow(message);
  });

  it('is rejected when one of its codes was used', () => {
    expect(() => acceptPair(at(0), at(1), STEP)).toThrow('first MFA code was used already');
    expect(() => acceptPair(at(-1), at(0), STEP)).toThrow('used already');
    expect(acceptPair(at(0), at(1), STEP - 1)).toBe(STEP + 1);
  });
});

it('spaces and hyphens in a code are ignored', () => {
  const spaced = (code: string) => ` ${code.slice(0, 3)} ${code.slice(3)}\t`;
  expect(findAcceptedStep(SEED, spaced(at(0)), NOW, undefined)).toBe(STEP);
  expect(acceptPair(spaced(at(0)), at(1).replace(/(...)/, '$1-'))).toBe(STEP + 1);
});

it.each(['', ' ', '12345', '1234567', '12345a', '+12345', '1e5000', '１２３４５６', '12\u202e3456', '123456,'])(
  'the code %j is rejected as malformed',
  (code) => {
    expect(failureCode(() => parseCode(code))).toBe('InvalidParameter.AuthenticationCode.Format');
    expect(() => acceptPair(code, at(1))).toThrow(failure('refused', 'InvalidParameter.AuthenticationCode.Format'));
    expect(() => acceptPair(at(0), code)).toThrow(failure('refused', 'InvalidParameter.AuthenticationCode.Format'));
  },
);

it('the URI for authenticator apps contains issuer, account and seed', () => {
  const uri = new URL(buildOtpAuthUri('alice@acme', SEED));
  expect([uri.protocol, uri.host]).toEqual(['otpauth:', 'totp']);
  expect(decodeURIComponent(uri.pathname)).toBe('/Aliyun:alice@acme');
  expect(uri.searchParams.get('secret')).toBe(SEED);
  expect(uri.searchParams.get('issuer')).toBe('Aliyun');
  expect(uri.href).not.toMatch(/algorithm|digits|period/);
});
