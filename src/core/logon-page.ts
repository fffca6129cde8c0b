import type { Context } from './context.ts';
import type { BindMFADeviceInput, Logon } from './directory.ts';
import { Failure } from './failure.ts';
import {
  beginAttempt,
  checkNewPassword,
  endAttempt,
  enterCode,
  expiry,
  forbiddenHashes,
  logonRefused,
  needsOf,
  openSession,
  replacePassword,
  userAtDoor,
} from './logon.ts';
import { bindMFADevice } from './mfa.ts';
import { hashPassword, isPassword } from './password.ts';

/** Runs one transaction. */
type Change = <T>(work: (context: Context) => T | Promise<T>) => Promise<T>;

/** The logon page of a directory, see `Directory.logOn`: short transactions, with the hashing between them. */
export async function logOn(change: Change, logonName: string, password: string): Promise<Logon> {
  const attempt = await change((context) => beginAttempt(context, logonName));
  if (!(await isPassword(attempt.hash, password))) throw logonRefused();
  const { UserName, needs, refusal } = await change((context) => {
    const found = endAttempt(context, attempt);
    return { UserName: found.user.UserName, needs: needsOf(context, found), refusal: expiry(context, found) };
  });
  if (refusal) throw refusal;
  let isVerified = false;
  return {
    UserName,
    needs,
    async enterCode(code) {
      const refusal = await change((context) => enterCode(context, attempt, code));
      if (refusal) throw refusal;
      isVerified = true;
    },
    async bind(device: Omit<BindMFADeviceInput, 'UserName'>) {
      await change((context) => {
        const { user } = userAtDoor(context, attempt);
        return bindMFADevice(context, { ...device, UserName: user.UserName });
      });
      isVerified = true;
    },
    async finish(newPassword) {
      const hash = newPassword === undefined ? undefined : await accepted(newPassword);
      return change((context) => {
        const found = userAtDoor(context, attempt);
        const open = needsOf(context, found);
        if (open.mfa !== 'nothing' && !isVerified) refuse('MFARequired', 'an MFA code is needed');
        if (open.newPassword && hash === undefined) refuse('PasswordResetRequired', 'a new password is needed');
        if (hash !== undefined) {
          replacePassword(context, found.login, hash);
          found.login.PasswordResetRequired = false;
        }
        return openSession(context, found.user, isVerified);
      });
    },
  };

  /** The hash of a new password that the policy allows. */
  async function accepted(newPassword: string): Promise<string> {
    const forbidden = await change((context) => {
      const found = userAtDoor(context, attempt);
      checkNewPassword(context.state, newPassword, needsOf(context, found).newPassword);
      return forbiddenHashes(context.state, found.login);
    });
    for (const hash of forbidden) if (await isPassword(hash, newPassword)) refuseReuse();
    return hashPassword(newPassword);
  }
}

function refuse(code: string, message: string): never {
  throw new Failure('denied', code, message);
}

function refuseReuse(): never {
  throw new Failure(
    'refused',
    'InvalidParameter.NewPassword.ReusePrevention',
    'the new password was used before (PasswordReusePrevention)',
    { Field: 'NewPassword' },
  );
}
