import type { Operations } from '../directory.ts';
import type { ChangedRecord } from '../history.ts';

/** Names by ID. */
type Names = Map<string, string>;

type Item = Record<string, unknown>;

/**
 * Returns changed records with the names of the groups and users that they refer to by ID. A name is the present one, or
 * the one in these records if the group or user is deleted. An ID without a name stays as it is.
 */
export async function nameReferences(
  { listGroups, listUsers }: Pick<Operations, 'listGroups' | 'listUsers'>,
  records: ChangedRecord[],
): Promise<ChangedRecord[]> {
  const has = (kind: ChangedRecord['Kind']) => records.some(({ Kind }) => Kind === kind);
  const groups = collectNames(records, 'Group', has('User') ? await listGroups() : []);
  const users = collectNames(records, 'User', has('MFADevice') ? await listUsers() : []);
  const addNames = (record: object | null) => record && addNamesTo(record as Item, groups, users);
  return records.map((record) => ({ ...record, Before: addNames(record.Before), After: addNames(record.After) }));
}

function collectNames(records: ChangedRecord[], kind: 'Group' | 'User', present: object[]): Names {
  const changed = records
    .filter(({ Kind }) => Kind === kind)
    .flatMap(({ Before, After }) => [Before ?? [], After ?? []]);
  const all = [...changed.flat(), ...present] as Item[];
  return new Map(all.map((record) => [String(record[`${kind}Id`]), String(record[`${kind}Name`])]));
}

function addNamesTo(record: Item, groups: Names, users: Names): object {
  const { Groups, Binding } = record;
  return {
    ...record,
    ...(Array.isArray(Groups) && { Groups: Groups.map((item) => addName(item, 'Group', groups)) }),
    ...(Binding !== undefined && { Binding: addName(Binding as Item, 'User', users) }),
  };
}

function addName(item: Item, kind: 'Group' | 'User', names: Names): Item {
  const name = names.get(String(item[`${kind}Id`]));
  return name === undefined ? item : { [`${kind}Name`]: name, ...item };
}
