import type { Records } from './records.ts';

/**
 * What a directory remembers. Members carry RAM's names (RAM API 2015-05-01; logon `Status` from IMS 2019-08-15), so
 * that what is stored, what travels and what `-o json` prints are the same words. Dates are `YYYY-MM-DDThh:mm:ssZ`.
 */
export interface State {
  Account: AccountRecord;
  /** By folded name, see `fold`. */
  Users: Records<UserRecord>;
  /** Virtual MFA devices by folded name. */
  MFADevices: Records<MFADeviceRecord>;
  /** By folded name. */
  Groups: Records<GroupRecord>;
  /** Custom policies by folded name. */
  Policies: Records<PolicyRecord>;
}

export interface AccountRecord {
  AccountId: string;
  AccountAlias?: string;
  CreateDate: string;
  /** Which key the seals of this directory were made with; set by the first change. */
  KeyFingerprint?: string;
  PasswordPolicy: PasswordPolicy;
  SecurityPreference: SecurityPreference;
}

/** RAM's GetPasswordPolicy, all nine members, spelled as RAM spells them. Ages are in days, 0 switches a rule off. */
export interface PasswordPolicy {
  MinimumPasswordLength: number;
  RequireLowercaseCharacters: boolean;
  RequireUppercaseCharacters: boolean;
  RequireNumbers: boolean;
  RequireSymbols: boolean;
  HardExpiry: boolean;
  MaxPasswordAge: number;
  PasswordReusePrevention: number;
  MaxLoginAttemps: number;
}

/** RAM's GetSecurityPreference, its groups of members put together. */
export interface SecurityPreference {
  EnableSaveMFATicket: boolean;
  AllowUserToChangePassword: boolean;
  AllowUserToManageAccessKeys: boolean;
  AllowUserToManageMFADevices: boolean;
  /** Hours, 1 to 24. */
  LoginSessionDuration: number;
  /** Addresses and CIDR blocks joined by `;`, empty: from everywhere. */
  LoginNetworkMasks: string;
}

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
  /** The latest last. */
  Rotations?: RotationRecord[];
}

export type Status = 'Active' | 'Inactive';

export interface LoginProfileRecord {
  Status: Status;
  /** argon2id in the PHC string format. */
  PasswordHash: string;
  PasswordDate: string;
  PasswordResetRequired: boolean;
  MFABindRequired: boolean;
  CreateDate: string;
  /** Hashes of earlier passwords, the latest first, as many as PasswordReusePrevention asks for. */
  EarlierHashes?: string[];
  /** When logons failed or are still under way, see `logon.ts`. */
  Attempts?: string[];
}

export interface AccessKeyRecord {
  AccessKeyId: string;
  /** Sealed by the vault under the label of `secretLabel` in `access-key.ts`. */
  SealedSecret: string;
  Status: Status;
  CreateDate: string;
  LastUsedDate?: string;
}

/** How an AccessKey is exchanged for a new one, see `rotation.ts`. */
export interface RotationRecord {
  /** The user's own token for it: the same one goes on with it, another one begins another. */
  RunId: string;
  State: RotationState;
  OldAccessKeyId: string;
  NewAccessKeyId: string;
  CreateDate: string;
  /** When the old key is to be disabled. */
  DueDate?: string;
  /** The key that made room for the new one, until delivery is noted; sealed as it was. */
  Replaced?: AccessKeyRecord;
  /** A fingerprint of how it was asked for, so that a token is not used for something else. */
  Request: string;
}

/** `Checking` until the new pair is known to be delivered, then `Grace` until the old key is disabled. */
export type RotationState = 'Checking' | 'Grace' | 'Done' | 'RolledBack';

export interface MFADeviceRecord {
  VirtualMFADeviceName: string;
  /** Base32, sealed by the vault under the label of `seedLabel` in `mfa.ts`. */
  SealedSeed: string;
  CreateDate: string;
  /** Absent while no user is bound to it. */
  Binding?: { UserId: string; ActivateDate: string };
  /** The step (RFC 6238) of the last code that was accepted; no earlier one is accepted any more. */
  LastTimeStep?: number;
}

export interface GroupRecord {
  GroupId: string;
  GroupName: string;
  Comments?: string;
  CreateDate: string;
  UpdateDate: string;
  Policies: AttachmentRecord[];
}

/** Held by the user and by id, so that joining touches one record and renaming a group none of its members. */
export interface MembershipRecord {
  GroupId: string;
  JoinDate: string;
}

export interface PolicyRecord {
  PolicyName: string;
  Description?: string;
  CreateDate: string;
  UpdateDate: string;
  DefaultVersion: string;
  /** The number of the latest version there ever was: numbers are never used again. */
  LatestVersion: number;
  /** In the order of creation. */
  Versions: PolicyVersionRecord[];
}

export interface PolicyVersionRecord {
  VersionId: string;
  PolicyDocument: string;
  CreateDate: string;
}

export type PolicyType = 'System' | 'Custom';

export interface AttachmentRecord {
  PolicyName: string;
  PolicyType: PolicyType;
  AttachDate: string;
}

/** The form in which names are compared: RAM leaves case open, and two users that differ by case alone are a trap. */
export function foldCase(name: string): string {
  return name.toLowerCase();
}

/** Records in the order of their names. */
export function sortedByName<T extends object>(records: Records<T>): T[] {
  return [...records.entries()].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, record]) => record);
}

export function findUserById(state: State, userId: string): UserRecord | undefined {
  for (const user of state.Users.possibleMatches(userId)) if (user.UserId === userId) return user;
  return undefined;
}

/** The device that a user is bound to. */
export function findDeviceOfUser(state: State, user: UserRecord): MFADeviceRecord | undefined {
  for (const device of state.MFADevices.possibleMatches(user.UserId)) {
    if (device.Binding?.UserId === user.UserId) return device;
  }
  return undefined;
}

/** The same state, to be changed without touching this one. */
export function copyState({ Account, Users, MFADevices, Groups, Policies }: State): State {
  return {
    Account: structuredClone(Account),
    Users: Users.copy(),
    MFADevices: MFADevices.copy(),
    Groups: Groups.copy(),
    Policies: Policies.copy(),
  };
}

/** The same state for one of many readers: its records are everybody's, and frozen. */
export function shareState(state: State): State {
  const { Users, MFADevices, Groups, Policies } = state;
  for (const records of [Users, MFADevices, Groups, Policies]) records.share();
  return { Account: structuredClone(state.Account), Users, MFADevices, Groups, Policies };
}
