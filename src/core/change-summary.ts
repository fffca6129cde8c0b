import { describeRecord, type RecordChange, type RecordKind, type StoredRecord } from './record-change.ts';
import { findName } from './referenced-names.ts';
import type {
  AccountRecord,
  AttachmentRecord,
  MFADeviceRecord,
  PolicyRecord,
  RotationRecord,
  State,
  UserRecord,
} from './state.ts';

/** How many phrases a summary has before it only counts the others. */
const MAX_PHRASES = 6;

/** Names in the states before and after a change. */
interface Names {
  group(id: string): string;
  user(id: string): string;
}

/** Returns one line about the changed records, such as `created user alice; added bob to group ops`. */
export function summarizeChanges(changes: RecordChange[], before: State, after: State): string {
  const names = createNames(before, after);
  const phrases = changes.flatMap((change) => describeChange(change, names));
  const shown = phrases.slice(0, MAX_PHRASES);
  const others = phrases.length - shown.length;
  return [...shown, ...(others > 0 ? [`and ${others} more`] : [])].join('; ');
}

function createNames(...states: State[]): Names {
  return {
    group: (id) => findName('Group', id, states) ?? id,
    user: (id) => findName('User', id, states) ?? id,
  };
}

function describeChange({ Kind, Before, After }: RecordChange, names: Names): string[] {
  if (!After) return [`deleted ${describeRecord(Kind, Before as StoredRecord)}`];
  const subject = describeRecord(Kind, After);
  const details = describeMembers(Kind, Before, After, names);
  if (!Before) return [`created ${subject}`, ...details];
  const earlier = describeRecord(Kind, Before);
  const renamed = earlier === subject ? [] : [`renamed ${earlier} to ${subject.split(' ').at(-1)}`];
  const all = [...renamed, ...details, ...describeOthers(Kind, subject, Before, After)];
  return all.length === 0 ? [`changed ${subject}`] : all;
}

/** Describes the changes of members that are lists or records. */
function describeMembers(kind: RecordKind, before: StoredRecord | null, after: StoredRecord, names: Names): string[] {
  const subject = describeRecord(kind, after);
  const policies = compare<AttachmentRecord>(before, after, 'Policies', ({ PolicyName }) => PolicyName);
  const attachments = [
    ...policies.added.map(({ PolicyName }) => `attached policy ${PolicyName} to ${subject}`),
    ...policies.removed.map(({ PolicyName }) => `detached policy ${PolicyName} from ${subject}`),
  ];
  if (kind === 'User')
    return [...describeUser(before as UserRecord | null, after as UserRecord, names), ...attachments];
  if (kind === 'Policy') return describePolicy(before as PolicyRecord | null, after as PolicyRecord);
  if (kind === 'MFADevice') return describeDevice(before as MFADeviceRecord | null, after as MFADeviceRecord, names);
  return attachments;
}

function describeUser(before: UserRecord | null, after: UserRecord, names: Names): string[] {
  const { UserName } = after;
  const keys = compare(before, after, 'AccessKeys', ({ AccessKeyId }: UserRecord['AccessKeys'][0]) => AccessKeyId);
  const groups = compare(before, after, 'Groups', ({ GroupId }: UserRecord['Groups'][0]) => GroupId);
  const rotations = compare(before, after, 'Rotations', ({ RunId }: RotationRecord) => RunId);
  return [
    ...describeLogin(before?.LoginProfile, after.LoginProfile, UserName),
    ...keys.added.map(({ AccessKeyId }) => `created AccessKey ${AccessKeyId} of ${UserName}`),
    ...keys.removed.map(({ AccessKeyId }) => `deleted AccessKey ${AccessKeyId} of ${UserName}`),
    ...keys.changed
      .filter(([earlier, later]) => earlier.Status !== later.Status)
      .map(([, { AccessKeyId, Status }]) => `${statusWord(Status)} AccessKey ${AccessKeyId} of ${UserName}`),
    ...rotations.added.map(({ RunId }) => `started rotation ${RunId} of ${UserName}`),
    ...rotations.changed
      .filter(([earlier, later]) => earlier.State !== later.State)
      .map(([, { RunId, State }]) => `set rotation ${RunId} of ${UserName} to ${State}`),
    ...groups.added.map(({ GroupId }) => `added ${UserName} to group ${names.group(GroupId)}`),
    ...groups.removed.map(({ GroupId }) => `removed ${UserName} from group ${names.group(GroupId)}`),
  ];
}

