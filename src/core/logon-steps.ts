import { userArn } from './arn.ts';
import { DAY_MS, formatRamDate } from './clock.ts';
import type { RemainingSteps, Session } from './directory.ts';
import { Failure, isFailure } from './failure.ts';
import { userPrincipalName } from './logon-names.ts';
import { addBoundDevice, type NewDevice, seedLabel } from './mfa.ts';
import type { OperationContext } from './operation-context.ts';
import { assertPasswordMeetsPolicy, DUMMY_HASH } from './password.ts';
import { shellCommand } from './shell-command.ts';
import type { LoginProfileRecord, MFADeviceRecord, State, UserRecord } from './state.ts';
import { findDeviceOfUser, findUserById, foldCase } from './state.ts';

/*
 * The steps of RAM's logon page (RAM help, "Log on to the console as a RAM user") as functions on the state. `logon.ts`
 * runs them in transactions.
 *
 * 1. An attempt is counted before the password is verified, and the count is reverted when the password was right.
 * 2. Concurrent guesses are therefore counted one by one, and no transaction waits for the hashing.
 */

const HOUR_MS = DAY_MS / 24;

/** A counted attempt. `hash` is the hash to verify; for a user who cannot log on it is one that no password has. */
export type Attempt = ReturnType<typeof startAttempt>;

/** Counts an attempt of a user. For a user who cannot log on it returns DUMMY_HASH, so that the caller does the same work. */
export function startAttempt({ state, clock }: OperationContext, user: UserRecord | undefined) {
  const login = user?.LoginProfile;
  // The clock is read once, because `endAttempt` finds the attempt by its date.
  const now = clock.now();
  const date = formatRamDate(now);
  if (!user || login?.Status !== 'Active' || findLockEnd(state, login, now)) {
    return { UserId: undefined, hash: DUMMY_HASH, date };
  }
  countAttempt(state, login, now);
  return { UserId: user.UserId, hash: login.PasswordHash, date };
}

/** Reverts the count after a right password. @throws Failure LogonRefused when the user has changed since */
export function endAttempt({ state }: OperationContext, attempt: Attempt): LogonCandidate {
  const candidate = requireSameLogin(state, attempt);
  const { login } = candidate;
  const index = login.Attempts?.indexOf(attempt.date) ?? -1;
  if (index !== -1) login.Attempts?.splice(index, 1);
  if (login.Attempts?.length === 0) delete login.Attempts;
  return candidate;
}

/** Returns the user whose password was right. @throws Failure LogonRefused when the logon has changed or is locked */
export function findCandidate(context: OperationContext, attempt: Attempt): LogonCandidate {
  const candidate = requireSameLogin(context.state, attempt);
  if (findLockEnd(context.state, candidate.login, context.clock.now())) throw logonRefusedFailure();
  return candidate;
}

type LogonCandidate = ReturnType<typeof requireSameLogin>;

function requireSameLogin(state: State, { UserId, hash }: Attempt) {
  const user = UserId === undefined ? undefined : findUserById(state, UserId);
  const login = user?.LoginProfile;
  if (!user || login?.Status !== 'Active' || login.PasswordHash !== hash) throw logonRefusedFailure();
  return { user, login };
}

export function remainingStepsOf(context: OperationContext, { user, login }: LogonCandidate): RemainingSteps {
  const mfaWithoutDevice = login.MFABindRequired ? 'binding' : 'nothing';
  const mfa = findDeviceOfUser(context.state, user) ? 'code' : mfaWithoutDevice;
  return { mfa, newPassword: login.PasswordResetRequired || isExpired(context, login) };
}

/** Returns the error for an expired password that only an administrator can replace (RAM: HardExpiry). */
export function expiryFailure(context: OperationContext, { user, login }: LogonCandidate): Failure | undefined {
  if (!context.state.Account.PasswordPolicy.HardExpiry || !isExpired(context, login)) return undefined;
  const message = 'the password has expired; an administrator must set a new one';
  const Hint = shellCommand`ramctl login set ${user.UserName} --generate-password`;
  return new Failure('denied', 'PasswordExpired', message, { Hint });
}

function isExpired({ state, clock }: OperationContext, { PasswordDate }: LoginProfileRecord): boolean {
  const { MaxPasswordAge } = state.Account.PasswordPolicy;
  return MaxPasswordAge > 0 && clock.now().getTime() - Date.parse(PasswordDate) > MaxPasswordAge * DAY_MS;
}

/** A device whose code was right. */
export type MfaProof = Pick<MFADeviceRecord, 'VirtualMFADeviceName' | 'CreateDate'>;

/** Returns the time step of the code, or throws when it is wrong. */
export type FindStep = (seed: string, now: Date, lastUsed: number | undefined) => number;

/**
 * Checks a code of the user's own device and marks it as used. Returns the error for a wrong code, see
 * `countWrongCode`.
 */
export function proveDevice(context: OperationContext, attempt: Attempt, findStep: FindStep): MfaProof | Failure {
  const { state, clock, vault } = context;
  const device = findDeviceOfUser(state, findCandidate(context, attempt).user);
  if (!device) throw logonRefusedFailure();
  const { VirtualMFADeviceName, CreateDate } = device;
  return countWrongCode(context, attempt, () => {
    const seed = vault.decrypt(device.SealedSeed, seedLabel(device));
    device.LastTimeStep = findStep(seed, clock.now(), device.LastTimeStep);
    return { VirtualMFADeviceName, CreateDate };
  });
}

