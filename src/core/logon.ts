import { userPrincipalName } from './account.ts';
import { DAY_MS, formatRamDate } from './clock.ts';
import type { OperationContext } from './context.ts';
import type { RemainingSteps, Session } from './directory.ts';
import { Failure, isFailure } from './failure.ts';
import { findDevice, seedLabel } from './mfa.ts';
import { assertPasswordMeetsPolicy, DUMMY_HASH } from './password.ts';
import {
  findDeviceOfUser,
  findUserById,
  foldCase,
  type LoginProfileRecord,
  type MFADeviceRecord,
  type State,
  type UserRecord,
} from './state.ts';
import { findUser } from './user.ts';
import { candidateDeviceNames } from './workflows/device-names.ts';

/*
 * What the logon page does (RAM help, "Log on to the console as a RAM user"), as rules over the state. An attempt is
 * counted before the password is looked at and taken back when it was right, so that guesses made at the same time
 * count one by one while nobody waits for hashing.
 */

const HOUR_MS = DAY_MS / 24;

/** An attempt that was counted. `hash` is what the password is held against; one that fits nothing for nobody. */
export interface Attempt {
  UserId: string | undefined;
  hash: string;
  date: string;
}

/** Counts an attempt on the user of a logon name. Whoever may not log on is told apart by nobody. */
export function startAttempt(context: OperationContext, logonName: string): Attempt {
  return startAttemptOf(context, findUserByLogonName(context.state, logonName));
}

/** The same for a user who is known already. @throws Failure EntityNotExist.User, EntityNotExist.User.LoginProfile */
export function startOwnAttempt(context: OperationContext, userName: string): Attempt {
  const user = findUser(context.state, userName);
  if (user.LoginProfile) return startAttemptOf(context, user);
  throw new Failure('missing', 'EntityNotExist.User.LoginProfile', `${user.UserName} has no console logon`);
}

function startAttemptOf({ state, clock }: OperationContext, user: UserRecord | undefined): Attempt {
  const now = clock.now();
  const login = user?.LoginProfile;
  const date = formatRamDate(now);
  if (!user || login?.Status !== 'Active' || findLockEnd(login, attemptLimitOf(state), now)) {
    return { UserId: undefined, hash: DUMMY_HASH, date };
  }
  countAttempts(login, attemptLimitOf(state), now);
  return { UserId: user.UserId, hash: login.PasswordHash, date };
}

/** The password was right: takes the attempt back. @throws Failure LogonRefused when the user changed meanwhile */
export function endAttempt({ state }: OperationContext, attempt: Attempt): LogonCandidate {
  const found = requireUser(state, attempt);
  const { login } = found;
  const at = login.Attempts?.indexOf(attempt.date) ?? -1;
  if (at !== -1) login.Attempts?.splice(at, 1);
  if (login.Attempts?.length === 0) delete login.Attempts;
  return found;
}

export interface LogonCandidate {
  user: UserRecord;
  login: LoginProfileRecord;
}

/** The user whose password was right, as long as it still is, and as long as nothing has locked the logon since. */
export function findCandidate({ state, clock }: OperationContext, attempt: Attempt): LogonCandidate {
  const found = requireUser(state, attempt);
  if (findLockEnd(found.login, attemptLimitOf(state), clock.now())) throw logonRefusedFailure();
  return found;
}

function requireUser(state: State, { UserId, hash }: Attempt): LogonCandidate {
  const user = UserId === undefined ? undefined : findUserById(state, UserId);
  const login = user?.LoginProfile;
  if (!user || login?.Status !== 'Active' || login.PasswordHash !== hash) throw logonRefusedFailure();
  return { user, login };
}

export function remainingStepsOf({ state, clock }: OperationContext, { user, login }: LogonCandidate): RemainingSteps {
  const mfa = findDeviceOfUser(state, user) ? 'code' : login.MFABindRequired ? 'binding' : 'nothing';
  return { mfa, newPassword: login.PasswordResetRequired || isExpired(state, login, clock.now()) };
}

