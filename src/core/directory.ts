import type {
  AccessKey,
  AccessKeyRef,
  AccountSummary,
  Attachment,
  BindMFADeviceInput,
  Caller,
  ChangePasswordInput,
  Changes,
  CreateGroupInput,
  CreateLoginProfileInput,
  CreatePolicyInput,
  CreatePolicyVersionInput,
  CreateUserInput,
  CredentialReportRow,
  Group,
  GroupMember,
  GroupRef,
  HashedPassword,
  LoginProfile,
  Membership,
  MFADevice,
  NewAccessKey,
  NewMFADevice,
  Policy,
  PolicyEntities,
  PolicyNameRef,
  PolicyRef,
  PolicyVersion,
  PolicyVersionRef,
  PolicyWithDocument,
  Rotation,
  RotationRef,
  StartedRotation,
  StartRotationInput,
  UpdateGroupInput,
  UpdateLoginProfileInput,
  UpdatePolicyDescriptionInput,
  UpdateUserInput,
  User,
  UserMFADevice,
  UserRef,
} from './api-types.ts';
import type { PasswordPolicy, PolicyType, SecurityPreference, Status } from './state.ts';

export type * from './api-types.ts';

/**
 * The waist of the house: RAM's own operations (API 2015-05-01), one method each, one plain object in, one plain
 * object out, or a Failure with RAM's error code. Members that the 2015 API lacks follow IMS 2019-08-15.
 */
export interface RamOperations {
  /** Who calls (STS 2015-04-01): on this machine the owner of the account. */
  getCallerIdentity(): Promise<{ AccountId: string; IdentityType: 'Account'; Arn: string }>;
  /** How many there are of everything, and how many there may be (IMS 2019-08-15). */
  getAccountSummary(): Promise<AccountSummary>;
  getAccountAlias(): Promise<{ AccountAlias: string | null }>;
  /** @throws InvalidParameter.AccountAlias.* */
  setAccountAlias(input: { AccountAlias: string }): Promise<void>;
  /** The account id takes the alias's place. */
  clearAccountAlias(): Promise<void>;
  /** What passwords of this account must be like. */
  getPasswordPolicy(): Promise<PasswordPolicy>;
  /** Only the given members change. @throws InvalidParameter.*.Range */
  setPasswordPolicy(input: Changes<PasswordPolicy>): Promise<PasswordPolicy>;
  /** What users may do with their own logon, keys and devices. */
  getSecurityPreference(): Promise<SecurityPreference>;
  /** Only the given members change. @throws InvalidParameter.LoginSessionDuration.Range, .LoginNetworkMasks.* */
  setSecurityPreference(input: Changes<SecurityPreference>): Promise<SecurityPreference>;
  /** One row a user, by name (IMS GenerateCredentialReport, GetCredentialReport). */
  getCredentialReport(): Promise<CredentialReportRow[]>;

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

  /** @throws InvalidParameter.*, EntityAlreadyExists.Group, LimitExceeded.Group */
  createGroup(input: CreateGroupInput): Promise<Group>;
  /** @throws EntityNotExist.Group */
  getGroup(input: GroupRef): Promise<Group>;
  /** Only the given members change; an empty text clears. @throws as createGroup, EntityNotExist.Group */
  updateGroup(input: UpdateGroupInput): Promise<Group>;
  /** @throws EntityNotExist.Group, DeleteConflict.Group.* */
  deleteGroup(input: GroupRef): Promise<void>;
  /** Sorted by GroupName, complete. */
  listGroups(): Promise<Group[]>;
  /** @throws EntityNotExist.User, EntityNotExist.Group, EntityAlreadyExists.User.Group, LimitExceeded.User.Group */
  addUserToGroup(input: UserRef & GroupRef): Promise<void>;
  /** @throws EntityNotExist.User, EntityNotExist.Group, EntityNotExist.User.Group */
  removeUserFromGroup(input: UserRef & GroupRef): Promise<void>;
  /** Sorted by GroupName. @throws EntityNotExist.User */
  listGroupsForUser(input: UserRef): Promise<Membership[]>;
  /** Sorted by UserName. @throws EntityNotExist.Group */
  listUsersForGroup(input: GroupRef): Promise<GroupMember[]>;

  /** @throws InvalidParameter.*, MalformedPolicyDocument, EntityAlreadyExists.Policy, LimitExceeded.Policy */
  createPolicy(input: CreatePolicyInput): Promise<Policy>;
  /** Of a custom policy; an empty text clears. @throws EntityNotExist.Policy, InvalidParameter.NewDescription.* */
  updatePolicyDescription(input: UpdatePolicyDescriptionInput): Promise<Policy>;
  /** A custom policy, with its versions if `CascadingDelete`. @throws EntityNotExist.Policy, DeleteConflict.Policy.* */
  deletePolicy(input: PolicyNameRef & { CascadingDelete?: boolean }): Promise<void>;
  /** @throws EntityNotExist.Policy, MalformedPolicyDocument, LimitExceeded.Policy.Version */
  createPolicyVersion(input: CreatePolicyVersionInput): Promise<PolicyVersion>;
  /** In the order of creation. @throws EntityNotExist.Policy */
  listPolicyVersions(input: PolicyRef): Promise<PolicyVersion[]>;
  /** @throws EntityNotExist.Policy, EntityNotExist.Policy.Version, InvalidParameter.VersionId.Format */
  setDefaultPolicyVersion(input: PolicyVersionRef): Promise<void>;
  /** @throws as setDefaultPolicyVersion, DeleteConflict.Policy.Version.Default */
  deletePolicyVersion(input: PolicyVersionRef): Promise<void>;
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
  /** @throws EntityNotExist.Group, EntityNotExist.Policy, EntityAlreadyExists.Group.Policy, LimitExceeded.Group.Policy */
  attachPolicyToGroup(input: PolicyRef & GroupRef): Promise<void>;
  /** @throws EntityNotExist.Group, EntityNotExist.Policy, EntityNotExist.Group.Policy */
  detachPolicyFromGroup(input: PolicyRef & GroupRef): Promise<void>;
  /** In the order of attachment. @throws EntityNotExist.Group */
  listPoliciesForGroup(input: GroupRef): Promise<Attachment[]>;
}

