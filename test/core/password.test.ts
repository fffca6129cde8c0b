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

it('a generated password has 20 allowed characters, all four classes, and a letter first', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 64, maxLength: 64 }), fc.integer({ min: 1 }), (bytes, step) => {
      let index = 0;
      const next = () => ((bytes[index % 64] ?? 0) + step * index++ + (index >> 8)) & 255;
      const password = generatePassword({ bytes: (count) => Uint8Array.from({ length: count }, next) }, policy);
      expect(password).toMatch(/^[A-Za-z][A-Za-z0-9!@%^*_]{19}$/);
      expect(countCharacterClasses(password)).toBe(4);
    }),
  );
});

it('a generated password is as long as the policy requires', () => {
  const { random } = new TestWorld();
  expect(generatePassword(random, { ...policy, MinimumPasswordLength: 32 })).toHaveLength(32);
});

it('the default policy accepts passwords of 8 to 32 characters that can be typed', () => {
  for (const valid of ['12345678', 'only lower', 'x'.repeat(32), '密码密码密码密码', '😀'.repeat(8)]) {
    expect([valid, failureCode(() => assertPasswordMeetsPolicy(valid, policy))]).toEqual([valid, 'fine']);
  }
  for (const invalid of [
    '',
    '1234567',
    '😀'.repeat(7),
    'x'.repeat(33),
    'with\ttabulator',
    'with\nlines',
    'lone\ud83dhalf',
  ]) {
    expect([invalid, failureCode(() => assertPasswordMeetsPolicy(invalid, policy))]).toEqual([
      invalid,
      'InvalidParameter.Password.TooWeak',
    ]);
  }
});

it.each([
  ['RequireLowercaseCharacters', 'UPPER-CASE-1'],
  ['RequireUppercaseCharacters', 'lower-case-1'],
  ['RequireNumbers', 'No-Digits-Here'],
  ['RequireSymbols', 'NoSymbols1'],
] as const)('%s rejects %s with an error that names the rule and not the password', (rule, password) => {
  const check = () => assertPasswordMeetsPolicy(password, { ...policy, [rule]: true });
  expect(check).toThrow(failure('refused', 'InvalidParameter.Password.TooWeak'));
  expect(check).toThrow(rule);
  expect(check).not.toThrow(password);
});

it('hashes are argon2id with the parameters of OWASP and a new salt each time', async () => {
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
])('a malformed or too expensive hash is reported as broken: %s', async (hash) => {
  await expect(verifyPassword(hash, 'x')).rejects.toThrow(failure('broken', 'PasswordHashBroken'));
  expect(isPasswordHash(hash)).toBe(false);
});

it('DUMMY_HASH is a valid hash that no password matches', async () => {
  expect(isPasswordHash(DUMMY_HASH)).toBe(true);
  for (const guess of ['', 'Correct-Horse-9']) expect(await verifyPassword(DUMMY_HASH, guess)).toBe(false);
});
