import { generateURI, ScureBase32Plugin, verifySync } from 'otplib';
import type { Entropy } from './entropy.ts';
import { Failure } from './failure.ts';

/** RFC 6238 as authenticator apps have it: SHA-1, six digits, steps of 30 seconds. */
const STEP = 30;
/** Accepted are the present step and so many on either side. */
const WINDOW = 1;
/** How far away a right code is still recognised, so that a wrong clock can be told from a wrong code. */
const SEARCHED = 10;
const SEED_BYTES = 40;

/** A new seed: 64 characters of Base32, as in RAM's examples. */
export function newSeed(entropy: Entropy): string {
  return new ScureBase32Plugin().encode(entropy.bytes(SEED_BYTES));
}

/** The step of a moment, counted from the epoch. */
function stepOf(moment: Date): number {
  return Math.floor(moment.getTime() / 1000 / STEP);
}

/**
 * The six digits of a code as a person may type it, blanks allowed.
 * @throws Failure `refused` InvalidParameter.AuthenticationCode.Format
 */
export function normaliseCode(code: string): string {
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
export function acceptedStep(
  seed: string,
  code: string,
  now: Date,
  lastUsed: number | undefined,
  name = 'the MFA code',
): number {
  const offset = offsetOf(seed, normaliseCode(code), now);
  if (offset === undefined) refuse(`${name} is wrong`, 'type the code that the app shows now');
  const step = stepOf(now) + offset;
  if (lastUsed !== undefined && step <= lastUsed) {
    refuse(`${name} was used already`, 'wait until the app shows the next one');
  }
  if (Math.abs(offset) > WINDOW) refuse(clockOff(name, offset), 'set the clock of the phone or of this machine');
  return step;
}

/**
 * The later step of two codes that follow each other, as binding a device asks for. @throws as `acceptedStep`
 */
export function acceptedPair(seed: string, codes: [string, string], now: Date, lastUsed: number | undefined): number {
  const first = acceptedStep(seed, codes[0], now, lastUsed, 'the first MFA code');
  const second = acceptedStep(seed, codes[1], now, lastUsed, 'the second MFA code');
  if (second === first + 1) return second;
  if (first === second) refuse('both MFA codes are the same', 'wait until the app shows the next code');
  if (first === second + 1) refuse('the MFA codes are in the wrong order', 'type the earlier code first');
  refuse('the MFA codes do not follow each other', 'type two codes in a row');
}

/** How far from the present step a code is right, the nearest match; undefined when it is right nowhere near. */
function offsetOf(seed: string, code: string, now: Date): number | undefined {
  for (let distance = 0; distance <= SEARCHED; distance += 1) {
    for (const offset of [-distance, distance]) {
      if (isRight(seed, code, stepOf(now) + offset)) return offset;
    }
  }
  return undefined;
}

function isRight(secret: string, token: string, step: number): boolean {
  return verifySync({ secret, token, epoch: step * STEP, period: STEP, epochTolerance: 0 }).valid;
}

/** What an authenticator app reads from a QR code (Key URI format). */
export function otpAuthUri(issuer: string, account: string, seed: string): string {
  return generateURI({ issuer, label: account, secret: seed });
}

function clockOff(name: string, offset: number): string {
  const when = `${Math.abs(offset) * STEP} seconds ${offset < 0 ? 'ago' : 'from now'}`;
  return `${name} is right for a moment about ${when}: a clock is off`;
}

function refuse(message: string, Hint: string): never {
  throw new Failure('denied', 'CheckAuthenticationCodeFail', message, { Field: 'AuthenticationCode', Hint });
}
