import type { AccessKeyOperations, GatewayOperations, RotationOperations } from './access-key-operations.ts';
import type { AccountSummary, CredentialReportRow } from './account-reports.ts';
import type { Author } from './history.ts';
import type { Changes, HashedPassword, IdentityOperations, User, UserRef } from './identity-operations.ts';
import type { AttachmentOperations, PolicyOperations, SystemPolicyOperations } from './policy-operations.ts';
import type { RoleOperations } from './role-operations.ts';
import type { PasswordPolicy, SecurityPreference } from './state.ts';
import type { StsOperations } from './sts-operations.ts';
import type { TagOperations } from './tag-operations.ts';

export type * from './access-key-operations.ts';
export type { AccountSummary, CredentialReportRow } from './account-reports.ts';
export type * from './identity-operations.ts';
export type * from './policy-operations.ts';
export type * from './role-operations.ts';
export type { SystemPolicyRecord } from './state.ts';
export type * from './sts-operations.ts';
export type * from './tag-operations.ts';

export interface AccountOperations {
  /** Returns the caller (STS 2015-04-01). In a local directory this is the owner of the account. */
  getCallerIdentity(): Promise<{
    AccountId: string;
    IdentityType: 'Account' | 'RAMUser' | 'AssumedRoleUser';
    Arn: string;
  }>;
  /** Returns how many entities of each kind exist, and the quotas (IMS 2019-08-15). */
  getAccountSummary(): Promise<AccountSummary>;
  getAccountAlias(): Promise<{ AccountAlias: string | null }>;
  /** @throws InvalidParameter.AccountAlias.* */
  setAccountAlias(input: { AccountAlias: string }): Promise<void>;
  /** Removes the alias. Logon names then contain the account id in its place. */
  clearAccountAlias(): Promise<void>;
  getPasswordPolicy(): Promise<PasswordPolicy>;
  /** @throws InvalidParameter.*.Range */
  setPasswordPolicy(input: Changes<PasswordPolicy>): Promise<PasswordPolicy>;
  getSecurityPreference(): Promise<SecurityPreference>;
  /** @throws InvalidParameter.LoginSessionDuration.Range, .LoginNetworkMasks.* */
  setSecurityPreference(input: Changes<SecurityPreference>): Promise<SecurityPreference>;
  /** Returns one row for each user, sorted by name (IMS GenerateCredentialReport, GetCredentialReport). */
  getCredentialReport(): Promise<CredentialReportRow[]>;
}

/**
 * RAM's own operations (API 2015-05-01), one method each. A method takes and returns plain objects with RAM's members,
 * or rejects with a Failure that has RAM's error code. Members that the 2015 API lacks follow IMS 2019-08-15, see
 * docs/decisions/member-names.md
 */
export interface RamOperations
  extends AccountOperations,
    IdentityOperations,
    AccessKeyOperations,
    PolicyOperations,
    AttachmentOperations,
    RoleOperations,
    TagOperations {}

export interface Operations
  extends RamOperations,
    RotationOperations,
    GatewayOperations,
    StsOperations,
    SystemPolicyOperations {}

export interface CommittedChange<T> {
  value: T;
  /** The id in the history of a local directory; undefined if nothing changed. */
  changeId?: string | undefined;
  /**
   * Reverts the change and leaves all other records as they are.
   * @throws Failure `refused` (`ChangedMeanwhile`) when another change has modified one of the same records
   */
  revert(): Promise<void>;
}

/**
 * The interface between front ends (`cli`, `server`) and back ends (`local.ts`), see docs/decisions/directory.md. Each
 * operation is one transaction.
 */
export interface Directory extends Operations {
  /** Runs several reads on one snapshot. */
  reading<T>(work: (operations: Operations) => Promise<T>): Promise<T>;
  /**
   * Runs several operations in one transaction. `work` must await only operations, because it holds the lock. The history
   * of a local directory names `author`, by default who runs the process.
   */
  atomically<T>(work: (operations: Operations) => Promise<T>, author?: Author): Promise<CommittedChange<T>>;
  /** Hashes a password. This takes time, so callers do it before a transaction. */
  hashPassword(plaintext: string): Promise<HashedPassword>;
  /** Returns a directory with the same answers and errors, whose changes are discarded. */
  dryRun(): Directory;
  /** Returns a random password that the password policy accepts, see `generatePassword` in `password.ts`. */
  generatePassword(policy: PasswordPolicy): string;
  /**
   * Starts to set up an MFA device for a user. An unbound device of an earlier setup is replaced.
   * @throws EntityNotExist.User, EntityAlreadyExists.User.MFADevice, EntityAlreadyExists.VirtualMFADevice,
   * LimitExceeded.VirtualMFADevice
   */
  startMFASetup(input: UserRef): Promise<MFASetup>;
  /**
   * Changes a user's own password. A wrong present password counts as a failed logon attempt.
   * @throws InvalidParameter.OldPassword.Incorrect, InvalidParameter.NewPassword.*, NoPermission, EntityNotExist.User.*
   */
  changePassword(input: ChangePasswordInput, author?: Author): Promise<void>;
  /**
   * Starts a logon as a RAM user. Resolves when the password is right.
   * @throws Failure `denied` LogonRefused, PasswordExpired
   */
  logOn(logonName: string, password: string): Promise<Logon>;
}

/**
 * A new MFA device whose seed a person enters in an authenticator app. A local directory stores nothing before `bind`.
 * RAM creates the seed together with the device, so that a remote device exists, unbound, until `bind` or `cancel`.
 */
export interface MFASetup {
  readonly user: User;
  readonly Base32StringSeed: string;
  /** The serial number of the device if it exists already. */
  readonly SerialNumber?: string;
  /**
   * Binds the device and runs `work` in the same transaction.
   * @throws EntityNotExist.User if another user has the name now, CheckAuthenticationCodeFail, and as `startMFASetup`
   */
  bind<T>(accepted: AcceptedCodes, work: (operations: Operations) => Promise<T>): Promise<T>;
  /** Deletes the device if it exists already. */
  cancel(): Promise<void>;
}

/** Two consecutive codes that were checked when they were entered. */
export interface AcceptedCodes {
  codes: [string, string];
  /** The time step of the second code. */
  LastTimeStep: number;
}

export type ChangePasswordInput = UserRef & { OldPassword: string; NewPassword: string };

/** A logon whose password was right. */
export interface Logon {
  readonly UserName: string;
  readonly requirements: RemainingSteps;
  /**
   * Checks a code of the bound device. A wrong code counts as an attempt.
   * @throws Failure CheckAuthenticationCodeFail
   */
  verifyCode(code: string): Promise<void>;
  /**
   * Checks a code of a new device, which is not stored yet, and returns its time step. The second code is checked with
   * the time step of the first one. After it, `finish` stores and binds the device. @throws as verifyCode
   */
  verifyNewDevice: (seed: string, code: string, firstStep?: number) => Promise<number>;
  /**
   * Sets the new password if there is one, and returns the session. `beforeCommit` receives the session before the
   * commit and can reject it by throwing.
   * @throws Failure `denied` when a step is missing, InvalidParameter.NewPassword.TooWeak, .ReusePrevention
   */
  finish(newPassword: string | undefined, beforeCommit: (session: Session) => void): Promise<Session>;
}

export interface RemainingSteps {
  /** `code`: a code of the bound device; `binding`: the user must bind a device first. */
  mfa: 'nothing' | 'code' | 'binding';
  newPassword: boolean;
}

export interface Session extends Record<'UserName' | 'UserPrincipalName' | 'Arn' | 'SessionExpires', string> {
  MFAPresent: boolean;
}
