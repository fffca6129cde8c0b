import type { Operations, PolicyRef, PolicyVersion } from '../directory.ts';
import { isFailure, nullIfCode } from '../failure.ts';
import { foldCase } from '../state.ts';

/** Whether one attachment had to be made or removed. */
export interface AttachmentChange {
  PolicyName: string;
  UserName?: string;
  GroupName?: string;
  Changed: boolean;
}

/** Whether one user had to join or leave a group. */
export interface MembershipChange {
  GroupName: string;
  UserName: string;
  Changed: boolean;
}

/** Whose policies are to change, by name. */
export interface PolicyTargets {
  users: string[];
  groups: string[];
}

/**
 * The policy that a person calls by name: RAM keeps system and custom policies apart, people do not (and no custom
 * policy may take a system policy's name). @throws Failure EntityNotExist.Policy
 */
export async function resolvePolicy(operations: Operations, PolicyName: string): Promise<PolicyRef> {
  const system = operations.getPolicy({ PolicyName, PolicyType: 'System' });
  const found =
    (await nullIfCode(system, 'EntityNotExist.Policy')) ??
    (await operations.getPolicy({ PolicyName, PolicyType: 'Custom' }));
  return { PolicyName: found.PolicyName, PolicyType: found.PolicyType };
}

/** The document in force. Of many policies this is quicker than `getPolicy`, which counts who has each. */
export async function readDefaultVersion(operations: Operations, ref: PolicyRef): Promise<PolicyVersion> {
  const versions = await operations.listPolicyVersions(ref);
  const version = versions.find(({ IsDefaultVersion }) => IsDefaultVersion);
  if (version) return version;
  throw new Error(`${ref.PolicyName} has no version in force`);
}

/** How a policy is found by its name, see `resolvePolicy`. */
export type PolicyResolver = (name: string) => Promise<PolicyRef>;

/** Attaches every policy to every holder; what is attached already stays. @throws as attachPolicyToUser, …ToGroup */
export function attachPolicies(
  operations: Operations,
  policies: string[],
  holders: PolicyTargets,
  resolve: PolicyResolver = (name) => resolvePolicy(operations, name),
) {
  return changeAttachments(operations, policies, holders, resolve, {
    user: (pair) => operations.attachPolicyToUser(pair),
    group: (pair) => operations.attachPolicyToGroup(pair),
  });
}

/** Detaches every policy from every holder; what is not attached is left so. @throws as detachPolicyFromUser, …Group */
export function detachPolicies(operations: Operations, policies: string[], holders: PolicyTargets) {
  const resolve: PolicyResolver = (name) => resolvePolicy(operations, name);
  return changeAttachments(operations, policies, holders, resolve, {
    user: (pair) => operations.detachPolicyFromUser(pair),
    group: (pair) => operations.detachPolicyFromGroup(pair),
  });
}

/** Puts every user into the group; who is in it already stays. @throws as addUserToGroup */
export function addUsersToGroup(operations: Operations, group: string, users: string[]) {
  return changeMemberships(operations, group, users, (ref) => operations.addUserToGroup(ref));
}

/** Takes every user out of the group; who is not in it is left so. @throws as removeUserFromGroup */
export function removeUsersFromGroup(operations: Operations, group: string, users: string[]) {
  return changeMemberships(operations, group, users, (ref) => operations.removeUserFromGroup(ref));
}

async function changeAttachments(
  operations: Operations,
  policies: string[],
  { users, groups }: PolicyTargets,
  resolve: PolicyResolver,
  change: {
    user: (pair: PolicyRef & { UserName: string }) => Promise<void>;
    group: (pair: PolicyRef & { GroupName: string }) => Promise<void>;
  },
): Promise<AttachmentChange[]> {
  const changes: AttachmentChange[] = [];
  for (const policy of distinctNames(policies)) {
    const ref = await resolve(policy);
    const { PolicyName } = ref;
    for (const name of distinctNames(users)) {
      const { UserName } = await operations.getUser({ UserName: name });
      changes.push({ PolicyName, UserName, Changed: await tryChange(change.user({ ...ref, UserName })) });
    }
    for (const name of distinctNames(groups)) {
      const { GroupName } = await operations.getGroup({ GroupName: name });
      changes.push({ PolicyName, GroupName, Changed: await tryChange(change.group({ ...ref, GroupName })) });
    }
  }
  return changes;
}

async function changeMemberships(
  operations: Operations,
  group: string,
  users: string[],
  change: (ref: { UserName: string; GroupName: string }) => Promise<void>,
): Promise<MembershipChange[]> {
  const { GroupName } = await operations.getGroup({ GroupName: group });
  const changes: MembershipChange[] = [];
  for (const name of distinctNames(users)) {
    const { UserName } = await operations.getUser({ UserName: name });
    changes.push({ GroupName, UserName, Changed: await tryChange(change({ UserName, GroupName })) });
  }
  return changes;
}

/** False when it was so already: attached, detached, a member, none. */
async function tryChange(change: Promise<void>): Promise<boolean> {
  try {
    await change;
    return true;
  } catch (error) {
    if (isFailure(error) && /^Entity(AlreadyExists|NotExist)\.(User|Group)\.(Policy|Group)$/.test(error.code))
      return false;
    throw error;
  }
}

function distinctNames(names: string[]): string[] {
  return [...new Map(names.map((name) => [foldCase(name), name])).values()];
}
