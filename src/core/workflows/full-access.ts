import type { Operations, PolicyRef } from '../directory.ts';
import { mapConcurrently } from '../map-concurrently.ts';
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
  type Grant = { ref: PolicyRef; GroupName?: string };
  const direct = await mapConcurrently(
    distinctNames(policies),
    async (name): Promise<Grant> => ({ ref: await resolvePolicy(operations, name) }),
  );
  const byGroup = await mapConcurrently(distinctNames(groups), async (GroupName) => {
    const attached = await operations.listPoliciesForGroup({ GroupName });
    return attached.map(({ PolicyName, PolicyType }): Grant => ({ ref: { PolicyName, PolicyType }, GroupName }));
  });
  const grants = [...direct, ...byGroup.flat()];
  // Many groups have the same policies.
  const policyRefs = [...new Map(grants.map(({ ref }) => [ref.PolicyName, ref])).values()];
  const fullAccess = await mapConcurrently(policyRefs, async (ref) => {
    const { document } = await readDefaultVersion(operations, ref);
    return document.Statement.some(allowsEverything) ? [ref.PolicyName] : [];
  });
  const names = new Set(fullAccess.flat());
  return grants
    .filter(({ ref }) => names.has(ref.PolicyName))
    .map(({ ref: { PolicyName }, ...group }) => ({ PolicyName, ...group }));
}
