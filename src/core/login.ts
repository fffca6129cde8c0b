import { formatRamDate } from './clock.ts';
import type { Implementation, OperationContext } from './context.ts';
import { Failure } from './failure.ts';
import type { LoginProfile, LoginProfileOperations } from './identity-api.ts';
import { findLockEnd, replacePassword } from './logon.ts';
import { userPrincipalName } from './logon-names.ts';
import { assertPasswordMeetsPolicy } from './password.ts';
import type { LoginProfileRecord, UserRecord } from './state.ts';
import { findUser } from './user.ts';

export const loginProfileOperations = {
  createLoginProfile(context, input) {
    const { state, clock } = context;
    const user = findUser(state, input.UserName);
    if (user.LoginProfile) {
      const message = `${user.UserName} already has console logon`;
      const Hint = `ramctl login get ${user.UserName}`;
      throw new Failure('refused', 'EntityAlreadyExists.User.LoginProfile', message, { Field: 'UserName', Hint });
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
  },

  getLoginProfile(context, { UserName }) {
    const user = findUser(context.state, UserName);
    return toLoginProfile(context, user, findLoginProfile(user));
  },

  updateLoginProfile(context, input) {
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
  },

  deleteLoginProfile({ state }, { UserName }) {
    const user = findUser(state, UserName);
    findLoginProfile(user);
    delete user.LoginProfile;
  },
} satisfies Implementation<LoginProfileOperations>;

function findLoginProfile({ UserName, LoginProfile }: UserRecord): LoginProfileRecord {
  if (LoginProfile) return LoginProfile;
  const message = `${UserName} has no console logon`;
  const Hint = `ramctl login set ${UserName} --generate-password`;
  throw new Failure('missing', 'EntityNotExist.User.LoginProfile', message, { Field: 'UserName', Hint });
}

function toLoginProfile(context: OperationContext, { UserName }: UserRecord, login: LoginProfileRecord): LoginProfile {
  const LockedUntil = findLockEnd(context, login);
  return {
    UserName,
    UserPrincipalName: userPrincipalName(context.state.Account, UserName),
    Status: login.Status,
    PasswordResetRequired: login.PasswordResetRequired,
    MFABindRequired: login.MFABindRequired,
    CreateDate: login.CreateDate,
    ...(LockedUntil === undefined ? {} : { LockedUntil }),
  };
}