/**
 * Returns what `check` returns. For a wrong code it counts an attempt and returns the error, so that the caller can
 * commit the count before it throws.
 */
export function countWrongCode<T>(context: OperationContext, attempt: Attempt, check: () => T): T | Failure {
  const { login } = findCandidate(context, attempt);
  try {
    return check();
  } catch (error) {
    if (!isFailure(error, 'CheckAuthenticationCodeFail')) throw error;
    countAttempt(context.state, login, context.clock.now());
    return error;
  }
}

/** Whether the device of a proof is still the user's device. Another process may have replaced it. */
export function isDeviceOf({ state }: OperationContext, user: UserRecord, proof: MfaProof): boolean {
  const device = findDeviceOfUser(state, user);
  return device?.VirtualMFADeviceName === proof.VirtualMFADeviceName && device.CreateDate === proof.CreateDate;
}

/** Stores and binds a new device. Returns false if another process has bound a device to the user in the meantime. */
export function bindNewDevice(context: OperationContext, user: UserRecord, device: NewDevice): boolean {
  if (findDeviceOfUser(context.state, user)) return false;
  addBoundDevice(context, user, device);
  return true;
}

/**
 * Checks a new password of the user. Returns the hashes that it must not match: the present one and as many earlier
 * ones as the policy says. @throws Failure `denied` NoPermission, InvalidParameter.NewPassword.TooWeak
 */
export function checkNewPassword(context: OperationContext, attempt: Attempt, password: string): string[] {
  const { PasswordPolicy, SecurityPreference } = context.state.Account;
  const candidate = findCandidate(context, attempt);
  const { PasswordHash, EarlierHashes } = candidate.login;
  if (!remainingStepsOf(context, candidate).newPassword && !SecurityPreference.AllowUserToChangePassword) {
    const message = 'users of this account may not change their own password';
    const Hint = 'ramctl account settings set --allow-user-to-change-password true';
    throw new Failure('denied', 'NoPermission', message, { Field: 'NewPassword', Hint });
  }
  assertPasswordMeetsPolicy(password, PasswordPolicy, 'NewPassword');
  return [PasswordHash, ...(EarlierHashes ?? []).slice(0, earlierHashLimit(context.state))];
}

/** Replaces the password and resets the count of failed attempts, as RAM does. */
export function replacePassword({ state, clock }: OperationContext, login: LoginProfileRecord, hash: string): void {
  const EarlierHashes = [login.PasswordHash, ...(login.EarlierHashes ?? [])].slice(0, earlierHashLimit(state));
  if (EarlierHashes.length > 0) login.EarlierHashes = EarlierHashes;
  else delete login.EarlierHashes;
  login.PasswordHash = hash;
  login.PasswordDate = formatRamDate(clock.now());
  delete login.Attempts;
}

/** PasswordReusePrevention includes the present password. */
function earlierHashLimit({ Account }: State): number {
  return Math.max(0, Account.PasswordPolicy.PasswordReusePrevention - 1);
}

/** Returns the session and sets the user's `LastLoginDate`. */
export function startSession({ state, clock }: OperationContext, user: UserRecord, MFAPresent: boolean): Session {
  const { Account } = state;
  const now = clock.now();
  const { UserName } = user;
  user.LastLoginDate = formatRamDate(now);
  const UserPrincipalName = userPrincipalName(Account, UserName);
  const Arn = userArn(Account, UserName);
  const end = new Date(now.getTime() + Account.SecurityPreference.LoginSessionDuration * HOUR_MS);
  return { UserName, UserPrincipalName, Arn, MFAPresent, SessionExpires: formatRamDate(end) };
}

/**
 * Returns until when the logon is locked, or undefined when it is not. MaxLoginAttemps failed attempts within an hour
 * lock it until an hour after the last one (RAM SetPasswordPolicy; 0: never).
 */
export function findLockEnd(state: State, login: LoginProfileRecord, now: Date): string | undefined {
  const limit = state.Account.PasswordPolicy.MaxLoginAttemps;
  const { Attempts = [] } = login;
  const last = Attempts.toSorted().at(-1);
  if (limit === 0 || last === undefined || Attempts.length < limit) return undefined;
  const end = new Date(Date.parse(last) + HOUR_MS);
  return end > now ? formatRamDate(end) : undefined;
}

export function logonRefusedFailure(): Failure {
  const message = 'the logon name or the password is wrong, or this user cannot log on now';
  const Hint = 'a logon name looks like alice@acme.onaliyun.com; an administrator can run ramctl login get';
  return new Failure('denied', 'LogonRefused', message, { Hint });
}

function countAttempt(state: State, login: LoginProfileRecord, now: Date): void {
  if (state.Account.PasswordPolicy.MaxLoginAttemps === 0) return;
  const recent = (login.Attempts ?? []).filter((date) => now.getTime() - Date.parse(date) < HOUR_MS);
  login.Attempts = [...recent, formatRamDate(now)];
}

/** Accepts `<user>@<alias>.onaliyun.com` and `<user>@<alias>`, as RAM does. The account id is valid as an alias. */
export function findUserByLogonName(state: State, logonName: string): UserRecord | undefined {
  const { AccountAlias, AccountId } = state.Account;
  const [name = '', domain = '', ...rest] = logonName.split('@');
  const account = foldCase(domain).replace(/\.onaliyun\.com$/, '');
  return rest.length === 0 && [AccountAlias, AccountId].includes(account) ? state.Users.get(foldCase(name)) : undefined;
}
