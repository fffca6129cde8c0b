import { formatRamDate } from './clock.ts';
import type { OperationContext } from './context.ts';
import type {
  CreateGroupInput,
  Group,
  GroupMember,
  GroupRef,
  Membership,
  UpdateGroupInput,
  UserRef,
} from './directory.ts';
import { Failure } from './failure.ts';
import { QUOTAS } from './quotas.ts';
import { ALPHANUMERIC, generateRandomText } from './random.ts';
import { foldCase, type GroupRecord, type State, sortedByName, type UserRecord } from './state.ts';
import { findUser } from './user.ts';
import { assertValidGroupName, assertValidText } from './validation.ts';

/** The record of a group. @throws Failure EntityNotExist.Group, InvalidParameter.GroupName.* */
export function findGroup(state: State, groupName: string): GroupRecord {
  assertValidGroupName(groupName);
  const group = state.Groups.get(foldCase(groupName));
  if (group) return group;
  throw new Failure('missing', 'EntityNotExist.Group', `there is no group ${groupName}`, {
    Field: 'GroupName',
    Hint: 'ramctl group list',
  });
}

export function createGroup({ state, clock, random }: OperationContext, input: CreateGroupInput): Group {
  assertValidGroupName(input.GroupName);
  if (input.Comments !== undefined) assertValidText(input.Comments, 'Comments');
  assertNameAvailable(state, input.GroupName, 'GroupName');
  if (state.Groups.size >= QUOTAS.Groups) {
    throw new Failure('refused', 'LimitExceeded.Group', `an account holds at most ${QUOTAS.Groups} groups`);
  }
  const now = formatRamDate(clock.now());
  const group: GroupRecord = {
    GroupId: `g-${generateRandomText(random, ALPHANUMERIC, 16)}`,
    GroupName: input.GroupName,
    ...(input.Comments === undefined ? {} : { Comments: input.Comments }),
    CreateDate: now,
    UpdateDate: now,
    Policies: [],
  };
  state.Groups.set(foldCase(group.GroupName), group);
  return toGroup(group);
}

export function getGroup({ state }: OperationContext, { GroupName }: GroupRef): Group {
  return toGroup(findGroup(state, GroupName));
}

/** A rename keeps the id, the members and the policies; renaming to the present name is accepted. */
export function updateGroup({ state, clock }: OperationContext, input: UpdateGroupInput): Group {
  const group = findGroup(state, input.GroupName);
  if (input.NewComments) assertValidText(input.NewComments, 'NewComments');
  if (input.NewGroupName !== undefined && input.NewGroupName !== group.GroupName) {
    assertValidGroupName(input.NewGroupName, 'NewGroupName');
    if (foldCase(input.NewGroupName) !== foldCase(group.GroupName))
      assertNameAvailable(state, input.NewGroupName, 'NewGroupName');
    state.Groups.delete(foldCase(group.GroupName));
    group.GroupName = input.NewGroupName;
    state.Groups.set(foldCase(group.GroupName), group);
  }
  if (input.NewComments) group.Comments = input.NewComments;
  else if (input.NewComments === '') delete group.Comments;
  group.UpdateDate = formatRamDate(clock.now());
  return toGroup(group);
}

/** RAM: refused while the group has members or policies. */
export function deleteGroup({ state }: OperationContext, { GroupName }: GroupRef): void {
  const group = findGroup(state, GroupName);
  const conflict = findMembers(state, group).length > 0 ? 'User' : group.Policies.length > 0 ? 'Policy' : undefined;
  if (conflict) {
    throw new Failure('refused', `DeleteConflict.Group.${conflict}`, `${group.GroupName} still has a ${conflict}`);
  }
  state.Groups.delete(foldCase(group.GroupName));
}

export function listGroups({ state }: OperationContext): Group[] {
  return sortedByName(state.Groups).map(toGroup);
}

export function addUserToGroup({ state, clock }: OperationContext, ref: UserRef & GroupRef): void {
  const user = findUser(state, ref.UserName);
  const group = findGroup(state, ref.GroupName);
  if (isMember(user, group)) {
    throw new Failure('refused', 'EntityAlreadyExists.User.Group', `${user.UserName} is in ${group.GroupName} already`);
  }
  if (user.Groups.length >= QUOTAS.GroupsPerUser) {
    throw new Failure(
      'refused',
      'LimitExceeded.User.Group',
      `${user.UserName} is in ${QUOTAS.GroupsPerUser} groups, no more are allowed`,
      { Field: 'GroupName', Hint: `ramctl group remove <group> ${user.UserName}` },
    );
  }
  user.Groups.push({ GroupId: group.GroupId, JoinDate: formatRamDate(clock.now()) });
}

export function removeUserFromGroup({ state }: OperationContext, ref: UserRef & GroupRef): void {
  const user = findUser(state, ref.UserName);
  const group = findGroup(state, ref.GroupName);
  if (!isMember(user, group)) {
    throw new Failure('missing', 'EntityNotExist.User.Group', `${user.UserName} is not in ${group.GroupName}`);
  }
  user.Groups = user.Groups.filter(({ GroupId }) => GroupId !== group.GroupId);
}

export function listGroupsForUser({ state }: OperationContext, { UserName }: UserRef): Membership[] {
  const user = findUser(state, UserName);
  return findGroupsOf(state, user).map((group) => ({
    GroupId: group.GroupId,
    GroupName: group.GroupName,
    Comments: group.Comments ?? null,
    JoinDate: joinDateOf(user, group),
  }));
}

export function listUsersForGroup({ state }: OperationContext, { GroupName }: GroupRef): GroupMember[] {
  const group = findGroup(state, GroupName);
  return findMembers(state, group).map((user) => ({
    UserName: user.UserName,
    DisplayName: user.DisplayName ?? user.UserName,
    JoinDate: joinDateOf(user, group),
  }));
}

/** The groups that a user is in, by name. */
export function findGroupsOf(state: State, user: UserRecord): GroupRecord[] {
  return user.Groups.length === 0 ? [] : sortedByName(state.Groups).filter((group) => isMember(user, group));
}

function findMembers(state: State, group: GroupRecord): UserRecord[] {
  return sortedByName(state.Users).filter((user) => isMember(user, group));
}

function isMember(user: UserRecord, { GroupId }: GroupRecord): boolean {
  return user.Groups.some((membership) => membership.GroupId === GroupId);
}

function joinDateOf(user: UserRecord, { GroupId, CreateDate }: GroupRecord): string {
  return user.Groups.find((membership) => membership.GroupId === GroupId)?.JoinDate ?? CreateDate;
}

function toGroup({ GroupId, GroupName, Comments, CreateDate, UpdateDate }: GroupRecord): Group {
  return { GroupId, GroupName, Comments: Comments ?? null, CreateDate, UpdateDate };
}

function assertNameAvailable(state: State, groupName: string, parameter: string): void {
  const taken = state.Groups.get(foldCase(groupName));
  if (!taken) return;
  throw new Failure('refused', 'EntityAlreadyExists.Group', `there is a group ${taken.GroupName} already`, {
    Field: parameter,
    Hint: `ramctl group get ${taken.GroupName}`,
  });
}
