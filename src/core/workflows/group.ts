import type { Group, Operations } from '../directory.ts';
import type { Blocker } from '../failure.ts';
import { mapConcurrently, type StartProgress } from '../map-concurrently.ts';
import { shellCommand } from '../shell-command.ts';
import { assertNoBlockers, buildBlocker, type RemovedItem, toRemovedItem } from './delete-conflict.ts';
import { distinctNames, matchesKeyword } from './name-matching.ts';
import { toAttachedPolicy } from './user.ts';

/** Everything about one group, as `group get` prints it. */
export type GroupDetails = Awaited<ReturnType<typeof describeGroup>>;

/** @throws Failure EntityNotExist.Group */
export async function describeGroup(operations: Operations, GroupName: string) {
  return {
    ...(await operations.getGroup({ GroupName })),
    Users: await operations.listUsersForGroup({ GroupName }),
    Policies: (await operations.listPoliciesForGroup({ GroupName })).map(toAttachedPolicy),
  };
}

/** A group in a list, with the numbers of its members and policies. */
export type GroupSummary = Group & { Users: number; Policies: number };

/** Returns the groups whose name or comments contain the keyword, sorted by name. */
export async function summarizeGroups(
  operations: Operations,
  keyword = '',
  startProgress?: StartProgress,
): Promise<GroupSummary[]> {
  const groups = (await operations.listGroups()).filter(({ GroupName, Comments }) =>
    matchesKeyword(keyword, GroupName, Comments),
  );
  const summarize = async ({ GroupName }: Group) => {
    const { Users, Policies, ...group } = await describeGroup(operations, GroupName);
    return { ...group, Users: Users.length, Policies: Policies.length };
  };
  return mapConcurrently(groups, summarize, startProgress);
}

export type DeletedGroup = Pick<Group, 'GroupId' | 'GroupName'> & { Removed: RemovedItem[] };

/**
 * Deletes groups. With `cascade`, first removes their members and policies. Without it, fails if there are any.
 * @throws Failure EntityNotExist.Group, DeleteConflict.Group.* with Blockers
 */
export async function deleteGroups(operations: Operations, names: string[], cascade: boolean): Promise<DeletedGroup[]> {
  const groups = await mapConcurrently(distinctNames(names), (name) => describeGroup(operations, name));
  const groupNames = groups.map(({ GroupName }) => GroupName);
  if (!cascade) assertNoBlockers('Group', groupNames, groups.flatMap(findBlockers));
  const deleted: DeletedGroup[] = [];
  for (const group of groups) {
    const { GroupId, GroupName } = group;
    for (const { UserName } of group.Users) await operations.removeUserFromGroup({ UserName, GroupName });
    for (const policy of group.Policies) await operations.detachPolicyFromGroup({ ...policy, GroupName });
    await operations.deleteGroup({ GroupName });
    deleted.push({ GroupId, GroupName, Removed: findBlockers(group).map(toRemovedItem) });
  }
  return deleted;
}

function findBlockers({ GroupName, Users, Policies }: GroupDetails): Blocker[] {
  return [
    ...Users.map(({ UserName }) =>
      buildBlocker('User', UserName, shellCommand`ramctl group remove ${GroupName} ${UserName}`),
    ),
    ...Policies.map(({ PolicyName }) =>
      buildBlocker('Policy', PolicyName, shellCommand`ramctl policy detach ${PolicyName} --group ${GroupName}`),
    ),
  ];
}
