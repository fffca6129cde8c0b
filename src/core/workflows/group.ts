import type { Group, GroupMember, Operations } from '../directory.ts';
import type { Blocker } from '../failure.ts';
import { assertNoBlockers, type RemovedItems, removedItemsOf } from './blockers.ts';
import { type AttachedPolicy, toAttachedPolicy } from './user.ts';

/** Everything about one group, as `group get` prints it. */
export interface GroupDetails extends Group {
  Users: GroupMember[];
  Policies: AttachedPolicy[];
}

/** @throws Failure EntityNotExist.Group */
export async function describeGroup(operations: Operations, GroupName: string): Promise<GroupDetails> {
  return {
    ...(await operations.getGroup({ GroupName })),
    Users: await operations.listUsersForGroup({ GroupName }),
    Policies: (await operations.listPoliciesForGroup({ GroupName })).map(toAttachedPolicy),
  };
}

/** A group in a list. */
export interface GroupSummary extends Group {
  Users: number;
  Policies: number;
}

/** The groups whose name or comments hold a keyword, by name. */
export async function summarizeGroups(operations: Operations, keyword = ''): Promise<GroupSummary[]> {
  const wanted = keyword.toLowerCase();
  const found = (await operations.listGroups()).filter(({ GroupName, Comments }) =>
    `${GroupName}\n${Comments ?? ''}`.toLowerCase().includes(wanted),
  );
  const summaries: GroupSummary[] = [];
  for (const { GroupName } of found) {
    const { Users, Policies, ...group } = await describeGroup(operations, GroupName);
    summaries.push({ ...group, Users: Users.length, Policies: Policies.length });
  }
  return summaries;
}

/** A group that is gone, with what went with it. */
export interface DeletedGroup {
  GroupId: string;
  GroupName: string;
  Removed: RemovedItems;
}

/**
 * Deletes groups. Members and policies that they still have are either removed first (`cascade`) or refused, every one
 * of them named. @throws Failure EntityNotExist.Group, DeleteConflict.Group.* with Blockers
 */
export async function deleteGroups(operations: Operations, names: string[], cascade: boolean): Promise<DeletedGroup[]> {
  const groups: GroupDetails[] = [];
  for (const name of names) {
    const group = await describeGroup(operations, name);
    if (groups.every(({ GroupId }) => GroupId !== group.GroupId)) groups.push(group);
  }
  if (!cascade) {
    assertNoBlockers(
      'Group',
      groups.map(({ GroupName }) => GroupName),
      groups.flatMap(blockersOf),
    );
  }
  for (const { GroupName, Users, Policies } of groups) {
    for (const { UserName } of Users) await operations.removeUserFromGroup({ UserName, GroupName });
    for (const { PolicyName, PolicyType } of Policies) {
      await operations.detachPolicyFromGroup({ PolicyName, PolicyType, GroupName });
    }
    await operations.deleteGroup({ GroupName });
  }
  return groups.map((group) => ({
    GroupId: group.GroupId,
    GroupName: group.GroupName,
    Removed: removedItemsOf(blockersOf(group)),
  }));
}

function blockersOf({ GroupName, Users, Policies }: GroupDetails): Blocker[] {
  return [
    ...Users.map(({ UserName }) => ({
      Kind: 'User' as const,
      Name: UserName,
      Command: `ramctl group remove ${GroupName} ${UserName}`,
    })),
    ...Policies.map(({ PolicyName }) => ({
      Kind: 'Policy' as const,
      Name: PolicyName,
      Command: `ramctl policy detach ${PolicyName} --group ${GroupName}`,
    })),
  ];
}
