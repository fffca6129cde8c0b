import type { Group, PolicyWithDocument, ResourceTag, Role, User } from '../core/directory.ts';
import type { GroupRecord, PolicyRecord, RoleRecord, SystemPolicyRecord, UserRecord } from '../core/state.ts';
import { assertValidGroupName, assertValidRoleName, assertValidUserName } from '../core/validation.ts';
import type { EntityKind } from './lazy-records.ts';
import type { RemoteOperations } from './operations.ts';

/*
 * How the results of operations become the records of a state. Keys, memberships and attachments are loaded separately.
 */

export function userKind(remote: RemoteOperations): EntityKind<User, UserRecord> {
  return {
    nameOf: ({ UserName }) => UserName,
    isValidName: (name) => passes(assertValidUserName, name),
    get: (UserName) => remote.getUser({ UserName }),
    list: () => remote.listUsers(),
    toRecord: ({ UserPrincipalName: _, Tags, ...user }) => {
      return { ...withoutNulls(user), ...toTags(Tags), AccessKeys: [], Groups: [], Policies: [] };
    },
  };
}

export function groupKind(remote: RemoteOperations): EntityKind<Group, GroupRecord> {
  return {
    nameOf: ({ GroupName }) => GroupName,
    isValidName: (name) => passes(assertValidGroupName, name),
    get: (GroupName) => remote.getGroup({ GroupName }),
    list: () => remote.listGroups(),
    toRecord: (group) => ({ ...withoutNulls(group), Policies: [] }),
  };
}

export function roleKind(remote: RemoteOperations): EntityKind<Role, RoleRecord> {
  return {
    nameOf: ({ RoleName }) => RoleName,
    isValidName: (name) => passes(assertValidRoleName, name),
    get: (RoleName) => remote.getRole({ RoleName }),
    list: () => remote.listRoles(),
    toRecord: ({ Arn: _, Tags, ...role }) => ({ ...withoutNulls(role), ...toTags(Tags), Policies: [] }),
  };
}

/** Returns whether a check accepts a name. Other names cannot exist and are not looked up. */
export function passes(assertValid: (name: string) => void, name: string): boolean {
  try {
    assertValid(name);
    return true;
  } catch {
    return false;
  }
}

type WithoutNulls<T> = { [Name in keyof T as null extends T[Name] ? never : Name]: T[Name] } & {
  [Name in keyof T as null extends T[Name] ? Name : never]?: NonNullable<T[Name]>;
};

/** Returns the members that are not null. */
export function withoutNulls<T extends object>(value: T): WithoutNulls<T> {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== null)) as WithoutNulls<T>;
}

/** Returns the member `Tags` of a record, which records without tags do not have. */
function toTags(tags: ResourceTag[]) {
  if (tags.length === 0) return {};
  return { Tags: Object.fromEntries(tags.map(({ TagKey, TagValue }) => [TagKey, TagValue])) };
}

/** Returns a record with the default version only. `loadVersions` adds the others. */
export function toPolicyRecord(policy: PolicyWithDocument): PolicyRecord {
  const { PolicyName, Description, DefaultVersion, PolicyDocument, Tags, CreateDate, UpdateDate } = policy;
  const dates = { CreateDate: CreateDate ?? '', UpdateDate: UpdateDate ?? CreateDate ?? '' };
  return {
    PolicyName,
    ...withoutNulls({ Description }),
    ...dates,
    DefaultVersion,
    LatestVersion: Number(DefaultVersion.slice(1)),
    Versions: [{ VersionId: DefaultVersion, PolicyDocument, CreateDate: dates.UpdateDate }],
    ...toTags(Tags),
  };
}

export function toSystemPolicyRecord(policy: PolicyWithDocument): SystemPolicyRecord {
  const { PolicyName, Description, CreateDate, UpdateDate, DefaultVersion, PolicyDocument } = policy;
  return { PolicyName, ...withoutNulls({ Description, CreateDate, UpdateDate }), DefaultVersion, PolicyDocument };
}
