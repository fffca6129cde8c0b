import { type Clock, formatRamDate } from './clock.ts';
import { computeOnce, markUnchanging } from './computed.ts';
import { DIGITS, generateRandomText, type RandomSource } from './random.ts';
import { deepFreeze, Records } from './records.ts';

/**
 * The stored state of a directory. Members have RAM's names (RAM API 2015-05-01; logon `Status` from IMS 2019-08-15),
 * so that the file, the API and `-o json` use the same names. Dates are `YYYY-MM-DDThh:mm:ssZ`. The records of each
 * kind are stored by lower-case name, see `foldCase`.
 */
export interface State {
  Account: AccountRecord;
  Users: Records<UserRecord>;
  MFADevices: Records<MFADeviceRecord>;
  Groups: Records<GroupRecord>;
  /** Custom policies only. */
  Policies: Records<PolicyRecord>;
  /** The system policies that were imported from an account. */
  SystemPolicies: Records<SystemPolicyRecord>;
  Roles: Records<RoleRecord>;
}

/** The member with the name of a record, for each list. */
export const NAME_MEMBERS = {
  Users: 'UserName',
  MFADevices: 'VirtualMFADeviceName',
  Groups: 'GroupName',
  Policies: 'PolicyName',
  SystemPolicies: 'PolicyName',
  Roles: 'RoleName',
} as const;

export interface AccountRecord {
  AccountId: string;
  AccountAlias?: string;
  CreateDate: string;
  /** The fingerprint of the vault key that encrypts the secrets. The first change sets it. */
  KeyFingerprint?: string;
  PasswordPolicy: PasswordPolicy;
  SecurityPreference: SecurityPreference;
}

/**
 * RAM's GetPasswordPolicy, spelled as RAM spells it. Ages are in days. 0 turns a rule off. The values are RAM's
 * defaults, except that the number of failed attempts is limited.
 */
export const DEFAULT_PASSWORD_POLICY = {
  MinimumPasswordLength: 8,
  RequireLowercaseCharacters: false,
  RequireUppercaseCharacters: false,
  RequireNumbers: false,
  RequireSymbols: false,
  HardExpiry: false,
  MaxPasswordAge: 0,
  PasswordReusePrevention: 0,
  MaxLoginAttemps: 5,
};

export type PasswordPolicy = typeof DEFAULT_PASSWORD_POLICY;

/** The members of RAM's GetSecurityPreference without their groups, with RAM's defaults. */
export const DEFAULT_SECURITY_PREFERENCE = {
  EnableSaveMFATicket: false,
  AllowUserToChangePassword: true,
  AllowUserToManageAccessKeys: false,
  AllowUserToManageMFADevices: true,
  /** Hours, 1 to 24. */
  LoginSessionDuration: 6,
  /** Addresses and CIDR blocks, separated by `;`. Empty: no restriction. */
  LoginNetworkMasks: '',
};

export type SecurityPreference = typeof DEFAULT_SECURITY_PREFERENCE;

export interface UserRecord {
  UserId: string;
  UserName: string;
  DisplayName?: string;
  Comments?: string;
  Email?: string;
  MobilePhone?: string;
  CreateDate: string;
  UpdateDate: string;
  LastLoginDate?: string;
  LoginProfile?: LoginProfileRecord;
  AccessKeys: AccessKeyRecord[];
  Groups: MembershipRecord[];
  Policies: AttachmentRecord[];
  /** In the order of their start. */
  Rotations?: RotationRecord[];
  Tags?: Tags;
}

/** Values by key. */
export type Tags = Record<string, string>;

export type Status = 'Active' | 'Inactive';

export interface LoginProfileRecord {
  Status: Status;
  /** argon2id in the PHC string format. */
  PasswordHash: string;
  PasswordDate: string;
  PasswordResetRequired: boolean;
  MFABindRequired: boolean;
  CreateDate: string;
  /** Hashes of earlier passwords, the latest first, as many as PasswordReusePrevention requires. */
  EarlierHashes?: string[];
  /** The dates of logons that failed or are still in progress, see `logon-steps.ts`. */
  Attempts?: string[];
}

export interface AccessKeyRecord {
  AccessKeyId: string;
  /** Encrypted by the vault with the label of `secretLabel` in `access-key.ts`. */
  SealedSecret: string;
  Status: Status;
  CreateDate: string;
  LastUsedDate?: string;
}

/** The replacement of an AccessKey by a new one, see `rotation.ts`. */
export interface RotationRecord {
  /** Chosen by the caller. The same id resumes the rotation, another id starts another one. */
  RunId: string;
  /** `Checking` until the delivery of the new pair is recorded, then `Grace` until the old key is disabled. */
  State: 'Checking' | 'Grace' | 'Done' | 'RolledBack';
  OldAccessKeyId: string;
  NewAccessKeyId: string;
  CreateDate: string;
  /** When the old key is to be disabled. */
  DueDate?: string;
  /** The key that was deleted for the new one, until the delivery is recorded. Its secret stays encrypted. */
  Replaced?: AccessKeyRecord;
  /** This record before its undelivered key was replaced, until the delivery of the other key is recorded. */
  Earlier?: RotationRecord;
  /** When the delivery was recorded, in milliseconds since 1970. Older versions of ramctl did not store it. */
  DeliveryTimeMs?: number;
  /** Whether the new key was used after its delivery. Uses by `--check` come before it. */
  NewKeyUsed?: true;
  /** A fingerprint of the options, so that a RunId is not used again with other options. */
  Request: string;
}

