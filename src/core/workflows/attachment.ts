import type { GroupRef, Operations, PolicyNameRef, RoleRef, UserRef } from '../directory.ts';
import { isFailure } from '../failure.ts';
import { distinctNames } from './name-matching.ts';
import { resolvePolicy } from './policy.ts';

/** `Changed` is false when the policy was already attached or already detached. */
export type AttachmentChange = PolicyNameRef & Partial<UserRef & GroupRef & RoleRef> & { Changed: boolean };

/** `Changed` is false when the user was already in the group, or already not in it. */
export type MembershipChange = GroupRef & UserRef & { Changed: boolean };

const METHODS = {
  attach: { user: 'attachPolicyToUser', group: 'attachPolicyToGroup', role: 'attachPolicyToRole' },
  detach: { user: 'detachPolicyFromUser', group: 'detachPolicyFromGroup', role: 'detachPolicyFromRole' },
} as const;

/** Attaches every policy to every user, group and role, or detaches it. @throws as the operations in `METHODS` */
export async function changeAttachments(
  operations: Operations,
  change: keyof typeof METHODS,
  policies: string[],
  { users = [], groups = [], roles = [] }: { users?: string[]; groups?: string[]; roles?: string[] },
  resolve = resolvePolicy,
): Promise<AttachmentChange[]> {
  const methods = METHODS[change];
  const changes: AttachmentChange[] = [];
  for (const policy of distinctNames(policies)) {
    const ref = await resolve(operations, policy);
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
    for (const name of distinctNames(roles)) {
      const { RoleName } = await operations.getRole({ RoleName: name });
      const Changed = await tryChange(operations[methods.role]({ ...ref, RoleName }));
      changes.push({ PolicyName, RoleName, Changed });
    }
  }
  return changes;
}

/** Adds users to a group or removes them. @throws as `method` */
export async function changeMemberships(
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

const UNCHANGED = /^Entity(AlreadyExists|NotExist)\.(User|Group|Role)\.(Policy|Group)$/;

/** Returns false if the attachment or membership was already as the change would make it. */
async function tryChange(change: Promise<void>): Promise<boolean> {
  try {
    await change;
    return true;
  } catch (error) {
    if (isFailure(error) && UNCHANGED.test(error.code)) return false;
    throw error;
  }
}
