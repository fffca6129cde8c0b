import type { ChangePasswordInput, Logon } from './directory.ts';
import { Failure, isFailure } from './failure.ts';
import { findUserWithLogin } from './login-profile.ts';
import * as steps from './logon-steps.ts';
import type { NewDevice } from './mfa.ts';
import type { OperationContext } from './operation-context.ts';
import { verifyPassword } from './password.ts';
import type { State, UserRecord } from './state.ts';
import { throwInvalid } from './validation.ts';

type RunTransaction = <T>(work: (context: OperationContext) => T | Promise<T>) => Promise<T>;

interface Transactions {
  /** Runs a change that only counts attempts. */
  background: RunTransaction;
  /** Runs a change that the user requested. */
  change: RunTransaction;
  /** Hashes a password, outside of transactions. */
  hash(password: string): Promise<string>;
}

/** Implements `Directory.logOn` in short transactions, with the hashing between them. */
export async function logOn(transactions: Transactions, logonName: string, password: string): Promise<Logon> {
  const { background, change } = transactions;
  const findUser = (state: State) => steps.findUserByLogonName(state, logonName);
  const { attempt, UserName, requirements } = await attemptLogon(background, findUser, password);
  let proof: steps.MfaProof | undefined;
  let newDevice: NewDevice | undefined;
  /** Commits the count of a wrong code before it throws the error. */
  const verify = async <T>(check: (context: OperationContext) => T | Failure): Promise<T> => {
    const result = await background(check);
    if (result instanceof Failure) throw result;
    return result;
  };
  return {
    UserName,
    requirements,
    async verifyCode(code) {
      const { findAcceptedStep } = await import('./totp.ts');
      const findStep: steps.FindStep = (seed, now, lastUsed) => findAcceptedStep(seed, code, now, lastUsed);
      proof = await verify((context) => steps.proveDevice(context, attempt, findStep));
    },
    async verifyNewDevice(seed, code, firstStep) {
      const { findNewDeviceStep } = await import('./totp.ts');
      const step = await verify((context) =>
        steps.countWrongCode(context, attempt, () => findNewDeviceStep(seed, code, context.clock.now(), firstStep)),
      );
      if (firstStep !== undefined) newDevice = { Base32StringSeed: seed, LastTimeStep: step };
      return step;
    },
    async finish(newPassword, beforeCommit) {
      const hash = newPassword === undefined ? undefined : await hashNewPassword(transactions, attempt, newPassword);
      return change((context) => {
        const candidate = steps.findCandidate(context, attempt);
        const { user, login } = candidate;
        const isVerified = newDevice
          ? steps.bindNewDevice(context, user, newDevice)
          : proof !== undefined && steps.isDeviceOf(context, user, proof);
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
  const findUser = (state: State) => findUserWithLogin(state, UserName).user;
  try {
    const { attempt } = await attemptLogon(background, findUser, OldPassword);
    const hash = await hashNewPassword(transactions, attempt, NewPassword);
    await change((context) => {
      const { login } = steps.findCandidate(context, attempt);
      steps.replacePassword(context, login, hash);
      login.PasswordResetRequired = false;
    });
  } catch (error) {
    if (isFailure(error, 'PasswordExpired')) throw new Failure('denied', 'NoPermission', error.message, error.details);
    if (!isFailure(error, 'LogonRefused')) throw error;
    // This includes a right password that another process has changed, or a logon that it has locked, in the meantime.
    const message = 'the present password is wrong';
    throw new Failure('denied', 'InvalidParameter.OldPassword.Incorrect', message, { Field: 'OldPassword' });
  }
}

/**
 * Counts an attempt, verifies the password, and reverts the count when the password is right.
 * @throws Failure `denied` LogonRefused, PasswordExpired
 */
async function attemptLogon(
  background: RunTransaction,
  findUser: (state: State) => UserRecord | undefined,
  password: string,
) {
  const attempt = await background((context) => steps.startAttempt(context, findUser(context.state)));
  if (!(await verifyPassword(attempt.hash, password))) throw steps.logonRefusedFailure();
  // The expiry is thrown outside the transaction, because an error would discard the reverted count.
  const { expiry, ...result } = await background((context) => {
    const candidate = steps.endAttempt(context, attempt);
    const requirements = steps.remainingStepsOf(context, candidate);
    return { UserName: candidate.user.UserName, requirements, expiry: steps.expiryFailure(context, candidate) };
  });
  if (expiry) throw expiry;
  return { attempt, ...result };
}

/** Returns the hash of a new password. @throws Failure when the account does not allow the password */
async function hashNewPassword(transactions: Transactions, attempt: steps.Attempt, newPassword: string) {
  const forbiddenHashes = await transactions.background((context) =>
    steps.checkNewPassword(context, attempt, newPassword),
  );
  for (const forbidden of forbiddenHashes) {
    if (await verifyPassword(forbidden, newPassword)) {
      throwInvalid('NewPassword', 'ReusePrevention', 'the new password is the present one, or was used before');
    }
  }
  return transactions.hash(newPassword);
}
