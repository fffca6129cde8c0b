import type { ResourceTag, Tag, TaggedType } from '../../core/directory.ts';
import type { Parameters, Product, Response } from '../api.ts';
import { type RemoteContext, userPrincipal } from './context.ts';
import { sortTags } from './members.ts';

/*
 * IMS has the tags of users, and RAM 2015-05-01 those of roles and policies. They name the resources and the keys by different
 * parameters.
 */

interface TagTargets {
  ResourceType: TaggedType;
  ResourceNames: string[];
}

/** Adds tags, or replaces their values. A repetition has the same effect. */
export async function addTags(context: RemoteContext, targets: TagTargets, Tag: Tag[]): Promise<void> {
  const { product, parameters } = await toRequest(context, targets);
  await context.api.call(product, 'TagResources', { ...parameters, Tag });
}

/** Removes the tags with these keys, or all tags. */
export async function removeTags(
  context: RemoteContext,
  targets: TagTargets,
  keys: string[] | undefined,
): Promise<void> {
  const { product, parameters } = await toRequest(context, targets);
  const removed = keys ? { [product === 'IMS' ? 'TagKey' : 'TagKeys']: keys } : { All: true };
  await context.api.call(product, 'UntagResources', { ...parameters, ...removed });
}

/** Returns the tags of a role or a policy, sorted by key. RAM's responses for a single one do not have them. */
export async function getTags(
  { api }: RemoteContext,
  ResourceType: 'role' | 'policy',
  name: string,
): Promise<ResourceTag[]> {
  const parameters = { ResourceType, ResourceNames: [name], PageSize: 100 };
  const items = ({ TagResources }: Response): Response[] => TagResources ?? [];
  return sortTags(await api.list('RAM', 'ListTagResources', parameters, items));
}

async function toRequest(
  context: RemoteContext,
  { ResourceType, ResourceNames }: TagTargets,
): Promise<{ product: Product; parameters: Parameters }> {
  if (ResourceType !== 'user') return { product: 'RAM', parameters: { ResourceType, ResourceNames } };
  const users = await Promise.all(ResourceNames.map((name) => userPrincipal(context, name)));
  const ResourcePrincipalName = users.map(({ UserPrincipalName }) => UserPrincipalName);
  return { product: 'IMS', parameters: { ResourceType, ResourcePrincipalName } };
}
