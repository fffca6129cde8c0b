import { Failure } from './failure.ts';
import type {
  GroupRecord,
  MFADeviceRecord,
  PolicyRecord,
  RoleRecord,
  State,
  SystemPolicyRecord,
  UserRecord,
} from './state.ts';
import { foldCase } from './state.ts';

type NamedRecord = UserRecord | MFADeviceRecord | GroupRecord | PolicyRecord | SystemPolicyRecord | RoleRecord;
type NamedRecords = Map<string, NamedRecord>;

/**
 * Reverts one change in `state`: each record that the change touched gets its value from `before` again. Records are
 * compared by an id that never changes, so that a rename counts as a change of one record.
 * @throws Failure `refused` (`ChangedMeanwhile`) when such a record differs from `after`
 */
export function revertChange(state: State, before: State, after: State): void {
  for (const kind of ['Users', 'MFADevices', 'Groups', 'Policies', 'SystemPolicies', 'Roles'] as const) {
    revertRecords(state[kind], before[kind], after[kind]);
  }
}

function revertRecords(present: NamedRecords, before: NamedRecords, after: NamedRecords): void {
  const [presentById, beforeById, afterById] = [indexById(present), indexById(before), indexById(after)];
  const isTouched = (id: string) => !isSameRecord(beforeById.get(id), afterById.get(id));
  const touchedIds = [...new Set([...beforeById.keys(), ...afterById.keys()])].filter(isTouched);
  for (const id of touchedIds) {
    const record = presentById.get(id);
    if (!isSameRecord(record, afterById.get(id))) {
      throw changedMeanwhileFailure(record ?? beforeById.get(id) ?? afterById.get(id));
    }
    if (record) present.delete(foldCase(nameOf(record)));
  }
  // The names of all touched records are free now, so that two records can exchange their names.
  for (const record of touchedIds.flatMap((id) => beforeById.get(id) ?? [])) {
    const key = foldCase(nameOf(record));
    if (present.has(key)) throw changedMeanwhileFailure(record);
    present.set(key, record);
  }
}

/** Policies and MFA devices have no id. They cannot be renamed, so name and date of creation identify them. */
function idOf(record: NamedRecord): string {
  if ('UserId' in record) return record.UserId;
  if ('RoleId' in record) return record.RoleId;
  return 'GroupId' in record ? record.GroupId : `${nameOf(record)} ${record.CreateDate}`;
}

function nameOf(record: NamedRecord): string {
  if ('UserName' in record) return record.UserName;
  if ('GroupName' in record) return record.GroupName;
  if ('RoleName' in record) return record.RoleName;
  return 'PolicyName' in record ? record.PolicyName : record.VirtualMFADeviceName;
}

function indexById(records: NamedRecords): NamedRecords {
  return new Map(Array.from(records.values(), (record) => [idOf(record), record]));
}

function isSameRecord(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}

function changedMeanwhileFailure(record: NamedRecord | undefined): Failure {
  const message = `${record && nameOf(record)} was changed by another user or process in the meantime`;
  return new Failure('refused', 'ChangedMeanwhile', message);
}
