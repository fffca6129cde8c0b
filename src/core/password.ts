import { Failure } from './failure.ts';
import { DIGITS, generateRandomText, LOWERCASE, type RandomSource, UPPERCASE } from './random.ts';
import type { PasswordPolicy } from './state.ts';
import { countCodePoints, throwInvalid } from './validation.ts';

const SYMBOLS = '!@%^*_';
const GENERATED_LENGTH = 20;
/** The console's maximum. The API defines only the range of the minimum (RAM SetPasswordPolicy: 8 to 32). */
const MAX_PASSWORD_LENGTH = 32;

/**
 * Each rule of the password policy about characters, with its check and its name in messages. The patterns are in
 * functions, because creating them takes 0.3 ms and most commands check no password.
 */
const CHARACTER_RULES = [
  ['RequireUppercaseCharacters', (text: string) => /\p{Lu}/u.test(text), 'an upper-case letter'],
  ['RequireLowercaseCharacters', (text: string) => /\p{Ll}/u.test(text), 'a lower-case letter'],
  ['RequireNumbers', (text: string) => /\p{Nd}/u.test(text), 'a digit'],
  ['RequireSymbols', (text: string) => /[^\p{Lu}\p{Ll}\p{Nd}]/u.test(text), 'a symbol'],
] as const;

/** Returns how many of the four classes occur: upper case, lower case, digits, anything else. */
export function countCharacterClasses(password: string): number {
  return CHARACTER_RULES.filter(([, occursIn]) => occursIn(password)).length;
}

/**
 * Returns 20 characters from `A-Za-z0-9!@%^*_`, or more if the policy requires it. The password starts with a letter
 * and contains all four classes.
 */
export function generatePassword(random: RandomSource, policy: PasswordPolicy): string {
  const length = Math.max(GENERATED_LENGTH, policy.MinimumPasswordLength);
  const first = generateRandomText(random, UPPERCASE + LOWERCASE, 1);
  const password = first + generateRandomText(random, UPPERCASE + LOWERCASE + DIGITS + SYMBOLS, length - 1);
  return countCharacterClasses(password) === CHARACTER_RULES.length ? password : generatePassword(random, policy);
}

/**
 * Checks a password against the account's password policy. `parameter` is the parameter that the error names.
 * @throws Failure `InvalidParameter.*.TooWeak`, which names the violated rule and never the password
 */
export function assertPasswordMeetsPolicy(password: string, policy: PasswordPolicy, parameter = 'Password'): void {
  const reject = (rule: string): never => throwInvalid(parameter, 'TooWeak', `the password is too weak (${rule})`);
  const length = countCodePoints(password);
  const min = policy.MinimumPasswordLength;
  if (length < min) reject(`MinimumPasswordLength: at least ${min} characters are required`);
  if (length > MAX_PASSWORD_LENGTH) reject(`the console accepts at most ${MAX_PASSWORD_LENGTH} characters`);
  if (/[\p{Cc}\p{Cs}]/u.test(password)) reject('control characters cannot be typed into a logon page');
  for (const [rule, occursIn, label] of CHARACTER_RULES) {
    if (policy[rule] && !occursIn(password)) reject(`${rule}: ${label} is required`);
  }
}

const loadArgon2 = () => import('@node-rs/argon2');

/** 19 MiB and two passes, from OWASP's Password Storage Cheat Sheet. See docs/decisions/argon2.md. */
const DEFAULT_HASH_COST = { memoryCost: 19456, timeCost: 2 };

/** The cost of an argon2id hash: memory in KiB, and passes. */
export type HashCost = typeof DEFAULT_HASH_COST;

/** Returns an argon2id hash with one lane, computed on the thread pool. */
export async function hashPassword(password: string, cost = DEFAULT_HASH_COST): Promise<string> {
  const { hash } = await loadArgon2();
  return hash(password, { ...cost, parallelism: 1 });
}

/** A hash that no password has. Verifying it makes a logon of an unknown user take as long as any other logon. */
export const DUMMY_HASH =
  '$argon2id$v=19$m=19456,t=2,p=1$CT3iuA9Ujy8XBHv4IMrvLA$fny6OO31/KfIe7vaRUqKIMDsx3dOyWo1nExeYYDXDJg';

/** Checks for the PHC format with 16 bytes of salt, 32 bytes of hash, and limited memory and passes. */
export function isPasswordHash(text: string): boolean {
  return /^\$argon2id\$v=19\$m=[1-9]\d{1,4},t=[1-9],p=[1-9]\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/.test(text);
}

/**
 * Returns whether a hash belongs to a password, computed on the thread pool.
 * @throws Failure `broken` PasswordHashBroken
 */
export async function verifyPassword(hash: string, password: string): Promise<boolean> {
  if (!isPasswordHash(hash)) {
    const Hint = 'ramctl directory check';
    throw new Failure('broken', 'PasswordHashBroken', 'a stored password hash is damaged', { Hint });
  }
  const { verify } = await loadArgon2();
  return verify(hash, password);
}
