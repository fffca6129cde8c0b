import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';

/** A secret as it is, and in the disguises in which it might be written down. */
export function encodingsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  // Base64 of something longer that begins elsewhere: the characters that the secret alone decides.
  const inside = [0, 1, 2].map((shift) => {
    const start = Math.ceil((shift * 8) / 6);
    const end = Math.floor(((shift + bytes.length) * 8) / 6);
    return Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .slice(start, end);
  });
  const hex = bytes.toString('hex');
  const url = encodeURIComponent(secret);
  return [secret, ...inside, ...inside.map(urlSafe), hex, hex.toUpperCase(), url, encodeURIComponent(url)];
}

function urlSafe(base64: string): string {
  return base64.replaceAll('+', '-').replaceAll('/', '_');
}

export function expectNoSecrets(secrets: Iterable<string>, text: string): void {
  expect([...secrets].flatMap(encodingsOf).filter((disguise) => text.includes(disguise))).toEqual([]);
}

/** The passwords, AccessKey secrets and MFA seeds in a result that was printed as JSON. */
export function findSecrets(json: string): string[] {
  const shown = json.matchAll(/"(?:Password|AccessKeySecret|access_key_secret|Base32StringSeed)": ?"([^"]+)"/g);
  return Array.from(shown, ([, secret = '']) => secret);
}

/** Every file below a folder, as bytes that can be searched like text. */
export function readAllFiles(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return entries.map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'));
}
