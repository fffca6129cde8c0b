import { rootArn } from '../arn.ts';
import type { Operations, Role, Tag } from '../directory.ts';
import type { Blocker } from '../failure.ts';
import { mapConcurrently, type StartProgress } from '../map-concurrently.ts';
import { shellCommand } from '../shell-command.ts';
import { assertValidAccountId, assertValidService } from '../validation.ts';
import { assertNoBlockers, buildBlocker, type RemovedItem, toRemovedItem } from './delete-conflict.ts';
import { distinctNames, matchesKeyword } from './name-matching.ts';
import { toAttachedPolicy } from './user.ts';

/** Everything about one role, as `role get` prints it. */
export type RoleDetails = Awaited<ReturnType<typeof describeRole>>;

/** @throws Failure EntityNotExist.Role */
export async function describeRole(operations: Operations, RoleName: string) {
  return {
    ...(await operations.getRole({ RoleName })),
    Policies: (await operations.listPoliciesForRole({ RoleName })).map(toAttachedPolicy),
  };
}

/** A role in a list, with the number of its policies. */
export type RoleSummary = Omit<Role, 'AssumeRolePolicyDocument'> & { Policies: number };

/** Returns the roles with these tags whose name or description contains the keyword, sorted by name. */
export async function summarizeRoles(
  operations: Operations,
  keyword = '',
  tags?: Tag[],
  startProgress?: StartProgress,
): Promise<RoleSummary[]> {
  const roles = (await operations.listRoles({ Tag: tags })).filter(({ RoleName, Description }) =>
    matchesKeyword(keyword, RoleName, Description),
  );
  const summarize = async ({ AssumeRolePolicyDocument: _, ...role }: Role) => {
    const policies = await operations.listPoliciesForRole({ RoleName: role.RoleName });
    return { ...role, Policies: policies.length };
  };
  return mapConcurrently(roles, summarize, startProgress);
}

/**
 * Returns a trust policy: the users and roles of these accounts, and these services, may assume the role.
 * @throws Failure InvalidParameter.AccountId.Format, InvalidParameter.Service.Format
 */
export function buildTrustPolicy(accountIds: string[], services: string[]): string {
  accountIds.forEach(assertValidAccountId);
  services.forEach(assertValidService);
  const Principal = {
    ...(accountIds.length > 0 && { RAM: accountIds.map((AccountId) => rootArn({ AccountId })) }),
    ...(services.length > 0 && { Service: services }),
  };
  const Statement = [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal }];
  return JSON.stringify({ Version: '1', Statement }, null, 2);
}

export type DeletedRole = Pick<Role, 'RoleId' | 'RoleName'> & { Removed: RemovedItem[] };

/**
 * Deletes roles. With `cascade`, first detaches their policies. Without it, fails if there are any.
 * @throws Failure EntityNotExist.Role, DeleteConflict.Role.Policy with Blockers
 */
export async function deleteRoles(operations: Operations, names: string[], cascade: boolean): Promise<DeletedRole[]> {
  const roles = await mapConcurrently(distinctNames(names), (name) => describeRole(operations, name));
  const roleNames = roles.map(({ RoleName }) => RoleName);
  if (!cascade) assertNoBlockers('Role', roleNames, roles.flatMap(findBlockers));
  const deleted: DeletedRole[] = [];
  for (const role of roles) {
    const { RoleId, RoleName } = role;
    for (const policy of role.Policies) await operations.detachPolicyFromRole({ ...policy, RoleName });
    await operations.deleteRole({ RoleName });
    deleted.push({ RoleId, RoleName, Removed: findBlockers(role).map(toRemovedItem) });
  }
  return deleted;
}

function findBlockers({ RoleName, Policies }: RoleDetails): Blocker[] {
  return Policies.map(({ PolicyName }) =>
    buildBlocker('Policy', PolicyName, shellCommand`ramctl policy detach ${PolicyName} --role ${RoleName}`),
  );
}
