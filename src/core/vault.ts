/** Keeps secrets that must be read again (AccessKey secrets), under a key that is not in the directory file. */
export interface Vault {
  /**
   * The fingerprint of the key, made once if there is none yet.
   * @throws Failure `broken` when there is a key file that cannot be used, `later` when the disk is full
   */
  ensureKey(): string;
  /**
   * Makes sure that the key is the one a directory was made with.
   * @throws Failure `broken` (`KeyFileMissing`, `KeyFileMismatch`, `KeyFileInvalid`).
   */
  verifyKey(fingerprint: string): void;
  /** `clear`, sealed by an authenticated cipher; `label` binds the seal to its record. @throws as `create` */
  encrypt(clear: string, label: string): string;
  /** The text behind a seal. @throws Failure `broken` when the seal is damaged or belongs to another record. */
  decrypt(sealed: string, label: string): string;
  /** Removes what a command that was killed while it made the key left behind. To be called under the store's lock. */
  removeTempFiles(): void;
}
