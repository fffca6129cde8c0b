import { secretLabel } from './access-key.ts';
import { assertRanges, defaultPasswordPolicy, defaultSecurityPreference } from './account.ts';
import { seedLabel } from './mfa.ts';
import { isPasswordHash } from './password.ts';
import { checkDocument } from './policy/check.ts';
import { SYSTEM_POLICIES } from './policy/system-policies.ts';
import { QUOTAS } from './quotas.ts';
import { KEPT_ROTATIONS } from './rotation.ts';
import {
  type AccountRecord,
  type AttachmentRecord,
  foldCase,
  type GroupRecord,
  type LoginProfileRecord,
  type MembershipRecord,
  type PolicyRecord,
  type State,
  type UserRecord,
} from './state.ts';
import type { Problem } from './store.ts';
import {
  assertValidAlias,
  assertValidDeviceName,
  assertValidEmail,
  assertValidGroupName,
  assertValidMobilePhone,
  assertValidPolicyName,
  assertValidText,
  assertValidUserName,
} from './validation.ts';
import type { Vault } from './vault.ts';

const DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

/** Everything that is wrong with a state that could be read: values, references, quotas, seals. */
export async function validateState(state: State, vault: Vault): Promise<Problem[]> {
  const findings: Problem[] = [];
  const look = (Code: string, subject: string, test: () => unknown) => {
    try {
      if (test() !== false) return;
      findings.push({ Code, Message: subject });
    } catch (error) {
      findings.push({ Code, Message: `${subject}: ${(error as Error).message}` });
    }
  };
  const { KeyFingerprint } = state.Account;
  look('Key', 'the key of this directory', () => {
    if (KeyFingerprint !== undefined) vault.verifyKey(KeyFingerprint);
  });
  const keyIsThere = findings.length === 0;
  for (const kind of ['Users', 'Groups', 'Policies', 'MFADevices'] as const) {
    look('Quota', `more than ${QUOTAS[kind]} ${kind}`, () => state[kind].size <= QUOTAS[kind]);
  }
  // Nobody reads half a million of them.
  if (findings.some(({ Code }) => Code === 'Quota')) return findings;
  look('Value', 'the account', () => checkAccount(state.Account));
  const ids = new Set<string>();
  const owners = new Set<string>();
  const groups = new Set(Array.from(state.Groups.values(), ({ GroupId }) => GroupId));
  for (const user of state.Users.values()) {
    look('Identifier', `${user.UserName}: an id that is malformed or stands twice`, () => checkUniqueIds(user, ids));
    look('Value', user.UserName, () => checkValues(user));
    look('Quota', `${user.UserName} has more than RAM allows`, () => checkQuotas(user));
    look('Value', `the rotations of ${user.UserName}`, () => checkRotations(user));
    look('Reference', `${user.UserName} has a policy twice, or one that does not exist`, () =>
      policiesExist(state, user.Policies),
    );
    look('Reference', `${user.UserName} is in a group twice, or in one that does not exist`, () =>
      user.Groups.every(({ GroupId }, at) => groups.has(GroupId) && !hasEarlier(user.Groups, at)),
    );
    const replaced = (user.Rotations ?? []).flatMap(({ Replaced }) => Replaced ?? []);
    for (const key of keyIsThere ? [...user.AccessKeys, ...replaced] : []) {
      look('Seal', `AccessKey ${key.AccessKeyId} of ${user.UserName}`, () =>
        vault.decrypt(key.SealedSecret, secretLabel(user, key.AccessKeyId)),
      );
    }
  }
  for (const group of state.Groups.values()) {
    const name = `group ${group.GroupName}`;
    look('Value', name, () => checkGroup(group));
    look('Quota', `${name} has more policies than RAM allows`, () => isWithinPolicyQuota(group.Policies));
    look('Reference', `${name} has a policy twice, or one that does not exist`, () =>
      policiesExist(state, group.Policies),
    );
  }
  look('Identifier', 'a group id stands twice', () => groups.size === state.Groups.size);
  for (const policy of state.Policies.values()) {
    look('Value', `policy ${policy.PolicyName}`, () => checkPolicy(policy));
    for (const { VersionId, PolicyDocument } of policy.Versions) {
      const { document } = await checkDocument(String(PolicyDocument));
      look('Document', `policy ${policy.PolicyName}, version ${VersionId}`, () => document !== undefined);
    }
  }
  for (const device of state.MFADevices.values()) {
    const name = `MFA device ${device.VirtualMFADeviceName}`;
    look('Value', name, () => assertValidDeviceName(device.VirtualMFADeviceName));
    look('Reference', `${name} is bound to a user who does not exist, or who has another one`, () => {
      const { Binding } = device;
      return Binding === undefined || (ids.has(Binding.UserId) && claimUnique(owners, Binding.UserId));
    });
    if (keyIsThere) look('Seal', name, () => vault.decrypt(device.SealedSeed, seedLabel(device)));
  }
  return findings;
}

/** Adds to a set; false when it was there already. */
function claimUnique(taken: Set<string>, id: string): boolean {
  return taken.size < taken.add(id).size;
}

function checkAccount({ AccountId, AccountAlias, CreateDate, PasswordPolicy, SecurityPreference }: AccountRecord) {
  if (AccountAlias !== undefined) assertValidAlias(AccountAlias);
  assertRanges({ ...PasswordPolicy, ...SecurityPreference });
  const fresh = { ...defaultPasswordPolicy(), ...defaultSecurityPreference() };
  const present: Record<string, unknown> = { ...PasswordPolicy, ...SecurityPreference };
  const isWhole = Object.entries(fresh).every(([member, value]) => typeof present[member] === typeof value);
  return isWhole && /^\d{16}$/.test(AccountId) && isDate(CreateDate);
}

