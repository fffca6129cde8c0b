import { formatRamDate } from './clock.ts';
import { assertBelowQuota, assertNameAvailable, assertNoDependents, notFoundFailure } from './entity-checks.ts';
import { Failure } from './failure.ts';
import type { Group, GroupOperations } from './identity-operations.ts';
import type { Implementation } from './operation-context.ts';
import { QUOTAS } from './quotas.ts';
import { ALPHANUMERIC, generateRandomText } from './random.ts';
import { shellCommand } from './shell-command.ts';
import { foldCase, type GroupRecord, type State, sortedByName, type UserRecord } from './state.ts';
import { findUser } from './user.ts';
import { assertValidGroupName, assertValidText } from './validation.ts';

/** @throws Failure EntityNotExist.Group, InvalidParameter.GroupName.* */
export function findGroup(state: State, groupName: string): GroupRecord {
  assertValidGroupName(groupName);
  const group = state.Groups.get(foldCase(groupName));
  if (!group) throw notFoundFailure('Group', groupName);
  return group;
}

export const groupOperations = {
  createGroup({ state, clock, random }, { GroupName, Comments }) {
    assertValidGroupName(GroupName);
    if (Comments !== undefined) assertValidText(Comments, 'Comments');
    assertNameAvailable('Group', state.Groups.get(foldCase(GroupName))?.GroupName);
    assertBelowQuota(state.Groups.size, QUOTAS.Groups, 'Group', 'groups');
    const now = formatRamDate(clock.now());
    const GroupId = `g-${generateRandomText(random, ALPHANUMERIC, 16)}`;
    const group: GroupRecord = {
      GroupId,
      GroupName,
      ...(Comments === undefined ? {} : { Comments }),
      CreateDate: now,
      UpdateDate: now,
      Policies: [],
    };
    state.Groups.set(foldCase(GroupName), group);
    return toGroup(group);
  },

  getGroup: ({ state }, { GroupName }) => toGroup(findGroup(state, GroupName)),

  /** A rename keeps id, members and policies. A rename to the present name is accepted. */
  updateGroup({ state, clock }, { GroupName, NewGroupName, NewComments }) {
    const group = findGroup(state, GroupName);
    if (NewComments) assertValidText(NewComments, 'NewComments');
    if (NewGroupName !== undefined && NewGroupName !== group.GroupName) {
      assertValidGroupName(NewGroupName, 'NewGroupName');
      const other = state.Groups.get(foldCase(NewGroupName));
      if (other !== group) assertNameAvailable('Group', other?.GroupName, 'NewGroupName');
      state.Groups.delete(foldCase(GroupName));
      group.GroupName = NewGroupName;
      state.Groups.set(foldCase(NewGroupName), group);
    }
    if (NewComments) group.Comments = NewComments;
    else if (NewComments === '') delete group.Comments;
    group.UpdateDate = formatRamDate(clock.now());
    return toGroup(group);
  },

  deleteGroup({ state }, { GroupName }) {
    const group = findGroup(state, GroupName);
    assertNoDependents('Group', group.GroupName, {
      User: [...state.Users.values()].some((user) => findMembership(user.Groups, group.GroupId)),
      Policy: group.Policies.length > 0,
    });
    state.Groups.delete(foldCase(GroupName));
  },

  listGroups: ({ state }) => sortedByName(state.Groups).map(toGroup),

  addUserToGroup({ state, clock }, ref) {
    const user = findUser(state, ref.UserName);
    const group = findGroup(state, ref.GroupName);
    if (findMembership(user.Groups, group.GroupId)) {
      const message = `${user.UserName} is already in ${group.GroupName}`;
      throw new Failure('refused', 'EntityAlreadyExists.User.Group', message);
    }
    if (user.Groups.length >= QUOTAS.GroupsPerUser) {
      const message = `${user.UserName} is already in ${QUOTAS.GroupsPerUser} groups, which is the maximum`;
      const Hint = shellCommand`ramctl group remove <group> ${user.UserName}`;
      throw new Failure('refused', 'LimitExceeded.User.Group', message, { Field: 'GroupName', Hint });
    }
    user.Groups.push({ GroupId: group.GroupId, JoinDate: formatRamDate(clock.now()) });
  },

  removeUserFromGroup({ state }, ref) {
    const user = findUser(state, ref.UserName);
    const group = findGroup(state, ref.GroupName);
    if (!findMembership(user.Groups, group.GroupId)) {
      throw new Failure('missing', 'EntityNotExist.User.Group', `${user.UserName} is not in ${group.GroupName}`);
    }
    user.Groups = user.Groups.filter(({ GroupId }) => GroupId !== group.GroupId);
  },

  listGroupsForUser({ state }, { UserName }) {
    const user = findUser(state, UserName);
    if (user.Groups.length === 0) return [];
    return sortedByName(state.Groups).flatMap(({ GroupId, GroupName, Comments = null }) => {
      const membership = findMembership(user.Groups, GroupId);
      return membership ? [{ GroupId, GroupName, Comments, JoinDate: membership.JoinDate }] : [];
    });
  },

  listUsersForGroup({ state }, { GroupName }) {
    const { GroupId } = findGroup(state, GroupName);
    return sortedByName(state.Users).flatMap(({ UserName, DisplayName = null, Groups }) => {
      const membership = findMembership(Groups, GroupId);
      return membership ? [{ UserName, DisplayName, JoinDate: membership.JoinDate }] : [];
    });
  },
} satisfies Implementation<GroupOperations>;

function findMembership(groups: UserRecord['Groups'], groupId: string) {
  return groups.find(({ GroupId }) => GroupId === groupId);
}

function toGroup({ GroupId, GroupName, Comments, CreateDate, UpdateDate }: GroupRecord): Group {
  return { GroupId, GroupName, Comments: Comments ?? null, CreateDate, UpdateDate };
}
