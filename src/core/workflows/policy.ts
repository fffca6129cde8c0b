import type { Operations, PolicyEntities, PolicyRef, PolicyVersion, PolicyWithDocument } from '../directory.ts';
import type { Blocker } from '../failure.ts';
import { parseStoredDocument } from '../policy/document.ts';
import { readDefaultVersion, resolvePolicy } from './attachment.ts';
import { assertNoBlockers, type RemovedItems, removedItemsOf } from './blockers.ts';

/** A policy as `policy get` prints it: one of its versions, and who has it. */
export type PolicyDetails = PolicyWithDocument & PolicyEntities & Pick<PolicyVersion, 'VersionId' | 'IsDefaultVersion'>;

/** `versionId`: the version in force when absent. @throws Failure EntityNotExist.Policy, EntityNotExist.Policy.Version */
export async function describePolicy(operations: Operations, name: string, versionId?: string): Promise<PolicyDetails> {
  const ref = await resolvePolicy(operations, name);
  const policy = await operations.getPolicy(ref);
  const VersionId = versionId ?? policy.DefaultVersion;
  const { IsDefaultVersion, PolicyDocument } = await operations.getPolicyVersion({ ...ref, VersionId });
  const entities = await operations.listEntitiesForPolicy(ref);
  return { ...policy, VersionId, IsDefaultVersion, PolicyDocument, ...entities };
}

/** A policy that is gone, with the attachments that went with it. */
export interface DeletedPolicy extends PolicyRef {
  Removed: RemovedItems;
}

/**
 * Deletes a custom policy with all its versions. Whoever still has it either loses it first (`cascade`) or stands in
 * the way. @throws Failure EntityNotExist.Policy, DeleteConflict.Policy.* with Blockers
 */
export async function deleteCustomPolicy(
  operations: Operations,
  name: string,
  cascade: boolean,
): Promise<DeletedPolicy> {
  const ref = await resolvePolicy(operations, name);
  const { PolicyName } = ref;
  const { Users, Groups } = await operations.listEntitiesForPolicy(ref);
  const detach = `ramctl policy detach ${PolicyName}`;
  const blockers: Blocker[] = [
    ...Users.map(({ UserName: Name }) => ({ Kind: 'User' as const, Name, Command: `${detach} --user ${Name}` })),
    ...Groups.map(({ GroupName: Name }) => ({ Kind: 'Group' as const, Name, Command: `${detach} --group ${Name}` })),
  ];
  if (ref.PolicyType === 'Custom' && !cascade) assertNoBlockers('Policy', [PolicyName], blockers);
  for (const { UserName } of Users) await operations.detachPolicyFromUser({ ...ref, UserName });
  for (const { GroupName } of Groups) await operations.detachPolicyFromGroup({ ...ref, GroupName });
  await operations.deletePolicy({ PolicyName, CascadingDelete: true });
  return { ...ref, Removed: removedItemsOf(blockers) };
}

/**
 * The custom policies whose documents in force name a user or a group: after a rename nothing rewrites them (RAM,
 * UpdateUser). `kind` as in the ARN.
 */
export async function findPoliciesMentioning(
  operations: Operations,
  kind: 'user' | 'group',
  name: string,
): Promise<string[]> {
  const ending = `:${kind}/${name}`;
  const found: string[] = [];
  for (const { PolicyName, PolicyType } of await operations.listPolicies({ PolicyType: 'Custom' })) {
    const { PolicyDocument } = await readDefaultVersion(operations, { PolicyName, PolicyType });
    if (collectStrings(parseStoredDocument(PolicyDocument)).some((text) => text.endsWith(ending)))
      found.push(PolicyName);
  }
  return found;
}

/** All texts in a value, however deep. */
function collectStrings(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(collectStrings) : [];
}
