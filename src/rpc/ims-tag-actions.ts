import type { Operations } from '../core/directory.ts';
import { type AnyAction, composed } from './action.ts';
import { boolean, missingParameterFailure, oneOf, optional, renamed, required, tags, texts } from './parameters.ts';
import { wrapList } from './response-format.ts';
import { type TaggedUsers, toUserReferences } from './user-reference.ts';

/*
 * The actions of IMS 2019-08-15 for the tags of users. RAM has those of roles and policies.
 */

const onTagged = { resources: ['{ResourceType}/{ResourceNames}'] } as const;
const users = { ResourceType: oneOf('user'), ResourcePrincipalName: texts(50), ResourceId: texts(50) };
const ADDED = { ...users, Tag: required(tags(20)) };
const REMOVED = { ...users, TagKeys: renamed('TagKey', texts(20)), All: optional(boolean) };

export const IMS_TAG_ACTIONS: Readonly<Record<string, AnyAction>> = {
  tagResources: composed({
    ...onTagged,
    parameters: ADDED,
    run: async (operations, { ResourceType, Tag, ...input }) =>
      operations.tagResources({ ResourceType, Tag, ResourceNames: await requireNames(operations, input) }),
  }),
  untagResources: composed({
    ...onTagged,
    parameters: REMOVED,
    run: async (operations, { ResourceType, TagKeys, All, ...input }) => {
      const ResourceNames = await requireNames(operations, input);
      if (!TagKeys && !All) throw missingParameterFailure('TagKey');
      return operations.untagResources({ ResourceType, ResourceNames, TagKeys, All });
    },
  }),
  listTagResources: composed({
    ...onTagged,
    parameters: { ...users, Tag: tags(20) },
    paging: { sortedBy: ['ResourceName', 'TagKey'], maxItems: 100, size: 'PageSize', marker: 'NextToken' },
    run: async (operations, { ResourceType, Tag, ...input }) => {
      const ResourceNames = await findNames(operations, input);
      return operations.listTagResources({ ResourceType, Tag, ...(ResourceNames && { ResourceNames }) });
    },
    response: (resources) =>
      wrapList('TagResources', 'TagResource', ...MEMBERS)(resources.map((tag) => ({ ResourceId: '', ...tag }))),
  }),
};

const MEMBERS = ['ResourceId', 'ResourceType', 'TagKey', 'TagValue'] as const;

/** Returns the names of the users in a request, undefined if it has none. @throws Failure EntityNotExist.User */
async function findNames(operations: Operations, input: TaggedUsers): Promise<string[] | undefined> {
  const references = toUserReferences(input);
  if (references.length === 0) return undefined;
  return Promise.all(references.map(async (user) => (await operations.getUserName(user)).UserName));
}

async function requireNames(operations: Operations, input: TaggedUsers): Promise<string[]> {
  const names = await findNames(operations, input);
  if (names) return names;
  throw missingParameterFailure('ResourcePrincipalName');
}
