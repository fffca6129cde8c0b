import type { Operations, PolicyRef } from '../directory.ts';
import { allowsEverything } from '../policy/lint.ts';
import { distinctNames } from './name-matching.ts';
import { readDefaultVersion, resolvePolicy } from './policy.ts';

/** Names of policies to attach and of groups to join. */
export interface Grants {
  policies?: string[] | undefined;
  groups?: string[] | undefined;
}

/** A policy that allows every action on every resource. With `GroupName`, users get it through this group. */
export type FullAccess = Awaited<ReturnType<typeof findFullAccess>>[number];

/**
 * Returns the policies that allow everything: those named in `policies`, and those attached to `groups`.
 * @throws Failure EntityNotExist.Policy, EntityNotExist.Group
 */
export async function findFullAccess(operations: Operations, { policies = [], groups = [] }: Grants) {
  const found: { PolicyName: string; GroupName?: string }[] = [];
  // Many groups have the same policies.
  const known = new Map<string, Promise<boolean>>();
  const isFullAccess = (ref: PolicyRef) => {
    const answer = known.get(ref.PolicyName) ?? allowsFullAccess(operations, ref);
    known.set(ref.PolicyName, answer);
    return answer;
  };
  for (const name of distinctNames(policies)) {
    const ref = await resolvePolicy(operations, name);
    if (await isFullAccess(ref)) found.push({ PolicyName: ref.PolicyName });
  }
  for (const GroupName of distinctNames(groups)) {
    for (const { PolicyName, PolicyType } of await operations.listPoliciesForGroup({ GroupName })) {
      if (await isFullAccess({ PolicyName, PolicyType })) found.push({ PolicyName, GroupName });
    }
  }
  return found;
}

async function allowsFullAccess(operations: Operations, ref: PolicyRef): Promise<boolean> {
  const { document } = await readDefaultVersion(operations, ref);
  return document.Statement.some(allowsEverything);
}