export interface MFADeviceRecord {
  VirtualMFADeviceName: string;
  /** Base32, encrypted by the vault with the label of `seedLabel` in `mfa.ts`. */
  SealedSeed: string;
  CreateDate: string;
  /** Absent while the device is bound to no user. */
  Binding?: { UserId: string; ActivateDate: string };
  /** The time step (RFC 6238) of the last accepted code. Only codes of later steps are accepted. */
  LastTimeStep?: number;
}

export interface GroupRecord {
  GroupId: string;
  GroupName: string;
  /** Only IMS has it. */
  DisplayName?: string;
  Comments?: string;
  CreateDate: string;
  UpdateDate: string;
  Policies: AttachmentRecord[];
}

/**
 * Stored in the user with the group's id, so that joining changes one record and a group's rename changes no member.
 */
export type MembershipRecord = { GroupId: string; JoinDate: string };

export interface PolicyRecord {
  PolicyName: string;
  Description?: string;
  CreateDate: string;
  UpdateDate: string;
  DefaultVersion: string;
  /** The highest version number so far. Numbers are not reused. */
  LatestVersion: number;
  /** In the order of creation. */
  Versions: PolicyVersionRecord[];
  Tags?: Tags;
}

/** A system policy as the account exported it. Only its default version is kept. */
export interface SystemPolicyRecord {
  PolicyName: string;
  Description?: string;
  CreateDate?: string;
  UpdateDate?: string;
  DefaultVersion: string;
  PolicyDocument: string;
}

/** An identity that users, roles and services of Alibaba Cloud can assume (STS AssumeRole). */
export interface RoleRecord {
  RoleId: string;
  RoleName: string;
  Description?: string;
  /** The trust policy, which names the identities that may assume the role. */
  AssumeRolePolicyDocument: string;
  /** Seconds. */
  MaxSessionDuration: number;
  CreateDate: string;
  UpdateDate: string;
  Policies: AttachmentRecord[];
  Tags?: Tags;
}

export type PolicyVersionRecord = { VersionId: string; PolicyDocument: string; CreateDate: string };

export type PolicyType = 'System' | 'Custom';

export type AttachmentRecord = { PolicyName: string; PolicyType: PolicyType; AttachDate: string };

/** Returns the state of an empty directory, with RAM's defaults for a new account. */
export function createInitialState(clock: Clock, random: RandomSource): State {
  return {
    Account: {
      AccountId: `1${generateRandomText(random, DIGITS, 15)}`,
      CreateDate: formatRamDate(clock.now()),
      PasswordPolicy: { ...DEFAULT_PASSWORD_POLICY },
      SecurityPreference: { ...DEFAULT_SECURITY_PREFERENCE },
    },
    Users: new Records(NAME_MEMBERS.Users),
    MFADevices: new Records(NAME_MEMBERS.MFADevices),
    Groups: new Records(NAME_MEMBERS.Groups),
    Policies: new Records(NAME_MEMBERS.Policies),
    SystemPolicies: new Records(NAME_MEMBERS.SystemPolicies),
    Roles: new Records(NAME_MEMBERS.Roles),
  };
}

/** Returns the form in which names are compared. Two names that differ only in case are the same name. */
export function foldCase(name: string): string {
  return name.toLowerCase();
}

/** Returns the records in the order of their names. */
export function sortedByName<T extends object>(records: Records<T>): T[] {
  const names = computeOnce(records, 'sorted names', () => [...records.keys()].sort());
  return names.map((name) => records.get(name) as T);
}

export function findUserById(state: State, userId: string): UserRecord | undefined {
  return state.Users.possibleMatches('UserId', userId).find(({ UserId }) => UserId === userId);
}

/** Returns the device that is bound to the user. */
export function findDeviceOfUser(state: State, { UserId }: UserRecord): MFADeviceRecord | undefined {
  return state.MFADevices.possibleMatches('UserId', UserId).find(({ Binding }) => Binding?.UserId === UserId);
}

/** Returns a deep copy. */
export function copyState({ Account, Users, MFADevices, Groups, Policies, SystemPolicies, Roles }: State): State {
  return {
    Account: structuredClone(Account),
    Users: Users.copy(),
    MFADevices: MFADevices.copy(),
    Groups: Groups.copy(),
    Policies: Policies.copy(),
    SystemPolicies: SystemPolicies.copy(),
    Roles: Roles.copy(),
  };
}

/** Allows several readers to use this state. A change to it throws. */
export function shareState(state: State): void {
  const { Account, ...lists } = state;
  for (const records of Object.values(lists)) records.share();
  deepFreeze(Account);
  markUnchanging(Object.freeze(state));
}
