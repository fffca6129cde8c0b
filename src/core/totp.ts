import { ScureBase32Plugin, verifySync } from 'otplib';
import { Failure } from './failure.ts';
import type { RandomSource } from './random.ts';
import { throwInvalid } from './validation.ts';

/** RFC 6238 with the parameters of authenticator apps: SHA-1, six digits, steps of 30 seconds. */
const STEP_SECONDS = 30;
/** How many steps before and after the present one are accepted. */
const WINDOW_STEPS = 1;
/** How many steps away a code is still recognized, to tell a wrong clock from a wrong code. */
const SEARCH_STEPS = 10;
/**
 * Distances from the present step, the nearest first: when two steps have the same code, the nearer one counts. A
 * single search by otplib would start at the earliest step.
 */
const SEARCH_OFFSETS = Array.from({ length: SEARCH_STEPS + 1 }, (_, distance) => [-distance, distance]).flat();
/** The length that RFC 4226 section 4 recommends. */
const SEED_BYTES = 20;

/** Returns 32 characters of Base32. */
export function generateSeed(random: RandomSource): string {
  return new ScureBase32Plugin().encode(random.bytes(SEED_BYTES));
}

/**
 * Returns the six digits of a typed code, without spaces and hyphens.
 * @throws Failure `refused` InvalidParameter.AuthenticationCode.Format
 */
export function parseCode(code: string): string {
  const digits = code.replace(/[\s-]/g, '');
  if (/^\d{6}$/.test(digits)) return digits;
  throwInvalid('AuthenticationCode', 'Format', 'an MFA code has six digits');
}

/**
 * Returns the time step that a code is accepted for: the present step or a neighbour, but none up to `lastUsed`.
 * `name` names the code in messages.
 * @throws Failure `denied` CheckAuthenticationCodeFail with the reason: used code, wrong clock or wrong code;
 * `refused` InvalidParameter.AuthenticationCode.Format
 */
export function findAcceptedStep(seed: string, code: string, now: Date, lastUsed?: number, name = 'the MFA code') {
  const token = parseCode(code);
  const presentStep = Math.floor(now.getTime() / 1000 / STEP_SECONDS);
  const offset = SEARCH_OFFSETS.find((steps) => {
    const epoch = (presentStep + steps) * STEP_SECONDS;
    return verifySync({ secret: seed, token, epoch, period: STEP_SECONDS, epochTolerance: 0 }).valid;
  });
  if (offset === undefined) throwCodeRejected(`${name} is wrong`, 'type the code that the app shows now');
  const step = presentStep + offset;
  if (lastUsed !== undefined && step <= lastUsed) {
    throwCodeRejected(`${name} was used already`, 'wait until the app shows the next one');
  }
  if (Math.abs(offset) > WINDOW_STEPS) {
    const skew = `${Math.abs(offset) * STEP_SECONDS} seconds ${offset < 0 ? 'ago' : 'from now'}`;
    const message = `${name} belongs to a time about ${skew}: a clock is wrong`;
    throwCodeRejected(message, 'set the clock of the phone or of this machine');
  }
  return step;
}

/** Returns the later time step of two consecutive codes. @throws as `findAcceptedStep` */
export function findAcceptedPairStep(seed: string, codes: [string, string], now: Date, lastUsed?: number): number {
  return findSecondStep(seed, codes[1], now, findFirstStep(seed, codes[0], now, lastUsed), lastUsed);
}

/**
 * Returns the time step of a code of a new device, checked when it is entered: the first code or, with the time step of
 * the first code, the second one. @throws as `findAcceptedStep`
 */
export function findNewDeviceStep(seed: string, code: string, now: Date, firstStep?: number): number {
  return firstStep === undefined ? findFirstStep(seed, code, now) : findSecondStep(seed, code, now, firstStep);
}

function findFirstStep(seed: string, code: string, now: Date, lastUsed?: number): number {
  return findAcceptedStep(seed, code, now, lastUsed, 'the first MFA code');
}

/** Returns the time step of a code if it follows the step `first`. */
function findSecondStep(seed: string, code: string, now: Date, first: number, lastUsed?: number): number {
  const second = findAcceptedStep(seed, code, now, lastUsed, 'the second MFA code');
  if (second === first + 1) return second;
  if (first === second) throwCodeRejected('both MFA codes are the same', 'wait until the app shows the next code');
  if (first === second + 1) throwCodeRejected('the MFA codes are in the wrong order', 'type the earlier code first');
  throwCodeRejected('the MFA codes do not follow each other', 'type two codes in a row');
}

/** The issuer that an authenticator app shows for an account. It is short, because it makes the QR code larger. */
export const ISSUER = 'Aliyun';

/**
 * Returns the URI that an authenticator app reads from a QR code (Key URI format). Algorithm, digits and period are left
 * out, because they have their default values.
 */
export function buildOtpAuthUri(account: string, seed: string): string {
  // A path may contain @ (RFC 3986, section 3.3).
  const label = `${ISSUER}:${encodeURIComponent(account).replaceAll('%40', '@')}`;
  return `otpauth://totp/${label}?secret=${seed}&issuer=${ISSUER}`;
}

function throwCodeRejected(message: string, Hint: string): never {
  throw new Failure('denied', 'CheckAuthenticationCodeFail', message, { Field: 'AuthenticationCode', Hint });
}
