import { formatRamDate } from './clock.ts';
import { userFailure } from './entity-checks.ts';
import type { LoginProfile, LoginProfileOperations } from './identity-operations.ts';
import { userPrincipalName } from './logon-names.ts';
import { findLockEnd, replacePassword } from './logon-steps.ts';
import type { Implementation, OperationContext } from './operation-context.ts';
import { assertPasswordMeetsPolicy } from './password.ts';
import { shellCommand } from './shell-command.ts';
import type { LoginProfileRecord, State } from './state.ts';
import { findUser } from './user.ts';

export const loginProfileOperations = {
  createLoginProfile(context, input) {
    const { state, clock } = context;
    const user = findUser(state, input.UserName);
    if (user.LoginProfile) {
      const message = `${user.UserName} already has console logon`;
      const hint = shellCommand`ramctl login get ${user.UserName}`;
      throw userFailure('refused', 'EntityAlreadyExists.User.LoginProfile', message, hint);
    }
    const { Password, PasswordResetRequired = false, MFABindRequired = false } = input;
    assertPasswordMeetsPolicy(Password.plaintext, state.Account.PasswordPolicy);
    const now = formatRamDate(clock.now());
    const login: LoginProfileRecord = {
      Status: 'Active',
      PasswordHash: Password.hash,
      PasswordDate: now,
      PasswordResetRequired,
      MFABindRequired,
      CreateDate: now,
    };
    user.LoginProfile = login;
    return toLoginProfile(context, { user, login });
  },

  getLoginProfile: (context, { UserName }) => toLoginProfile(context, findUserWithLogin(context.state, UserName)),

  updateLoginProfile(context, input) {
    const { state } = context;
    const { user, login } = findUserWithLogin(state, input.UserName);
    if (input.Password) {
      assertPasswordMeetsPolicy(input.Password.plaintext, state.Account.PasswordPolicy);
      replacePassword(context, login, input.Password.hash);
    }
    login.PasswordResetRequired = input.PasswordResetRequired ?? login.PasswordResetRequired;
    login.MFABindRequired = input.MFABindRequired ?? login.MFABindRequired;
    login.Status = input.Status ?? login.Status;
    return toLoginProfile(context, { user, login });
  },

  deleteLoginProfile({ state }, { UserName }) {
    const { user } = findUserWithLogin(state, UserName);
    delete user.LoginProfile;
  },
} satisfies Implementation<LoginProfileOperations>;

/** Returns a user with console logon. @throws Failure EntityNotExist.User, EntityNotExist.User.LoginProfile */
export function findUserWithLogin(state: State, userName: string) {
  const user = findUser(state, userName);
  const { UserName, LoginProfile: login } = user;
  if (login) return { user, login };
  const message = `${UserName} has no console logon`;
  const hint = shellCommand`ramctl login set ${UserName} --generate-password`;
  throw userFailure('missing', 'EntityNotExist.User.LoginProfile', message, hint);
}

type UserWithLogin = ReturnType<typeof findUserWithLogin>;

function toLoginProfile(context: OperationContext, { user, login }: UserWithLogin): LoginProfile {
  const { UserName } = user;
  const UserPrincipalName = userPrincipalName(context.state.Account, UserName);
  const { Status, PasswordResetRequired, MFABindRequired, CreateDate } = login;
  const LockedUntil = findLockEnd(context.state, login, context.clock.now());
  const lock = LockedUntil === undefined ? {} : { LockedUntil };
  return { UserName, UserPrincipalName, Status, PasswordResetRequired, MFABindRequired, CreateDate, ...lock };
}
