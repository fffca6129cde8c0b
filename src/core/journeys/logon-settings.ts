import type { Committed, Directory, LoginProfile, LogonSettings } from '../directory.ts';
import { loginProfileOf } from './describe.ts';

/** A visit to the Modify Logon Settings page: what is absent stays as it is. */
export interface LogonOrder extends LogonSettings {
  UserName: string;
  password?: string | undefined;
  generatePassword?: boolean | undefined;
}

/** The settings, with the password when it was generated. */
export interface LogonOutcome extends LoginProfile {
  Password?: string;
}

/**
 * Changes logon settings. A user without console logon gets it, as `provision` would give it: with a generated
 * password unless one is named, to be reset at the next logon. `accept` can refuse the outcome before it is committed.
 * @throws Failure EntityNotExist.User, InvalidParameter.Password.TooWeak
 */
export async function setLogon(
  directory: Directory,
  order: LogonOrder,
  accept: (outcome: LogonOutcome) => void,
): Promise<Committed<void>> {
  const { UserName, PasswordResetRequired, MFABindRequired } = order;
  const renewed = order.password !== undefined || order.generatePassword === true;
  const isNeeded = renewed || (await directory.reading((operations) => loginProfileOf(operations, UserName))) === null;
  const generated = isNeeded && order.password === undefined ? directory.generatePassword() : undefined;
  const clear = order.password ?? generated;
  const Password = clear === undefined ? undefined : await directory.prepare(clear);
  return directory.atomically(async (operations) => {
    const isNew = (await loginProfileOf(operations, UserName)) === null;
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
    accept(isShown ? { ...profile, Password: generated } : profile);
  });
}
