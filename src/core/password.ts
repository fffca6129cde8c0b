import { Failure } from './failure.ts';
import { DIGITS, generateRandomText, LOWERCASE, type RandomSource, UPPERCASE } from './random.ts';
import type { PasswordPolicy } from './state.ts';
import { countCodePoints } from './validation.ts';

const SYMBOLS = '!@%^*_';
const GENERATED_LENGTH = 20;
/** The console's limit; the API names only the lower end (RAM SetPasswordPolicy: 8 to 32). */
const MAX_PASSWORD_LENGTH = 32;

/** 20 characters from `A-Za-z0-9!@%^*_`, or as many as the policy asks for, the first a letter, of every class one. */
export function generatePassword(random: RandomSource, policy: PasswordPolicy): string {
  const length = Math.max(GENERATED_LENGTH, policy.MinimumPasswordLength);
  for (;;) {
    const password =
      generateRandomText(random, UPPERCASE + LOWERCASE, 1) +
      generateRandomText(random, UPPERCASE + LOWERCASE + DIGITS + SYMBOLS, length - 1);
    if (countCharacterClasses(password) === 4) return password;
  }
}

/** How many of the four kinds occur: upper case, lower case, digits, anything else. */
export function countCharacterClasses(password: string): number {
  return Object.values(CHARACTER_CLASSES).filter((kind) => kind.test(password)).length;
}

const CHARACTER_CLASSES = {
  RequireUppercaseCharacters: /\p{Lu}/u,
  RequireLowercaseCharacters: /\p{Ll}/u,
  RequireNumbers: /\p{Nd}/u,
  RequireSymbols: /[^\p{Lu}\p{Ll}\p{Nd}]/u,
};

const CHARACTER_CLASS_LABELS = {
  RequireUppercaseCharacters: 'an upper-case letter',
  RequireLowercaseCharacters: 'a lower-case letter',
  RequireNumbers: 'a digit',
  RequireSymbols: 'a symbol',
};

/**
 * Holds a password against the account's password policy. `parameter` is what the error names (`Password`,
 * `NewPassword`). @throws Failure `InvalidParameter.*.TooWeak` naming the rule that failed, never the password.
 */
export function assertPasswordMeetsPolicy(password: string, policy: PasswordPolicy, parameter = 'Password'): void {
  const refuse = (rule: string): never => {
    const message = `the password is too weak (${rule})`;
    throw new Failure('refused', `InvalidParameter.${parameter}.TooWeak`, message, { Field: parameter });
  };
  const length = countCodePoints(password);
  if (length < policy.MinimumPasswordLength) {
    refuse(`MinimumPasswordLength: at least ${policy.MinimumPasswordLength} characters are needed`);
  }
  if (length > MAX_PASSWORD_LENGTH) refuse(`the console takes at most ${MAX_PASSWORD_LENGTH} characters`);
  if (/[\p{Cc}\p{Cs}]/u.test(password)) refuse('control characters cannot be typed into a logon page');
  for (const rule of Object.keys(CHARACTER_CLASSES) as (keyof typeof CHARACTER_CLASSES)[]) {
    if (policy[rule] && !CHARACTER_CLASSES[rule].test(password))
      refuse(`${rule}: ${CHARACTER_CLASS_LABELS[rule]} is needed`);
  }
}

/** Loaded by whoever has something to hash. */
const loadArgon2 = () => import('@node-rs/argon2');

/** argon2id as OWASP's Password Storage Cheat Sheet sets it (19 MiB, two passes, one lane), on the thread pool. */
export async function hashPassword(password: string): Promise<string> {
  const { hash } = await loadArgon2();
  return hash(password, { memoryCost: 19456, timeCost: 2, parallelism: 1 });
}

/** What the password of nobody is held against, so that it takes as long as that of somebody. Nothing fits it. */
export const DUMMY_HASH =
  '$argon2id$v=19$m=19456,t=2,p=1$CT3iuA9Ujy8XBHv4IMrvLA$fny6OO31/KfIe7vaRUqKIMDsx3dOyWo1nExeYYDXDJg';

/** In the PHC format, 16 bytes of salt and 32 of hash, with no more memory and passes than a machine has time for. */
const PASSWORD_HASH_PATTERN =
  /^\$argon2id\$v=19\$m=[1-9]\d{1,4},t=[1-9],p=[1-9]\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/;

export function isPasswordHash(text: string): boolean {
  return PASSWORD_HASH_PATTERN.test(text);
}

/** Whether a password is the one that was hashed, on the thread pool. @throws Failure `broken` PasswordHashBroken */
export async function verifyPassword(hash: string, password: string): Promise<boolean> {
  if (!isPasswordHash(hash)) {
    throw new Failure('broken', 'PasswordHashBroken', 'the hash of a password is damaged', {
      Hint: 'ramctl directory check',
    });
  }
  const { verify } = await loadArgon2();
  return verify(hash, password);
}
