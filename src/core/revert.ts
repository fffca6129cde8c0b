import { Failure, type Problem } from './failure.ts';
import {
  describeRecord,
  idOf,
  isSameRecord,
  keyOf,
  LIST_KINDS,
  type ListKind,
  listOf,
  nameOf,
  type RecordChange,
  type StoredRecord,
  withCountsOf,
} from './record-change.ts';
import type { Records } from './records.ts';
import type { AccountRecord, State } from './state.ts';

/**
 * Reverts a change in `state`: each record that it touched gets its earlier value again. Records are compared by an id
 * that never changes, so that a rename counts as a change of one record. Counts of use keep their present values.
 * @throws Failure `refused` (`ChangedMeanwhile`) with the records that have changed since
 */
export function revertChange(state: State, changes: RecordChange[]): void {
  const conflicts = [
    ...revertAccount(state, changes),
    ...LIST_KINDS.flatMap((kind) => revertList(state, kind, changes)),
  ];
  if (conflicts.length > 0) throw changedMeanwhileFailure(conflicts);
}

/** Returns what has changed since. */
function revertAccount(state: State, changes: RecordChange[]): string[] {
  const change = changes.find(({ Kind }) => Kind === 'Account');
  if (!change?.Before) return [];
  if (!isSameRecord('Account', state.Account, change.After)) return ['the settings of the account'];
  state.Account = withCountsOf('Account', structuredClone(change.Before), state.Account) as AccountRecord;
  return [];
}

function revertList(state: State, kind: ListKind, allChanges: RecordChange[]): string[] {
  const changes = allChanges.filter(({ Kind }) => Kind === kind);
  if (changes.length === 0) return [];
  const records = listOf(state, kind);
  const present = changes.map(({ After }) => After && findRecord(kind, After, records.get(keyOf(kind, After))));
  const conflicts = changes.filter(({ After }, index) => !isSameRecord(kind, present[index] ?? null, After));
  if (conflicts.length > 0) return conflicts.map((change) => describeConflict(records, kind, change));
  for (const record of present) if (record) records.delete(keyOf(kind, record));
  // The names of all touched records are free now, so that two records can exchange their names.
  return changes.flatMap(({ Before }, index) => {
    if (!Before) return [];
    const key = keyOf(kind, Before);
    if (records.has(key) || findById(records, kind, Before)) return [describeRecord(kind, Before)];
    const [restored, current] = [structuredClone(Before), present[index]];
    records.set(key, current ? withCountsOf(kind, restored, current) : restored);
    return [];
  });
}

/** Returns a record if it is another version of `expected`. */
function findRecord(kind: ListKind, expected: StoredRecord, found: StoredRecord | undefined): StoredRecord | null {
  return found && idOf(kind, found) === idOf(kind, expected) ? found : null;
}

/** Returns the record with the same id, also under another name. Policies and MFA devices have no id and cannot be renamed. */
function findById(records: Records<StoredRecord>, kind: ListKind, expected: StoredRecord): StoredRecord | undefined {
  const member = `${kind}Id`;
  if (!(member in expected)) return undefined;
  const id = idOf(kind, expected);
  return records.possibleMatches(member, id).find((record) => idOf(kind, record) === id);
}

function describeConflict(records: Records<StoredRecord>, kind: ListKind, { Before, After }: RecordChange): string {
  const record = (After ?? Before) as StoredRecord;
  const present = findById(records, kind, record);
  const isRenamed = present && nameOf(kind, present) !== nameOf(kind, record);
  return `${describeRecord(kind, record)}${isRenamed ? ` (now ${nameOf(kind, present)})` : ''}`;
}

function changedMeanwhileFailure(subjects: string[]): Failure {
  const [first = '', ...others] = subjects;
  const message = `${first}${others.length > 0 ? ` and ${others.length} more` : ''} changed in the meantime`;
  const Errors = subjects.map((subject): Problem => ({ Code: 'ChangedMeanwhile', Message: subject }));
  return new Failure('refused', 'ChangedMeanwhile', message, { Hint: 'ramctl history', Errors });
}
