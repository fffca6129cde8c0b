import type { Directory, LoginProfile, LogonRequirements, Operations, UserRef } from '../directory.ts';
import { logonUrl } from '../logon-names.ts';
import { findLoginProfile } from './user.ts';

/** Console logon of a new user. Without a password, one is generated. */
export type NewLogon = LogonRequirements & { password?: string | undefined };

/** New logon settings of a user. Absent settings stay as they are. */
export type LogonSettingsChange = NewLogon & { generatePassword?: boolean | undefined };

/** Logon settings with the URL to send to the user. */
export interface LogonSettings extends LoginProfile {
  LogonUrl: string;
  /** Present only in the result of the command that generated the password. */
  Password?: string;
}

export function withLogonUrl(profile: LoginProfile): LogonSettings {
  return { ...profile, LogonUrl: logonUrl(profile.UserPrincipalName) };
}

type NewLoginProfile = Parameters<Operations['createLoginProfile']>[0];

/** Creates a login profile. By default, the user must set a new password at the first logon. */
export function createConsoleLogon(operations: Operations, profile: NewLoginProfile) {
  return operations.createLoginProfile({ ...profile, PasswordResetRequired: profile.PasswordResetRequired ?? true });
}

/**
 * Changes logon settings, but not `Status`. Creates console logon for a user without it, and generates a password
 * unless one is given. `beforeCommit` gets the new settings before the commit. If it throws, nothing is written.
 * @throws Failure EntityNotExist.User, InvalidParameter.Password.TooWeak
 */
export async function setLogonSettings(
  directory: Directory,
  { UserName, password, generatePassword = false, ...requirements }: LogonSettingsChange & UserRef,
  beforeCommit: (settings: LogonSettings) => void,
) {
  const isNewPassword = password !== undefined || generatePassword;
  const needsPassword = isNewPassword || (await findLoginProfile(directory, UserName)) === null;
  const hashed = needsPassword
    ? await directory.hashPassword(password ?? directory.generatePassword(await directory.getPasswordPolicy()))
    : undefined;
  return directory.atomically(async (operations) => {
    // Another process may have created or deleted the login profile while the password was hashed.
    const isNewLogon = (await findLoginProfile(operations, UserName)) === null;
    const Password = isNewLogon || isNewPassword ? hashed : undefined;
    const profile =
      isNewLogon && Password
        ? await createConsoleLogon(operations, { UserName, ...requirements, Password })
        : await operations.updateLoginProfile({ UserName, ...requirements, Password });
    const isGenerated = Password && password === undefined;
    beforeCommit({ ...withLogonUrl(profile), ...(isGenerated && { Password: Password.plaintext }) });
  });
}
