import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import { closeSync, linkSync, mkdirSync, openSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Entropy } from '../core/entropy.ts';
import { Failure } from '../core/failure.ts';
import type { Vault } from '../core/vault.ts';
import { PASSING, removeQuietly, syncFolder, writeDurably } from '../disk/durable.ts';
import { isForeign } from './paths.ts';
import { readUpTo, withFile } from './text.ts';

const KEY_BYTES = 32;
/** The most of a key file that is looked at: nothing that holds more is one. */
const MOST_TEXT = 1024;
/** How long a program that prints a key may take until it does, in milliseconds. */
const PATIENCE = 5_000;
/** NIST SP 800-38D: 96-bit nonce, 128-bit tag. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * AES-256-GCM under the key in a file of its own: one line, 32 bytes in base64 (`openssl rand -base64 32` makes one).
 * The file is made once, complete or absent, and never replaced.
 */
export class FileVault implements Vault {
  readonly #path: string;
  readonly #entropy: Entropy;
  #key: Buffer | undefined;

  constructor(path: string, entropy: Entropy) {
    this.#path = path;
    this.#entropy = entropy;
  }

  create(): string {
    this.#key ??= this.#read() ?? this.#make();
    return fingerprint(this.#key);
  }

  expect(expected: string): void {
    this.#key ??= this.#read();
    if (!this.#key) {
      throw broken('KeyFileMissing', `the key file ${this.#path} of this directory is missing`, this.#path);
    }
    // Directory and key may have been made anew since we read it.
    if (fingerprint(this.#key) !== expected) this.#key = this.#read() ?? this.#key;
    if (fingerprint(this.#key) !== expected) {
      throw broken('KeyFileMismatch', `the key file ${this.#path} belongs to another directory`, this.#path);
    }
  }

  /** The content of the key file, for a copy of it. @throws as `expect` */
  text(): string {
    this.#key ??= this.#read();
    if (this.#key) return `${this.#key.toString('base64')}\n`;
    throw broken('KeyFileMissing', `the key file ${this.#path} of this directory is missing`, this.#path);
  }

  seal(clear: string, label: string): string {
    const nonce = this.#entropy.bytes(NONCE_BYTES);
    this.#key ??= this.#read() ?? this.#make();
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce).setAAD(Buffer.from(label));
    const sealed = Buffer.concat([cipher.update(clear, 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64');
  }

  open(sealed: string, label: string): string {
    try {
      const bytes = Buffer.from(sealed, 'base64');
      const decipher = createDecipheriv('aes-256-gcm', this.#unlocked(), bytes.subarray(0, NONCE_BYTES), {
        authTagLength: TAG_BYTES,
      })
        .setAAD(Buffer.from(label))
        .setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
      const clear = decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES));
      return Buffer.concat([clear, decipher.final()]).toString('utf8');
    } catch {
      throw new Failure('broken', 'SealBroken', 'a sealed secret is damaged or was moved to another record', {
        Hint: 'ramctl directory check',
      });
    }
  }

  #unlocked(): Buffer {
    if (!this.#key) throw new Error('the vault was used before its key was read');
    return this.#key;
  }

  #read(): Buffer | undefined {
    let text: string;
    try {
      text = withFile(this.#path, (file, status) => {
        if (!isForeign(status)) return readUpTo(file, MOST_TEXT, PATIENCE)?.toString() ?? '';
        throw broken('KeyFileForeign', `the key file ${this.#path} belongs to somebody else`, this.#path);
      });
    } catch (error) {
      if (error instanceof Failure) throw error;
      const { code = '' } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT') return undefined;
      if (PASSING.has(code)) throw passing('KeyFileUnavailable', `the key file ${this.#path} cannot be read (${code})`);
      throw broken('KeyFileInvalid', `the key file ${this.#path} cannot be read`, this.#path);
    }
    const key = Buffer.from(text.trim(), 'base64');
    if (key.length === KEY_BYTES && key.toString('base64') === text.trim()) return key;
    throw broken('KeyFileInvalid', `${this.#path} does not hold a key (32 bytes in base64)`, this.#path);
  }

  /** Makes the key file with the content of another one, unless there is a key file. @throws as `create` */
  adopt(other: FileVault): void {
    this.#key ??= this.#read() ?? this.#make(other.text());
  }

  /** Two first commands at once agree on one key: the link fails for the later of them. */
  #make(content = `${Buffer.from(this.#entropy.bytes(KEY_BYTES)).toString('base64')}\n`): Buffer {
    const temporary = `${this.#path}.${Buffer.from(this.#entropy.bytes(8)).toString('hex')}.tmp`;
    try {
      mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 });
      const file = openSync(temporary, 'wx', 0o600);
      try {
        writeDurably(file, content);
      } finally {
        closeSync(file);
      }
      linkSync(temporary, this.#path);
      syncFolder(this.#path);
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException;
      if (code !== 'EEXIST') {
        const what = `the key file ${this.#path} cannot be written (${code}); nothing was changed`;
        throw PASSING.has(code) ? passing('KeyFileNotWritten', what) : broken('KeyFileNotWritten', what, this.#path);
      }
    } finally {
      removeQuietly(temporary);
    }
    const key = this.#read();
    if (!key) throw broken('KeyFileMissing', `the key file ${this.#path} vanished while it was made`, this.#path);
    return key;
  }

  tidy(): void {
    const folder = dirname(this.#path);
    const prefix = `${basename(this.#path)}.`;
    for (const name of readdirSync(folder)) {
      const isLeftover = name.startsWith(prefix) && /^[0-9a-f]{16}\.tmp$/.test(name.slice(prefix.length));
      if (isLeftover) removeQuietly(join(folder, name));
    }
  }
}

function fingerprint(key: Buffer): string {
  return `sha256:${createHash('sha256').update('ramctl-key\n').update(key).digest('hex').slice(0, 32)}`;
}

function passing(code: string, message: string): Failure {
  return new Failure('later', code, message, { Hint: 'ramctl directory check' });
}

function broken(code: string, message: string, path: string): Failure {
  return new Failure('broken', code, message, {
    Hint: `put the right key in ${path}, or name it with RAMCTL_KEY_FILE`,
  });
}
