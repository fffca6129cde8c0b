import { secretLabel } from './access-key.ts';
import { assertRanges } from './account.ts';
import type { Problem } from './failure.ts';
import { seedLabel } from './mfa.ts';
import { isPasswordHash } from './password.ts';
import { assertValidTrustPolicy, checkDocument } from './policy/check.ts';
import { findKnownPolicy } from './policy/system-policies.ts';
import { QUOTAS } from './quotas.ts';
import { assertValidSessionDuration } from './role.ts';
import { KEPT_ROTATIONS } from './rotation.ts';
import { isPending } from './rotation-rules.ts';
import type {
  AccountRecord,
  AttachmentRecord,
  GroupRecord,
  PolicyRecord,
  RoleRecord,
  State,
  UserRecord,
} from './state.ts';
import { DEFAULT_PASSWORD_POLICY, DEFAULT_SECURITY_PREFERENCE, foldCase } from './state.ts';
import { assertValidSystemPolicy, findSystemPolicy } from './system-policy.ts';
import { assertValidTags } from './tag-values.ts';
import { assertValidProfile } from './user.ts';
import * as validation from './validation.ts';
import type { Vault } from './vault.ts';

/** Returns all problems of a readable state: values, references, quotas and encrypted secrets. */
export async function validateState(state: State, vault: Vault): Promise<Problem[]> {
  const problems: Problem[] = [];
  /** Adds a problem when `isValid` throws or returns false. */
  const check = (Code: string, subject: string, isValid: () => unknown) => {
    try {
      if (isValid() === false) problems.push({ Code, Message: subject });
    } catch (error) {
      problems.push({ Code, Message: `${subject}: ${(error as Error).message}` });
    }
  };
  const { KeyFingerprint } = state.Account;
  check('Key', 'the key of this directory', () => {
    if (KeyFingerprint !== undefined) vault.verifyKey(KeyFingerprint);
  });
  const hasKey = problems.length === 0;
  for (const kind of ['Users', 'Groups', 'Policies', 'SystemPolicies', 'Roles', 'MFADevices'] as const) {
    check('Quota', `more than ${QUOTAS[kind]} ${kind}`, () => state[kind].size <= QUOTAS[kind]);
  }
  // Parsing an unlimited number of records could take minutes.
  if (problems.some(({ Code }) => Code === 'Quota')) return problems;
  const checkAttachments = (subject: string, attachments: AttachmentRecord[]) => {
    check('Quota', `${subject} has more policies than RAM allows`, () => isWithinPolicyQuota(attachments));
    const message = `${subject} has a policy twice, or one that does not exist`;
    check('Reference', message, () => policiesExist(state, attachments));
  };
  const checkSealed = (subject: string, sealed: string, label: string) => {
    if (hasKey) check('Seal', subject, () => vault.decrypt(sealed, label));
  };
  check('Value', 'the account', () => checkAccount(state.Account));
  const ids = new Set<string>();
  const deviceOwners = new Set<string>();
  const groupIds = new Set(Array.from(state.Groups.values(), ({ GroupId }) => GroupId));
  for (const user of state.Users.values()) {
    const { UserName } = user;
    check('Identifier', `${UserName}: an id is malformed or used twice`, () => checkIds(user, ids));
    check('Value', UserName, () => checkUser(user));
    check('Quota', `${UserName} has more AccessKeys or groups than RAM allows`, () => {
      const { AccessKeysPerUser, GroupsPerUser } = QUOTAS;
      return user.AccessKeys.length <= AccessKeysPerUser && user.Groups.length <= GroupsPerUser;
    });
    checkAttachments(UserName, user.Policies);
    check('Value', `the rotations of ${UserName}`, () => checkRotations(user));
    check('Reference', `${UserName} is in a group twice, or in one that does not exist`, () => {
      const ownIds = user.Groups.map(({ GroupId }) => GroupId);
      return isUnique(ownIds) && ownIds.every((id) => groupIds.has(id));
    });
    const replaced = (user.Rotations ?? []).flatMap(({ Replaced }) => Replaced ?? []);
    for (const { AccessKeyId, SealedSecret } of [...user.AccessKeys, ...replaced]) {
      checkSealed(`AccessKey ${AccessKeyId} of ${UserName}`, SealedSecret, secretLabel(user, AccessKeyId));
    }
  }
  for (const group of state.Groups.values()) {
    const name = `group ${group.GroupName}`;
    check('Value', name, () => checkGroup(group));
    checkAttachments(name, group.Policies);
  }
  check('Identifier', 'a group id is used twice', () => groupIds.size === state.Groups.size);
  for (const policy of state.Policies.values()) {
    const name = `policy ${policy.PolicyName}`;
    check('Value', name, () => checkPolicy(policy) && hasAllowedName(state, policy));
    for (const { VersionId, PolicyDocument } of policy.Versions) {
      const { document } = await checkDocument(String(PolicyDocument));
      check('Document', `${name}, version ${VersionId}`, () => document !== undefined);
    }
  }
  for (const policy of state.SystemPolicies.values()) {
    const problem = await assertValidSystemPolicy(policy).catch((error: Error) => error);
    check('Value', `system policy ${policy.PolicyName}`, () => {
      if (problem) throw problem;
    });
  }
  for (const role of state.Roles.values()) {
    const name = `role ${role.RoleName}`;
    check('Value', name, () => checkRole(role));
    checkAttachments(name, role.Policies);
    check('Identifier', `${name}: its id is used twice`, () => addIfNew(ids, role.RoleId));
    const { AssumeRolePolicyDocument: document } = role;
    const problem = await assertValidTrustPolicy(document, 'AssumeRolePolicyDocument').catch((error: Error) => error);
    check('Document', name, () => problem === undefined);
  }
  for (const device of state.MFADevices.values()) {
    const name = `MFA device ${device.VirtualMFADeviceName}`;
    check('Value', name, () => validation.assertValidDeviceName(device.VirtualMFADeviceName));
    check('Reference', `${name} is bound to a user who does not exist or has another device`, () => {
      const { Binding } = device;
      return Binding === undefined || (ids.has(Binding.UserId) && addIfNew(deviceOwners, Binding.UserId));
    });
    checkSealed(name, device.SealedSeed, seedLabel(device));
  }
  return problems;
}

