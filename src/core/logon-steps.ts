import { DAY_MS, formatRamDate } from './clock.ts';
import type { RemainingSteps, Session } from './directory.ts';
import { Failure, isFailure } from './failure.ts';
import { userPrincipalName } from './logon-names.ts';
import { candidateDeviceNames, findDevice, seedLabel } from './mfa.ts';
import type { OperationContext } from './operation-context.ts';
import { assertPasswordMeetsPolicy, DUMMY_HASH } from './password.ts';
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
  const Hint = `ramctl login set ${user.UserName} --generate-password`;
  return new Failure('denied', 'PasswordExpired', message, { Hint });
}

function isExpired({ state, clock }: OperationContext, { PasswordDate }: LoginProfileRecord): boolean {
  const { MaxPasswordAge } = state.Account.PasswordPolicy;
  return MaxPasswordAge > 0 && clock.now().getTime() - Date.parse(PasswordDate) > MaxPasswordAge * DAY_MS;
}

/** A device whose code was right, and the time step of that code. */
export type MfaProof = Required<Pick<MFADeviceRecord, 'VirtualMFADeviceName' | 'CreateDate' | 'LastTimeStep'>>;

/** Returns the time step of the codes, or throws when they are wrong. */
export type FindStep = (seed: string, now: Date, lastUsed: number | undefined) => number;

/**
 * Checks codes of the user's own device, or of the unbound device `serialNumber` that was created for the user. Marks
 * the codes as used. Returns the error for wrong codes, so that the caller can commit the counted attempt before it
 * throws.
 */
export function proveDevice(context: OperationContext, attempt: Attempt, findStep: FindStep, serialNumber?: string) {
  const { state, clock, vault } = context;
  const { user, login } = findCandidate(context, attempt);
  const device =
    serialNumber === undefined ? findDeviceOfUser(state, user) : findDeviceForUser(state, user, serialNumber);
  if (!device) throw logonRefusedFailure();
  const { VirtualMFADeviceName, CreateDate } = device;
  try {
    const seed = vault.decrypt(device.SealedSeed, seedLabel(device));
    const LastTimeStep = findStep(seed, clock.now(), device.LastTimeStep);
    if (device.Binding) device.LastTimeStep = LastTimeStep;
    return { VirtualMFADeviceName, CreateDate, LastTimeStep } satisfies MfaProof;
  } catch (error) {
    if (!isFailure(error, 'CheckAuthenticationCodeFail')) throw error;
    countAttempt(state, login, clock.now());
    return error;
  }
}

/** Returns an unbound device if its name shows that it was created for the user. */
function findDeviceForUser(state: State, user: UserRecord, serialNumber: string): MFADeviceRecord | undefined {
  const device = findDevice(state, serialNumber);
  const names = candidateDeviceNames(user.UserName, user.UserId);
  return !device.Binding && names.includes(device.VirtualMFADeviceName) ? device : undefined;
}

/**
 * Binds the device of a proof if neither the device nor the user is bound. Returns whether the user's device is now the
 * device of the proof.
 */
export function applyProof({ state, clock }: OperationContext, user: UserRecord, proof: MfaProof): boolean {
  const { VirtualMFADeviceName, CreateDate, LastTimeStep } = proof;
  const device = state.MFADevices.get(foldCase(VirtualMFADeviceName));
  // Another process may have deleted the device and created another one with the same name.
  if (device?.VirtualMFADeviceName !== VirtualMFADeviceName || device.CreateDate !== CreateDate) return false;
  if (device.Binding) return device.Binding.UserId === user.UserId;
  if (findDeviceOfUser(state, user)) return false;
  device.LastTimeStep = LastTimeStep;
  device.Binding = { UserId: user.UserId, ActivateDate: formatRamDate(clock.now()) };
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
  const Arn = `acs:ram::${Account.AccountId}:user/${UserName}`;
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
