/** Where the rules get unpredictable bytes from. */
export interface RandomSource {
  /** `count` bytes, uniform and independent. */
  bytes(count: number): Uint8Array;
}

export const DIGITS = '0123456789';
export const LOWERCASE = 'abcdefghijklmnopqrstuvwxyz';
export const UPPERCASE = LOWERCASE.toUpperCase();
export const ALPHANUMERIC = UPPERCASE + LOWERCASE + DIGITS;

/**
 * `length` characters, each drawn uniformly from `alphabet` (at most 256 characters). Bytes in the last, incomplete
 * run of the alphabet are thrown away, because folding them back would favour its first characters.
 */
export function generateRandomText(random: RandomSource, alphabet: string, length: number): string {
  const fair = 256 - (256 % alphabet.length);
  let text = '';
  while (text.length < length) {
    for (const byte of random.bytes(length - text.length)) {
      if (byte < fair) text += alphabet[byte % alphabet.length];
    }
  }
  return text;
}
