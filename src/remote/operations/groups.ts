import type { Group, GroupOperations } from '../../core/directory.ts';
import { nullIfCode } from '../../core/failure.ts';
import type { Response } from '../api.ts';
import { type RemoteContext, userPrincipal } from './context.ts';
import { changeOnce, createOnce, updateOnce } from './lost-responses.ts';
import { itemsOf, nullableTexts, sortByName, texts } from './members.ts';

const TEXTS = ['DisplayName', 'Comments'] as const;

/** Groups are those of IMS, because RAM 2015-05-01 does not return their display names. */
export function groupOperations(context: RemoteContext): GroupOperations {
  const { api } = context;
  const getGroup: GroupOperations['getGroup'] = async ({ GroupName }) =>
    toGroup((await api.call('IMS', 'GetGroup', { GroupName })).Group);
  const findGroup = (GroupName: string) => nullIfCode(getGroup({ GroupName }), 'EntityNotExist.Group');

  return {
    getGroup,

    createGroup: (input) =>
      createOnce(
        context,
        ['IMS', 'CreateGroup'],
        { ...input },
        {
          read: ({ Group }) => toGroup(Group),
          lookUp: () => findGroup(input.GroupName),
          adopt: (group) => (TEXTS.every((name) => group[name] === (input[name] || null)) ? group : undefined),
        },
      ),

    async updateGroup(input) {
      const { GroupName: from, NewGroupName: to } = input;
      const lookUp = async (name: string) => {
        const group = await findGroup(name);
        return group && { id: group.GroupId, name: group.GroupName };
      };
      await updateOnce(context, ['IMS', 'UpdateGroup'], { ...input }, { from, to, lookUp });
      return getGroup({ GroupName: to ?? from });
    },

    deleteGroup: ({ GroupName }) => changeOnce(context, 'DeleteGroup', { GroupName }, 'EntityNotExist.Group'),

    async listGroups() {
      const groups = await api.list('IMS', 'ListGroups', { MaxItems: 100 }, itemsOf('Groups', 'Group'));
      return sortByName(groups.map(toGroup), ({ GroupName }) => GroupName);
    },

    addUserToGroup: (ref) => changeOnce(context, 'AddUserToGroup', ref, 'EntityAlreadyExists.User.Group'),
    removeUserFromGroup: (ref) => changeOnce(context, 'RemoveUserFromGroup', ref, 'EntityNotExist.User.Group'),

    async listGroupsForUser({ UserName }) {
      const response = await api.call('IMS', 'ListGroupsForUser', await userPrincipal(context, UserName));
      const groups = itemsOf(
        'Groups',
        'Group',
      )(response).map((group) => ({
        ...texts(group, 'GroupId', 'GroupName'),
        ...nullableTexts(group, ...TEXTS),
        ...texts(group, 'JoinDate'),
      }));
      return sortByName(groups, ({ GroupName }) => GroupName);
    },

    async listUsersForGroup({ GroupName }) {
      const parameters = { GroupName, MaxItems: 1000 };
      const users = await api.list('RAM', 'ListUsersForGroup', parameters, itemsOf('Users', 'User'));
      const members = users.map((user) => ({
        ...texts(user, 'UserName'),
        ...nullableTexts(user, 'DisplayName'),
        ...texts(user, 'JoinDate'),
      }));
      return sortByName(members, ({ UserName }) => UserName);
    },
  };
}

function toGroup(group: Response): Group {
  return {
    ...texts(group, 'GroupId', 'GroupName'),
    ...nullableTexts(group, ...TEXTS),
    CreateDate: group.CreateDate,
    UpdateDate: group.UpdateDate || group.CreateDate,
  };
}
