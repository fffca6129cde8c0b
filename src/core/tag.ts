import { Failure } from './failure.ts';
import type { Implementation } from './operation-context.ts';
import { findCustomPolicy } from './policy.ts';
import { findRole } from './role.ts';
import { foldCase, type PolicyRecord, type RoleRecord, type State, type UserRecord } from './state.ts';
import type { TaggedType, TagOperations } from './tag-operations.ts';
import { matchesTags, setTags, toTagList } from './tag-values.ts';
import { findUser } from './user.ts';

type TaggedRecord = UserRecord | RoleRecord | PolicyRecord;

export const tagOperations = {
  tagResources({ state }, { ResourceType, ResourceNames, Tag }) {
    for (const record of findRecords(state, ResourceType, ResourceNames)) setTags(ResourceType, record, Tag);
  },

  untagResources({ state }, { ResourceType, ResourceNames, TagKeys, All }) {
    if (!TagKeys && !All) throw new Failure('refused', 'MissingTagKeys', 'TagKeys or All is mandatory');
    for (const record of findRecords(state, ResourceType, ResourceNames)) {
      const kept = Object.entries(record.Tags ?? {}).filter(([key]) => TagKeys && !TagKeys.includes(key));
      if (kept.length > 0) record.Tags = Object.fromEntries(kept);
      else delete record.Tags;
    }
  },

  listTagResources({ state }, { ResourceType, ResourceNames, Tag }) {
    const records = ResourceNames ? findRecords(state, ResourceType, ResourceNames) : allRecords(state, ResourceType);
    return records
      .filter(({ Tags }) => matchesTags(Tags, Tag))
      .map((record) => ({ ...identify(record), tags: toTagList(record.Tags) }))
      .sort((left, right) => (foldCase(left.ResourceName) < foldCase(right.ResourceName) ? -1 : 1))
      .flatMap(({ tags, ...resource }) => tags.map((tag) => ({ ResourceType, ...resource, ...tag })));
  },
} satisfies Implementation<TagOperations>;

/** Returns each named record once. @throws Failure EntityNotExist.* */
function findRecords(state: State, type: TaggedType, names: string[]): TaggedRecord[] {
  return [...new Set(names.map((name) => FINDERS[type](state, name)))];
}

const FINDERS: Record<TaggedType, (state: State, name: string) => TaggedRecord> = {
  user: findUser,
  role: findRole,
  policy: findCustomPolicy,
};

function allRecords({ Users, Roles, Policies }: State, type: TaggedType): TaggedRecord[] {
  return [...{ user: Users, role: Roles, policy: Policies }[type].values()];
}

function identify(record: TaggedRecord): { ResourceId?: string; ResourceName: string } {
  if ('UserId' in record) return { ResourceId: record.UserId, ResourceName: record.UserName };
  if ('RoleId' in record) return { ResourceId: record.RoleId, ResourceName: record.RoleName };
  return { ResourceName: record.PolicyName };
}
