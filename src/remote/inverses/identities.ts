import { shellCommand } from '../../core/shell-command.ts';
import { foldCase } from '../../core/state.ts';
import {
  type Context,
  describeChange,
  exists,
  final,
  type Inverses,
  restoreCommand,
  selectEarlier,
  undoable,
} from './change.ts';

export const identityInverses = {
  createUser: async ({ operations }, { UserName }) => ({
    wasSo: await exists(operations.getUser({ UserName })),
    changes: () => [
      undoable('User', UserName, 'created', shellCommand`ramctl user delete ${UserName} --cascade`, () =>
        operations.deleteUser({ UserName }),
      ),
    ],
  }),

  async updateUser({ operations }, input) {
    const { UserName, NewUserName = UserName } = input;
    const earlier = selectEarlier(input, await operations.getUser({ UserName }));
    const command = restoreCommand('user', NewUserName, earlier);
    const isRename = NewUserName !== UserName;
    const undo = () => operations.updateUser({ ...earlier, UserName: NewUserName });
    return { changes: () => [{ ...undoable('User', NewUserName, describeChange(earlier), command, undo), isRename }] };
  },

  deleteUser: async ({ operations }, { UserName }) => final('User', UserName, () => operations.getUser({ UserName })),

  createGroup: async ({ operations }, { GroupName }) => ({
    wasSo: await exists(operations.getGroup({ GroupName })),
    changes: () => [
      undoable('Group', GroupName, 'created', shellCommand`ramctl group delete ${GroupName} --cascade`, () =>
        operations.deleteGroup({ GroupName }),
      ),
    ],
  }),

  async updateGroup({ operations }, input) {
    const { GroupName, NewGroupName = GroupName } = input;
    const earlier = selectEarlier(input, await operations.getGroup({ GroupName }));
    const command = restoreCommand('group', NewGroupName, earlier);
    const isRename = NewGroupName !== GroupName;
    const undo = () => operations.updateGroup({ ...earlier, GroupName: NewGroupName });
    return {
      changes: () => [{ ...undoable('Group', NewGroupName, describeChange(earlier), command, undo), isRename }],
    };
  },

  deleteGroup: async ({ operations }, { GroupName }) =>
    final('Group', GroupName, () => operations.getGroup({ GroupName })),

  addUserToGroup: async (context, { UserName, GroupName }) => ({
    wasSo: await isMember(context, UserName, GroupName),
    changes: () => [
      undoable(
        'Group',
        GroupName,
        `${UserName} added`,
        shellCommand`ramctl group remove ${GroupName} ${UserName}`,
        () => context.operations.removeUserFromGroup({ UserName, GroupName }),
      ),
    ],
  }),

  removeUserFromGroup: async (context, { UserName, GroupName }) => ({
    wasSo: !(await isMember(context, UserName, GroupName)),
    changes: () => [
      undoable('Group', GroupName, `${UserName} removed`, shellCommand`ramctl group add ${GroupName} ${UserName}`, () =>
        context.operations.addUserToGroup({ UserName, GroupName }),
      ),
    ],
  }),

  createRole: async ({ operations }, { RoleName }) => ({
    wasSo: await exists(operations.getRole({ RoleName })),
    changes: () => [
      undoable('Role', RoleName, 'created', shellCommand`ramctl role delete ${RoleName} --cascade`, () =>
        operations.deleteRole({ RoleName }),
      ),
    ],
  }),

  async updateRole({ operations }, input) {
    const { RoleName } = input;
    const earlier = selectEarlier(input, await operations.getRole({ RoleName }));
    const undo = () => operations.updateRole({ ...earlier, RoleName });
    const command = restoreCommand('role', RoleName, earlier);
    return { changes: () => [undoable('Role', RoleName, describeChange(earlier), command, undo)] };
  },

  deleteRole: async ({ operations }, { RoleName }) => final('Role', RoleName, () => operations.getRole({ RoleName })),
} satisfies Partial<Inverses>;

async function isMember({ operations, isNew }: Context, UserName: string, groupName: string): Promise<boolean> {
  if (isNew('User', UserName) || isNew('Group', groupName)) return false;
  const groups = await operations.listGroupsForUser({ UserName });
  return groups.some(({ GroupName }) => foldCase(GroupName) === foldCase(groupName));
}
