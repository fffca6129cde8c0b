import type { Operations, PolicyEntities, PolicyRef, PolicyVersion, PolicyWithDocument } from '../directory.ts';
import { nullIfCode } from '../failure.ts';
import { mapConcurrently } from '../map-concurrently.ts';
import { type PolicyDocument, parseStoredDocument } from '../policy/document.ts';
import { shellCommand } from '../shell-command.ts';
import { assertNoBlockers, buildBlocker, toRemovedItem } from './delete-conflict.ts';

/**
 * Returns the reference of a policy with this name. RAM asks for the type as well, but a custom policy with the name of a
 * system policy hides it. @throws Failure EntityNotExist.Policy
 */
export async function resolvePolicy(operations: Operations, name: string): Promise<PolicyRef> {
  const system = operations.getPolicy({ PolicyName: name, PolicyType: 'System' });
  const { PolicyName, PolicyType } =
    (await nullIfCode(system, 'EntityNotExist.Policy')) ??
    (await operations.getPolicy({ PolicyName: name, PolicyType: 'Custom' }));
  return { PolicyName, PolicyType };
}

/** Returns the parsed default version. `getPolicy` is slower, because it counts the attachments. */
export async function readDefaultVersion(operations: Operations, ref: PolicyRef) {
  const versions = await operations.listPolicyVersions(ref);
  const version = versions.find(({ IsDefaultVersion }) => IsDefaultVersion);
  if (!version) throw new Error(`${ref.PolicyName} has no default version`);
  return { VersionId: version.VersionId, document: parseStoredDocument(version.PolicyDocument) };
}

/** One version of a policy with its users, groups and roles, as `policy get` prints it. */
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

export type DeletedPolicy = Awaited<ReturnType<typeof deleteCustomPolicy>>;

/**
 * Deletes a custom policy with all its versions. With `cascade`, first detaches it from all users, groups and roles.
 * Without it, fails if there are any. @throws Failure EntityNotExist.Policy, DeleteConflict.Policy.* with Blockers
 */
export async function deleteCustomPolicy(operations: Operations, name: string, cascade: boolean) {
  const ref = await resolvePolicy(operations, name);
  const { PolicyName } = ref;
  const { Users, Groups, Roles } = await operations.listEntitiesForPolicy(ref);
  const blockers = [
    ...Users.map(({ UserName }) =>
      buildBlocker('User', UserName, shellCommand`ramctl policy detach ${PolicyName} --user ${UserName}`),
    ),
    ...Groups.map(({ GroupName }) =>
      buildBlocker('Group', GroupName, shellCommand`ramctl policy detach ${PolicyName} --group ${GroupName}`),
    ),
    ...Roles.map(({ RoleName }) =>
      buildBlocker('Role', RoleName, shellCommand`ramctl policy detach ${PolicyName} --role ${RoleName}`),
    ),
  ];
  if (ref.PolicyType === 'Custom' && !cascade) assertNoBlockers('Policy', [PolicyName], blockers);
  for (const { UserName } of Users) await operations.detachPolicyFromUser({ ...ref, UserName });
  for (const { GroupName } of Groups) await operations.detachPolicyFromGroup({ ...ref, GroupName });
  for (const { RoleName } of Roles) await operations.detachPolicyFromRole({ ...ref, RoleName });
  await operations.deletePolicy({ PolicyName, CascadingDelete: true });
  return { ...ref, Removed: blockers.map(toRemovedItem) };
}

/**
 * Returns the names of the custom policies whose default version has the ARN of a user or a group. RAM does not change
 * policy documents after a rename (RAM, UpdateUser).
 */
export function findPoliciesMentioning(operations: Operations, kind: 'user' | 'group', name: string) {
  const hasArn = (value: unknown): boolean =>
    typeof value === 'object' && value !== null
      ? Object.values(value).some(hasArn)
      : String(value).endsWith(`:${kind}/${name}`);
  return findCustomPolicies(operations, hasArn);
}

/** Returns the names of the custom policies whose default version satisfies the condition. */
export async function findCustomPolicies(operations: Operations, condition: (document: PolicyDocument) => boolean) {
  const policies = await operations.listPolicies({ PolicyType: 'Custom' });
  const names = await mapConcurrently(policies, async ({ PolicyName, PolicyType }) => {
    const { document } = await readDefaultVersion(operations, { PolicyName, PolicyType });
    return condition(document) ? [PolicyName] : [];
  });
  return names.flat();
}
