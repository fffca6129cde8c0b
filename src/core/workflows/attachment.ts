import type { GroupRef, Operations, PolicyNameRef, PolicyRef, PolicyVersion, UserRef } from '../directory.ts';
import { isFailure, nullIfCode } from '../failure.ts';
import { distinctNames } from './names.ts';

/** `Changed` is false when the policy was already attached or already detached. */
export type AttachmentChange = PolicyNameRef & Partial<UserRef & GroupRef> & { Changed: boolean };

/** `Changed` is false when the user was already in the group, or already not in it. */
export type MembershipChange = GroupRef & UserRef & { Changed: boolean };

/** The names of the users and groups to which policies are attached. */
export interface PolicyTargets {
  users: string[];
  groups: string[];
}

/**
 * Returns the policy with a name. RAM asks for the type as well, but no custom policy can have the name of a system
 * policy. @throws Failure EntityNotExist.Policy
 */
export async function resolvePolicy(operations: Operations, PolicyName: string): Promise<PolicyRef> {
  const system = operations.getPolicy({ PolicyName, PolicyType: 'System' });
  const found =
    (await nullIfCode(system, 'EntityNotExist.Policy')) ??
    (await operations.getPolicy({ PolicyName, PolicyType: 'Custom' }));
  return { PolicyName: found.PolicyName, PolicyType: found.PolicyType };
}

/** Returns the default version. `getPolicy` is slower, because it counts the attachments. */
export async function readDefaultVersion(operations: Operations, ref: PolicyRef): Promise<PolicyVersion> {
  const versions = await operations.listPolicyVersions(ref);
  const version = versions.find(({ IsDefaultVersion }) => IsDefaultVersion);
  if (version) return version;
  throw new Error(`${ref.PolicyName} has no default version`);
}

/** Finds a policy by its name, as `resolvePolicy` does. */
export type PolicyResolver = (name: string) => Promise<PolicyRef>;

const ATTACH = { user: 'attachPolicyToUser', group: 'attachPolicyToGroup' } as const;
const DETACH = { user: 'detachPolicyFromUser', group: 'detachPolicyFromGroup' } as const;

/** Attaches every policy to every target. @throws as attachPolicyToUser, attachPolicyToGroup */
export function attachPolicies(
  operations: Operations,
  policies: string[],
  targets: PolicyTargets,
  resolve?: PolicyResolver,
) {
  return changeAttachments(operations, ATTACH, policies, targets, resolve);
}

/** Detaches every policy from every target. @throws as detachPolicyFromUser, detachPolicyFromGroup */
export function detachPolicies(operations: Operations, policies: string[], targets: PolicyTargets) {
  return changeAttachments(operations, DETACH, policies, targets);
}

async function changeAttachments(
  operations: Operations,
  methods: typeof ATTACH | typeof DETACH,
  policies: string[],
  { users, groups }: PolicyTargets,
  resolve: PolicyResolver = (name) => resolvePolicy(operations, name),
): Promise<AttachmentChange[]> {
  const changes: AttachmentChange[] = [];
  for (const policy of distinctNames(policies)) {
    const ref = await resolve(policy);
    const { PolicyName } = ref;
    for (const name of distinctNames(users)) {
      const { UserName } = await operations.getUser({ UserName: name });
      const Changed = await tryChange(operations[methods.user]({ ...ref, UserName }));
      changes.push({ PolicyName, UserName, Changed });
    }
    for (const name of distinctNames(groups)) {
      const { GroupName } = await operations.getGroup({ GroupName: name });
      const Changed = await tryChange(operations[methods.group]({ ...ref, GroupName }));
      changes.push({ PolicyName, GroupName, Changed });
    }
  }
  return changes;
}

/** @throws as addUserToGroup */
export function addUsersToGroup(operations: Operations, group: string, users: string[]) {
  return changeMemberships(operations, 'addUserToGroup', group, users);
}

/** @throws as removeUserFromGroup */
export function removeUsersFromGroup(operations: Operations, group: string, users: string[]) {
  return changeMemberships(operations, 'removeUserFromGroup', group, users);
}

async function changeMemberships(
  operations: Operations,
  method: 'addUserToGroup' | 'removeUserFromGroup',
  group: string,
  users: string[],
): Promise<MembershipChange[]> {
  const { GroupName } = await operations.getGroup({ GroupName: group });
  const changes: MembershipChange[] = [];
  for (const name of distinctNames(users)) {
    const { UserName } = await operations.getUser({ UserName: name });
    changes.push({ GroupName, UserName, Changed: await tryChange(operations[method]({ UserName, GroupName })) });
  }
  return changes;
}

const UNCHANGED = /^Entity(AlreadyExists|NotExist)\.(User|Group)\.(Policy|Group)$/;

/** Returns false when the attachment or membership already is as the change would make it. */
async function tryChange(change: Promise<void>): Promise<boolean> {
  try {
    await change;
    return true;
  } catch (error) {
    if (isFailure(error) && UNCHANGED.test(error.code)) return false;
    throw error;
  }
}
