import type { Changes, LoginProfile, Operations, Policy, PolicyRef, ResourceTag, Role, User } from '../directory.ts';
import { mapConcurrently } from '../map-concurrently.ts';
import { ROTATION_TAG_PREFIX } from '../rotation-rules.ts';
import { foldCase, type PasswordPolicy, type SecurityPreference } from '../state.ts';
import { findLoginProfile } from '../workflows/user.ts';

/**
 * What a directory contains, without secrets, ids and dates: plain data with RAM's member names. All lists are sorted, so
 * that equal directories have equal descriptions. A text that an entity does not have is null.
 */
export interface Description {
  Account: DescribedAccount;
  Users: DescribedUser[];
  Groups: DescribedGroup[];
  /** The custom policies. */
  Policies: DescribedPolicy[];
  Roles: DescribedRole[];
}

export interface DescribedAccount {
  AccountId: string;
  AccountAlias: string | null;
  PasswordPolicy: PasswordPolicy;
  SecurityPreference: SecurityPreference;
}

export interface DescribedUser
  extends Pick<User, 'UserName' | 'DisplayName' | 'Comments' | 'Email' | 'MobilePhone' | 'Tags'> {
  /** Null for a user without console logon. */
  LoginProfile: DescribedLogon | null;
  /** Whether the user has an active AccessKey. Absent if it was not read. */
  AccessKey?: boolean;
  /** The names of the user's groups. */
  Groups: string[];
  Policies: PolicyRef[];
}

export type DescribedLogon = Pick<LoginProfile, 'Status' | 'PasswordResetRequired' | 'MFABindRequired'>;

export interface DescribedGroup {
  GroupName: string;
  DisplayName: string | null;
  Comments: string | null;
  Policies: PolicyRef[];
}

/** A custom policy with the document of its default version. */
export type DescribedPolicy = Pick<Policy, 'PolicyName' | 'Description' | 'Tags'> & { PolicyDocument: string };

export interface DescribedRole
  extends Pick<Role, 'RoleName' | 'Description' | 'AssumeRolePolicyDocument' | 'MaxSessionDuration' | 'Tags'> {
  Policies: PolicyRef[];
}

/** A description of which every member except the names may be absent. An absent member stays as it is. */
export interface WantedDescription {
  Account?: Wanted<DescribedAccount> | undefined;
  Users?: (Wanted<DescribedUser> & Pick<DescribedUser, 'UserName'>)[] | undefined;
  Groups?: (Wanted<DescribedGroup> & Pick<DescribedGroup, 'GroupName'>)[] | undefined;
  Policies?: (Wanted<DescribedPolicy> & Pick<DescribedPolicy, 'PolicyName'>)[] | undefined;
  Roles?: (Wanted<DescribedRole> & Pick<DescribedRole, 'RoleName'>)[] | undefined;
}

export type Wanted<T> = { [Member in keyof T]?: WantedValue<T[Member]> | undefined };
export type WantedValue<Value> = Value extends unknown[] ? Value : Value extends object ? Changes<Value> : Value;

/** The number of operations that run at the same time. On a remote directory, each of them is a request. */
const MAX_CONCURRENT_READS = 8;

/**
 * Reads the description of a directory. With `accessKeys`, it says which users have active AccessKeys. `openProgress` gets
 * the number of users and returns a function that is called after each of them.
 */