/** What to tell the user when only an administrator can help (RAM SetPasswordPolicy, HardExpiry). */
export function expiryFailure(
  { state, clock }: OperationContext,
  { user, login }: LogonCandidate,
): Failure | undefined {
  if (!state.Account.PasswordPolicy.HardExpiry || !isExpired(state, login, clock.now())) return undefined;
  return new Failure('denied', 'PasswordExpired', 'the password has expired; an administrator has to set a new one', {
    Hint: `ramctl login set ${user.UserName} --generate-password`,
  });
}

function isExpired({ Account }: State, { PasswordDate }: LoginProfileRecord, now: Date): boolean {
  const { MaxPasswordAge } = Account.PasswordPolicy;
  return MaxPasswordAge > 0 && now.getTime() - Date.parse(PasswordDate) > MaxPasswordAge * DAY_MS;
}

/** A device whose code was right, and the step that is used up by that. */
export interface MfaProof {
  VirtualMFADeviceName: string;
  CreateDate: string;
  LastTimeStep: number;
}

/**
 * Holds a code against the user's device and uses it up. A wrong one counts as an attempt, so it is returned as what is
 * to be thrown once that is written. @throws Failure InvalidParameter.AuthenticationCode.Format
 */
export function verifyCode(context: OperationContext, attempt: Attempt, code: string): Promise<MfaProof | Failure> {
  const { user } = findCandidate(context, attempt);
  return findMfaProof(context, attempt, findDeviceOfUser(context.state, user), async (seed, now, lastUsed) => {
    const { findAcceptedStep: acceptedStep } = await import('./totp.ts');
    return acceptedStep(seed, code, now, lastUsed);
  });
}

/** The same for two codes of a device that was made for the user and is not bound yet; `bindProven` does that. */
export function verifyCodePair(
  context: OperationContext,
  attempt: Attempt,
  serialNumber: string,
  codes: [string, string],
): Promise<MfaProof | Failure> {
  const { user } = findCandidate(context, attempt);
  const device = findDevice(context.state, serialNumber);
  const isOurs =
    !device.Binding && candidateDeviceNames(user.UserName, user.UserId).includes(device.VirtualMFADeviceName);
  return findMfaProof(context, attempt, isOurs ? device : undefined, async (seed, now, lastUsed) => {
    const { findAcceptedPairStep: acceptedPair } = await import('./totp.ts');
    return acceptedPair(seed, codes, now, lastUsed);
  });
}

async function findMfaProof(
  context: OperationContext,
  attempt: Attempt,
  device: MFADeviceRecord | undefined,
  step: (seed: string, now: Date, lastUsed: number | undefined) => Promise<number>,
): Promise<MfaProof | Failure> {
  const { state, clock, vault } = context;
  if (!device) throw logonRefusedFailure();
  try {
    const LastTimeStep = await step(
      vault.decrypt(device.SealedSeed, seedLabel(device)),
      clock.now(),
      device.LastTimeStep,
    );
    if (device.Binding) device.LastTimeStep = LastTimeStep;
    return { VirtualMFADeviceName: device.VirtualMFADeviceName, CreateDate: device.CreateDate, LastTimeStep };
  } catch (error) {
    if (!isFailure(error, 'CheckAuthenticationCodeFail')) throw error;
    countAttempts(findCandidate(context, attempt).login, attemptLimitOf(state), clock.now());
    return error;
  }
}

/** Binds the device that two codes were right for; one that is bound already is left alone. */
export function bindVerifiedDevice({ state, clock }: OperationContext, user: UserRecord, proof: MfaProof): void {
  const device = state.MFADevices.get(foldCase(proof.VirtualMFADeviceName));
  if (device?.CreateDate !== proof.CreateDate || device.Binding || findDeviceOfUser(state, user)) return;
  device.LastTimeStep = proof.LastTimeStep;
  device.Binding = { UserId: user.UserId, ActivateDate: formatRamDate(clock.now()) };
}

/** Whether the device of the user is still the one whose code was right. */
export function isBoundTo(state: State, user: UserRecord, proof: MfaProof): boolean {
  const device = findDeviceOfUser(state, user);
  return device?.VirtualMFADeviceName === proof.VirtualMFADeviceName && device.CreateDate === proof.CreateDate;
}