function checkAccount({ AccountId, AccountAlias, CreateDate, PasswordPolicy, SecurityPreference }: AccountRecord) {
  if (AccountAlias !== undefined) validation.assertValidAlias(AccountAlias);
  const settings: Record<string, unknown> = { ...PasswordPolicy, ...SecurityPreference };
  assertRanges(settings);
  const defaults = { ...DEFAULT_PASSWORD_POLICY, ...DEFAULT_SECURITY_PREFERENCE };
  const isComplete = Object.entries(defaults).every(([name, value]) => typeof settings[name] === typeof value);
  return isComplete && /^\d{16}$/.test(AccountId) && validation.isDate(CreateDate);
}

/** Adds the ids of a user to `knownIds`, which has the ids of the users that were checked before. */
function checkIds(user: UserRecord, knownIds: Set<string>): boolean {
  const keyIds = user.AccessKeys.map(({ AccessKeyId }) => AccessKeyId);
  const areNew = [user.UserId, ...keyIds].map((id) => addIfNew(knownIds, id));
  return areNew.every(Boolean) && /^\d{18}$/.test(user.UserId) && keyIds.every(isAccessKeyId);
}

function checkUser({ Rotations: _, ...user }: UserRecord): boolean {
  validation.assertValidUserName(user.UserName);
  assertValidProfile(user);
  assertValidTags('user', user.Tags);
  const { AccessKeys, LoginProfile } = user;
  return hasValidDates(user) && AccessKeys.every(hasValidStatus) && (!LoginProfile || checkLogin(LoginProfile));
}

function checkLogin(login: NonNullable<UserRecord['LoginProfile']>): boolean {
  const { PasswordHash, EarlierHashes, PasswordResetRequired, MFABindRequired } = login;
  return (
    hasValidStatus(login) &&
    [PasswordHash, ...(EarlierHashes ?? [])].every(isPasswordHash) &&
    [PasswordResetRequired, MFABindRequired].every((value) => typeof value === 'boolean')
  );
}

function hasValidStatus({ Status }: { Status: string }): boolean {
  return Status === 'Active' || Status === 'Inactive';
}