export async function readDescription(
  operations: Operations,
  { accessKeys, openProgress = async () => () => {} }: ReadOptions = {},
): Promise<Description> {
  const map = <T, R>(items: T[], work: (item: T) => Promise<R>) => mapConcurrently(items, MAX_CONCURRENT_READS, work);
  const Account = {
    AccountId: (await operations.getAccount()).AccountId,
    AccountAlias: (await operations.getAccountAlias()).AccountAlias,
    PasswordPolicy: await operations.getPasswordPolicy(),
    SecurityPreference: await operations.getSecurityPreference(),
  };
  const groupsByUser = new Map<string, string[]>();
  const Groups = await map(await operations.listGroups(), async ({ GroupName, DisplayName, Comments }) => {
    // An account has far fewer groups than users, so that this needs fewer requests than the groups of each user.
    for (const { UserName } of await operations.listUsersForGroup({ GroupName })) {
      groupsByUser.set(UserName, [...(groupsByUser.get(UserName) ?? []), GroupName]);
    }
    const Policies = toPolicyRefs(await operations.listPoliciesForGroup({ GroupName }));
    return { GroupName, DisplayName, Comments, Policies };
  });
  const Policies = await map(await operations.listPolicies({ PolicyType: 'Custom' }), async (policy) => {
    const { PolicyName, PolicyType, Description, DefaultVersion, Tags } = policy;
    // `getPolicy` is slower on a local directory, because it counts the attachments.
    const { PolicyDocument } = await operations.getPolicyVersion({ PolicyName, PolicyType, VersionId: DefaultVersion });
    return { PolicyName, Description, PolicyDocument, Tags: sortTags(Tags) };
  });
  const Roles = await map(await operations.listRoles(), async (role) => {
    const { RoleName, Description, AssumeRolePolicyDocument, MaxSessionDuration, Tags } = role;
    const attached = toPolicyRefs(await operations.listPoliciesForRole({ RoleName }));
    return {
      RoleName,
      Description,
      AssumeRolePolicyDocument,
      MaxSessionDuration,
      Policies: attached,
      Tags: sortTags(Tags),
    };
  });
  const users = await operations.listUsers();
  const onUserRead = await openProgress(users.length);
  const Users = await map(users, async ({ UserName, DisplayName, Comments, Email, MobilePhone, Tags }) => {
    const login = await findLoginProfile(operations, UserName);
    const attached = toPolicyRefs(await operations.listPoliciesForUser({ UserName }));
    const keys = accessKeys ? await operations.listAccessKeys({ UserName }) : undefined;
    onUserRead();
    return {
      UserName,
      DisplayName,
      Comments,
      Email,
      MobilePhone,
      LoginProfile: login && toDescribedLogon(login),
      ...(keys && { AccessKey: keys.some(({ Status }) => Status === 'Active') }),
      Groups: sortBy(groupsByUser.get(UserName) ?? [], foldCase),
      Policies: attached,
      Tags: sortTags(Tags),
    };
  });
  return {
    Account,
    Users: sortBy(Users, ({ UserName }) => foldCase(UserName)),
    Groups: sortBy(Groups, ({ GroupName }) => foldCase(GroupName)),
    Policies: sortBy(Policies, ({ PolicyName }) => foldCase(PolicyName)),
    Roles: sortBy(Roles, ({ RoleName }) => foldCase(RoleName)),
  };
}

export interface ReadOptions {
  accessKeys?: boolean | undefined;
  openProgress?: ((users: number) => Promise<() => void>) | undefined;
}

function toDescribedLogon({ Status, PasswordResetRequired, MFABindRequired }: LoginProfile): DescribedLogon {
  return { Status, PasswordResetRequired, MFABindRequired };
}

function toPolicyRefs(refs: PolicyRef[]): PolicyRef[] {
  return sortBy(
    refs.map(({ PolicyName, PolicyType }) => ({ PolicyName, PolicyType })),
    ({ PolicyName }) => foldCase(PolicyName),
  );
}

/** Returns the tags by key, without those that hold the state of a rotation. */
function sortTags(tags: ResourceTag[]): ResourceTag[] {
  const described = tags.filter(({ TagKey }) => !TagKey.startsWith(ROTATION_TAG_PREFIX));
  return sortBy(described, ({ TagKey }) => TagKey);
}

/** Returns a copy that is sorted by the UTF-16 codes of the keys, which is the same order on every machine. */
function sortBy<T>(items: T[], keyOf: (item: T) => string): T[] {
  return [...items].sort((left, right) => (keyOf(left) < keyOf(right) ? -1 : 1));
}
