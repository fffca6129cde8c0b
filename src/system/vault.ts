import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import { closeSync, linkSync, mkdirSync, openSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Failure } from '../core/failure.ts';
import type { RandomSource } from '../core/random.ts';
import type { Vault } from '../core/vault.ts';
import { removeQuietly, syncParentFolder, TEMPORARY_ERRORS, writeDurably } from '../disk/durable.ts';
import { isOwnedByOtherUser } from './permissions.ts';
import { readUpTo, withFile } from './read-text.ts';

const KEY_BYTES = 32;
/** The most of a key file that is looked at: nothing that holds more is one. */
const MAX_KEY_FILE_BYTES = 1024;
/** How long a program that prints a key may take until it does, in milliseconds. */
const KEY_READ_TIMEOUT_MS = 5_000;
/** NIST SP 800-38D: 96-bit nonce, 128-bit tag. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * AES-256-GCM under the key in a file of its own: one line, 32 bytes in base64 (`openssl rand -base64 32` makes one).
 * The file is made once, complete or absent, and never replaced.
 */
export class FileVault implements Vault {
  readonly #path: string;
  readonly #random: RandomSource;
  #key: Buffer | undefined;

  constructor(path: string, random: RandomSource) {
    this.#path = path;
    this.#random = random;
  }

  ensureKey(): string {
    this.#key ??= this.#readKeyFile() ?? this.#createKeyFile();
    return computeFingerprint(this.#key);
  }

  verifyKey(expected: string): void {
    this.#key ??= this.#readKeyFile();
    if (!this.#key) {
      throw keyFileFailure('KeyFileMissing', `the key file ${this.#path} of this directory is missing`, this.#path);
    }
    // Directory and key may have been made anew since we read it.
    if (computeFingerprint(this.#key) !== expected) this.#key = this.#readKeyFile() ?? this.#key;
    if (computeFingerprint(this.#key) !== expected) {
      throw keyFileFailure('KeyFileMismatch', `the key file ${this.#path} belongs to another directory`, this.#path);
    }
  }

  /** The content of the key file, for a copy of it. @throws as `expect` */
  readKeyText(): string {
    this.#key ??= this.#readKeyFile();
    if (this.#key) return `${this.#key.toString('base64')}\n`;
    throw keyFileFailure('KeyFileMissing', `the key file ${this.#path} of this directory is missing`, this.#path);
  }

  encrypt(clear: string, label: string): string {
    const nonce = this.#random.bytes(NONCE_BYTES);
    this.#key ??= this.#readKeyFile() ?? this.#createKeyFile();
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce).setAAD(Buffer.from(label));
    const sealed = Buffer.concat([cipher.update(clear, 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64');
  }

  decrypt(sealed: string, label: string): string {
    try {
      const bytes = Buffer.from(sealed, 'base64');
      const decipher = createDecipheriv('aes-256-gcm', this.#requireKey(), bytes.subarray(0, NONCE_BYTES), {
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

  #requireKey(): Buffer {
    if (!this.#key) throw new Error('the vault was used before its key was read');
    return this.#key;
  }

  #readKeyFile(): Buffer | undefined {
    let text: string;
    try {
      text = withFile(this.#path, (file, status) => {
        if (!isOwnedByOtherUser(status))
          return readUpTo(file, MAX_KEY_FILE_BYTES, KEY_READ_TIMEOUT_MS)?.toString() ?? '';
        throw keyFileFailure('KeyFileForeign', `the key file ${this.#path} belongs to somebody else`, this.#path);
      });
    } catch (error) {
      if (error instanceof Failure) throw error;
      const { code = '' } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT') return undefined;
      if (TEMPORARY_ERRORS.has(code))
        throw temporaryFailure('KeyFileUnavailable', `the key file ${this.#path} cannot be read (${code})`);
      throw keyFileFailure('KeyFileInvalid', `the key file ${this.#path} cannot be read`, this.#path);
    }
    const key = Buffer.from(text.trim(), 'base64');
    if (key.length === KEY_BYTES && key.toString('base64') === text.trim()) return key;
    throw keyFileFailure('KeyFileInvalid', `${this.#path} does not hold a key (32 bytes in base64)`, this.#path);
  }

  /** Makes the key file with the content of another one, unless there is a key file. @throws as `create` */
  copyKeyFrom(other: FileVault): void {
    this.#key ??= this.#readKeyFile() ?? this.#createKeyFile(other.readKeyText());
  }

  /** Two first commands at once agree on one key: the link fails for the later of them. */
  #createKeyFile(content = `${Buffer.from(this.#random.bytes(KEY_BYTES)).toString('base64')}\n`): Buffer {
    const temporary = `${this.#path}.${Buffer.from(this.#random.bytes(8)).toString('hex')}.tmp`;
    try {
      mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 });
      const file = openSync(temporary, 'wx', 0o600);
      try {
        writeDurably(file, content);
      } finally {
        closeSync(file);
      }
      linkSync(temporary, this.#path);
      syncParentFolder(this.#path);
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException;
      if (code !== 'EEXIST') {
        const what = `the key file ${this.#path} cannot be written (${code}); nothing was changed`;
        throw TEMPORARY_ERRORS.has(code)
          ? temporaryFailure('KeyFileNotWritten', what)
          : keyFileFailure('KeyFileNotWritten', what, this.#path);
      }
    } finally {
      removeQuietly(temporary);
    }
    const key = this.#readKeyFile();
    if (!key)
      throw keyFileFailure('KeyFileMissing', `the key file ${this.#path} vanished while it was made`, this.#path);
    return key;
  }

  removeTempFiles(): void {
    const folder = dirname(this.#path);
    const prefix = `${basename(this.#path)}.`;
    for (const name of readdirSync(folder)) {
      const isLeftover = name.startsWith(prefix) && /^[0-9a-f]{16}\.tmp$/.test(name.slice(prefix.length));
      if (isLeftover) removeQuietly(join(folder, name));
    }
  }
}

function computeFingerprint(key: Buffer): string {
  return `sha256:${createHash('sha256').update('ramctl-key\n').update(key).digest('hex').slice(0, 32)}`;
}

function temporaryFailure(code: string, message: string): Failure {
  return new Failure('later', code, message, { Hint: 'ramctl directory check' });
}

function keyFileFailure(code: string, message: string, path: string): Failure {
  return new Failure('broken', code, message, {
    Hint: `put the right key in ${path}, or name it with RAMCTL_KEY_FILE`,
  });
}