function describeLogin(before: UserRecord['LoginProfile'], after: UserRecord['LoginProfile'], name: string): string[] {
  if (!after) return before ? [`removed the console logon of ${name}`] : [];
  if (!before) return [`created a console logon for ${name}`];
  const changes = [
    ...(before.PasswordHash === after.PasswordHash ? [] : [`changed the password of ${name}`]),
    ...(before.Status === after.Status ? [] : [`${statusWord(after.Status)} the console logon of ${name}`]),
  ];
  const isSame = ({ PasswordResetRequired, MFABindRequired }: typeof after) => [PasswordResetRequired, MFABindRequired];
  const hasNewRules = isSame(before).join() !== isSame(after).join();
  return hasNewRules ? [...changes, `changed the logon requirements of ${name}`] : changes;
}

function statusWord(status: string): string {
  return status === 'Active' ? 'enabled' : 'disabled';
}

function describePolicy(before: PolicyRecord | null, after: PolicyRecord): string[] {
  if (!before) return [];
  const { PolicyName, DefaultVersion } = after;
  const { added, removed } = compare(
    before,
    after,
    'Versions',
    ({ VersionId }: PolicyRecord['Versions'][0]) => VersionId,
  );
  return [
    ...added.map(({ VersionId }) => `created version ${VersionId} of policy ${PolicyName}`),
    ...removed.map(({ VersionId }) => `deleted version ${VersionId} of policy ${PolicyName}`),
    ...(before.DefaultVersion === DefaultVersion ? [] : [`made ${DefaultVersion} the default of policy ${PolicyName}`]),
  ];
}

function describeDevice(before: MFADeviceRecord | null, after: MFADeviceRecord, names: Names): string[] {
  const { VirtualMFADeviceName: name, Binding } = after;
  if (before?.Binding?.UserId === Binding?.UserId) return [];
  return Binding
    ? [`bound MFA device ${name} to ${names.user(Binding.UserId)}`]
    : [`unbound MFA device ${name} from ${names.user(before?.Binding?.UserId ?? '')}`];
}

/** Members that `describeMembers` describes, and that change with each change. */
const DESCRIBED = /^(\w+Name|UpdateDate|LastLoginDate|LoginProfile|AccessKeys|Groups|Policies|Rotations|Binding)$/;
const DESCRIBED_OF_POLICY = /^(LatestVersion|Versions|DefaultVersion)$/;

/** Describes the changes of the other members by their names. */
function describeOthers(kind: RecordKind, subject: string, before: StoredRecord, after: StoredRecord): string[] {
  if (kind === 'Account') return describeAccount(before as AccountRecord, after as AccountRecord);
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  const changed = [...names].filter(
    (name) =>
      (name === 'DisplayName' || !DESCRIBED.test(name)) &&
      !(kind === 'Policy' && DESCRIBED_OF_POLICY.test(name)) &&
      name !== 'LastTimeStep' &&
      JSON.stringify(Object(before)[name]) !== JSON.stringify(Object(after)[name]),
  );
  return changed.length === 0 ? [] : [`changed ${changed.join(', ')} of ${subject}`];
}

function describeAccount(before: AccountRecord, after: AccountRecord): string[] {
  const isSame = (name: keyof AccountRecord) => JSON.stringify(before[name]) === JSON.stringify(after[name]);
  const alias = after.AccountAlias === undefined ? 'removed the alias' : `set the alias to ${after.AccountAlias}`;
  return [
    ...(isSame('AccountAlias') ? [] : [alias]),
    ...(isSame('PasswordPolicy') ? [] : ['changed the password policy']),
    ...(isSame('SecurityPreference') ? [] : ['changed the security settings']),
  ];
}

/** Compares a list member of two records by the ids of its items. */
function compare<T>(before: object | null, after: object, member: string, idOf: (item: T) => string) {
  const list = (record: object | null): T[] => (record && Object(record)[member]) ?? [];
  const [earlier, later] = [before, after].map((record) => new Map(list(record).map((item) => [idOf(item), item]))) as [
    Map<string, T>,
    Map<string, T>,
  ];
  return {
    added: [...later].filter(([id]) => !earlier.has(id)).map(([, item]) => item),
    removed: [...earlier].filter(([id]) => !later.has(id)).map(([, item]) => item),
    changed: [...later].flatMap(([id, item]): [T, T][] => {
      const old = earlier.get(id);
      return old === undefined ? [] : [[old, item]];
    }),
  };
}
