import { createCipheriv, createDecipheriv } from 'node:crypto';
import { linkSync } from 'node:fs';
import { dirname } from 'node:path';
import { sha256 } from '@noble/hashes/sha2.js';
import { Failure } from '../core/failure.ts';
import type { RandomSource } from '../core/random.ts';
import type { Vault } from '../core/vault.ts';
import { createPrivateFile, removeQuietly, syncParentFolder } from '../disk/durable.ts';
import { errorCodeOf, errorReason, HARD_LINK_HINT, isTemporary, isWithoutHardLinks } from '../disk/errors.ts';
import { createFolder, listSiblingFiles } from '../disk/paths.ts';
import { readUpTo, withFile } from '../disk/read.ts';
import { isOwnedByOtherUser } from './permissions.ts';

const KEY_BYTES = 32;
/** The limit for reading. A key file is much shorter. */
const MAX_KEY_FILE_BYTES = 1024;
/** How long a program may take to write the key into a pipe. */
const KEY_READ_TIMEOUT_MS = 5_000;
/** NIST SP 800-38D: 96-bit nonce, 128-bit tag. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Encrypts with AES-256-GCM. The key file contains one line: 32 bytes in base64, as `openssl rand -base64 32` prints them.
 * It is created once, complete or not at all, and never replaced.
 */
export class FileVault implements Vault {
  readonly #path: string;
  readonly #random: RandomSource;
  #key: Buffer | undefined;
  /** The key of a change that is not committed yet. `ensureKey` writes it, so that a refused change leaves no file. */
  #newKey: Buffer | undefined;

  constructor(path: string, random: RandomSource) {
    this.#path = path;
    this.#random = random;
  }

  ensureKey(): string {
    const newKey = this.#newKey;
    this.#newKey = undefined;
    const key = this.#readOrCreateKey(() => formatKey(newKey ?? this.#random.bytes(KEY_BYTES)));
    if (newKey && !key.equals(newKey)) {
      throw this.#failure('KeyFileChanged', 'was created by another process; nothing was changed', true);
    }
    return computeFingerprint(key);
  }

  verifyKey(expected: string): void {
    const isExpected = () => computeFingerprint(this.#requireKey()) === expected;
    // Another process may have created the directory and its key again since this process read the key.
    if (!isExpected()) this.#key = this.#readKeyFile() ?? this.#key;
    if (!isExpected()) throw this.#failure('KeyFileMismatch', 'belongs to another directory');
  }

  /** The content of the key file. @throws as `verifyKey` */
  readKeyText(): string {
    return formatKey(this.#requireKey());
  }

  /** Creates the key file with the content of another one; keeps a key file that exists. @throws as `encrypt` */
  copyKeyFrom(other: FileVault): void {
    this.#readOrCreateKey(() => other.readKeyText());
  }

  encrypt(clear: string, label: string): string {
    const nonce = this.#random.bytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#currentKey(), nonce).setAAD(Buffer.from(label));
    const encrypted = Buffer.concat([cipher.update(clear, 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), encrypted]).toString('base64');
  }

  decrypt(sealed: string, label: string): string {
    const key = this.#key ?? this.#newKey;
    if (!key) throw new Error('decrypt was called before verifyKey');
    try {
      const bytes = Buffer.from(sealed, 'base64');
      const nonce = bytes.subarray(0, NONCE_BYTES);
      const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
        .setAAD(Buffer.from(label))
        .setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
      const clear = decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES));
      return Buffer.concat([clear, decipher.final()]).toString('utf8');
    } catch {
      const message = 'an encrypted secret is damaged or belongs to another record';
      throw new Failure('broken', 'SealBroken', message, { Hint: 'ramctl directory check' });
    }
  }

  removeTempFiles(): void {
    for (const path of listSiblingFiles(this.#path, /^[0-9a-f]{16}\.tmp$/)) removeQuietly(path);
  }

  /** `problem` is the message when there is no key file. */
  #requireKey(problem = 'does not exist'): Buffer {
    this.#key ??= this.#readKeyFile();
    if (this.#key) return this.#key;
    throw this.#failure('KeyFileMissing', problem);
  }

  /** The key that encrypts: that of the key file, or a new one if there is no key file. */
  #currentKey(): Buffer {
    this.#key ??= this.#readKeyFile();
    if (this.#key) return this.#key;
    this.#newKey ??= Buffer.from(this.#random.bytes(KEY_BYTES));
    return this.#newKey;
  }

  /** `createText` returns the content of the key file if there is none yet. */
  #readOrCreateKey(createText: () => string): Buffer {
    this.#key ??= this.#readKeyFile() ?? this.#createKeyFile(createText());
    return this.#key;
  }

  #readKeyFile(): Buffer | undefined {
    let text: string;
    try {
      text = withFile(this.#path, (file, status) => {
        if (isOwnedByOtherUser(status)) throw this.#failure('KeyFileForeign', 'belongs to another user');
        return readUpTo(file, MAX_KEY_FILE_BYTES, KEY_READ_TIMEOUT_MS)?.toString().trim() ?? '';
      });
    } catch (error) {
      if (error instanceof Failure) throw error;
      if (errorCodeOf(error) === 'ENOENT') return undefined;
      const code = isTemporary(error) ? 'KeyFileUnavailable' : 'KeyFileInvalid';
      throw this.#failure(code, `cannot be read: ${errorReason(error)}`, isTemporary(error));
    }
    const key = Buffer.from(text, 'base64');
    if (key.length === KEY_BYTES && key.toString('base64') === text) return key;
    throw this.#failure('KeyFileInvalid', 'does not contain a key (32 bytes in base64)');
  }

  /** When two processes create the key file, the link of the second one fails and both read the same key. */
  #createKeyFile(text: string): Buffer {
    const temporary = `${this.#path}.${Buffer.from(this.#random.bytes(8)).toString('hex')}.tmp`;
    let removeFolder = () => {};
    try {
      removeFolder = createFolder(dirname(this.#path));
      createPrivateFile(temporary, text);
      linkSync(temporary, this.#path);
      syncParentFolder(this.#path);
    } catch (error) {
      if (errorCodeOf(error) !== 'EEXIST') {
        const problem = `cannot be written: ${errorReason(error)}; nothing was changed`;
        if (isWithoutHardLinks(error)) throw this.#failure('HardLinksUnsupported', problem, false, HARD_LINK_HINT);
        throw this.#failure('KeyFileNotWritten', problem, isTemporary(error));
      }
    } finally {
      removeQuietly(temporary);
      removeFolder();
    }
    return this.#requireKey('was removed while it was created');
  }

  #failure(code: string, problem: string, isTemporary = false, hint?: string): Failure {
    const message = `the key file ${this.#path} ${problem}`;
    if (isTemporary) return new Failure('later', code, message, { Hint: 'ramctl directory check' });
    const Hint = hint ?? `put the right key in ${this.#path}, or set RAMCTL_KEY_FILE to its path`;
    return new Failure('broken', code, message, { Hint });
  }
}

function formatKey(key: Uint8Array): string {
  return `${Buffer.from(key).toString('base64')}\n`;
}

/** Commands that only read need no other cryptography, and node:crypto takes 2 ms to load. */
function computeFingerprint(key: Buffer): string {
  const hash = sha256(Buffer.concat([Buffer.from('ramctl-key\n'), key]));
  return `sha256:${Buffer.from(hash).toString('hex').slice(0, 32)}`;
}
