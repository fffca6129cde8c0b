import type { Operations, User } from '../directory.ts';
import type { Blocker } from '../failure.ts';
import { assertNoBlockers, blocker, type RemovedItems, removedItemsOf } from './blockers.ts';
import { deleteBoundDevice, deleteUnboundDevices } from './mfa-devices.ts';
import { distinctNames } from './names.ts';
import { describeUser, type UserDetails } from './user.ts';

export interface DeletedUser extends Pick<User, 'UserId' | 'UserName'> {
  Removed: RemovedItems;
}

/**
 * Deletes users. With `cascade`, first removes their AccessKeys, memberships, policies, console logon and MFA device,
 * in this order. Without, refuses and lists them all. Call this inside one transaction. `beforeDelete` gets each user
 * before anything of that user is removed.
 * @throws Failure EntityNotExist.User, DeleteConflict.User.* with Blockers
 */
export async function deleteUsers(
  operations: Operations,
  names: string[],
  cascade: boolean,
  beforeDelete: (user: UserDetails) => void = () => {},
): Promise<DeletedUser[]> {
  const users: UserDetails[] = [];
  for (const name of distinctNames(names)) users.push(await describeUser(operations, name));
  const userNames = users.map(({ UserName }) => UserName);
  if (!cascade) assertNoBlockers('User', userNames, users.flatMap(blockersOf));
  const deleted: DeletedUser[] = [];
  for (const user of users) {
    beforeDelete(user);
    await removeDependents(operations, user);
    const { UserId, UserName } = user;
    await operations.deleteUser({ UserName });
    deleted.push({ UserId, UserName, Removed: removedItemsOf(blockersOf(user)) });
  }
  return deleted;
}

function blockersOf({ UserName, AccessKeys, Groups, Policies, LoginProfile, MFADevice }: UserDetails): Blocker[] {
  const keys = AccessKeys.map(({ AccessKeyId, Status }) => {
    const force = Status === 'Active' ? ' --force' : '';
    return blocker('AccessKey', AccessKeyId, `ak delete ${UserName} ${AccessKeyId}${force}`);
  });
  return [
    ...keys,
    ...Groups.map((name) => blocker('Group', name, `group remove ${name} ${UserName}`)),
    ...Policies.map(({ PolicyName: name }) => blocker('Policy', name, `policy detach ${name} --user ${UserName}`)),
    ...(LoginProfile ? [blocker('LoginProfile', UserName, `login delete ${UserName}`)] : []),
    ...(MFADevice ? [blocker('MFADevice', MFADevice.SerialNumber, `mfa disable ${UserName}`)] : []),
  ];
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
  if (user.MFADevice) await deleteBoundDevice(operations, UserName);
  await deleteUnboundDevices(operations, user);
}
