import type { ResourceTag, Tag, TaggedType } from '../../core/directory.ts';
import type { Parameters, Product, Response } from '../api.ts';
import { type RemoteContext, userPrincipal } from './context.ts';
import { sortTags } from './members.ts';

/*
 * IMS has the tags of users, and RAM 2015-05-01 those of roles and policies. They name the resources and the keys by different
 * parameters, and RAM expects a list as one JSON text (as the official SDKs send them).
 */

interface TagTargets {
  ResourceType: TaggedType;
  ResourceNames: string[];
}

/** Adds tags, or replaces their values. A repetition has the same effect. */
export async function addTags(context: RemoteContext, targets: TagTargets, Tag: Tag[]): Promise<void> {
  const { product, parameters } = await toRequest(context, targets);
  await context.api.call(product, 'TagResources', { ...parameters, Tag: product === 'IMS' ? Tag : jsonList(Tag) });
}

/** Removes the tags with these keys, or all tags. */
export async function removeTags(
  context: RemoteContext,
  targets: TagTargets,
  keys: string[] | undefined,
): Promise<void> {
  const { product, parameters } = await toRequest(context, targets);
  const named = product === 'IMS' ? { TagKey: keys } : { TagKeys: jsonList(keys) };
  const removed = keys ? named : { All: true };
  await context.api.call(product, 'UntagResources', { ...parameters, ...removed });
}

/** Returns the tags of a role or a policy, sorted by key. RAM's responses for a single one do not have them. */
export async function getTags(
  { api }: RemoteContext,
  ResourceType: 'role' | 'policy',
  name: string,
): Promise<ResourceTag[]> {
  const parameters = { ResourceType, ResourceNames: jsonList([name]), PageSize: 100 };
  const items = ({ TagResources }: Response): Response[] => TagResources ?? [];
  return sortTags(await api.list('RAM', 'ListTagResources', parameters, items));
}

async function toRequest(
  context: RemoteContext,
  { ResourceType, ResourceNames }: TagTargets,
): Promise<{ product: Product; parameters: Parameters }> {
  if (ResourceType !== 'user')
    return { product: 'RAM', parameters: { ResourceType, ResourceNames: jsonList(ResourceNames) } };
  const users = await Promise.all(ResourceNames.map((name) => userPrincipal(context, name)));
  const ResourcePrincipalName = users.map(({ UserPrincipalName }) => UserPrincipalName);
  return { product: 'IMS', parameters: { ResourceType, ResourcePrincipalName } };
}

/** Returns a list as RAM 2015-05-01 expects it, undefined if it is empty. */
export function jsonList(list: object[] | string[] = []): string | undefined {
  return list.length === 0 ? undefined : JSON.stringify(list);
}
