import type { Attachment, LoginProfile, Operations, Tag, User, UserMFADevice, UserRef } from '../directory.ts';
import { type Blocker, nullIfCode } from '../failure.ts';
import { mapConcurrently, type StartProgress } from '../map-concurrently.ts';
import { shellCommand } from '../shell-command.ts';
import { assertNoBlockers, buildBlocker, type RemovedItem, toRemovedItem } from './delete-conflict.ts';
import { deleteBoundDevice, deleteUnboundDevices } from './mfa-devices.ts';
import { distinctNames, matchesKeyword } from './name-matching.ts';
import { resolvePolicy } from './policy.ts';

/** Everything about one user, as `user get` prints it. */
export type UserDetails = Awaited<ReturnType<typeof describeUser>>;

/** Returns an attached policy for the details of a user, a group or a role. */
export function toAttachedPolicy({ PolicyName, PolicyType, AttachDate }: Attachment) {
  return { PolicyName, PolicyType, AttachDate };
}

/** @throws Failure EntityNotExist.User */
export async function describeUser(operations: Operations, UserName: string) {
  const user = await operations.getUser({ UserName });
  const [login, MFADevice, AccessKeys, groups, policies] = await Promise.all([
    findLoginProfile(operations, UserName),
    findBoundDevice(operations, UserName),
    operations.listAccessKeys({ UserName }),
    operations.listGroupsForUser({ UserName }),
    operations.listPoliciesForUser({ UserName }),
  ]);
  return {
    ...user,
    LoginProfile: login && withoutNames(login),
    MFADevice,
    AccessKeys,
    Groups: groups.map(({ GroupName }) => GroupName),
    Policies: policies.map(toAttachedPolicy),
  };
}

/** Returns the login profile of a user, or null if the user has no console logon. */
export function findLoginProfile(operations: Operations, UserName: string): Promise<LoginProfile | null> {
  return nullIfCode(operations.getLoginProfile({ UserName }), 'EntityNotExist.User.LoginProfile');
}

/** Returns the bound device of a user, or null if the user has none. */
export function findBoundDevice(operations: Operations, UserName: string): Promise<UserMFADevice | null> {
  return nullIfCode(operations.getUserMFAInfo({ UserName }), 'EntityNotExist.User.MFADevice');
}

function withoutNames({ UserName: _, UserPrincipalName: __, ...login }: LoginProfile) {
  return login;
}

/** Returns whether a user has an MFA device, or must bind one at the next logon. */
export function mfaStateOf(hasDevice: boolean, login: LoginProfile | null) {
  if (hasDevice) return 'bound';
  return login?.MFABindRequired ? 'required' : 'none';
}

/** A user in a list. */
export type UserSummary = Awaited<ReturnType<typeof summarizeUser>>;

export interface UserFilter {
  /** A part of the name, display name, comments or email address, in upper or lower case. */
  keyword?: string | undefined;
  /** Only users to whom this policy is attached directly. */
  policy?: string | undefined;
  /** Only members of this group. */
  group?: string | undefined;
  /** Only users without a bound MFA device. */
  withoutMfa?: boolean | undefined;
  /** Only users who have all of these tags. */
  tag?: Tag[] | undefined;
  /** Only the first of these users, by name. */
  limit?: number | undefined;
}

/**
 * Returns the users that match the filter, sorted by name.
 * @throws Failure EntityNotExist.Policy, EntityNotExist.Group
 */
export async function summarizeUsers(operations: Operations, filter: UserFilter, startProgress?: StartProgress) {
  const { keyword = '', policy, group, withoutMfa, tag, limit } = filter;
  const filters: Set<string>[] = [];
  const addFilter = (users: UserRef[]) => filters.push(new Set(users.map(({ UserName }) => UserName)));
  if (policy !== undefined) {
    addFilter((await operations.listEntitiesForPolicy(await resolvePolicy(operations, policy))).Users);
  }
  if (group !== undefined) addFilter(await operations.listUsersForGroup({ GroupName: group }));
  const deviceOwners = new Set((await operations.listVirtualMFADevices()).map(({ User }) => User?.UserId));
  const users = (await operations.listUsers({ Tag: tag })).filter(
    ({ UserId, UserName, DisplayName, Comments, Email }) =>
      filters.every((names) => names.has(UserName)) &&
      matchesKeyword(keyword, UserName, DisplayName, Comments, Email) &&
      !(withoutMfa && deviceOwners.has(UserId)),
  );
  const summarize = (user: User) => summarizeUser(operations, user, deviceOwners.has(user.UserId));
  return mapConcurrently(users.slice(0, limit), summarize, startProgress);
}

