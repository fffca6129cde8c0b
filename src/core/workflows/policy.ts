import type { Operations, PolicyEntities, PolicyRef, PolicyVersion, PolicyWithDocument } from '../directory.ts';
import { type PolicyDocument, parseStoredDocument } from '../policy/document.ts';
import { readDefaultVersion, resolvePolicy } from './attachment.ts';
import { assertNoBlockers, blocker, type RemovedItems, removedItemsOf } from './blockers.ts';

/** One version of a policy with its users and groups, as `policy get` prints it. */
export type PolicyDetails = PolicyWithDocument & PolicyEntities & Pick<PolicyVersion, 'VersionId' | 'IsDefaultVersion'>;

/**
 * Returns a version of a policy, the default version unless `versionId` is given.
 * @throws Failure EntityNotExist.Policy, EntityNotExist.Policy.Version
 */
export async function describePolicy(operations: Operations, name: string, versionId?: string): Promise<PolicyDetails> {
  const ref = await resolvePolicy(operations, name);
  const policy = await operations.getPolicy(ref);
  const VersionId = versionId ?? policy.DefaultVersion;
  const { IsDefaultVersion, PolicyDocument } = await operations.getPolicyVersion({ ...ref, VersionId });
  const entities = await operations.listEntitiesForPolicy(ref);
  return { ...policy, VersionId, IsDefaultVersion, PolicyDocument, ...entities };
}

export interface DeletedPolicy extends PolicyRef {
  Removed: RemovedItems;
}

/**
 * Deletes a custom policy with all its versions. With `cascade`, first detaches it from all users and groups. Without,
 * refuses and lists them. @throws Failure EntityNotExist.Policy, DeleteConflict.Policy.* with Blockers
 */
export async function deleteCustomPolicy(
  operations: Operations,
  name: string,
  cascade: boolean,
): Promise<DeletedPolicy> {
  const ref = await resolvePolicy(operations, name);
  const { PolicyName } = ref;
  const { Users, Groups } = await operations.listEntitiesForPolicy(ref);
  const detach = `policy detach ${PolicyName}`;
  const blockers = [
    ...Users.map(({ UserName }) => blocker('User', UserName, `${detach} --user ${UserName}`)),
    ...Groups.map(({ GroupName }) => blocker('Group', GroupName, `${detach} --group ${GroupName}`)),
  ];
  if (ref.PolicyType === 'Custom' && !cascade) assertNoBlockers('Policy', [PolicyName], blockers);
  for (const { UserName } of Users) await operations.detachPolicyFromUser({ ...ref, UserName });
  for (const { GroupName } of Groups) await operations.detachPolicyFromGroup({ ...ref, GroupName });
  await operations.deletePolicy({ PolicyName, CascadingDelete: true });
  return { ...ref, Removed: removedItemsOf(blockers) };
}

/**
 * Returns the custom policies that mention the ARN of a user or a group in their default version. RAM does not change
 * policy documents after a rename (RAM, UpdateUser).
 */
export function findPoliciesMentioning(operations: Operations, kind: 'user' | 'group', name: string) {
  return findCustomPolicies(operations, (document) => hasStringEnding(document, `:${kind}/${name}`));
}

function hasStringEnding(value: unknown, ending: string): boolean {
  if (typeof value === 'string') return value.endsWith(ending);
  return (
    typeof value === 'object' && value !== null && Object.values(value).some((item) => hasStringEnding(item, ending))
  );
}

/** Returns the names of the custom policies whose default version satisfies the condition. */
export async function findCustomPolicies(
  operations: Operations,
  condition: (document: PolicyDocument) => boolean,
): Promise<string[]> {
  const names: string[] = [];
  for (const { PolicyName, PolicyType } of await operations.listPolicies({ PolicyType: 'Custom' })) {
    const { PolicyDocument } = await readDefaultVersion(operations, { PolicyName, PolicyType });
    if (condition(parseStoredDocument(PolicyDocument))) names.push(PolicyName);
  }
  return names;
}
