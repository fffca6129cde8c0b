import type { Context } from './context.ts';
import type { ChangePasswordInput, Logon } from './directory.ts';
import { Failure, isFailure } from './failure.ts';
import {
  type Attempt,
  beginAttempt,
  beginOwnAttempt,
  bindProven,
  checkNewPassword,
  type DeviceProof,
  endAttempt,
  enterCode,
  enterPair,
  expiry,
  forbiddenHashes,
  isBoundTo,
  logonRefused,
  needsOf,
  openSession,
  replacePassword,
  userAtDoor,
} from './logon.ts';
import { hashPassword, verifyPassword } from './password.ts';

/** Runs one transaction. */
type Change = <T>(work: (context: Context) => T | Promise<T>) => Promise<T>;

/**
 * The logon page of a directory, see `Directory.logOn`: short transactions, with the hashing between them. `aside` is
 * for what only keeps count, `change` for what the user came for.
 */
export async function logOn(aside: Change, change: Change, logonName: string, password: string): Promise<Logon> {
  const attempt = await aside((context) => beginAttempt(context, logonName));
  if (!(await verifyPassword(attempt.hash, password))) throw logonRefused();
  const { UserName, needs, refusal } = await aside((context) => {
    const found = endAttempt(context, attempt);
    return { UserName: found.user.UserName, needs: needsOf(context, found), refusal: expiry(context, found) };
  });
  if (refusal) throw refusal;
  let proof: DeviceProof | undefined;
  return {
    UserName,
    needs,
    async enterCode(code) {
      await import('./totp.ts');
      proof = proven(await aside((context) => enterCode(context, attempt, code)));
    },
    async enterPair(SerialNumber, codes) {
      await import('./totp.ts');
      proof = proven(await aside((context) => enterPair(context, attempt, SerialNumber, codes)));
    },
    async finish(newPassword, accept) {
      const hash = newPassword === undefined ? undefined : await acceptedHash(aside, attempt, newPassword);
      return change((context) => {
        const found = userAtDoor(context, attempt);
        if (proof) bindProven(context, found.user, proof);
        const open = needsOf(context, found);
        const isVerified = proof !== undefined && isBoundTo(context.state, found.user, proof);
        if (open.mfa !== 'nothing' && !isVerified) refuse('MFARequired', 'an MFA code is needed');
        if (open.newPassword && hash === undefined) refuse('PasswordResetRequired', 'a new password is needed');
        if (hash !== undefined) {
          replacePassword(context, found.login, hash);
          found.login.PasswordResetRequired = false;
        }
        const session = openSession(context, found.user, isVerified);
        accept(session);
        return session;
      });
    },
  };
}

/** RAM ChangePassword, see `Directory.changePassword`; like the logon page, with the hashing between short transactions. */
export async function changePassword(aside: Change, change: Change, input: ChangePasswordInput): Promise<void> {
  const attempt = await aside((context) => beginOwnAttempt(context, input.UserName));
  try {
    if (!(await verifyPassword(attempt.hash, input.OldPassword))) throw logonRefused();
    const refusal = await aside((context) => expiry(context, endAttempt(context, attempt)));
    if (refusal) throw new Failure('denied', 'NoPermission', refusal.message, refusal.details);
    const hash = await acceptedHash(aside, attempt, input.NewPassword);
    await change((context) => {
      const { login } = userAtDoor(context, attempt);
      replacePassword(context, login, hash);
      login.PasswordResetRequired = false;
    });
  } catch (error) {
    if (!isFailure(error, 'LogonRefused')) throw error;
    // Also when the password was right, but has been changed, or guessed at too often, in the meantime.
    throw new Failure('denied', 'InvalidParameter.OldPassword.Incorrect', 'the present password is another one', {
      Field: 'OldPassword',
    });
  }
}

/** The hash of a new password that the policy allows. */
async function acceptedHash(aside: Change, attempt: Attempt, newPassword: string): Promise<string> {
  const forbidden = await aside((context) => {
    const found = userAtDoor(context, attempt);
    checkNewPassword(context.state, newPassword, needsOf(context, found).newPassword);
    return forbiddenHashes(context.state, found.login);
  });
  for (const hash of forbidden) if (await verifyPassword(hash, newPassword)) refuseReuse();
  return hashPassword(newPassword);
}

/** A wrong code is thrown only after it was counted. */
function proven(result: DeviceProof | Failure): DeviceProof {
  if (result instanceof Failure) throw result;
  return result;
}

function refuse(code: string, message: string): never {
  throw new Failure('denied', code, message);
}

function refuseReuse(): never {
  throw new Failure(
    'refused',
    'InvalidParameter.NewPassword.ReusePrevention',
    'the new password is the present one, or was used before',
    { Field: 'NewPassword' },
  );
}
