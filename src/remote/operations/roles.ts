import type { Role, RoleOperations, Tag } from '../../core/directory.ts';
import { nullIfCode } from '../../core/failure.ts';
import { mapConcurrently } from '../../core/map-concurrently.ts';
import type { Response } from '../api.ts';
import type { RemoteContext } from './context.ts';
import { isSameDocument } from './documents.ts';
import { changeOnce, createOnce } from './lost-responses.ts';
import { itemsOf, nullableTexts, sortByName, tagsOf, texts, toResourceTags } from './members.ts';
import { getTags, jsonList } from './resource-tags.ts';

export function roleOperations(context: RemoteContext): RoleOperations {
  const { api } = context;
  const findRole = async (RoleName: string): Promise<Response | null> => {
    const response = await nullIfCode(api.call('RAM', 'GetRole', { RoleName }), 'EntityNotExist.Role');
    return response?.Role ?? null;
  };

  return {
    async createRole({ Tag = [], ...input }) {
      const role = await createOnce(
        context,
        ['RAM', 'CreateRole'],
        { ...input, Tag: jsonList(Tag) },
        {
          read: ({ Role }) => Role as Response,
          lookUp: () => findRole(input.RoleName),
          adopt: (found) => (isSameRole(found, input) ? found : undefined),
        },
      );
      return { ...toRole(role), Tags: toResourceTags(Tag) };
    },

    async getRole({ RoleName }) {
      const { Role } = await api.call('RAM', 'GetRole', { RoleName });
      return { ...toRole(Role), Tags: await getTags(context, 'role', Role.RoleName) };
    },

    async updateRole(input) {
      const { Role } = await api.call('RAM', 'UpdateRole', { ...input });
      return { ...toRole(Role), Tags: await getTags(context, 'role', Role.RoleName) };
    },

    deleteRole: ({ RoleName }) => changeOnce(context, 'DeleteRole', { RoleName }, 'EntityNotExist.Role'),

    async listRoles({ Tag } = {}) {
      const roles = await mapConcurrently(await listRolesWithoutTrustPolicy(context, Tag), async (role) => {
        // Another process can delete the role meanwhile.
        const found = await findRole(role.RoleName);
        return found ? [{ ...toRole(found), Tags: role.Tags }] : [];
      });
      return roles.flat();
    },
  };
}

/** Returns the roles that have the tags, sorted by name. The list of RAM does not have the trust policies. */
export async function listRolesWithoutTrustPolicy({ api }: RemoteContext, Tag?: Tag[]): Promise<Role[]> {
  const roles = await api.list('RAM', 'ListRoles', { MaxItems: 1000, Tag: jsonList(Tag) }, itemsOf('Roles', 'Role'));
  return sortByName(roles.map(toRole), ({ RoleName }) => RoleName);
}

function isSameRole(found: Response, input: Parameters<RoleOperations['createRole']>[0]): boolean {
  return (
    (found.Description || '') === (input.Description ?? '') &&
    isSameDocument(found.AssumeRolePolicyDocument, input.AssumeRolePolicyDocument)
  );
}

function toRole(role: Response): Role {
  return {
    ...texts(role, 'RoleId', 'RoleName', 'Arn'),
    ...nullableTexts(role, 'Description'),
    ...texts(role, 'AssumeRolePolicyDocument'),
    MaxSessionDuration: Number(role.MaxSessionDuration),
    CreateDate: role.CreateDate,
    UpdateDate: role.UpdateDate || role.CreateDate,
    Tags: tagsOf(role),
  };
}
