import type { Encoding } from '../core/encoding.ts';
import { Failure } from '../core/failure.ts';

/** The byte order marks and their encodings, by the names of the Encoding Standard. */
const BYTE_ORDER_MARKS: [encoding: string, ...mark: number[]][] = [
  ['utf-8', 0xef, 0xbb, 0xbf],
  ['utf-16le', 0xff, 0xfe],
  ['utf-16be', 0xfe, 0xff],
];

/**
 * Decodes text without its byte order mark. Invalid bytes are never replaced, because that would change a name or a
 * password. @throws Failure `refused` (`InputNotText`); if an encoding was requested, the hint is another one to try
 */
export function decodeText(bytes: Uint8Array, source: string, requested?: Encoding): string {
  const encoding = requested ?? 'utf-8';
  const [marked] = BYTE_ORDER_MARKS.find(([, ...mark]) => mark.every((byte, index) => bytes[index] === byte)) ?? [];
  if (marked && encoding !== 'auto' && !marked.startsWith(encoding)) {
    throw notText(`${source} has the byte order mark of ${marked.toUpperCase()}`, bytes, requested);
  }
  const name = marked ?? (encoding === 'utf-16' ? guessByteOrder(bytes) : encoding === 'auto' ? 'utf-8' : encoding);
  try {
    const text = new TextDecoder(name, { fatal: true }).decode(bytes);
    // UTF-16 text without a byte order mark is valid UTF-8, with a zero byte in every second place.
    if (encoding !== 'auto' || !text.includes('\0')) return text;
  } catch {
    // The error of the decoder does not say where the invalid bytes are.
  }
  const label = name === 'gb18030' ? 'GB18030' : name.slice(0, 6).toUpperCase();
  throw notText(`${source} is not ${label} text (line ${findInvalidLine(bytes, name)})`, bytes, requested);
}

function notText(message: string, bytes: Uint8Array, requested?: Encoding): Failure {
  const other = requested !== 'auto' ? 'auto' : bytes.includes(0) ? 'utf-16' : 'gb18030';
  return new Failure('refused', 'InputNotText', message, requested && { Hint: other });
}

/** Little endian, as Excel writes it, unless the zero bytes of the ASCII characters come first. */
function guessByteOrder(bytes: Uint8Array): string {
  let balance = 0;
  for (const [index, byte] of bytes.entries()) if (byte === 0) balance += index % 2 === 0 ? -1 : 1;
  return balance < 0 ? 'utf-16be' : 'utf-16le';
}

/** Returns the number of the line with the first invalid byte, or with the first zero character. */
function findInvalidLine(bytes: Uint8Array, encoding: string): number {
  // Without `fatal`, the decoder replaces invalid bytes by U+FFFD.
  const [valid = ''] = new TextDecoder(encoding).decode(bytes).split(/[\0\ufffd]/, 1);
  return valid.split('\n').length;
}
