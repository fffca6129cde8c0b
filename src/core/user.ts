import { formatRamDate } from './clock.ts';
import { computeOnce } from './computed.ts';
import { assertBelowQuota, assertNameAvailable, assertNoDependents, notFoundFailure } from './entity-checks.ts';
import type { OptionalTexts, User, UserOperations } from './identity-operations.ts';
import { userPrincipalName } from './logon-names.ts';
import type { Implementation, OperationContext } from './operation-context.ts';
import { QUOTAS } from './quotas.ts';
import { DIGITS, generateRandomText } from './random.ts';
import { findDeviceOfUser, findUserById, foldCase, type State, sortedByName, type UserRecord } from './state.ts';
import { matchesTags, setTags, toTagList } from './tag-values.ts';
import { assertValidEmail, assertValidMobilePhone, assertValidText, assertValidUserName } from './validation.ts';

/** @throws Failure EntityNotExist.User, InvalidParameter.UserName.* */
export function findUser(state: State, userName: string): UserRecord {
  assertValidUserName(userName);
  const user = state.Users.get(foldCase(userName));
  if (!user) throw notFoundFailure('User', userName);
  return user;
}

export const userOperations = {
  createUser(context, input) {
    const { state, clock } = context;
    assertValidUserName(input.UserName);
    assertValidProfile(input);
    assertNameAvailable('User', state.Users.get(foldCase(input.UserName))?.UserName);
    assertBelowQuota(state.Users.size, QUOTAS.Users, 'User', 'users');
    const { UserName } = input;
    const UserId = generateUserId(context);
    const now = formatRamDate(clock.now());
    const user: UserRecord = {
      UserId,
      UserName,
      CreateDate: now,
      UpdateDate: now,
      AccessKeys: [],
      Groups: [],
      Policies: [],
    };
    for (const field of PROFILE_FIELDS) if (input[field] !== undefined) user[field] = input[field];
    setTags('user', user, input.Tag);
    state.Users.set(foldCase(user.UserName), user);
    return toUser(state, user);
  },

  getUser: ({ state }, { UserName }) => toUser(state, findUser(state, UserName)),

  /** A rename keeps the id and everything attached. A rename to the present name is accepted, as in RAM. */
  updateUser({ state, clock }, input) {
    const user = findUser(state, input.UserName);
    const changes = PROFILE_FIELDS.map((field) => ({ field, value: input[`New${field}`] }));
    for (const { field, value } of changes) if (value) PROFILE_CHECKS[field](value, `New${field}`);
    const { NewUserName = user.UserName } = input;
    if (NewUserName !== user.UserName) renameUser(state, user, NewUserName);
    for (const { field, value } of changes) {
      if (value) user[field] = value;
      else if (value === '') delete user[field];
    }
    user.UpdateDate = formatRamDate(clock.now());
    return toUser(state, user);
  },

  deleteUser({ state }, { UserName }) {
    const user = findUser(state, UserName);
    assertNoDependents('User', user.UserName, {
      Group: user.Groups.length > 0,
      AccessKey: user.AccessKeys.length > 0,
      Policy: user.Policies.length > 0,
      LoginProfile: user.LoginProfile !== undefined,
      MFADevice: findDeviceOfUser(state, user) !== undefined,
    });
    state.Users.delete(foldCase(UserName));
  },

  listUsers({ state }, { Tag, NamePrefix } = {}) {
    const list = () => sortedByName(state.Users).map((user) => Object.freeze(toUser(state, user)));
    const users = NamePrefix ? listWithPrefix(state, NamePrefix) : computeOnce(state, 'listUsers', list);
    return Tag ? users.filter(({ UserName }) => matchesTags(findUser(state, UserName).Tags, Tag)) : [...users];
  },
} satisfies Implementation<UserOperations>;

/** The checks of the optional texts of a user. */
const PROFILE_CHECKS = {
  DisplayName: assertValidText,
  Comments: assertValidText,
  Email: assertValidEmail,
  MobilePhone: assertValidMobilePhone,
};
const PROFILE_FIELDS = Object.keys(PROFILE_CHECKS) as (keyof typeof PROFILE_CHECKS)[];

function toUser(state: State, user: UserRecord): User {
  // A plain literal: a spread of optional members makes lists of users ten times slower.
  return {
    UserId: user.UserId,
    UserName: user.UserName,
    UserPrincipalName: userPrincipalName(state.Account, user.UserName),
    DisplayName: user.DisplayName ?? null,
    Comments: user.Comments ?? null,
    Email: user.Email ?? null,
    MobilePhone: user.MobilePhone ?? null,
    CreateDate: user.CreateDate,
    UpdateDate: user.UpdateDate,
    LastLoginDate: user.LastLoginDate ?? null,
    Tags: toTagList(user.Tags),
  };
}

/** @throws Failure InvalidParameter.* */
export function assertValidProfile(profile: OptionalTexts<keyof typeof PROFILE_CHECKS>): void {
  for (const field of PROFILE_FIELDS) {
    const value = profile[field];
    if (value !== undefined) PROFILE_CHECKS[field](value, field);
  }
}

/** Parses only the records of the users whose names start with the prefix. */
function listWithPrefix(state: State, prefix: string): User[] {
  const start = foldCase(prefix);
  const names = Array.from(state.Users.keys()).filter((name) => name.startsWith(start));
  return names.sort().map((name) => toUser(state, state.Users.get(name) as UserRecord));
}

function renameUser(state: State, user: UserRecord, newName: string): void {
  assertValidUserName(newName, 'NewUserName');
  const other = state.Users.get(foldCase(newName));
  if (other !== user) assertNameAvailable('User', other?.UserName, 'NewUserName');
  state.Users.delete(foldCase(user.UserName));
  user.UserName = newName;
  state.Users.set(foldCase(newName), user);
}

/** Returns 18 digits that start with 2, as in RAM's current examples. */
function generateUserId(context: OperationContext): string {
  const id = `2${generateRandomText(context.random, DIGITS, 17)}`;
  return findUserById(context.state, id) ? generateUserId(context) : id;
}
