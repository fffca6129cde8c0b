import type {
  Policy,
  PolicyOperations,
  ResourceTag,
  Role,
  RoleOperations,
  Tag,
  TaggedType,
  TagOperations,
  User,
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
  ResourceId?: string;
  ResourceName: string;
  Tags: ResourceTag[];
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
      const entities = [...new Map(found.map((each) => [each.ResourceName, each])).values()];
      return sortByName(entities, ({ ResourceName }) => ResourceName)
        .filter(({ Tags }) => matchesTags(Object.fromEntries(Tags.map((tag) => [tag.TagKey, tag.TagValue])), Tag))
        .flatMap(({ Tags, ...resource }) => Tags.map((tag) => ({ ResourceType, ...resource, ...tag })));
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

function fromUser({ UserId: ResourceId, UserName: ResourceName, Tags }: User): Tagged {
  return { ResourceId, ResourceName, Tags };
}

function fromRole({ RoleId: ResourceId, RoleName: ResourceName, Tags }: Role): Tagged {
  return { ResourceId, ResourceName, Tags };
}

function fromPolicy({ PolicyName: ResourceName, Tags }: Policy): Tagged {
  return { ResourceName, Tags };
}
