import type { Operations } from '../directory.ts';
import type { Blocker } from '../failure.ts';
import { assertNoBlockers, type RemovedItems, removedItemsOf } from './blockers.ts';
import { removeUnboundDevices } from './device-names.ts';
import { describeUser, type UserDetails } from './user.ts';

/** A user who is gone, with what went with them and what they did last. */
export interface DeletedUser {
  UserId: string;
  UserName: string;
  Removed: RemovedItems;
}

/**
 * Deletes users. What they still have is either removed first (`cascade`) or refused, every blocker of every user
 * named. Order: keys, groups, policies, console logon, MFA device. To be called inside one transaction.
 * `seen` is told about each user before anything of theirs is removed.
 * @throws Failure EntityNotExist.User, DeleteConflict.User.* with Blockers
 */
export async function deleteUsers(
  operations: Operations,
  userNames: string[],
  cascade: boolean,
  seen: (user: UserDetails) => void = () => {},
): Promise<DeletedUser[]> {
  const users: UserDetails[] = [];
  for (const name of userNames) {
    const user = await describeUser(operations, name);
    if (users.every(({ UserId }) => UserId !== user.UserId)) users.push(user);
  }
  if (!cascade) {
    assertNoBlockers(
      'User',
      users.map(({ UserName }) => UserName),
      users.flatMap(blockersOf),
    );
  }
  const departures: DeletedUser[] = [];
  for (const user of users) {
    seen(user);
    await removeDependents(operations, user);
    await removeUnboundDevices(operations, user.UserName, user.UserId);
    await operations.deleteUser({ UserName: user.UserName });
    departures.push({ UserId: user.UserId, UserName: user.UserName, Removed: removedItemsOf(blockersOf(user)) });
  }
  return departures;
}

function blockersOf(user: UserDetails): Blocker[] {
  const { UserName } = user;
  const blockers: Blocker[] = user.AccessKeys.map(({ AccessKeyId, Status }) => ({
    Kind: 'AccessKey',
    Name: AccessKeyId,
    Command: `ramctl ak delete ${UserName} ${AccessKeyId}${Status === 'Active' ? ' --force' : ''}`,
  }));
  for (const GroupName of user.Groups) {
    blockers.push({ Kind: 'Group', Name: GroupName, Command: `ramctl group remove ${GroupName} ${UserName}` });
  }
  for (const { PolicyName } of user.Policies) {
    blockers.push({
      Kind: 'Policy',
      Name: PolicyName,
      Command: `ramctl policy detach ${PolicyName} --user ${UserName}`,
    });
  }
  if (user.LoginProfile) {
    blockers.push({ Kind: 'LoginProfile', Name: UserName, Command: `ramctl login delete ${UserName}` });
  }
  if (user.MFADevice) {
    const { SerialNumber } = user.MFADevice;
    blockers.push({ Kind: 'MFADevice', Name: SerialNumber, Command: `ramctl mfa disable ${UserName}` });
  }
  return blockers;
}

async function removeDependents(operations: Operations, user: UserDetails): Promise<void> {
  const { UserName } = user;
  for (const { AccessKeyId } of user.AccessKeys) {
    await operations.deleteAccessKey({ UserName, UserAccessKeyId: AccessKeyId });
  }
  for (const GroupName of user.Groups) await operations.removeUserFromGroup({ UserName, GroupName });
  for (const { PolicyName, PolicyType } of user.Policies) {
    await operations.detachPolicyFromUser({ UserName, PolicyName, PolicyType });
  }
  if (user.LoginProfile) await operations.deleteLoginProfile({ UserName });
  if (user.MFADevice) {
    const { SerialNumber } = await operations.unbindMFADevice({ UserName });
    await operations.deleteVirtualMFADevice({ SerialNumber });
  }
}
