import { userPrincipalName } from './account.ts';
import { formatRamDate } from './clock.ts';
import type { OperationContext } from './context.ts';
import type { CreateLoginProfileInput, LoginProfile, UpdateLoginProfileInput, UserRef } from './directory.ts';
import { Failure } from './failure.ts';
import { attemptLimitOf, findLockEnd, replacePassword } from './logon.ts';
import { assertPasswordMeetsPolicy } from './password.ts';
import type { LoginProfileRecord, UserRecord } from './state.ts';
import { findUser } from './user.ts';

export function createLoginProfile(context: OperationContext, input: CreateLoginProfileInput): LoginProfile {
  const { state, clock } = context;
  const user = findUser(state, input.UserName);
  if (user.LoginProfile) {
    throw new Failure(
      'refused',
      'EntityAlreadyExists.User.LoginProfile',
      `${user.UserName} has console logon already`,
      { Field: 'UserName', Hint: `ramctl login get ${user.UserName}` },
    );
  }
  assertPasswordMeetsPolicy(input.Password.plaintext, state.Account.PasswordPolicy);
  const now = formatRamDate(clock.now());
  user.LoginProfile = {
    Status: 'Active',
    PasswordHash: input.Password.hash,
    PasswordDate: now,
    PasswordResetRequired: input.PasswordResetRequired ?? false,
    MFABindRequired: input.MFABindRequired ?? false,
    CreateDate: now,
  };
  return toLoginProfile(context, user, user.LoginProfile);
}

export function getLoginProfile(context: OperationContext, { UserName }: UserRef): LoginProfile {
  const user = findUser(context.state, UserName);
  return toLoginProfile(context, user, findLoginProfile(user));
}

export function updateLoginProfile(context: OperationContext, input: UpdateLoginProfileInput): LoginProfile {
  const { state } = context;
  const user = findUser(state, input.UserName);
  const login = findLoginProfile(user);
  if (input.Password) {
    assertPasswordMeetsPolicy(input.Password.plaintext, state.Account.PasswordPolicy);
    replacePassword(context, login, input.Password.hash);
  }
  login.PasswordResetRequired = input.PasswordResetRequired ?? login.PasswordResetRequired;
  login.MFABindRequired = input.MFABindRequired ?? login.MFABindRequired;
  login.Status = input.Status ?? login.Status;
  return toLoginProfile(context, user, login);
}

export function deleteLoginProfile({ state }: OperationContext, { UserName }: UserRef): void {
  const user = findUser(state, UserName);
  findLoginProfile(user);
  delete user.LoginProfile;
}

function findLoginProfile(user: UserRecord): LoginProfileRecord {
  if (user.LoginProfile) return user.LoginProfile;
  throw new Failure('missing', 'EntityNotExist.User.LoginProfile', `${user.UserName} has no console logon`, {
    Field: 'UserName',
    Hint: `ramctl login set ${user.UserName} --generate-password`,
  });
}

function toLoginProfile({ state, clock }: OperationContext, user: UserRecord, login: LoginProfileRecord): LoginProfile {
  const LockedUntil = findLockEnd(login, attemptLimitOf(state), clock.now());
  return {
    UserName: user.UserName,
    UserPrincipalName: userPrincipalName(state.Account, user.UserName),
    Status: login.Status,
    PasswordResetRequired: login.PasswordResetRequired,
    MFABindRequired: login.MFABindRequired,
    CreateDate: login.CreateDate,
    ...(LockedUntil === undefined ? {} : { LockedUntil }),
  };
}
