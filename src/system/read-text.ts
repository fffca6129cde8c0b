import { Failure } from '../core/failure.ts';

/** The limit for every input. An endless stream must not fill the memory. */
export const MAX_INPUT_BYTES = 64 * 1024 * 1024;

/** Returns the content of a stream as text. @throws Failure `refused` */
export async function readStream(stream: AsyncIterable<Buffer>, source: string): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > MAX_INPUT_BYTES) throwInputTooLarge(source);
    chunks.push(chunk);
  }
  return decodeText(Buffer.concat(chunks), source);
}

export function throwInputTooLarge(source: string): never {
  throw new Failure('refused', 'InputTooLarge', `${source} is larger than 64 MiB`);
}

/** Decodes UTF-8 without a byte order mark. Replacing invalid bytes would change a password. @throws Failure `refused` */
export function decodeText(bytes: Uint8Array, source: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Failure('refused', 'InputNotText', `${source} is not UTF-8 text`);
  }
}
