import { DIGITS, type Entropy, LOWERCASE, randomText, UPPERCASE } from './entropy.ts';
import { Failure } from './failure.ts';
import { codePoints } from './names.ts';
import type { PasswordPolicy } from './state.ts';

const SYMBOLS = '!@%^*_';
const GENERATED_LENGTH = 20;
/** The console's limit; the API names only the lower end (RAM SetPasswordPolicy: 8 to 32). */
const LONGEST = 32;

/** 20 characters from `A-Za-z0-9!@%^*_`, the first a letter, of every class at least one. */
export function generatePassword(entropy: Entropy): string {
  for (;;) {
    const password =
      randomText(entropy, UPPERCASE + LOWERCASE, 1) +
      randomText(entropy, UPPERCASE + LOWERCASE + DIGITS + SYMBOLS, GENERATED_LENGTH - 1);
    if (characterKinds(password) === 4) return password;
  }
}

/** How many of the four kinds occur: upper case, lower case, digits, anything else. */
export function characterKinds(password: string): number {
  return Object.values(KINDS).filter((kind) => kind.test(password)).length;
}

const KINDS = {
  RequireUppercaseCharacters: /\p{Lu}/u,
  RequireLowercaseCharacters: /\p{Ll}/u,
  RequireNumbers: /\p{Nd}/u,
  RequireSymbols: /[^\p{Lu}\p{Ll}\p{Nd}]/u,
};

const KIND_WORDS = {
  RequireUppercaseCharacters: 'an upper-case letter',
  RequireLowercaseCharacters: 'a lower-case letter',
  RequireNumbers: 'a digit',
  RequireSymbols: 'a symbol',
};

/**
 * Holds a password against the account's password policy.
 * @throws Failure `InvalidParameter.Password.TooWeak` naming the rule that failed, never the password.
 */
export function checkPassword(password: string, policy: PasswordPolicy): void {
  const length = codePoints(password);
  if (length < policy.MinimumPasswordLength) {
    refuse(`MinimumPasswordLength: at least ${policy.MinimumPasswordLength} characters are needed`);
  }
  if (length > LONGEST) refuse(`the console takes at most ${LONGEST} characters`);
  if (/[\p{Cc}\p{Cs}]/u.test(password)) refuse('control characters cannot be typed into a logon page');
  for (const rule of Object.keys(KINDS) as (keyof typeof KINDS)[]) {
    if (policy[rule] && !KINDS[rule].test(password)) refuse(`${rule}: ${KIND_WORDS[rule]} is needed`);
  }
}

function refuse(rule: string): never {
  throw new Failure('refused', 'InvalidParameter.Password.TooWeak', `the password is too weak (${rule})`, {
    Field: 'Password',
  });
}

/** argon2id as OWASP's Password Storage Cheat Sheet sets it (19 MiB, two passes, one lane), on the thread pool. */
export async function hashPassword(password: string): Promise<string> {
  const { hash } = await import('@node-rs/argon2');
  return hash(password, { memoryCost: 19456, timeCost: 2, parallelism: 1 });
}
