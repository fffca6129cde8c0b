import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  assertPasswordMeetsPolicy,
  countCharacterClasses,
  DUMMY_HASH,
  generatePassword,
  hashPassword,
  isPasswordHash,
  verifyPassword,
} from '../../src/core/password.ts';
import { failure, failureCode } from '../support/failures.ts';
import { TestWorld } from '../support/test-world.ts';

const policy = (await new TestWorld().state()).Account.PasswordPolicy;

it('a generated password has 20 known characters of every class, a letter first', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 64, maxLength: 64 }), fc.integer({ min: 1 }), (noise, step) => {
      let at = 0;
      const next = () => ((noise[at % 64] ?? 0) + step * at++ + (at >> 8)) & 255;
      const password = generatePassword({ bytes: (count) => Uint8Array.from({ length: count }, next) }, policy);
      expect(password).toMatch(/^[A-Za-z][A-Za-z0-9!@%^*_]{19}$/);
      expect(countCharacterClasses(password)).toBe(4);
    }),
  );
});

it('a generated password is as long as the policy asks for', () => {
  const { random } = new TestWorld();
  expect(generatePassword(random, { ...policy, MinimumPasswordLength: 32 })).toHaveLength(32);
});

it('at first, passwords have 8 to 32 characters that can be typed', () => {
  for (const good of ['12345678', 'only lower', 'x'.repeat(32), '密码密码密码密码', '😀'.repeat(8)]) {
    expect([good, failureCode(() => assertPasswordMeetsPolicy(good, policy))]).toEqual([good, 'fine']);
  }
  for (const bad of [
    '',
    '1234567',
    '😀'.repeat(7),
    'x'.repeat(33),
    'with\ttabulator',
    'with\nlines',
    'lone\ud83dhalf',
  ]) {
    expect([bad, failureCode(() => assertPasswordMeetsPolicy(bad, policy))]).toEqual([
      bad,
      'InvalidParameter.Password.TooWeak',
    ]);
  }
});

it.each([
  ['RequireLowercaseCharacters', 'UPPER-CASE-1'],
  ['RequireUppercaseCharacters', 'lower-case-1'],
  ['RequireNumbers', 'No-Digits-Here'],
  ['RequireSymbols', 'NoSymbols1'],
] as const)('%s refuses %s, naming the rule and not the password', (rule, password) => {
  const check = () => assertPasswordMeetsPolicy(password, { ...policy, [rule]: true });
  expect(check).toThrow(failure('refused', 'InvalidParameter.Password.TooWeak'));
  expect(check).toThrow(rule);
  expect(check).not.toThrow(password);
});

it('hashes are argon2id at OWASP parameters, different each time', async () => {
  const [first, second] = await Promise.all([hashPassword('Correct-Horse-9'), hashPassword('Correct-Horse-9')]);
  expect(first).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(first).not.toBe(second);
});

it.each([
  '',
  'Correct-Horse-9',
  DUMMY_HASH.replace('argon2id', 'argon2i'),
  DUMMY_HASH.replace('m=19456', 'm=4294967295'),
  DUMMY_HASH.replace('t=2', 't=4294967295'),
  DUMMY_HASH.slice(0, -40),
])('a hash that is none, or would keep the machine busy, is broken: %s', async (hash) => {
  await expect(verifyPassword(hash, 'x')).rejects.toThrow(failure('broken', 'PasswordHashBroken'));
  expect(isPasswordHash(hash)).toBe(false);
});

it('the password of nobody is nothing that can be typed, and a hash like any', async () => {
  expect(isPasswordHash(DUMMY_HASH)).toBe(true);
  for (const guess of ['', 'Correct-Horse-9']) expect(await verifyPassword(DUMMY_HASH, guess)).toBe(false);
});
