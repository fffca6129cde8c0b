import type { ChangedRecord } from './history.ts';
import type { Records } from './records.ts';
import { addReferencedNames, findReferencedNames, type NamesById } from './referenced-names.ts';
import type { AccountRecord, MFADeviceRecord, PolicyRecord, State, UserRecord } from './state.ts';
import { foldCase, NAME_MEMBERS } from './state.ts';

export type RecordKind = ChangedRecord['Kind'];
export type ListKind = Exclude<RecordKind, 'Account'>;

/** The lists of the records of each kind. */
const LISTS = {
  User: 'Users',
  MFADevice: 'MFADevices',
  Group: 'Groups',
  Policy: 'Policies',
  SystemPolicy: 'SystemPolicies',
  Role: 'Roles',
} as const satisfies Record<ListKind, keyof State>;

export const LIST_KINDS = Object.keys(LISTS) as ListKind[];

/** A stored record of any kind. */
export type StoredRecord = object;

/** A stored record before and after a change. `null`: it did not exist. */
export interface RecordChange {
  Kind: RecordKind;
  Before: StoredRecord | null;
  After: StoredRecord | null;
  /** The names of the groups and users that both versions contain by ID. They can be deleted later. */
  Names?: NamesById;
}

/** The records of a kind. */
export function listOf(state: State, kind: ListKind): Records<StoredRecord> {
  return state[LISTS[kind]] as unknown as Records<StoredRecord>;
}

/**
 * Returns the records that differ between two states. Counts of use are no difference, see `withoutCounts`.
 */
export function findRecordChanges(before: State, after: State): RecordChange[] {
  const lists = LIST_KINDS.flatMap((kind) => {
    const { removed, added } = listOf(after, kind).differencesFrom(listOf(before, kind));
    return pairById(kind, removed, added);
  });
  const all: RecordChange[] = [{ Kind: 'Account', Before: before.Account, After: after.Account }, ...lists];
  const changes = all.filter(({ Kind, Before, After }) => !isSameRecord(Kind, Before, After));
  return changes.map((change) => {
    const versions = [change.Before, change.After].flatMap((record) => record ?? []);
    const Names = findReferencedNames(versions, [before, after]);
    return Object.keys(Names).length === 0 ? change : { ...change, Names };
  });
}

/** Whether two states have the same records. Their order can differ. */
export function isSameState(left: State, right: State): boolean {
  const isSameList = (kind: ListKind) => {
    const { removed, added } = listOf(right, kind).differencesFrom(listOf(left, kind));
    return removed.length === 0 && added.length === 0;
  };
  return JSON.stringify(left.Account) === JSON.stringify(right.Account) && LIST_KINDS.every(isSameList);
}

/** Pairs the earlier and later versions of each record, so that a rename is a change of one record. */
function pairById(Kind: ListKind, removed: StoredRecord[], added: StoredRecord[]): RecordChange[] {
  const addedById = new Map(added.map((record) => [idOf(Kind, record), record]));
  const changes = removed.map((Before): RecordChange => {
    const id = idOf(Kind, Before);
    const After = addedById.get(id) ?? null;
    addedById.delete(id);
    return { Kind, Before, After };
  });
  return [...changes, ...Array.from(addedById.values(), (After) => ({ Kind, Before: null, After }))];
}

/** Policies and MFA devices have no id. They cannot be renamed, so name and date of creation identify them. */
export function idOf(kind: RecordKind, record: StoredRecord): string {
  if (kind === 'User' || kind === 'Group' || kind === 'Role') return String(Object(record)[`${kind}Id`]);
  return `${nameOf(kind, record)} ${Object(record).CreateDate}`;
}

export function nameOf(kind: RecordKind, record: StoredRecord): string {
  return String(Object(record)[kind === 'Account' ? 'AccountId' : NAME_MEMBERS[LISTS[kind]]]);
}

export function keyOf(kind: RecordKind, record: StoredRecord): string {
  return foldCase(nameOf(kind, record));
}

/** The name in messages, such as `user alice`. */
export function describeRecord(kind: RecordKind, record: StoredRecord): string {
  return kind === 'Account' ? 'the account' : `${KIND_WORDS[kind]} ${nameOf(kind, record)}`;
}

const KIND_WORDS: Record<ListKind, string> = {
  User: 'user',
  MFADevice: 'MFA device',
  Group: 'group',
  Policy: 'policy',
  SystemPolicy: 'system policy',
  Role: 'role',
};

/** Whether two versions of a record differ at most in counts of use. */
export function isSameRecord(kind: RecordKind, left: StoredRecord | null, right: StoredRecord | null): boolean {
  const text = (record: StoredRecord | null) => JSON.stringify(record && withoutCounts(kind, record));
  return left === right || text(left) === text(right);
}

