import { summarizeChanges } from './change-summary.ts';
import { formatRamDate } from './clock.ts';
import type { Author, Change } from './history.ts';
import type { RecordChange } from './record-change.ts';
import { findUserById, type MFADeviceRecord, type State, type UserRecord } from './state.ts';

/** A change as the history stores it. */
export interface HistoryEntry extends Change {
  /** The users that the change touched, with their names before and after it. */
  Users: Pick<UserRecord, 'UserId' | 'UserName'>[];
  /** What `undo` needs. Absent when the change is old, or cannot be undone. */
  Records?: RecordChange[];
}

/** One change of a transaction. */
export interface StateStep {
  before: State;
  after: State;
  /** What differs between the two. */
  records: RecordChange[];
  author: Author;
  isBackground?: boolean | undefined;
  /** Replaces the summary of a change that cannot be undone, such as the creation of the directory. */
  event?: string | undefined;
}

interface EntryOptions {
  /** The revision that contains the change. */
  revision: number;
  /** The position of the change among those with this revision, counted from 0. */
  index: number;
  /** Random hexadecimal digits. */
  digits: string;
  now: Date;
}

/** Returns the entry for a change. */
export function createEntry(step: StateStep, { revision, index, digits, now }: EntryOptions): HistoryEntry {
  const { before, after, records, author, event } = step;
  return {
    ChangeId: `${revision}-${digits}${index === 0 ? '' : `-${index + 1}`}`,
    Date: formatRamDate(now),
    Actor: author.Actor,
    Command: author.Command,
    Summary: event ?? summarizeChanges(records, before, after),
    Users: event === undefined ? findUsers(records, before, after) : [],
    ...(event === undefined && { Records: records }),
  };
}

/** The changed users and the users of changed MFA devices, before and after the change. */
function findUsers(records: RecordChange[], ...states: State[]): HistoryEntry['Users'] {
  const users = records.flatMap(({ Kind, Before, After }) => {
    const versions = [Before, After].flatMap((record) => record ?? []);
    if (Kind === 'User') return versions as UserRecord[];
    if (Kind !== 'MFADevice') return [];
    const ids = versions.flatMap((device) => (device as MFADeviceRecord).Binding?.UserId ?? []);
    return ids.flatMap((id) => states.flatMap((state) => findUserById(state, id) ?? []));
  });
  const distinct = new Map(users.map(({ UserId, UserName }) => [`${UserId} ${UserName}`, { UserId, UserName }]));
  return [...distinct.values()];
}
