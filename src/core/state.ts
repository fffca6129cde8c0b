/**
 * What a directory remembers. Members carry RAM's names (RAM API 2015-05-01; logon `Status` from IMS 2019-08-15), so
 * that what is stored, what travels and what `-o json` prints are the same words. Dates are `YYYY-MM-DDThh:mm:ssZ`.
 */
export interface State {
  Account: AccountRecord;
  /** By folded name, see `fold`. */
  Users: Map<string, UserRecord>;
  /** Virtual MFA devices by folded name. */
  MFADevices: Map<string, MFADeviceRecord>;
}

export interface AccountRecord {
  AccountId: string;
  AccountAlias?: string;
  CreateDate: string;
  /** Which key the seals of this directory were made with; set by the first change. */
  KeyFingerprint?: string;
  PasswordPolicy: PasswordPolicy;
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
  Policies: AttachmentRecord[];
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
}

export interface AccessKeyRecord {
  AccessKeyId: string;
  /** Sealed by the vault under the label of `secretLabel` in `access-key.ts`. */
  SealedSecret: string;
  Status: Status;
  CreateDate: string;
  LastUsedDate?: string;
}

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

export type PolicyType = 'System' | 'Custom';

export interface AttachmentRecord {
  PolicyName: string;
  PolicyType: PolicyType;
  AttachDate: string;
}

/** The form in which names are compared: RAM leaves case open, and two users that differ by case alone are a trap. */
export function fold(name: string): string {
  return name.toLowerCase();
}

/** The device that a user is bound to. */
export function deviceOf(state: State, user: UserRecord): MFADeviceRecord | undefined {
  for (const device of state.MFADevices.values()) {
    if (device.Binding?.UserId === user.UserId) return device;
  }
  return undefined;
}