/** @throws Failure `denied` NoPermission, InvalidParameter.NewPassword.TooWeak */
export function assertNewPasswordAllowed(state: State, clear: string, isDue: boolean): void {
  if (!isDue && !state.Account.SecurityPreference.AllowUserToChangePassword) {
    throw new Failure('denied', 'NoPermission', 'users of this account may not change their own password', {
      Field: 'NewPassword',
      Hint: 'ramctl account settings set --allow-user-to-change-password true',
    });
  }
  assertPasswordMeetsPolicy(clear, state.Account.PasswordPolicy, 'NewPassword');
}

/** The hashes of the passwords that a new one may not be like: the present one, and as many earlier as the policy says. */
export function listForbiddenHashes({ Account }: State, login: LoginProfileRecord): string[] {
  const earlier = Math.max(0, Account.PasswordPolicy.PasswordReusePrevention - 1);
  return [login.PasswordHash, ...(login.EarlierHashes ?? []).slice(0, earlier)];
}

/** Puts a new password in place of the present one; whatever was wrong before is forgotten (RAM: the counter is reset). */
export function replacePassword({ state, clock }: OperationContext, login: LoginProfileRecord, hash: string): void {
  const kept = Math.max(0, state.Account.PasswordPolicy.PasswordReusePrevention - 1);
  const EarlierHashes = [login.PasswordHash, ...(login.EarlierHashes ?? [])].slice(0, kept);
  if (EarlierHashes.length > 0) login.EarlierHashes = EarlierHashes;
  else delete login.EarlierHashes;
  login.PasswordHash = hash;
  login.PasswordDate = formatRamDate(clock.now());
  delete login.Attempts;
}

/** The session; `LastLoginDate` is now. */
export function startSession({ state, clock }: OperationContext, user: UserRecord, MFAPresent: boolean): Session {
  const { Account } = state;
  const now = clock.now();
  user.LastLoginDate = formatRamDate(now);
  return {
    UserName: user.UserName,
    UserPrincipalName: userPrincipalName(Account, user.UserName),
    Arn: `acs:ram::${Account.AccountId}:user/${user.UserName}`,
    MFAPresent,
    SessionExpires: formatRamDate(new Date(now.getTime() + Account.SecurityPreference.LoginSessionDuration * HOUR_MS)),
  };
}

/**
 * Until when failed attempts keep everybody out, undefined when they do not: `limit` of them within an hour lock for an
 * hour from the last one (RAM SetPasswordPolicy, MaxLoginAttemps; 0: never).
 */
export function findLockEnd(login: LoginProfileRecord, limit: number, now: Date): string | undefined {
  const { Attempts = [] } = login;
  const last = Attempts.toSorted().at(-1);
  if (limit === 0 || last === undefined || Attempts.length < limit) return undefined;
  const end = Date.parse(last) + HOUR_MS;
  return end > now.getTime() ? formatRamDate(new Date(end)) : undefined;
}

export function attemptLimitOf({ Account }: State): number {
  return Account.PasswordPolicy.MaxLoginAttemps;
}

export function logonRefusedFailure(): Failure {
  return new Failure('denied', 'LogonRefused', 'the logon name or the password is wrong, or this logon is closed', {
    Hint: 'a logon name looks like alice@acme.onaliyun.com; an administrator can look with ramctl login get',
  });
}

function countAttempts(login: LoginProfileRecord, limit: number, now: Date): void {
  if (limit === 0) return;
  const recent = (login.Attempts ?? []).filter((date) => now.getTime() - Date.parse(date) < HOUR_MS);
  login.Attempts = [...recent, formatRamDate(now)];
}

/** RAM: `<user>@<alias>.onaliyun.com` or `<user>@<alias>`; the account id stays valid in the alias's place. */
function findUserByLogonName(state: State, logonName: string): UserRecord | undefined {
  const { AccountAlias, AccountId } = state.Account;
  const [name = '', domain = '', ...rest] = logonName.split('@');
  const account = foldCase(domain).replace(/\.onaliyun\.com$/, '');
  return rest.length === 0 && [AccountAlias, AccountId].includes(account) ? state.Users.get(foldCase(name)) : undefined;
}