async function summarizeUser(operations: Operations, user: User, hasDevice: boolean) {
  const { UserId, UserName, UserPrincipalName, DisplayName, Comments, CreateDate, LastLoginDate } = user;
  const login = await findLoginProfile(operations, UserName);
  const AccessKeys = (await operations.listAccessKeys({ UserName })).length;
  const logon = { Console: login?.Status === 'Active', MFA: mfaStateOf(hasDevice, login), AccessKeys };
  return { UserId, UserName, UserPrincipalName, DisplayName, Comments, ...logon, CreateDate, LastLoginDate };
}

export type DeletedUser = Pick<User, 'UserId' | 'UserName'> & { Removed: RemovedItem[] };

/**
 * Deletes users. With `cascade`, first removes their AccessKeys, memberships, policies, console logon and MFA device,
 * in this order. Without it, fails if there are any. Call this inside one transaction. `beforeDelete` gets each user
 * before anything of that user is removed.
 * @throws Failure EntityNotExist.User, DeleteConflict.User.* with Blockers
 */
export async function deleteUsers(
  operations: Operations,
  names: string[],
  cascade: boolean,
  beforeDelete: (user: UserDetails) => void = () => {},
): Promise<DeletedUser[]> {
  const users = await mapConcurrently(distinctNames(names), (name) => describeUser(operations, name));
  const userNames = users.map(({ UserName }) => UserName);
  if (!cascade) assertNoBlockers('User', userNames, users.flatMap(findBlockers));
  const deleted: DeletedUser[] = [];
  for (const user of users) {
    const { UserId, UserName } = user;
    beforeDelete(user);
    for (const { AccessKeyId } of user.AccessKeys) {
      await operations.deleteAccessKey({ UserName, UserAccessKeyId: AccessKeyId });
    }
    for (const GroupName of user.Groups) await operations.removeUserFromGroup({ UserName, GroupName });
    for (const policy of user.Policies) await operations.detachPolicyFromUser({ ...policy, UserName });
    if (user.LoginProfile) await operations.deleteLoginProfile({ UserName });
    if (user.MFADevice) await deleteBoundDevice(operations, UserName);
    await deleteUnboundDevices(operations, user);
    await operations.deleteUser({ UserName });
    deleted.push({ UserId, UserName, Removed: findBlockers(user).map(toRemovedItem) });
  }
  return deleted;
}

function findBlockers({ UserName, AccessKeys, Groups, Policies, LoginProfile, MFADevice }: UserDetails): Blocker[] {
  return [
    ...AccessKeys.map(({ AccessKeyId, Status }) => {
      const command =
        Status === 'Active'
          ? shellCommand`ramctl ak delete ${UserName} ${AccessKeyId} --force`
          : shellCommand`ramctl ak delete ${UserName} ${AccessKeyId}`;
      return buildBlocker('AccessKey', AccessKeyId, command);
    }),
    ...Groups.map((name) => buildBlocker('Group', name, shellCommand`ramctl group remove ${name} ${UserName}`)),
    ...Policies.map(({ PolicyName: name }) =>
      buildBlocker('Policy', name, shellCommand`ramctl policy detach ${name} --user ${UserName}`),
    ),
    ...(LoginProfile ? [buildBlocker('LoginProfile', UserName, shellCommand`ramctl login delete ${UserName}`)] : []),
    ...(MFADevice
      ? [buildBlocker('MFADevice', MFADevice.SerialNumber, shellCommand`ramctl mfa disable ${UserName}`)]
      : []),
  ];
}
