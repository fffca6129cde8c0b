export interface RandomSource {
  /** Returns `count` unpredictable bytes, uniform and independent. */
  bytes(count: number): Uint8Array;
}

export const DIGITS = '0123456789';
export const LOWERCASE = 'abcdefghijklmnopqrstuvwxyz';
export const UPPERCASE = LOWERCASE.toUpperCase();
export const ALPHANUMERIC = UPPERCASE + LOWERCASE + DIGITS;

/**
 * Returns `length` characters, each drawn uniformly from `alphabet` (at most 256 characters). Bytes at or above the
 * largest multiple of the alphabet's length are dropped, because a modulo would favour the first characters.
 */
export function generateRandomText(random: RandomSource, alphabet: string, length: number): string {
  const limit = 256 - (256 % alphabet.length);
  let text = '';
  while (text.length < length) {
    for (const byte of random.bytes(length - text.length)) {
      if (byte < limit) text += alphabet[byte % alphabet.length];
    }
  }
  return text;
}