function checkUniqueIds(user: UserRecord, taken: Set<string>): boolean {
  const ids = [user.UserId, ...user.AccessKeys.map(({ AccessKeyId }) => AccessKeyId)];
  const fresh = ids.every((id) => !taken.has(id)) && new Set(ids).size === ids.length;
  for (const id of ids) taken.add(id);
  return fresh && /^\d{18}$/.test(user.UserId) && ids.slice(1).every((id) => /^LTAI[A-Za-z0-9]{20}$/.test(id));
}

function checkValues(user: UserRecord): boolean {
  assertValidUserName(user.UserName);
  if (user.DisplayName !== undefined) assertValidText(user.DisplayName, 'DisplayName');
  if (user.Comments !== undefined) assertValidText(user.Comments, 'Comments');
  if (user.Email !== undefined) assertValidEmail(user.Email, 'Email');
  if (user.MobilePhone !== undefined) assertValidMobilePhone(user.MobilePhone, 'MobilePhone');
  const login = user.LoginProfile;
  const dates = [user, ...user.AccessKeys, ...user.Groups, ...user.Policies, ...(login ? [login] : [])].flatMap(
    listDates,
  );
  const statuses = [...user.AccessKeys, ...(login ? [login] : [])].map(({ Status }) => Status);
  return (
    dates.every(isDate) &&
    statuses.every((status) => status === 'Active' || status === 'Inactive') &&
    (login === undefined ||
      ([login.PasswordHash, ...(login.EarlierHashes ?? [])].every(isPasswordHash) && hasFlags(login)))
  );
}

function checkRotations({ AccessKeys, Rotations = [] }: UserRecord): boolean {
  const isKeyId = (id: unknown) => /^LTAI[A-Za-z0-9]{20}$/.test(String(id));
  const isThere = (id: string) => AccessKeys.some(({ AccessKeyId }) => AccessKeyId === id);
  const pending = Rotations.filter(({ State }) => State === 'Checking' || State === 'Grace');
  for (const { RunId } of Rotations) assertValidText(RunId, 'RunId', 64);
  return (
    Rotations.flatMap(listDates).every(isDate) &&
    Rotations.every((one) => isKeyId(one.OldAccessKeyId) && isKeyId(one.NewAccessKeyId)) &&
    Rotations.every(({ State }) => ['Checking', 'Grace', 'Done', 'RolledBack'].includes(State)) &&
    Rotations.every(({ State, DueDate }) => State !== 'Grace' || DueDate !== undefined) &&
    Rotations.every(({ Request }) => typeof Request === 'string') &&
    Rotations.length <= KEPT_ROTATIONS &&
    pending.filter(({ NewAccessKeyId }) => isThere(NewAccessKeyId)).length <= 1 &&
    new Set(Rotations.map(({ RunId }) => RunId)).size === Rotations.length
  );
}

function checkGroup(group: GroupRecord): boolean {
  assertValidGroupName(group.GroupName);
  if (group.Comments !== undefined) assertValidText(group.Comments, 'Comments');
  return /^g-[A-Za-z0-9]{16}$/.test(group.GroupId) && [group, ...group.Policies].flatMap(listDates).every(isDate);
}

function checkPolicy(policy: PolicyRecord): boolean {
  assertValidPolicyName(policy.PolicyName);
  if (policy.Description !== undefined) assertValidText(policy.Description, 'Description', 1024);
  const { Versions, DefaultVersion, LatestVersion } = policy;
  const numbers = Versions.map(({ VersionId }) => Number(/^v([1-9]\d*)$/.exec(VersionId)?.[1]));
  return (
    !Object.keys(SYSTEM_POLICIES).some((name) => foldCase(name) === foldCase(policy.PolicyName)) &&
    Versions.length <= QUOTAS.VersionsPerPolicy &&
    Versions.some(({ VersionId }) => VersionId === DefaultVersion) &&
    numbers.every((number, at) => number <= LatestVersion && number > (numbers[at - 1] ?? 0)) &&
    [policy, ...Versions].flatMap(listDates).every(isDate)
  );
}

function policiesExist({ Policies }: State, attachments: AttachmentRecord[]): boolean {
  return attachments.every(({ PolicyName, PolicyType }, at) => {
    const exists =
      PolicyType === 'System' ? Object.hasOwn(SYSTEM_POLICIES, PolicyName) : Policies.has(foldCase(PolicyName));
    return exists && attachments.findIndex((other) => other.PolicyName === PolicyName) === at;
  });
}

function hasEarlier(groups: MembershipRecord[], at: number): boolean {
  return groups.findIndex(({ GroupId }) => GroupId === groups[at]?.GroupId) < at;
}

function hasFlags({ PasswordResetRequired, MFABindRequired }: LoginProfileRecord): boolean {
  return typeof PasswordResetRequired === 'boolean' && typeof MFABindRequired === 'boolean';
}

function isDate(text: string): boolean {
  return DATE.test(text) && !Number.isNaN(Date.parse(text));
}

/** The values of all members that are named as dates. */
function listDates(record: object): string[] {
  return Object.entries(record).flatMap(([name, value]) => (name.endsWith('Date') ? [String(value)] : []));
}

function checkQuotas(user: UserRecord): boolean {
  return (
    user.AccessKeys.length <= QUOTAS.AccessKeysPerUser &&
    user.Groups.length <= QUOTAS.GroupsPerUser &&
    isWithinPolicyQuota(user.Policies)
  );
}

function isWithinPolicyQuota(attachments: AttachmentRecord[]): boolean {
  const { System, Custom } = QUOTAS.AttachedPolicies;
  const system = attachments.filter(({ PolicyType }) => PolicyType === 'System').length;
  return system <= System && attachments.length - system <= Custom;
}
