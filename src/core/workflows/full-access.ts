import type { Operations, PolicyRef } from '../directory.ts';
import { allowsEverything } from '../policy/lint.ts';
import { mapConcurrently } from './concurrency.ts';
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
  const found = await mapConcurrently([...direct, ...byGroup.flat()], async ({ ref, ...group }) => {
    const { document } = await readDefaultVersion(operations, ref);
    return document.Statement.some(allowsEverything) ? [{ PolicyName: ref.PolicyName, ...group }] : [];
  });
  return found.flat();
}
