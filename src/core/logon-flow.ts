import type { OperationContext } from './context.ts';
import type { ChangePasswordInput, Logon } from './directory.ts';
import { Failure, isFailure } from './failure.ts';
import * as logon from './logon.ts';
import { hashPassword, verifyPassword } from './password.ts';
import { throwInvalid } from './validation.ts';

type RunTransaction = <T>(work: (context: OperationContext) => T | Promise<T>) => Promise<T>;

interface Transactions {
  /** Runs a change that only counts attempts. */
  background: RunTransaction;
  /** Runs a change that the user requested. */
  change: RunTransaction;
}

/** Implements `Directory.logOn` in short transactions, with the hashing between them. */
export async function logOn(transactions: Transactions, logonName: string, password: string): Promise<Logon> {
  const { background, change } = transactions;
  const attempt = await background((context) => logon.startAttempt(context, logonName));
  if (!(await verifyPassword(attempt.hash, password))) throw logon.refusedFailure();
  const { UserName, requirements, expiry } = await background((context) => {
    const candidate = logon.endAttempt(context, attempt);
    return {
      UserName: candidate.user.UserName,
      requirements: logon.remainingStepsOf(context, candidate),
      expiry: logon.expiryFailure(context, candidate),
    };
  });
  if (expiry) throw expiry;
  let proof: logon.MfaProof | undefined;
  const verify = async (serialNumber: string | undefined, findStep: logon.FindStep) => {
    const result = await background((context) => logon.proveDevice(context, attempt, serialNumber, findStep));
    if (result instanceof Failure) throw result;
    proof = result;
  };
  return {
    UserName,
    requirements,
    async verifyCode(code) {
      const { findAcceptedStep } = await import('./totp.ts');
      await verify(undefined, (seed, now, lastUsed) => findAcceptedStep(seed, code, now, lastUsed));
    },
    async verifyCodePair(serialNumber, codes) {
      const { findAcceptedPairStep } = await import('./totp.ts');
      await verify(serialNumber, (seed, now, lastUsed) => findAcceptedPairStep(seed, codes, now, lastUsed));
    },
    async finish(newPassword, beforeCommit) {
      const hash = newPassword === undefined ? undefined : await hashNewPassword(background, attempt, newPassword);
      return change((context) => {
        const candidate = logon.findCandidate(context, attempt);
        const { user, login } = candidate;
        const isVerified = proof !== undefined && logon.applyProof(context, user, proof);
        const steps = logon.remainingStepsOf(context, candidate);
        if (steps.mfa !== 'nothing' && !isVerified) {
          throw new Failure('denied', 'MFARequired', 'an MFA code is required');
        }
        if (steps.newPassword && hash === undefined) {
          throw new Failure('denied', 'PasswordResetRequired', 'a new password is required');
        }
        if (hash !== undefined) {
          logon.replacePassword(context, login, hash);
          login.PasswordResetRequired = false;
        }
        const session = logon.startSession(context, user, isVerified);
        beforeCommit(session);
        return session;
      });
    },
  };
}

/** Implements `Directory.changePassword` (RAM ChangePassword), with the hashing between short transactions. */
export async function changePassword(transactions: Transactions, input: ChangePasswordInput): Promise<void> {
  const { background, change } = transactions;
  const { UserName, OldPassword, NewPassword } = input;
  const attempt = await background((context) => logon.startOwnAttempt(context, UserName));
  try {
    if (!(await verifyPassword(attempt.hash, OldPassword))) throw logon.refusedFailure();
    const expiry = await background((context) => logon.expiryFailure(context, logon.endAttempt(context, attempt)));
    if (expiry) throw new Failure('denied', 'NoPermission', expiry.message, expiry.details);
    const hash = await hashNewPassword(background, attempt, NewPassword);
    await change((context) => {
      const { login } = logon.findCandidate(context, attempt);
      logon.replacePassword(context, login, hash);
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
async function hashNewPassword(
  background: RunTransaction,
  attempt: logon.Attempt,
  newPassword: string,
): Promise<string> {
  const forbiddenHashes = await background((context) => logon.checkNewPassword(context, attempt, newPassword));
  for (const hash of forbiddenHashes) {
    if (await verifyPassword(hash, newPassword)) {
      throwInvalid('NewPassword', 'ReusePrevention', 'the new password is the present one, or was used before');
    }
  }
  return hashPassword(newPassword);
}
