import type { OperationContext } from './context.ts';
import type { ChangePasswordInput, Logon } from './directory.ts';
import { Failure, isFailure } from './failure.ts';
import { findLoginProfile } from './login-profile.ts';
import * as steps from './logon-steps.ts';
import { hashPassword, verifyPassword } from './password.ts';
import { findUser } from './user.ts';
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
  const attempt = await background((context) =>
    steps.startAttempt(context, steps.findUserByLogonName(context.state, logonName)),
  );
  if (!(await verifyPassword(attempt.hash, password))) throw steps.logonRefusedFailure();
  const { UserName, requirements, expiry } = await background((context) => {
    const candidate = steps.endAttempt(context, attempt);
    return {
      UserName: candidate.user.UserName,
      requirements: steps.remainingStepsOf(context, candidate),
      expiry: steps.expiryFailure(context, candidate),
    };
  });
  if (expiry) throw expiry;
  let proof: steps.MfaProof | undefined;
  const verify = async (serialNumber: string | undefined, findStep: steps.FindStep) => {
    const result = await background((context) => steps.proveDevice(context, attempt, serialNumber, findStep));
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
        const candidate = steps.findCandidate(context, attempt);
        const { user, login } = candidate;
        const isVerified = proof !== undefined && steps.applyProof(context, user, proof);
        const remaining = steps.remainingStepsOf(context, candidate);
        if (remaining.mfa !== 'nothing' && !isVerified) {
          throw new Failure('denied', 'MFARequired', 'an MFA code is required');
        }
        if (remaining.newPassword && hash === undefined) {
          throw new Failure('denied', 'PasswordResetRequired', 'a new password is required');
        }
        if (hash !== undefined) {
          steps.replacePassword(context, login, hash);
          login.PasswordResetRequired = false;
        }
        const session = steps.startSession(context, user, isVerified);
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
  const attempt = await background((context) => {
    const user = findUser(context.state, UserName);
    findLoginProfile(user);
    return steps.startAttempt(context, user);
  });
  try {
    if (!(await verifyPassword(attempt.hash, OldPassword))) throw steps.logonRefusedFailure();
    const expiry = await background((context) => steps.expiryFailure(context, steps.endAttempt(context, attempt)));
    if (expiry) throw new Failure('denied', 'NoPermission', expiry.message, expiry.details);
    const hash = await hashNewPassword(background, attempt, NewPassword);
    await change((context) => {
      const { login } = steps.findCandidate(context, attempt);
      steps.replacePassword(context, login, hash);
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
  attempt: steps.Attempt,
  newPassword: string,
): Promise<string> {
  const forbiddenHashes = await background((context) => steps.checkNewPassword(context, attempt, newPassword));
  for (const hash of forbiddenHashes) {
    if (await verifyPassword(hash, newPassword)) {
      throwInvalid('NewPassword', 'ReusePrevention', 'the new password is the present one, or was used before');
    }
  }
  return hashPassword(newPassword);
}
