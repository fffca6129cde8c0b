import type { PolicyType, RotationState, Status } from './state.ts';

/*
 * The plain objects that operations take and return, with RAM's members.
 */

/** Some of the members, the others as they were. */
export type Changes<T> = { [Name in keyof T]?: T[Name] | undefined };

/** RAM's names for counts and quotas (IMS GetAccountSummary, SummaryMap). */
export interface AccountSummary {
  Users: number;
  UsersQuota: number;
  Groups: number;
  GroupsQuota: number;
  Policies: number;
  PoliciesQuota: number;
  MFADevices: number;
  MFADevicesInUse: number;
  VirtualMFADevicesQuota: number;
  AccessKeysPerUserQuota: number;
  GroupsPerUserQuota: number;
  VersionsPerPolicyQuota: number;
  AttachedPoliciesPerUserQuota: number;
  AttachedSystemPoliciesPerUserQuota: number;
}

/** A row of RAM's credential report, with its columns. */
export interface CredentialReportRow {
  user: string;
  user_creation_time: string;
  user_last_logon: string | null;
  password_exist: boolean;
  password_active: boolean;
  password_last_changed: string | null;
  password_next_rotation: string | null;
  mfa_active: boolean;
  access_key_1_exist: boolean;
  access_key_1_active: boolean;
  access_key_1_last_rotated: string | null;
  access_key_1_last_used: string | null;
  access_key_2_exist: boolean;
  access_key_2_active: boolean;
  access_key_2_last_rotated: string | null;
  access_key_2_last_used: string | null;
}

/** A clear password on its way into the directory, with what the back door stores in its place. */
export interface HashedPassword {
  readonly plaintext: string;
  readonly hash: string;
}

export interface UserRef {
  UserName: string;
}

export interface CreateUserInput extends UserRef {
  DisplayName?: string | undefined;
  Comments?: string | undefined;
  Email?: string | undefined;
  MobilePhone?: string | undefined;
}

export interface UpdateUserInput extends UserRef {
  NewUserName?: string | undefined;
  NewDisplayName?: string | undefined;
  NewComments?: string | undefined;
  NewEmail?: string | undefined;
  NewMobilePhone?: string | undefined;
}

export interface User {
  UserId: string;
  UserName: string;
  UserPrincipalName: string;
  DisplayName: string;
  Comments: string | null;
  Email: string | null;
  MobilePhone: string | null;
  CreateDate: string;
  UpdateDate: string;
  LastLoginDate: string | null;
}

export interface LogonRequirements {
  PasswordResetRequired?: boolean | undefined;
  MFABindRequired?: boolean | undefined;
}

export interface CreateLoginProfileInput extends UserRef, LogonRequirements {
  Password: HashedPassword;
}

export interface UpdateLoginProfileInput extends UserRef, LogonRequirements {
  Password?: HashedPassword | undefined;
  Status?: Status | undefined;
}

export interface ChangePasswordInput extends UserRef {
  OldPassword: string;
  NewPassword: string;
}

export interface LoginProfile {
  UserName: string;
  UserPrincipalName: string;
  Status: Status;
  PasswordResetRequired: boolean;
  MFABindRequired: boolean;
  CreateDate: string;
  /** Only while too many failed attempts keep everybody out. */
  LockedUntil?: string;
}

export interface AccessKeyRef extends UserRef {
  UserAccessKeyId: string;
}

export interface AccessKey {
  AccessKeyId: string;
  Status: Status;
  CreateDate: string;
  LastUsedDate: string | null;
}

export interface NewAccessKey {
  AccessKeyId: string;
  AccessKeySecret: string;
  Status: Status;
  CreateDate: string;
}

/** The exchange of one AccessKey for another. */
export interface Rotation {
  UserName: string;
  RunId: string;
  State: RotationState;
  OldAccessKeyId: string;
  NewAccessKeyId: string;
  DueDate: string | null;
}

/** By the key that it made, which nothing renames. */
export interface RotationRef {
  NewAccessKeyId: string;
}

export interface StartRotationInput extends UserRef {
  /** Made up when absent. */
  RunId?: string | undefined;
  /** What was asked for, in any form that is the same for the same. */
  Request: string;
  /** Of two keys, the one to be deleted first. */
  ReplaceAccessKeyId?: string | undefined;
  /** Even if that one is active. */
  Force?: boolean | undefined;
}

/** A rotation with the pair that it brings, as often as it is asked for until delivery is noted. */
export interface StartedRotation extends Rotation {
  AccessKey: NewAccessKey;
}

export interface NewMFADevice {
  SerialNumber: string;
  Base32StringSeed: string;
}

export interface MFADevice {
  SerialNumber: string;
  ActivateDate: string | null;
  User: { UserId: string; UserName: string; DisplayName: string } | null;
}

export interface BindMFADeviceInput extends UserRef {
  SerialNumber: string;
  AuthenticationCode1: string;
  AuthenticationCode2: string;
}

export interface UserMFADevice {
  SerialNumber: string;
  Type: 'VMFA';
  ActivateDate: string;
}

export interface GroupRef {
  GroupName: string;
}

export interface CreateGroupInput extends GroupRef {
  Comments?: string | undefined;
}

export interface UpdateGroupInput extends GroupRef {
  NewGroupName?: string | undefined;
  NewComments?: string | undefined;
}

export interface Group extends GroupRef {
  GroupId: string;
  Comments: string | null;
  CreateDate: string;
  UpdateDate: string;
}

export interface Membership extends GroupRef {
  GroupId: string;
  Comments: string | null;
  JoinDate: string;
}

export interface GroupMember extends UserRef {
  DisplayName: string;
  JoinDate: string;
}

export interface PolicyNameRef {
  PolicyName: string;
}

export interface UpdatePolicyDescriptionInput extends PolicyNameRef {
  NewDescription?: string | undefined;
}

export interface PolicyRef extends PolicyNameRef {
  PolicyType: PolicyType;
}

export interface PolicyVersionRef extends PolicyNameRef {
  VersionId: string;
}

export interface CreatePolicyInput extends PolicyNameRef {
  PolicyDocument: string;
  Description?: string | undefined;
}

export interface CreatePolicyVersionInput extends PolicyNameRef {
  PolicyDocument: string;
  SetAsDefault?: boolean | undefined;
  RotateStrategy?: 'None' | 'DeleteOldestNonDefaultVersionWhenLimitExceeded' | undefined;
}

export interface Policy extends PolicyRef {
  Description: string | null;
  DefaultVersion: string;
  AttachmentCount: number;
  /** Unknown for system policies. */
  CreateDate: string | null;
  UpdateDate: string | null;
}

export interface PolicyWithDocument extends Policy {
  PolicyDocument: string;
}

export interface PolicyVersion {
  VersionId: string;
  IsDefaultVersion: boolean;
  PolicyDocument: string;
  CreateDate: string | null;
}

export interface PolicyEntities {
  Users: { UserId: string; UserName: string; DisplayName: string; AttachDate: string }[];
  Groups: { GroupName: string; Comments: string | null; AttachDate: string }[];
}

export interface Attachment extends PolicyRef {
  Description: string | null;
  DefaultVersion: string;
  AttachDate: string;
}

/** A RAM user who signs a request with an AccessKey. */
export interface Caller extends UserRef {
  AccountId: string;
  UserId: string;
  AccessKeyId: string;
}
