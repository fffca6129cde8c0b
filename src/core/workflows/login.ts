import { logonUrl } from '../account.ts';
import type { CommittedChange, Directory, LoginProfile, LogonRequirements } from '../directory.ts';
import { findLoginProfile } from './user.ts';

/** A visit to the Modify Logon Settings page: what is absent stays as it is. */
export interface LogonSettingsChange extends LogonRequirements {
  UserName: string;
  password?: string | undefined;
  generatePassword?: boolean | undefined;
}

/** Logon settings as a person is told them, with the link to send. */
export interface LogonSettings extends LoginProfile {
  LogonUrl: string;
  /** Only in the outcome of the command that generated it. */
  Password?: string;
}

export function withLogonUrl(profile: LoginProfile): LogonSettings {
  return { ...profile, LogonUrl: logonUrl(profile.UserPrincipalName) };
}

/**
 * Changes logon settings; `Status` stays as it is. A user without console logon gets it, as `provision` would give it:
 * with a generated password unless one is named, to be reset at the next logon. `accept` can refuse the outcome before
 * it is committed.
 * @throws Failure EntityNotExist.User, InvalidParameter.Password.TooWeak
 */
export async function setLogonSettings(
  directory: Directory,
  order: LogonSettingsChange,
  accept: (outcome: LogonSettings) => void,
): Promise<CommittedChange<void>> {
  const { UserName, PasswordResetRequired, MFABindRequired } = order;
  const renewed = order.password !== undefined || order.generatePassword === true;
  const isNeeded =
    renewed || (await directory.reading((operations) => findLoginProfile(operations, UserName))) === null;
  const generated =
    isNeeded && order.password === undefined
      ? directory.generatePassword(await directory.getPasswordPolicy())
      : undefined;
  const clear = order.password ?? generated;
  const Password = clear === undefined ? undefined : await directory.hashPassword(clear);
  return directory.atomically(async (operations) => {
    const isNew = (await findLoginProfile(operations, UserName)) === null;
    const profile =
      isNew && Password
        ? await operations.createLoginProfile({
            UserName,
            Password,
            PasswordResetRequired: PasswordResetRequired ?? true,
            MFABindRequired: MFABindRequired ?? false,
          })
        : await operations.updateLoginProfile({
            UserName,
            PasswordResetRequired,
            MFABindRequired,
            Password: renewed ? Password : undefined,
          });
    const isShown = generated !== undefined && (isNew || renewed);
    accept({ ...withLogonUrl(profile), ...(isShown ? { Password: generated } : {}) });
  });
}
