import type {
  CommittedChange,
  Directory,
  HashedPassword,
  LoginProfile,
  LogonRequirements,
  Operations,
  UserRef,
} from '../directory.ts';
import { logonUrl } from '../logon-names.ts';
import { findLoginProfile } from './user.ts';

/** Console logon of a new user. Without a password, one is generated. */
export interface NewLogon extends LogonRequirements {
  password?: string | undefined;
}

/** New logon settings of a user. Absent settings stay as they are. */
export interface LogonSettingsChange extends NewLogon, UserRef {
  generatePassword?: boolean | undefined;
}

/** Logon settings with the URL to send to the user. */
export interface LogonSettings extends LoginProfile {
  LogonUrl: string;
  /** Present only in the result of the command that generated the password. */
  Password?: string;
}

export function withLogonUrl(profile: LoginProfile): LogonSettings {
  return { ...profile, LogonUrl: logonUrl(profile.UserPrincipalName) };
}

/** Creates a login profile. By default, the user must set a new password at the first logon. */
export function createConsoleLogon(
  operations: Operations,
  UserName: string,
  Password: HashedPassword,
  { PasswordResetRequired = true, MFABindRequired = false }: LogonRequirements,
): Promise<LoginProfile> {
  return operations.createLoginProfile({ UserName, Password, PasswordResetRequired, MFABindRequired });
}

/**
 * Changes logon settings, but not `Status`. Creates console logon for a user without it, and generates a password
 * unless one is given. `beforeCommit` gets the new settings before the commit. If it throws, nothing is written.
 * @throws Failure EntityNotExist.User, InvalidParameter.Password.TooWeak
 */
export async function setLogonSettings(
  directory: Directory,
  { UserName, password, generatePassword = false, ...requirements }: LogonSettingsChange,
  beforeCommit: (settings: LogonSettings) => void,
): Promise<CommittedChange<void>> {
  const isNewPassword = password !== undefined || generatePassword;
  const needsPassword =
    isNewPassword || (await directory.reading((operations) => findLoginProfile(operations, UserName))) === null;
  const plaintext = needsPassword
    ? (password ?? directory.generatePassword(await directory.getPasswordPolicy()))
    : undefined;
  const hashed = plaintext === undefined ? undefined : await directory.hashPassword(plaintext);
  return directory.atomically(async (operations) => {
    // Another process may have created or deleted the login profile while the password was hashed.
    const isNewLogon = (await findLoginProfile(operations, UserName)) === null;
    const profile =
      isNewLogon && hashed
        ? await createConsoleLogon(operations, UserName, hashed, requirements)
        : await operations.updateLoginProfile({
            UserName,
            ...requirements,
            Password: isNewPassword ? hashed : undefined,
          });
    const isShown = plaintext !== undefined && password === undefined && (isNewLogon || isNewPassword);
    beforeCommit({ ...withLogonUrl(profile), ...(isShown ? { Password: plaintext } : {}) });
  });
}
