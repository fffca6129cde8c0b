import { Failure } from './failure.ts';
import { stripUnsafeCharacters } from './unsafe-characters.ts';

const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/** @throws Failure `refused` InvalidParameter.`parameter`.`rule` */
export function throwInvalid(parameter: string, rule: string, message: string): never {
  throw new Failure('refused', `InvalidParameter.${parameter}.${rule}`, message, { Field: parameter });
}

/** Returns the number of code points, so that an emoji counts as one character. */
export function countCodePoints(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

function assertLength(length: number, parameter: string, min: number, max: number): void {
  if (length >= min && length <= max) return;
  const characters = `${length} character${length === 1 ? '' : 's'}`;
  throwInvalid(parameter, 'Length', `${parameter} has ${characters}; allowed: ${min} to ${max}`);
}

/** Returns a check of names. The second parameter of the check is the request parameter that the error names. */
function nameCheck(defaultParameter: string, pattern: RegExp, allowed: string, max = 64) {
  return (name: string, parameter = defaultParameter): void => {
    assertLength(countCodePoints(name), parameter, 1, max);
    // The name is not repeated: it may be a password in the wrong place.
    if (!pattern.test(name)) throwInvalid(parameter, 'InvalidChars', `${parameter} may contain only ${allowed}`);
  };
}

/** RAM CreateUser and CreateGroup. */
const IDENTITY_NAME = /^[A-Za-z0-9._-]+$/;
const IDENTITY_CHARACTERS = 'letters, digits, . _ and -';
const assertValidUserNameCharacters = nameCheck('UserName', IDENTITY_NAME, IDENTITY_CHARACTERS);
export const assertValidGroupName = nameCheck('GroupName', IDENTITY_NAME, IDENTITY_CHARACTERS);

/** As `nameCheck`. Explains a logon name such as alice@acme.onaliyun.com that is given instead of a user name. */
export function assertValidUserName(name: string, parameter = 'UserName'): void {
  if (name.includes('@')) {
    const reason = 'the part after @ is the domain of the account, which is not part of the user name';
    throwInvalid(parameter, 'InvalidChars', `${parameter} must not contain @: ${reason}`);
  }
  assertValidUserNameCharacters(name, parameter);
}

/** RAM CreatePolicy. */
export const assertValidPolicyName = nameCheck('PolicyName', /^[A-Za-z0-9-]+$/, 'letters, digits and -', 128);
/** RAM CreateRole. */
export const assertValidRoleName = nameCheck('RoleName', /^[A-Za-z0-9.-]+$/, 'letters, digits, . and -');
/** RAM CreateVirtualMFADevice. */
export const assertValidDeviceName = nameCheck('VirtualMFADeviceName', /^[A-Za-z0-9.-]+$/, 'letters, digits, . and -');

/** @throws Failure InvalidParameter.AccountId.Format */
export function assertValidAccountId(accountId: string): void {
  assertFormat(accountId, 'AccountId', /^\d{16}$/, '1234567890123456 (16 digits)');
}

/** The services that can assume roles (RAM, "Policy elements", Principal). @throws Failure InvalidParameter.Service.Format */
export function assertValidService(service: string): void {
  assertFormat(service, 'Service', /^[\w.-]+\.aliyuncs\.com$/, 'ecs.aliyuncs.com');
}

/**
 * RAM SetAccountAlias: 3 to 32 of `a-z 0-9 -`, without a hyphen at either end or two hyphens in a row.
 * @throws Failure InvalidParameter.AccountAlias.Length, .Format
 */
export function assertValidAlias(alias: string): void {
  assertLength(alias.length, 'AccountAlias', 3, 32);
  assertFormat(alias, 'AccountAlias', /^[a-z0-9]+(-[a-z0-9]+)*$/, 'acme-cloud (a-z, 0-9 and single hyphens)');
}

/**
 * Checks free text such as DisplayName and Comments (RAM: 1 to 128 characters), which must be safe to print. Zero-width
 * joiners are allowed, because emoji and several scripts need them.
 */
export function assertValidText(text: string, parameter: string, max = 128): void {
  assertLength(countCodePoints(text), parameter, 1, max);
  if (stripUnsafeCharacters(text) !== text || LONE_SURROGATE.test(text)) {
    throwInvalid(parameter, 'InvalidChars', `${parameter} must not contain control or bidirectional characters`);
  }
}

function assertFormat(text: string, parameter: string, pattern: RegExp, example: string): void {
  if (!pattern.test(text)) throwInvalid(parameter, 'Format', `${parameter} must look like ${example}`);
}

export function assertValidEmail(address: string, parameter: string): void {
  const pattern = /^(?=.{1,254}$)[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/;
  assertFormat(address, parameter, pattern, 'alice@example.com');
}

/** RAM: country code, hyphen, number. A spreadsheet can turn a long number into one like 8.61E+12. */
export function assertValidMobilePhone(number: string, parameter: string): void {
  if (/^\d([.,]\d+)?E\+?\d+$/i.test(number)) {
    const message = `${parameter} is in the scientific notation of a spreadsheet, which loses digits`;
    throwInvalid(parameter, 'Format', `${message}; format the column as text and type 86-13800000000 again`);
  }
  assertFormat(number, parameter, /^[1-9]\d{0,3}-\d{4,15}$/, '86-13800000000');
}

/** Returns whether a text is a date as RAM writes it. */
export function isDate(text: string): boolean {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text) && !Number.isNaN(Date.parse(text));
}

/** @throws Failure InvalidParameter.`parameter`.Format */
export function assertValidDate(text: string, parameter: string): void {
  if (!isDate(text)) throwInvalid(parameter, 'Format', `${parameter} must be a date such as 2026-01-01T00:00:00Z`);
}
