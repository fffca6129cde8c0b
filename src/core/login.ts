import { userPrincipalName } from './account.ts';
import { ramDate } from './clock.ts';
import type { Context } from './context.ts';
import type { CreateLoginProfileInput, LoginProfile, UpdateLoginProfileInput, UserRef } from './directory.ts';
import { Failure } from './failure.ts';
import { limitOf, lockedUntil, replacePassword } from './logon.ts';
import { assertPasswordMeetsPolicy } from './password.ts';
import type { LoginProfileRecord, UserRecord } from './state.ts';
import { findUser } from './user.ts';

export function createLoginProfile(context: Context, input: CreateLoginProfileInput): LoginProfile {
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
  const now = ramDate(clock.now());
  user.LoginProfile = {
    Status: 'Active',
    PasswordHash: input.Password.hash,
    PasswordDate: now,
    PasswordResetRequired: input.PasswordResetRequired ?? false,
    MFABindRequired: input.MFABindRequired ?? false,
    CreateDate: now,
  };
  return describe(context, user, user.LoginProfile);
}

export function getLoginProfile(context: Context, { UserName }: UserRef): LoginProfile {
  const user = findUser(context.state, UserName);
  return describe(context, user, loginProfile(user));
}

export function updateLoginProfile(context: Context, input: UpdateLoginProfileInput): LoginProfile {
  const { state } = context;
  const user = findUser(state, input.UserName);
  const login = loginProfile(user);
  if (input.Password) {
    assertPasswordMeetsPolicy(input.Password.plaintext, state.Account.PasswordPolicy);
    replacePassword(context, login, input.Password.hash);
  }
  login.PasswordResetRequired = input.PasswordResetRequired ?? login.PasswordResetRequired;
  login.MFABindRequired = input.MFABindRequired ?? login.MFABindRequired;
  login.Status = input.Status ?? login.Status;
  return describe(context, user, login);
}

export function deleteLoginProfile({ state }: Context, { UserName }: UserRef): void {
  const user = findUser(state, UserName);
  loginProfile(user);
  delete user.LoginProfile;
}

function loginProfile(user: UserRecord): LoginProfileRecord {
  if (user.LoginProfile) return user.LoginProfile;
  throw new Failure('missing', 'EntityNotExist.User.LoginProfile', `${user.UserName} has no console logon`, {
    Field: 'UserName',
    Hint: `ramctl login set ${user.UserName} --generate-password`,
  });
}

function describe({ state, clock }: Context, user: UserRecord, login: LoginProfileRecord): LoginProfile {
  const LockedUntil = lockedUntil(login, limitOf(state), clock.now());
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