function checkRotations(user: UserRecord): boolean {
  const { Rotations = [] } = user;
  for (const { RunId } of Rotations) validation.assertValidText(RunId, 'RunId', 64);
  return (
    Rotations.flatMap((rotation) => [rotation, ...(rotation.Earlier ? [rotation.Earlier] : [])]).every(
      ({ Replaced: _, ...rotation }) =>
        hasValidDates(rotation) &&
        isAccessKeyId(rotation.OldAccessKeyId) &&
        isAccessKeyId(rotation.NewAccessKeyId) &&
        ['Checking', 'Grace', 'Done', 'RolledBack'].includes(rotation.State) &&
        (rotation.State !== 'Grace' || rotation.DueDate !== undefined) &&
        typeof rotation.Request === 'string' &&
        Number.isSafeInteger(rotation.DeliveryTimeMs ?? 0),
    ) &&
    Rotations.length <= KEPT_ROTATIONS &&
    Rotations.filter((rotation) => isPending(user, rotation)).length <= 1 &&
    isUnique(Rotations.map(({ RunId }) => RunId))
  );
}

function checkGroup(group: GroupRecord): boolean {
  validation.assertValidGroupName(group.GroupName);
  if (group.DisplayName !== undefined) validation.assertValidText(group.DisplayName, 'DisplayName');
  if (group.Comments !== undefined) validation.assertValidText(group.Comments, 'Comments');
  return /^g-[A-Za-z0-9]{16}$/.test(group.GroupId) && hasValidDates(group);
}

function checkRole(role: RoleRecord): boolean {
  validation.assertValidRoleName(role.RoleName);
  if (role.Description !== undefined) validation.assertValidText(role.Description, 'Description', 1024);
  assertValidSessionDuration(role.MaxSessionDuration, 'MaxSessionDuration');
  assertValidTags('role', role.Tags);
  return /^\d{18}$/.test(role.RoleId) && hasValidDates(role);
}

function checkPolicy(policy: PolicyRecord): boolean {
  validation.assertValidPolicyName(policy.PolicyName);
  if (policy.Description !== undefined) validation.assertValidText(policy.Description, 'Description', 1024);
  assertValidTags('policy', policy.Tags);
  const { Versions, DefaultVersion, LatestVersion } = policy;
  const numbers = Versions.map(({ VersionId }) => Number(/^v([1-9]\d*)$/.exec(VersionId)?.[1]));
  return (
    Versions.length <= QUOTAS.VersionsPerPolicy &&
    Versions.some(({ VersionId }) => VersionId === DefaultVersion) &&
    numbers.every((number, index) => number <= LatestVersion && number > (numbers[index - 1] ?? 0)) &&
    hasValidDates(policy)
  );
}

/**
 * Returns whether a custom policy may have its name. Names of system policies that ramctl learned later are allowed:
 * older versions accepted them.
 */
function hasAllowedName({ SystemPolicies }: State, { PolicyName }: PolicyRecord): boolean {
  return !SystemPolicies.has(foldCase(PolicyName)) && findKnownPolicy(PolicyName)?.DocumentSource !== 'exact';
}

function policiesExist(state: State, attachments: AttachmentRecord[]): boolean {
  const exists = ({ PolicyName, PolicyType }: AttachmentRecord) =>
    PolicyType === 'System'
      ? findSystemPolicy(state, PolicyName)?.PolicyName === PolicyName
      : state.Policies.has(foldCase(PolicyName));
  return attachments.every(exists) && isUnique(attachments.map(({ PolicyName }) => PolicyName));
}

function isWithinPolicyQuota(attachments: AttachmentRecord[]): boolean {
  const { System, Custom } = QUOTAS.AttachedPolicies;
  const systemCount = attachments.filter(({ PolicyType }) => PolicyType === 'System').length;
  return systemCount <= System && attachments.length - systemCount <= Custom;
}

/** Returns whether all members whose names end in `Date` are dates, in nested records too. The keys of tags are free. */
function hasValidDates(record: object): boolean {
  return Object.entries(record).every(([name, value]) => {
    if (name.endsWith('Date')) return validation.isDate(String(value));
    return name === 'Tags' || typeof value !== 'object' || value === null || hasValidDates(value);
  });
}

function isAccessKeyId(id: unknown): boolean {
  return /^LTAI[A-Za-z0-9]{20}$/.test(String(id));
}

function isUnique(values: unknown[]): boolean {
  return new Set(values).size === values.length;
}

/** Adds an id to a set. Returns false when the set already had it. */
function addIfNew(ids: Set<string>, id: string): boolean {
  return ids.size < ids.add(id).size;
}
