import { stripControlCharacters } from './control-characters.ts';
import { Failure } from './failure.ts';

const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/** Characters as a person counts them in a limit: code points, so that an emoji is one. */
export function countCodePoints(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

function throwInvalidLength(parameter: string, shortest: number, longest: number): never {
  throw new Failure(
    'refused',
    `InvalidParameter.${parameter}.Length`,
    `${parameter} must have ${shortest} to ${longest} characters`,
    { Field: parameter },
  );
}

function assertValidName(value: string, parameter: string, allowed: RegExp, words: string, longest: number): void {
  const length = countCodePoints(value);
  if (length < 1 || length > longest) throwInvalidLength(parameter, 1, longest);
  if (!allowed.test(value)) {
    throw new Failure('refused', `InvalidParameter.${parameter}.InvalidChars`, `${parameter} may hold ${words} only`, {
      Field: parameter,
    });
  }
}

/**
 * RAM CreateUser: 1 to 64 of `A-Z a-z 0-9 . - _`; not beginning with a hyphen, which every shell would take for a flag.
 * `parameter` is the request parameter that the error names (`UserName`, `NewUserName`).
 */
export function assertValidUserName(value: string, parameter = 'UserName'): void {
  assertValidName(value, parameter, /^[A-Za-z0-9._][A-Za-z0-9._-]*$/, 'letters, digits and . _ - (not first)', 64);
}

/** RAM CreateGroup: 1 to 64 of `A-Z a-z 0-9 . - _`; the first as in a user name. */
export function assertValidGroupName(value: string, parameter = 'GroupName'): void {
  assertValidName(value, parameter, /^[A-Za-z0-9._][A-Za-z0-9._-]*$/, 'letters, digits and . _ - (not first)', 64);
}

/**
 * RAM SetAccountAlias: 3 to 32 of `a-z 0-9 -`, no hyphen at the ends nor two together.
 * @throws Failure InvalidParameter.AccountAlias.Length, .Format
 */
export function assertValidAlias(value: string): void {
  if (value.length < 3 || value.length > 32) throwInvalidLength('AccountAlias', 3, 32);
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(value))
    throwInvalidFormat('AccountAlias', 'acme-cloud (a-z, 0-9 and single hyphens)');
}

/** RAM CreatePolicy: 1 to 128 of `A-Z a-z 0-9 -`. */
export function assertValidPolicyName(value: string): void {
  assertValidName(value, 'PolicyName', /^[A-Za-z0-9-]+$/, 'letters, digits and -', 128);
}

/** RAM CreateVirtualMFADevice: 1 to 64 of `A-Z a-z 0-9 . -`. */
export function assertValidDeviceName(value: string): void {
  assertValidName(value, 'VirtualMFADeviceName', /^[A-Za-z0-9.-]+$/, 'letters, digits and . -', 64);
}

/**
 * Free text such as DisplayName and Comments (RAM: 1 to 128 characters), safe to print on a terminal. Zero-width joiners
 * are allowed: emoji and several scripts need them.
 */
export function assertValidText(value: string, parameter: string, longest = 128): void {
  const length = countCodePoints(value);
  if (length < 1 || length > longest) throwInvalidLength(parameter, 1, longest);
  if (stripControlCharacters(value) !== value || LONE_SURROGATE.test(value)) {
    throw new Failure(
      'refused',
      `InvalidParameter.${parameter}.InvalidChars`,
      `${parameter} must not hold control or bidirectional characters`,
      { Field: parameter },
    );
  }
}

function throwInvalidFormat(parameter: string, example: string): never {
  throw new Failure('refused', `InvalidParameter.${parameter}.Format`, `${parameter} must look like ${example}`, {
    Field: parameter,
  });
}

/** RAM: a mail address. */
export function assertValidEmail(value: string, parameter: string): void {
  if (value.length > 254 || !/^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/.test(value)) {
    throwInvalidFormat(parameter, 'alice@example.com');
  }
}

/** RAM: country code, hyphen, number. */
export function assertValidMobilePhone(value: string, parameter: string): void {
  if (!/^[1-9]\d{0,3}-\d{4,15}$/.test(value)) throwInvalidFormat(parameter, '86-13800000000');
}
