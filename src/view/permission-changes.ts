import type { GroupRef, RoleRef, UserRef } from '../core/directory.ts';
import type { EffectivePolicy } from '../core/policy/difference.ts';

/** The policies in force for a user, for a role, or for all members of a group. */
export interface IdentityPolicies {
  identity: UserRef | GroupRef | RoleRef;
  policies: EffectivePolicy[];
}

/**
 * Returns a line for each change of permissions, as "alice gains oss:* on * (AliyunOSSFullAccess)". Users with the same
 * change share a line. An identity that only one side has has no permissions on the other side.
 */
export function describePermissionChanges(_before: IdentityPolicies[], _after: IdentityPolicies[]): string[] {
  return [];
}
