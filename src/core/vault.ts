/**
 * Encrypts secrets that must be read again, such as AccessKey secrets. The key is stored outside the directory file.
 * Documentation calls an encrypted secret "sealed".
 */
export interface Vault {
  /**
   * Returns the fingerprint of the key, and creates the key file if there is none. A change that encrypts calls this last.
   * @throws Failure `broken` when the key file cannot be used, `later` when the disk is full or another process has created
   * the key file meanwhile
   */
  ensureKey(): string;
  /**
   * Checks that the key has this fingerprint.
   * @throws Failure `broken` (`KeyFileMissing`, `KeyFileMismatch`, `KeyFileInvalid`)
   */
  verifyKey(fingerprint: string): void;
  /** Returns the encrypted and authenticated text. `label` ties it to its record. @throws as `ensureKey` */
  encrypt(clear: string, label: string): string;
  /** Returns the clear text. @throws Failure `broken` when the text is damaged or belongs to another record */
  decrypt(sealed: string, label: string): string;
  /** Removes temporary files of killed processes. The caller must hold the store's lock. */
  removeTempFiles(): void;
}
