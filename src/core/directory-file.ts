import type { NewAccount } from './account.ts';
import type { Problem } from './failure.ts';

/** The file of a local directory, for the verbs that check, back up and restore it. */
export interface DirectoryFile {
  Path: string;
  KeyFile: string;
  exists(): boolean;
  /** @throws Failure `missing` (`DirectoryNotFound`) */
  assertExists(): void;
  /**
   * Creates the directory and its key. Calls `beforeCommit` with the result before it creates the directory.
   * @throws Failure `refused` (`DirectoryAlreadyExists`, `InvalidParameter.*`), `broken`, `later`
   */
  create(account: NewAccount, beforeCommit: (created: CreatedDirectory) => void): Promise<void>;
  /** Returns whether a path names one of the directory's own files. */
  isOwnFile(path: string): boolean;
  /**
   * Checks everything without changing a record. Returns an empty list when there are no problems.
   * @throws Failure `missing` (`DirectoryNotFound`)
   */
  findProblems(): Promise<Problem[]>;
  /** @throws Failure `missing` (`DirectoryNotFound`), `broken` */
  readBackup(): Promise<Backup>;
  /** Returns the content of the key file. @throws Failure `broken` */
  readKey(): string;
  /**
   * Opens and checks a backup that was read from the file `source` (undefined: from stdin). The secrets are checked
   * with this directory's key, or with the key next to `source` if this directory has none. @throws Failure `broken`
   */
  openBackup(text: string, source: string | undefined): Promise<VerifiedBackup>;
}

/** The files and the account of a new directory. */
export interface CreatedDirectory {
  Directory: string;
  KeyFile: string;
  AccountId: string;
  AccountAlias: string | null;
  DefaultDomain: string;
}

/** The content of a directory's file. */
export type Backup = { text: string; AccountId: string; Users: number };

/** A backup without problems. */
export interface VerifiedBackup extends Omit<Backup, 'text'> {
  /**
   * Replaces the directory, and installs the key if there is none. Returns the path where the old file is kept, or null
   * if there was none.
   */
  restore(): Promise<string | null>;
}
