/** Who makes a change, and with which command or action. */
export interface Author {
  Actor: string;
  Command: string;
}

/** A change in the history of a directory. */
export interface Change extends Author {
  /** The revision that the change made, and random digits, such as `42-9c1d3e`. No other change has the same. */
  ChangeId: string;
  Date: string;
  /** What changed, such as `created user alice; added bob to group ops`. */
  Summary: string;
}

/** A record before and after a change, without secrets and hashes. `null`: it did not exist. */
export interface ChangedRecord {
  Kind: 'Account' | 'User' | 'MFADevice' | 'Group' | 'Policy' | 'SystemPolicy' | 'Role';
  /** The name after the change; the name before it if the change deleted the record. */
  Name: string;
  Before: object | null;
  After: object | null;
}

export type ChangeWithRecords = Change & { Records: ChangedRecord[] };

export interface HistoryFilter {
  /** Only changes of the users who have or had this name, also under their other names. */
  userName?: string | undefined;
  /** Only changes at this time or later. */
  since?: Date | undefined;
  /** The maximum number of changes. */
  limit?: number | undefined;
}

/** The changes of a local directory. */
export interface History {
  /** Returns the changes, the newest first. @throws Failure `missing` (`DirectoryNotFound`), `broken` */
  list(filter: HistoryFilter): Promise<Change[]>;
  /**
   * Returns one change. `CanUndo` is false when the history no longer has its records, which it keeps for 30 days, and for
   * the creation and the restore of a directory. The change then has no Records.
   * @throws Failure `missing` (`EntityNotExist.Change`)
   */
  get(id: string): Promise<ChangeWithRecords & { CanUndo: boolean }>;
  /**
   * Returns what `undo` would change.
   * @throws Failure `missing` (`EntityNotExist.Change`), `refused` (`ChangedMeanwhile`, `CannotUndo`)
   */
  previewUndo(id: string): Promise<ChangedRecord[]>;
  /** Restores the records that a change touched, in one transaction, which is a change too. @throws as previewUndo */
  undo(id: string): Promise<ChangeWithRecords>;
}
