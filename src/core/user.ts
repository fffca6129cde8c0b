import { userPrincipalName } from './account.ts';
import { formatRamDate } from './clock.ts';
import type { OperationContext } from './context.ts';
import type { CreateUserInput, UpdateUserInput, User, UserRef } from './directory.ts';
import { Failure } from './failure.ts';
import { QUOTAS } from './quotas.ts';
import { DIGITS, generateRandomText } from './random.ts';
import { findDeviceOfUser, findUserById, foldCase, type State, sortedByName, type UserRecord } from './state.ts';
import { assertValidEmail, assertValidMobilePhone, assertValidText, assertValidUserName } from './validation.ts';

/** The record of a user. @throws Failure EntityNotExist.User, InvalidParameter.UserName.* */
export function findUser(state: State, userName: string): UserRecord {
  assertValidUserName(userName);
  const user = state.Users.get(foldCase(userName));
  if (!user) {
    throw new Failure('missing', 'EntityNotExist.User', `there is no user ${userName}`, {
      Field: 'UserName',
      Hint: 'ramctl user list',
    });
  }
  return user;
}

export function createUser(context: OperationContext, input: CreateUserInput): User {
  const { state, clock } = context;
  assertValidUserName(input.UserName);
  assertValidProfile(input, '');
  assertNameAvailable(state, input.UserName, 'UserName');
  if (state.Users.size >= QUOTAS.Users) {
    throw new Failure('refused', 'LimitExceeded.User', `an account holds at most ${QUOTAS.Users} users`);
  }
  const now = formatRamDate(clock.now());
  const user: UserRecord = {
    UserId: generateUserId(context),
    UserName: input.UserName,
    CreateDate: now,
    UpdateDate: now,
    AccessKeys: [],
    Groups: [],
    Policies: [],
  };
  for (const member of PROFILE_FIELDS) {
    if (input[member] !== undefined) user[member] = input[member];
  }
  state.Users.set(foldCase(user.UserName), user);
  return toUser(state, user);
}

export function getUser({ state }: OperationContext, { UserName }: UserRef): User {
  return toUser(state, findUser(state, UserName));
}

/** A rename keeps the id and everything attached; renaming to the present name is accepted (as RAM does). */
export function updateUser({ state, clock }: OperationContext, input: UpdateUserInput): User {
  const user = findUser(state, input.UserName);
  const changes = {
    DisplayName: input.NewDisplayName,
    Comments: input.NewComments,
    Email: input.NewEmail,
    MobilePhone: input.NewMobilePhone,
  };
  const filled = Object.fromEntries(Object.entries(changes).filter(([, value]) => value)) as Partial<typeof changes>;
  assertValidProfile(filled, 'New');
  if (input.NewUserName !== undefined && input.NewUserName !== user.UserName)
    renameUser(state, user, input.NewUserName);
  for (const member of PROFILE_FIELDS) {
    const value = changes[member];
    if (value) user[member] = value;
    else if (value === '') delete user[member];
  }
  user.UpdateDate = formatRamDate(clock.now());
  return toUser(state, user);
}

/** What still stands in the way of deleting a user, in the words of RAM's error codes. */
function findDeleteConflicts(state: State, user: UserRecord): string[] {
  const blocking = {
    Group: user.Groups.length > 0,
    AccessKey: user.AccessKeys.length > 0,
    Policy: user.Policies.length > 0,
    LoginProfile: user.LoginProfile !== undefined,
    MFADevice: findDeviceOfUser(state, user) !== undefined,
  };
  return Object.entries(blocking).flatMap(([name, blocks]) => (blocks ? [name] : []));
}

/** RAM: refused while the user still has anything. The journey `offboard` lists it all, or removes it first. */
export function deleteUser({ state }: OperationContext, { UserName }: UserRef): void {
  const user = findUser(state, UserName);
  const [conflict] = findDeleteConflicts(state, user);
  if (conflict) {
    throw new Failure('refused', `DeleteConflict.User.${conflict}`, `${user.UserName} still has a ${conflict}`);
  }
  state.Users.delete(foldCase(user.UserName));
}

export function listUsers({ state }: OperationContext): User[] {
  return sortedByName(state.Users).map((user) => toUser(state, user));
}

const PROFILE_FIELDS = ['DisplayName', 'Comments', 'Email', 'MobilePhone'] as const;

function toUser(state: State, user: UserRecord): User {
  return {
    UserId: user.UserId,
    UserName: user.UserName,
    UserPrincipalName: userPrincipalName(state.Account, user.UserName),
    DisplayName: user.DisplayName ?? user.UserName,
    Comments: user.Comments ?? null,
    Email: user.Email ?? null,
    MobilePhone: user.MobilePhone ?? null,
    CreateDate: user.CreateDate,
    UpdateDate: user.UpdateDate,
    LastLoginDate: user.LastLoginDate ?? null,
  };
}

function assertValidProfile(profile: Omit<CreateUserInput, 'UserName'>, prefix: '' | 'New'): void {
  if (profile.DisplayName !== undefined) assertValidText(profile.DisplayName, `${prefix}DisplayName`);
  if (profile.Comments !== undefined) assertValidText(profile.Comments, `${prefix}Comments`);
  if (profile.Email !== undefined) assertValidEmail(profile.Email, `${prefix}Email`);
  if (profile.MobilePhone !== undefined) assertValidMobilePhone(profile.MobilePhone, `${prefix}MobilePhone`);
}

function renameUser(state: State, user: UserRecord, newName: string): void {
  assertValidUserName(newName, 'NewUserName');
  if (foldCase(newName) !== foldCase(user.UserName)) assertNameAvailable(state, newName, 'NewUserName');
  state.Users.delete(foldCase(user.UserName));
  user.UserName = newName;
  state.Users.set(foldCase(newName), user);
}

function assertNameAvailable(state: State, userName: string, parameter: string): void {
  const taken = state.Users.get(foldCase(userName));
  if (!taken) return;
  throw new Failure('refused', 'EntityAlreadyExists.User', `there is a user ${taken.UserName} already`, {
    Field: parameter,
    Hint: `ramctl user get ${taken.UserName}`,
  });
}

/** 18 digits, the first a 2, as in RAM's current examples. */
function generateUserId({ state, random }: OperationContext): string {
  for (;;) {
    const id = `2${generateRandomText(random, DIGITS, 17)}`;
    if (!findUserById(state, id)) return id;
  }
}
