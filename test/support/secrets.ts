import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';

/** A secret as plain text and in base64, hexadecimal and URL encoding. */
export function encodingsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  // In the base64 of a longer text, the secret starts at one of three offsets. Only the characters that
  // depend on nothing but the secret are compared.
  const base64 = [0, 1, 2].map((shift) => {
    const start = Math.ceil((shift * 8) / 6);
    const end = Math.floor(((shift + bytes.length) * 8) / 6);
    return Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .slice(start, end);
  });
  const hex = bytes.toString('hex');
  const url = encodeURIComponent(secret);
  return [secret, ...base64, ...base64.map(toUrlSafe), hex, hex.toUpperCase(), url, encodeURIComponent(url)];
}

function toUrlSafe(base64: string): string {
  return base64.replaceAll('+', '-').replaceAll('/', '_');
}

/** Expects that a text contains none of the secrets, plain or encoded. */
export function expectNoSecrets(secrets: Iterable<string>, text: string): void {
  expect([...secrets].flatMap(encodingsOf).filter((encoding) => text.includes(encoding))).toEqual([]);
}

/** The passwords, AccessKey secrets and MFA seeds in a JSON result. */
export function findSecrets(json: string): string[] {
  const matches = json.matchAll(/"(?:Password|AccessKeySecret|access_key_secret|Base32StringSeed)": ?"([^"]+)"/g);
  return Array.from(matches, ([, secret = '']) => secret);
}

/** The contents of all files below a folder, one character for each byte. */
export function readAllFiles(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return entries.map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'));
}