/*
 * Counts are the members that an undo must not restore: dates of the last use, logon attempts, the time step of the last
 * MFA code, the fingerprint of the key, which the first change sets, and the number of the latest version of a policy.
 */

function withoutCounts(kind: RecordKind, record: StoredRecord): object {
  if (kind === 'Account') return { ...(record as AccountRecord), KeyFingerprint: undefined };
  if (kind === 'MFADevice') return { ...(record as MFADeviceRecord), LastTimeStep: undefined };
  if (kind === 'Policy') return { ...(record as PolicyRecord), LatestVersion: undefined };
  if (kind !== 'User') return record;
  const { LastLoginDate: _, LoginProfile, AccessKeys, Rotations, ...user } = record as UserRecord;
  const counted = {
    ...user,
    LoginProfile: LoginProfile && { ...LoginProfile, Attempts: undefined },
    AccessKeys: AccessKeys.map((key) => ({ ...key, LastUsedDate: undefined })),
    Rotations: Rotations?.map((rotation) => ({ ...rotation, NewKeyUsed: undefined })),
  };
  return counted;
}

/**
 * Returns a copy of `restored` with the counts of `present`. So no MFA code is accepted again, and no policy version gets the
 * number of an earlier one.
 */
export function withCountsOf(kind: RecordKind, restored: StoredRecord, present: StoredRecord): StoredRecord {
  if (kind === 'Account') {
    return withMember(restored as AccountRecord, 'KeyFingerprint', (present as AccountRecord).KeyFingerprint);
  }
  if (kind === 'MFADevice') {
    return withMember(restored as MFADeviceRecord, 'LastTimeStep', (present as MFADeviceRecord).LastTimeStep);
  }
  if (kind === 'Policy') {
    return withMember(restored as PolicyRecord, 'LatestVersion', (present as PolicyRecord).LatestVersion);
  }
  if (kind !== 'User') return restored;
  const [user, current] = [restored, present] as [UserRecord, UserRecord];
  const { LoginProfile, AccessKeys, Rotations } = user;
  const keyDate = (id: string) => current.AccessKeys.find(({ AccessKeyId }) => AccessKeyId === id)?.LastUsedDate;
  const isUsed = (id: string) => current.Rotations?.find(({ RunId }) => RunId === id)?.NewKeyUsed;
  return {
    ...withMember(user, 'LastLoginDate', current.LastLoginDate),
    ...(LoginProfile && {
      LoginProfile: current.LoginProfile
        ? withMember(LoginProfile, 'Attempts', current.LoginProfile.Attempts)
        : LoginProfile,
    }),
    AccessKeys: AccessKeys.map((key) => withMember(key, 'LastUsedDate', keyDate(key.AccessKeyId) ?? key.LastUsedDate)),
    ...(Rotations && {
      Rotations: Rotations.map((rotation) =>
        withMember(rotation, 'NewKeyUsed', isUsed(rotation.RunId) ?? rotation.NewKeyUsed),
      ),
    }),
  };
}

/** Returns a copy with a member, without it if the value is undefined. */
function withMember<T extends object>(record: T, name: keyof T, value: unknown): T {
  const copy = { ...record, [name]: value };
  if (value === undefined) delete copy[name];
  return copy;
}

/** Returns the change of a record without secrets and hashes, and with the names of groups and users. */
export function toChangedRecord({ Kind, Before, After, Names = {} }: RecordChange): ChangedRecord {
  const toPublic = (record: StoredRecord | null) => record && addReferencedNames(withoutSecrets(Kind, record), Names);
  return {
    Kind,
    Name: nameOf(Kind, (After ?? Before) as StoredRecord),
    Before: toPublic(Before),
    After: toPublic(After),
  };
}

function withoutSecrets(kind: RecordKind, record: StoredRecord): object {
  if (kind === 'Account') return { ...(record as AccountRecord), KeyFingerprint: undefined };
  if (kind === 'MFADevice') {
    const { SealedSeed: _, LastTimeStep: __, ...device } = record as MFADeviceRecord;
    return device;
  }
  if (kind !== 'User') return record;
  const { LoginProfile, AccessKeys, Rotations, ...user } = record as UserRecord;
  const { PasswordHash: _, EarlierHashes: __, Attempts: ___, ...login } = LoginProfile ?? {};
  return {
    ...user,
    ...(LoginProfile && { LoginProfile: login }),
    AccessKeys: AccessKeys.map(({ SealedSecret: _, ...key }) => key),
    ...(Rotations && {
      Rotations: Rotations.map(({ RunId, State, OldAccessKeyId, NewAccessKeyId, CreateDate, DueDate }) => ({
        RunId,
        State,
        OldAccessKeyId,
        NewAccessKeyId,
        CreateDate,
        ...(DueDate && { DueDate }),
      })),
    }),
  };
}