/**
 * What RAM has no operation for. A rotation's state lives where the keys live and changes together with them.
 */
export interface RotationOperations {
  /**
   * Whoever holds the pair; that counts as a use of it.
   * @throws InvalidAccessKey alike for an id that is unknown, a secret that is wrong and a key that is disabled
   */
  verifyAccessKey(input: { AccessKeyId: string; AccessKeySecret: string }): Promise<UserRef & { AccessKeyId: string }>;
  /**
   * Makes the new key, or goes on with the rotation that the user has under this RunId.
   * @throws EntityNotExist.User, EntityNotExist.User.AccessKey, LimitExceeded.User.AccessKey, RotationPending, RunIdUsed,
   * AccessKeyInactive
   */
  startRotation(input: StartRotationInput): Promise<StartedRotation>;
  /** Takes a rotation back that was not delivered, as if it had never begun. @throws RotationNotFound */
  cancelRotation(input: RotationRef): Promise<void>;
  /**
   * Notes the delivery; the old key is disabled at once, or by `finishRotations` from DueDate on.
   * @throws RotationNotFound, AccessKeyInactive
   */
  completeRotation(input: RotationRef & { DueDate?: string | undefined }): Promise<Rotation>;
  /** Disables the old keys that are due, of one user or of all; what is pending still comes back, too. @throws EntityNotExist.User */
  finishRotations(input: { UserName?: string | undefined }): Promise<Rotation[]>;
  /** Enables the old key of the user's latest rotation and deletes the new one. @throws RotationNotFound, EntityNotExist.User.AccessKey */
  rollBackRotation(input: UserRef): Promise<Rotation>;
  /** Of one user or of all, in the order of their beginning. @throws EntityNotExist.User */
  listRotations(input: { UserName?: string | undefined }): Promise<Rotation[]>;
}

/** What RAM's gateway does before an operation. */
export interface GatewayOperations {
  /**
   * Whose AccessKey it is; `isSigned` is told its secret and says whether the request was signed with that.
   * @throws InvalidAccessKeyId.NotFound, InvalidAccessKeyId.Inactive, SignatureDoesNotMatch
   */
  getCaller(input: { AccessKeyId: string; isSigned: (secret: string) => boolean }): Promise<Caller>;
  /** Notes when AccessKeys were used; those that are gone by now are left out. */
  recordAccessKeyUse(input: { AccessKeyId: string; LastUsedDate: string }[]): Promise<void>;
}

/** Everything that can be asked of a directory. */
export interface Operations extends RamOperations, RotationOperations, GatewayOperations {}

/** What a committed change leaves in the hand of whoever made it. */
export interface CommittedChange<T> {
  value: T;
  /**
   * Takes the change back, records of others untouched.
   * @throws Failure `refused` (`ChangedMeanwhile`) when somebody changed the same records since.
   */
  revert(): Promise<void>;
}

export interface Directory extends Operations {
  /** Several reads that see one state. */
  reading<T>(work: (operations: Operations) => Promise<T>): Promise<T>;
  /** All of `work` or nothing. Inside, nothing is awaited but operations: others may be waiting for the lock. */
  atomically<T>(work: (operations: Operations) => Promise<T>): Promise<CommittedChange<T>>;
  /** Makes a password ready for storing (hashing takes time), so that it is done before anybody waits. */
  hashPassword(clear: string): Promise<HashedPassword>;
  /** A directory on which everything can be tried: same answers, same refusals, nothing kept. */
  dryRun(): Directory;
  /** A new password that the account's password policy accepts; see `generatePassword`. */
  generatePassword(policy: PasswordPolicy): string;
  /**
   * A user's own new password; a wrong present one counts as at the logon page.
   * @throws InvalidParameter.OldPassword.Incorrect, InvalidParameter.NewPassword.*, NoPermission, EntityNotExist.User.*
   */
  changePassword(input: ChangePasswordInput): Promise<void>;
  /**
   * Begins a logon as a RAM user would; the password is right when this resolves.
   * @throws Failure `denied` LogonRefused, PasswordExpired
   */
  logOn(logonName: string, password: string): Promise<Logon>;
}

/** A logon whose password was right. */
export interface Logon {
  readonly UserName: string;
  readonly requirements: RemainingSteps;
  /** The code of the bound device; a wrong one counts as an attempt. @throws Failure CheckAuthenticationCodeFail */
  verifyCode(code: string): Promise<void>;
  /** Two codes of a device that was made for the user; `finish` binds it. @throws as enterCode */
  verifyCodePair(serialNumber: string, codes: [string, string]): Promise<void>;
  /**
   * The session that all this was for; a new password is set when one is given. `accept` sees it before it is
   * committed and can still refuse it by throwing.
   * @throws Failure `denied` when something is still needed, InvalidParameter.NewPassword.TooWeak, .ReusePrevention
   */
  finish(newPassword: string | undefined, accept: (session: Session) => void): Promise<Session>;
}

export interface RemainingSteps {
  /** Of an MFA device: nothing, the code of the bound one, or that one is bound first. */
  mfa: 'nothing' | 'code' | 'binding';
  newPassword: boolean;
}

export interface Session {
  UserName: string;
  UserPrincipalName: string;
  Arn: string;
  MFAPresent: boolean;
  SessionExpires: string;
}
