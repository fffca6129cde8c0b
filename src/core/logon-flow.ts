import type { OperationContext } from './context.ts';
import type { ChangePasswordInput, Logon } from './directory.ts';
import { Failure, isFailure } from './failure.ts';
import {
  type Attempt,
  assertNewPasswordAllowed,
  bindVerifiedDevice,
  endAttempt,
  findCandidate,
  expiryFailure,
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

/** Runs one transaction. */
type RunChange = <T>(work: (context: OperationContext) => T | Promise<T>) => Promise<T>;

/**
 * The logon page of a directory, see `Directory.logOn`: short transactions, with the hashing between them. `aside` is
 * for what only keeps count, `change` for what the user came for.
 */
export async function logOn(aside: RunChange, change: RunChange, logonName: string, password: string): Promise<Logon> {
  const attempt = await aside((context) => startAttempt(context, logonName));
  if (!(await verifyPassword(attempt.hash, password))) throw logonRefusedFailure();
  const { UserName, needs, refusal } = await aside((context) => {
    const found = endAttempt(context, attempt);
    return {
      UserName: found.user.UserName,
      needs: remainingStepsOf(context, found),
      refusal: expiryFailure(context, found),
    };
  });
  if (refusal) throw refusal;
  let proof: MfaProof | undefined;
  return {
    UserName,
    requirements: needs,
    async verifyCode(code) {
      await import('./totp.ts');
      proof = verifyIdentity(await aside((context) => verifyCode(context, attempt, code)));
    },
    async verifyCodePair(SerialNumber, codes) {
      await import('./totp.ts');
      proof = verifyIdentity(await aside((context) => verifyCodePair(context, attempt, SerialNumber, codes)));
    },
    async finish(newPassword, accept) {
      const hash = newPassword === undefined ? undefined : await findMatchingHash(aside, attempt, newPassword);
      return change((context) => {
        const found = findCandidate(context, attempt);
        if (proof) bindVerifiedDevice(context, found.user, proof);
        const open = remainingStepsOf(context, found);
        const isVerified = proof !== undefined && isBoundTo(context.state, found.user, proof);
        if (open.mfa !== 'nothing' && !isVerified) throwLogonRefused('MFARequired', 'an MFA code is needed');
        if (open.newPassword && hash === undefined)
          throwLogonRefused('PasswordResetRequired', 'a new password is needed');
        if (hash !== undefined) {
          replacePassword(context, found.login, hash);
          found.login.PasswordResetRequired = false;
        }
        const session = startSession(context, found.user, isVerified);
        accept(session);
        return session;
      });
    },
  };
}

/** RAM ChangePassword, see `Directory.changePassword`; like the logon page, with the hashing between short transactions. */
export async function changePassword(aside: RunChange, change: RunChange, input: ChangePasswordInput): Promise<void> {
  const attempt = await aside((context) => startOwnAttempt(context, input.UserName));
  try {
    if (!(await verifyPassword(attempt.hash, input.OldPassword))) throw logonRefusedFailure();
    const refusal = await aside((context) => expiryFailure(context, endAttempt(context, attempt)));
    if (refusal) throw new Failure('denied', 'NoPermission', refusal.message, refusal.details);
    const hash = await findMatchingHash(aside, attempt, input.NewPassword);
    await change((context) => {
      const { login } = findCandidate(context, attempt);
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
async function findMatchingHash(aside: RunChange, attempt: Attempt, newPassword: string): Promise<string> {
  const forbidden = await aside((context) => {
    const found = findCandidate(context, attempt);
    assertNewPasswordAllowed(context.state, newPassword, remainingStepsOf(context, found).newPassword);
    return listForbiddenHashes(context.state, found.login);
  });
  for (const hash of forbidden) if (await verifyPassword(hash, newPassword)) assertPasswordNotReused();
  return hashPassword(newPassword);
}

/** A wrong code is thrown only after it was counted. */
function verifyIdentity(result: MfaProof | Failure): MfaProof {
  if (result instanceof Failure) throw result;
  return result;
}

function throwLogonRefused(code: string, message: string): never {
  throw new Failure('denied', code, message);
}

function assertPasswordNotReused(): never {
  throw new Failure(
    'refused',
    'InvalidParameter.NewPassword.ReusePrevention',
    'the new password is the present one, or was used before',
    { Field: 'NewPassword' },
  );
}
