import type {
  PolicyOperations,
  ResourceTag,
  RoleOperations,
  Tag,
  TaggedType,
  TagOperations,
  UserOperations,
} from '../../core/directory.ts';
import { Failure } from '../../core/failure.ts';
import { mapConcurrently } from '../../core/map-concurrently.ts';
import { matchesTags } from '../../core/tag-values.ts';
import type { RemoteContext } from './context.ts';
import { sortByName } from './members.ts';
import { addTags, removeTags } from './resource-tags.ts';
import { listRolesWithoutTrustPolicy } from './roles.ts';

/** An entity with its tags. Policies have no id. */
interface Tagged {
  id?: string;
  name: string;
  tags: ResourceTag[];
}

/** Functions that return one entity, or those that match a filter. */
type Readers = Record<TaggedType, { get(name: string): Promise<Tagged>; list(tags?: Tag[]): Promise<Tagged[]> }>;

export function tagOperations(
  context: RemoteContext,
  operations: UserOperations & RoleOperations & PolicyOperations,
): TagOperations {
  const readers = taggedReaders(context, operations);
  return {
    tagResources: ({ Tag, ...targets }) => addTags(context, targets, Tag),

    async untagResources({ TagKeys, All, ...targets }) {
      if (!TagKeys && !All) throw new Failure('refused', 'MissingTagKeys', 'TagKeys or All is mandatory');
      await removeTags(context, targets, TagKeys);
    },

    // IMS returns the tags of users without their names, so the entities are read instead.
    async listTagResources({ ResourceType, ResourceNames, Tag }) {
      const { get, list } = readers[ResourceType];
      const found = ResourceNames ? await mapConcurrently(ResourceNames, get) : await list(Tag);
      const entities = [...new Map(found.map((each) => [each.name, each])).values()].filter(({ tags }) => {
        return matchesTags(Object.fromEntries(tags.map(({ TagKey, TagValue }) => [TagKey, TagValue])), Tag);
      });
      return sortByName(entities, ({ name }) => name).flatMap(({ id, name: ResourceName, tags }) =>
        tags.map((tag) => ({ ResourceType, ...(id === undefined ? {} : { ResourceId: id }), ResourceName, ...tag })),
      );
    },
  };
}

function taggedReaders(
  context: RemoteContext,
  { getUser, listUsers, getRole, getPolicy, listPolicies }: UserOperations & RoleOperations & PolicyOperations,
): Readers {
  const PolicyType = 'Custom';
  return {
    user: {
      get: async (UserName) => fromUser(await getUser({ UserName })),
      list: async (Tag) => (await listUsers({ Tag })).map(fromUser),
    },
    role: {
      get: async (RoleName) => fromRole(await getRole({ RoleName })),
      list: async (Tag) => (await listRolesWithoutTrustPolicy(context, Tag)).map(fromRole),
    },
    policy: {
      get: async (PolicyName) => fromPolicy(await getPolicy({ PolicyName, PolicyType })),
      list: async (Tag) => (await listPolicies({ PolicyType, Tag })).map(fromPolicy),
    },
  };
}

type WithTags<Name extends string> = Record<Name, string> & { Tags: ResourceTag[] };

const fromUser = ({ UserId: id, UserName: name, Tags: tags }: WithTags<'UserId' | 'UserName'>): Tagged => ({
  id,
  name,
  tags,
});
const fromRole = ({ RoleId: id, RoleName: name, Tags: tags }: WithTags<'RoleId' | 'RoleName'>): Tagged => ({
  id,
  name,
  tags,
});
const fromPolicy = ({ PolicyName: name, Tags: tags }: WithTags<'PolicyName'>): Tagged => ({ name, tags });
