import type { AccessKey, Attachment, LoginProfile, Operations, User, UserMFADevice } from '../directory.ts';
import { nullIfCode } from '../failure.ts';
import { resolvePolicy } from './attachment.ts';

/** Everything about one user, as `user get` prints it. */
export interface UserDetails extends User {
  LoginProfile: Omit<LoginProfile, 'UserName' | 'UserPrincipalName'> | null;
  MFADevice: UserMFADevice | null;
  AccessKeys: AccessKey[];
  Groups: string[];
  Policies: AttachedPolicy[];
}

/** A policy as a user or a group shows it. */
export type AttachedPolicy = Pick<Attachment, 'PolicyName' | 'PolicyType' | 'AttachDate'>;

export function toAttachedPolicy({ PolicyName, PolicyType, AttachDate }: Attachment): AttachedPolicy {
  return { PolicyName, PolicyType, AttachDate };
}

/** @throws Failure EntityNotExist.User */
export async function describeUser(operations: Operations, UserName: string): Promise<UserDetails> {
  const user = await operations.getUser({ UserName });
  const login = await findLoginProfile(operations, UserName);
  return {
    ...user,
    LoginProfile: login && withoutNames(login),
    MFADevice: await findBoundDevice(operations, UserName),
    AccessKeys: await operations.listAccessKeys({ UserName }),
    Groups: (await operations.listGroupsForUser({ UserName })).map(({ GroupName }) => GroupName),
    Policies: (await operations.listPoliciesForUser({ UserName })).map(toAttachedPolicy),
  };
}

/** The same for a user who may not be there. */
export function findUserDetails(operations: Operations, UserName: string): Promise<UserDetails | null> {
  return nullIfCode(describeUser(operations, UserName), 'EntityNotExist.User');
}

/** The logon settings of a user, null without console logon. */
export function findLoginProfile(operations: Operations, UserName: string): Promise<LoginProfile | null> {
  return nullIfCode(operations.getLoginProfile({ UserName }), 'EntityNotExist.User.LoginProfile');
}

/** The bound device of a user, null without one. */
export function findBoundDevice(operations: Operations, UserName: string): Promise<UserMFADevice | null> {
  return nullIfCode(operations.getUserMFAInfo({ UserName }), 'EntityNotExist.User.MFADevice');
}

function withoutNames({ UserName: _, UserPrincipalName: __, ...login }: LoginProfile) {
  return login;
}

/** Whether a user has an MFA device, or must bind one at the next logon. */
export type MfaState = 'bound' | 'required' | 'none';

export function mfaStateOf(hasDevice: boolean, login: LoginProfile | null): MfaState {
  if (hasDevice) return 'bound';
  return login?.MFABindRequired ? 'required' : 'none';
}

/** A user in a list. */
export interface UserSummary {
  UserId: string;
  UserName: string;
  UserPrincipalName: string;
  DisplayName: string;
  Comments: string | null;
  Console: boolean;
  MFA: MfaState;
  AccessKeys: number;
  CreateDate: string;
  LastLoginDate: string | null;
}

export interface UserFilter {
  /** Matches name, display name, comments and mail address, regardless of case. */
  keyword?: string | undefined;
  /** Only users with this policy attached directly. */
  policy?: string | undefined;
  /** Only members of this group. */
  group?: string | undefined;
  /** Only users without a bound MFA device. */
  withoutMfa?: boolean | undefined;
}

/** The users that pass the filter, by name. @throws Failure EntityNotExist.Policy, EntityNotExist.Group */
export async function summarizeUsers(operations: Operations, filter: UserFilter): Promise<UserSummary[]> {
  const holders = filter.policy === undefined ? undefined : await findPolicyUserIds(operations, filter.policy);
  const members = filter.group === undefined ? undefined : await findMemberNames(operations, filter.group);
  const keyword = filter.keyword?.toLowerCase() ?? '';
  const bound = new Set((await operations.listVirtualMFADevices()).map(({ User }) => User?.UserId));
  const summaries: UserSummary[] = [];
  for (const user of await operations.listUsers()) {
    if (holders && !holders.has(user.UserId)) continue;
    if (members && !members.has(user.UserName)) continue;
    if (!matchesKeyword(user, keyword)) continue;
    const summary = await summarizeUser(operations, user, bound.has(user.UserId));
    if (!filter.withoutMfa || summary.MFA !== 'bound') summaries.push(summary);
  }
  return summaries;
}

function matchesKeyword(user: User, keyword: string): boolean {
  return [user.UserName, user.DisplayName, user.Comments, user.Email].some((text) =>
    text?.toLowerCase().includes(keyword),
  );
}

async function findPolicyUserIds(operations: Operations, policyName: string): Promise<Set<string>> {
  const ref = await resolvePolicy(operations, policyName);
  const { Users } = await operations.listEntitiesForPolicy(ref);
  return new Set(Users.map((user) => user.UserId));
}

async function findMemberNames(operations: Operations, GroupName: string): Promise<Set<string>> {
  return new Set((await operations.listUsersForGroup({ GroupName })).map(({ UserName }) => UserName));
}

async function summarizeUser(operations: Operations, user: User, hasDevice: boolean): Promise<UserSummary> {
  const { UserName } = user;
  const login = await findLoginProfile(operations, UserName);
  return {
    UserId: user.UserId,
    UserName,
    UserPrincipalName: user.UserPrincipalName,
    DisplayName: user.DisplayName,
    Comments: user.Comments,
    Console: login?.Status === 'Active',
    MFA: mfaStateOf(hasDevice, login),
    AccessKeys: (await operations.listAccessKeys({ UserName })).length,
    CreateDate: user.CreateDate,
    LastLoginDate: user.LastLoginDate,
  };
}
