import type { PasswordPolicy, PolicyType, Status } from './state.ts';

/**
 * The waist of the house: RAM's own operations (API 2015-05-01), one method each, one plain object in, one plain
 * object out, or a Failure with RAM's error code. Members that the 2015 API lacks follow IMS 2019-08-15.
 */
export interface Operations {
  /** What passwords of this account must be like. */
  getPasswordPolicy(): Promise<PasswordPolicy>;

  /** @throws InvalidParameter.*, EntityAlreadyExists.User, LimitExceeded.User */
  createUser(input: CreateUserInput): Promise<User>;
  /** @throws EntityNotExist.User */
  getUser(input: UserRef): Promise<User>;
  /** Only the given members change; an empty text clears. @throws EntityNotExist.User, EntityAlreadyExists.User, InvalidParameter.New* */
  updateUser(input: UpdateUserInput): Promise<User>;
  /** @throws EntityNotExist.User, DeleteConflict.User.* */
  deleteUser(input: UserRef): Promise<void>;
  /** Sorted by UserName, complete. */
  listUsers(): Promise<User[]>;

  /** @throws EntityNotExist.User, EntityAlreadyExists.User.LoginProfile, InvalidParameter.Password.TooWeak */
  createLoginProfile(input: CreateLoginProfileInput): Promise<LoginProfile>;
  /** @throws EntityNotExist.User, EntityNotExist.User.LoginProfile */
  getLoginProfile(input: UserRef): Promise<LoginProfile>;
  /** Only the given members change. @throws as getLoginProfile, and InvalidParameter.Password.TooWeak */
  updateLoginProfile(input: UpdateLoginProfileInput): Promise<LoginProfile>;
  /** @throws as getLoginProfile */
  deleteLoginProfile(input: UserRef): Promise<void>;

  /** The only moment at which the secret is handed out. @throws EntityNotExist.User, LimitExceeded.User.AccessKey */
  createAccessKey(input: UserRef): Promise<NewAccessKey>;
  /** In the order of creation. @throws EntityNotExist.User */
  listAccessKeys(input: UserRef): Promise<AccessKey[]>;
  /** @throws EntityNotExist.User, EntityNotExist.User.AccessKey */
  updateAccessKey(input: AccessKeyRef & { Status: Status }): Promise<void>;
  /** @throws as updateAccessKey */
  deleteAccessKey(input: AccessKeyRef): Promise<void>;
  /** @throws as updateAccessKey */
  getAccessKeyLastUsed(input: AccessKeyRef): Promise<{ LastUsedDate: string | null }>;

  /** The only moment at which the seed is handed out. @throws EntityAlreadyExists.VirtualMFADevice, LimitExceeded.VirtualMFADevice */
  createVirtualMFADevice(input: { VirtualMFADeviceName: string }): Promise<NewMFADevice>;
  /** Sorted by name. */
  listVirtualMFADevices(): Promise<MFADevice[]>;
  /** @throws EntityNotExist.VirtualMFADevice, DeleteConflict.VirtualMFADevice.User */
  deleteVirtualMFADevice(input: { SerialNumber: string }): Promise<void>;
  /** Two consecutive codes, the later one is then used up. @throws CheckAuthenticationCodeFail, EntityAlreadyExists.User.MFADevice, EntityAlreadyExists.VirtualMFADevice.User */
  bindMFADevice(input: BindMFADeviceInput): Promise<void>;
  /** The device stays, unbound. @throws EntityNotExist.User.MFADevice */
  unbindMFADevice(input: UserRef): Promise<{ SerialNumber: string }>;
  /** @throws EntityNotExist.User, EntityNotExist.User.MFADevice */
  getUserMFAInfo(input: UserRef): Promise<UserMFADevice>;

  /** @throws EntityNotExist.Policy */
  getPolicy(input: PolicyRef): Promise<PolicyWithDocument>;
  /** @throws EntityNotExist.Policy, EntityNotExist.Policy.Version, InvalidParameter.VersionId.Format */
  getPolicyVersion(input: PolicyRef & { VersionId: string }): Promise<PolicyVersion>;
  /** Sorted by PolicyName; of both types when none is given. */
  listPolicies(input: { PolicyType?: PolicyType }): Promise<Policy[]>;
  /** Who has the policy. @throws EntityNotExist.Policy */
  listEntitiesForPolicy(input: PolicyRef): Promise<PolicyEntities>;
  /** @throws EntityNotExist.User, EntityNotExist.Policy, EntityAlreadyExists.User.Policy, LimitExceeded.User.Policy */
  attachPolicyToUser(input: PolicyRef & UserRef): Promise<void>;
  /** @throws EntityNotExist.User, EntityNotExist.Policy, EntityNotExist.User.Policy */
  detachPolicyFromUser(input: PolicyRef & UserRef): Promise<void>;
  /** Attached directly, in the order of attachment. @throws EntityNotExist.User */
  listPoliciesForUser(input: UserRef): Promise<Attachment[]>;
}

/** What a committed change leaves in the hand of whoever made it. */
export interface Committed<T> {
  value: T;
  /**
   * Takes the change back, records of others untouched.
   * @throws Failure `refused` (`ChangedMeanwhile`) when somebody changed the same records since.
   */
  undo(): Promise<void>;
}

export interface Directory extends Operations {
  /** Several reads that see one state. */
  reading<T>(work: (operations: Operations) => Promise<T>): Promise<T>;
  /** All of `work` or nothing. Inside, nothing is awaited but operations: others may be waiting for the lock. */
  atomically<T>(work: (operations: Operations) => Promise<T>): Promise<Committed<T>>;
  /** Makes a password ready for storing (hashing takes time), so that it is done before anybody waits. */
  prepare(clear: string): Promise<PreparedPassword>;
  /** A directory on which everything can be tried: same answers, same refusals, nothing kept. */
  rehearsal(): Directory;
  /** A new password that any fresh password policy accepts; see `generatePassword`. */
  generatePassword(): string;
}

/** A clear password on its way into the directory, with what the back door stores in its place. */
export interface PreparedPassword {
  readonly clear: string;
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
  Password: PreparedPassword;
}

export interface UpdateLoginProfileInput extends UserRef, LogonRequirements {
  Password?: PreparedPassword | undefined;
  Status?: Status | undefined;
}

export interface LoginProfile {
  UserName: string;
  UserPrincipalName: string;
  Status: Status;
  PasswordResetRequired: boolean;
  MFABindRequired: boolean;
  CreateDate: string;
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

export interface PolicyRef {
  PolicyName: string;
  PolicyType: PolicyType;
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
}

export interface Attachment extends PolicyRef {
  AttachDate: string;
}
