import { Failure } from '../core/failure.ts';

/** More than any input of ours needs; a stream that never ends must not fill the memory. */
export const MOST_INPUT = 64 * 1024 * 1024;

export function refuseLarge(source: string): never {
  throw new Failure('refused', 'InputTooLarge', `${source} holds more than 64 MiB`);
}

/** Bytes as UTF-8, a byte order mark left out. @throws Failure `refused`: a password must not change on its way in */
export function decodeText(bytes: Uint8Array, source: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Failure('refused', 'InputNotText', `${source} is not UTF-8 text`);
  }
}
