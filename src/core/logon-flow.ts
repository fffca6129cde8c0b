import type { OperationContext } from './context.ts';
import type { ChangePasswordInput, Logon } from './directory.ts';
import { Failure, isFailure } from './failure.ts';
import {
  type Attempt,
  assertNewPasswordAllowed,
  bindVerifiedDevice,
  endAttempt,
  expiryFailure,
  findCandidate,
  isBoundTo,
  listForbiddenHashes,
  logonRefusedFailure,
  type MfaProof,
  remainingStepsOf,
  replacePassword,
  startAttempt,
  startOwnAttempt,
  startSession,
  verifyCode,
  verifyCodePair,
} from './logon.ts';
import { hashPassword, verifyPassword } from './password.ts';
import { throwInvalid } from './validation.ts';

/** Runs one transaction. */
type RunChange = <T>(work: (context: OperationContext) => T | Promise<T>) => Promise<T>;

/**
 * Implements `Directory.logOn` in short transactions, with the hashing between them. `background` runs the changes that
 * only count attempts, `change` runs those that the user asked for.
 */
export async function logOn(
  background: RunChange,
  change: RunChange,
  logonName: string,
  password: string,
): Promise<Logon> {
  const attempt = await background((context) => startAttempt(context, logonName));
  if (!(await verifyPassword(attempt.hash, password))) throw logonRefusedFailure();
  const { UserName, requirements, expiry } = await background((context) => {
    const candidate = endAttempt(context, attempt);
    return {
      UserName: candidate.user.UserName,
      requirements: remainingStepsOf(context, candidate),
      expiry: expiryFailure(context, candidate),
    };
  });
  if (expiry) throw expiry;
  let proof: MfaProof | undefined;
  const verify = async (check: (context: OperationContext) => Promise<MfaProof | Failure>) => {
    // Loads the library before the transaction takes the lock.
    await import('./totp.ts');
    const result = await background(check);
    if (result instanceof Failure) throw result;
    proof = result;
  };
  return {
    UserName,
    requirements,
    verifyCode: (code) => verify((context) => verifyCode(context, attempt, code)),
    verifyCodePair: (serialNumber, codes) => verify((context) => verifyCodePair(context, attempt, serialNumber, codes)),
    async finish(newPassword, beforeCommit) {
      const hash = newPassword === undefined ? undefined : await hashNewPassword(background, attempt, newPassword);
      return change((context) => {
        const candidate = findCandidate(context, attempt);
        const { user, login } = candidate;
        if (proof) bindVerifiedDevice(context, user, proof);
        const steps = remainingStepsOf(context, candidate);
        const isVerified = proof !== undefined && isBoundTo(context.state, user, proof);
        if (steps.mfa !== 'nothing' && !isVerified) {
          throw new Failure('denied', 'MFARequired', 'an MFA code is required');
        }
        if (steps.newPassword && hash === undefined) {
          throw new Failure('denied', 'PasswordResetRequired', 'a new password is required');
        }
        if (hash !== undefined) {
          replacePassword(context, login, hash);
          login.PasswordResetRequired = false;
        }
        const session = startSession(context, user, isVerified);
        beforeCommit(session);
        return session;
      });
    },
  };
}

/** Implements `Directory.changePassword` (RAM ChangePassword), with the hashing between short transactions. */
export async function changePassword(
  background: RunChange,
  change: RunChange,
  { UserName, OldPassword, NewPassword }: ChangePasswordInput,
): Promise<void> {
  const attempt = await background((context) => startOwnAttempt(context, UserName));
  try {
    if (!(await verifyPassword(attempt.hash, OldPassword))) throw logonRefusedFailure();
    const expiry = await background((context) => expiryFailure(context, endAttempt(context, attempt)));
    if (expiry) throw new Failure('denied', 'NoPermission', expiry.message, expiry.details);
    const hash = await hashNewPassword(background, attempt, NewPassword);
    await change((context) => {
      const { login } = findCandidate(context, attempt);
      replacePassword(context, login, hash);
      login.PasswordResetRequired = false;
    });
  } catch (error) {
    if (!isFailure(error, 'LogonRefused')) throw error;
    // This includes a right password that another process has changed, or a logon that it has locked, in the meantime.
    throw new Failure('denied', 'InvalidParameter.OldPassword.Incorrect', 'the present password is wrong', {
      Field: 'OldPassword',
    });
  }
}

/** Returns the hash of a new password. @throws Failure when the account does not allow the password */
async function hashNewPassword(background: RunChange, attempt: Attempt, newPassword: string): Promise<string> {
  const forbidden = await background((context) => {
    const candidate = findCandidate(context, attempt);
    assertNewPasswordAllowed(context.state, newPassword, remainingStepsOf(context, candidate).newPassword);
    return listForbiddenHashes(context.state, candidate.login);
  });
  for (const hash of forbidden) {
    if (await verifyPassword(hash, newPassword)) {
      throwInvalid('NewPassword', 'ReusePrevention', 'the new password is the present one or was used before');
    }
  }
  return hashPassword(newPassword);
}
