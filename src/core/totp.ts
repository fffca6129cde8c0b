import { generateURI, ScureBase32Plugin, verifySync } from 'otplib';
import { Failure } from './failure.ts';
import type { RandomSource } from './random.ts';

/** RFC 6238 as authenticator apps have it: SHA-1, six digits, steps of 30 seconds. */
const STEP_SECONDS = 30;
/** Accepted are the present step and so many on either side. */
const WINDOW_STEPS = 1;
/** How far away a right code is still recognised, so that a wrong clock can be told from a wrong code. */
const SEARCH_STEPS = 10;
const SEED_BYTES = 40;

/** A new seed: 64 characters of Base32, as in RAM's examples. */
export function generateSeed(random: RandomSource): string {
  return new ScureBase32Plugin().encode(random.bytes(SEED_BYTES));
}

/** The step of a moment, counted from the epoch. */
function timeStepOf(moment: Date): number {
  return Math.floor(moment.getTime() / 1000 / STEP_SECONDS);
}

/**
 * The six digits of a code as a person may type it, blanks allowed.
 * @throws Failure `refused` InvalidParameter.AuthenticationCode.Format
 */
export function parseCode(code: string): string {
  const digits = code.replace(/[\s-]/g, '');
  if (/^\d{6}$/.test(digits)) return digits;
  throw new Failure('refused', 'InvalidParameter.AuthenticationCode.Format', 'an MFA code has six digits', {
    Field: 'AuthenticationCode',
  });
}

/**
 * The step that a code is accepted for: the present one or one on either side, and never one at or before `lastUsed`.
 * @throws Failure `denied` CheckAuthenticationCodeFail, saying why: used, clock off, or plainly wrong;
 * `refused` InvalidParameter.AuthenticationCode.Format
 */
export function findAcceptedStep(
  seed: string,
  code: string,
  now: Date,
  lastUsed: number | undefined,
  name = 'the MFA code',
): number {
  const offset = findStepOffset(seed, parseCode(code), now);
  if (offset === undefined) throwCodeRejected(`${name} is wrong`, 'type the code that the app shows now');
  const step = timeStepOf(now) + offset;
  if (lastUsed !== undefined && step <= lastUsed) {
    throwCodeRejected(`${name} was used already`, 'wait until the app shows the next one');
  }
  if (Math.abs(offset) > WINDOW_STEPS)
    throwCodeRejected(clockSkewMessage(name, offset), 'set the clock of the phone or of this machine');
  return step;
}

/**
 * The later step of two codes that follow each other, as binding a device asks for. @throws as `acceptedStep`
 */
export function findAcceptedPairStep(
  seed: string,
  codes: [string, string],
  now: Date,
  lastUsed: number | undefined,
): number {
  const first = findAcceptedStep(seed, codes[0], now, lastUsed, 'the first MFA code');
  const second = findAcceptedStep(seed, codes[1], now, lastUsed, 'the second MFA code');
  if (second === first + 1) return second;
  if (first === second) throwCodeRejected('both MFA codes are the same', 'wait until the app shows the next code');
  if (first === second + 1) throwCodeRejected('the MFA codes are in the wrong order', 'type the earlier code first');
  throwCodeRejected('the MFA codes do not follow each other', 'type two codes in a row');
}

/** How far from the present step a code is right, the nearest match; undefined when it is right nowhere near. */
function findStepOffset(seed: string, code: string, now: Date): number | undefined {
  for (let distance = 0; distance <= SEARCH_STEPS; distance += 1) {
    for (const offset of [-distance, distance]) {
      if (isCodeValid(seed, code, timeStepOf(now) + offset)) return offset;
    }
  }
  return undefined;
}

function isCodeValid(secret: string, token: string, step: number): boolean {
  return verifySync({ secret, token, epoch: step * STEP_SECONDS, period: STEP_SECONDS, epochTolerance: 0 }).valid;
}

/** What an authenticator app reads from a QR code (Key URI format). */
export function buildOtpAuthUri(issuer: string, account: string, seed: string): string {
  return generateURI({ issuer, label: account, secret: seed });
}

function clockSkewMessage(name: string, offset: number): string {
  const when = `${Math.abs(offset) * STEP_SECONDS} seconds ${offset < 0 ? 'ago' : 'from now'}`;
  return `${name} is right for a moment about ${when}: a clock is off`;
}

function throwCodeRejected(message: string, Hint: string): never {
  throw new Failure('denied', 'CheckAuthenticationCodeFail', message, { Field: 'AuthenticationCode', Hint });
}
