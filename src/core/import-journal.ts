import type { User, UserRef } from './directory.ts';

export const RESUME_HINT = 'run the same command again; it continues the import where it stopped';

/** A user of an import. `UserId` is absent until the response of RAM is recorded. */
export interface JournalEntry {
  UserName: string;
  /** When the entry was recorded, by the local clock. */
  Date: string;
  UserId?: string | undefined;
}

/**
 * The users that an import in a remote directory creates, so that the same command can resume it after it was interrupted.
 * Each method returns after its record is durable. It contains no secrets. @throws Failure `later` (`JournalUnavailable`)
 */
export interface ImportJournal {
  /** The users of the import, including those of an interrupted run, in the order of their creation. */
  entries(): JournalEntry[];
  /** Records that the creation of a user starts now. */
  recordStart(user: UserRef): void;
  /** Records that a user was created. */
  recordCreated(user: Pick<User, 'UserName' | 'UserId'>): void;
  /** Records that RAM refused to create a user. */
  recordRefused(user: UserRef): void;
  /** Removes the journal, when no user of the import has to be completed any more. */
  remove(): void;
}
