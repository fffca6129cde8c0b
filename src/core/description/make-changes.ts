import type { Directory, HashedPassword, NewAccessKey, Operations, PolicyRef, ResourceTag } from '../directory.ts';
import { Failure, isFailure } from '../failure.ts';
import { logonUrl } from '../logon-names.ts';
import { mapConcurrently } from '../map-concurrently.ts';
import { QUOTAS } from '../quotas.ts';
import type { TaggedType } from '../tag-operations.ts';
import { deleteGroups } from '../workflows/group.ts';
import { deleteCustomPolicy } from '../workflows/policy.ts';
import { deleteRoles } from '../workflows/role.ts';
import { deleteUsers } from '../workflows/user.ts';
import { type Change, type ChangeOf, withoutItems } from './plan.ts';

/** The secrets that a change has created, which are shown only this time. The logon name and page come with them. */
export interface NewSecrets {
  UserPrincipalName?: string;
  LogonUrl?: string;
  Password?: string;
  AccessKey?: NewAccessKey;
}

export type MadeChange = Change & NewSecrets;

/** After this many changes the event loop runs, so that the lock file is refreshed, as in `provisionUsers`. */
const CHANGES_PER_TURN = 100;

/** Returns whether a change creates console logon, which needs a password. */
export function createsLogon(change: Change): boolean {
  return change.Kind === 'User' && Boolean(change.After?.LoginProfile) && !change.Before?.LoginProfile;
}

export interface MakeOptions {
  /** Called after each new password. */
  onPassword?: () => void;
  /** Called after each change. */
  onChange?: () => void;
  /** Called in the transaction before the first change. If it throws, nothing is changed. */
  beforeChanges?: ((operations: Operations) => Promise<void>) | undefined;
  /** Returns the name of a changed entity for messages (default: `user alice`). */
  nameChange?: (change: Change) => string | Promise<string>;
}

/**
 * Makes all changes of a plan in one transaction. New console users get generated passwords. `beforeCommit` gets the
 * changes with the new secrets before the commit; if it throws, nothing is changed.
 * @throws as the operations do, with the name of the entity in the message
 */
export async function makeChanges(
  directory: Directory,
  changes: Change[],
  beforeCommit: (made: MadeChange[]) => void,
  {
    onPassword = () => {},
    onChange = () => {},
    beforeChanges = async () => {},
    nameChange = nameEntity,
  }: MakeOptions = {},
) {
  const passwords = await generatePasswords(directory, changes, onPassword);
  return directory.atomically(async (operations) => {
    await beforeChanges(operations);
    const made: MadeChange[] = [];
    for (const [index, change] of changes.entries()) {
      if (index % CHANGES_PER_TURN === CHANGES_PER_TURN - 1) await new Promise((next) => setImmediate(next));
      const secrets = await makeChange(operations, change, passwords.get(change)).catch(async (error: unknown) => {
        throw isFailure(error) ? addName(error, await nameChange(change)) : error;
      });
      made.push({ ...change, ...secrets });
      onChange();
    }
    beforeCommit(made);
    return made;
  });
}

/** Returns a failure that also names the entity. Not every message of an operation does. */
function addName({ kind, code, message, details }: Failure, name: string): Failure {
  return new Failure(kind, code, `${name}: ${message}`, details);
}

function nameEntity({ Kind, Name }: Change): string {
  return `${Kind.toLowerCase()} ${Name}`;
}

async function generatePasswords(directory: Directory, changes: Change[], onPassword: () => void) {
  const newLogons = changes.filter(createsLogon);
  if (newLogons.length === 0) return new Map<Change, HashedPassword>();
  const account = changes.find(({ Kind }) => Kind === 'Account') as ChangeOf<'Account'> | undefined;
  const policy = account?.After?.PasswordPolicy ?? (await directory.getPasswordPolicy());
  const passwords = await mapConcurrently(newLogons, async (change) => {
    const password = await directory.hashPassword(directory.generatePassword(policy));
    onPassword();
    return [change, password] as const;
  });
  return new Map(passwords);
}

async function makeChange(operations: Operations, change: Change, password?: HashedPassword): Promise<NewSecrets> {
  if (change.Kind === 'User') return changeUser(operations, change, password);
  if (change.Kind === 'Account') await changeAccount(operations, change);
  if (change.Kind === 'Policy') await changePolicy(operations, change);
  if (change.Kind === 'Group') await changeGroup(operations, change);
  if (change.Kind === 'Role') await changeRole(operations, change);
  return {};
}

async function changeAccount(operations: Operations, { After }: ChangeOf<'Account'>): Promise<void> {
  const { AccountAlias, PasswordPolicy, SecurityPreference } = After ?? {};
  if (AccountAlias) await operations.setAccountAlias({ AccountAlias });
  if (AccountAlias === null) await operations.clearAccountAlias();
  if (PasswordPolicy) await operations.setPasswordPolicy(PasswordPolicy);
  if (SecurityPreference) await operations.setSecurityPreference(SecurityPreference);
}

async function changePolicy(
  operations: Operations,
  { Name: PolicyName, Before, After }: ChangeOf<'Policy'>,
): Promise<void> {
  if (!After) {
    await deleteCustomPolicy(operations, PolicyName, true);
    return;
  }
  const { PolicyDocument, Description, Tags } = After;
  if (!Before) {
    const texts = { Description: Description ?? undefined, PolicyDocument: PolicyDocument ?? '' };
    await operations.createPolicy({ PolicyName, ...texts, Tag: toTags(Tags) });
    return;
  }
  if (PolicyDocument !== undefined) {
    const RotateStrategy = 'DeleteOldestNonDefaultVersionWhenLimitExceeded';
    await operations.createPolicyVersion({ PolicyName, PolicyDocument, SetAsDefault: true, RotateStrategy });
  }
  if (Description !== undefined) {
    await operations.updatePolicyDescription({ PolicyName, NewDescription: Description ?? '' });
  }
  await changeTags(operations, 'policy', PolicyName, Before.Tags, Tags);
}

async function changeGroup(
  operations: Operations,
  { Name: GroupName, Before, After }: ChangeOf<'Group'>,
): Promise<void> {
  if (!After) {
    await deleteGroups(operations, [GroupName], true);
    return;
  }
  const { Policies, ...texts } = After;
  if (!Before) await operations.createGroup({ GroupName, ...presentTexts(texts) });
  else if (Object.keys(texts).length > 0) await operations.updateGroup({ GroupName, ...newTexts(texts) });
  await changeItems(Before?.Policies, Policies, {
    remove: (ref) => operations.detachPolicyFromGroup({ ...ref, GroupName }),
    add: (ref) => operations.attachPolicyToGroup({ ...ref, GroupName }),
  });
}

async function changeRole(operations: Operations, { Name: RoleName, Before, After }: ChangeOf<'Role'>): Promise<void> {
  if (!After) {
    await deleteRoles(operations, [RoleName], true);
    return;
  }
  const { Description, AssumeRolePolicyDocument, MaxSessionDuration, Policies, Tags } = After;
  if (!Before) {
    await operations.createRole({
      RoleName,
      Description: Description ?? undefined,
      AssumeRolePolicyDocument: AssumeRolePolicyDocument ?? '',
      MaxSessionDuration,
      Tag: toTags(Tags),
    });
  } else {
    const changes = {
      NewDescription: Description === null ? '' : Description,
      NewAssumeRolePolicyDocument: AssumeRolePolicyDocument,
      NewMaxSessionDuration: MaxSessionDuration,
    };
    const hasChange = Object.values(changes).some((change) => change !== undefined);
    if (hasChange) await operations.updateRole({ RoleName, ...changes });
    await changeTags(operations, 'role', RoleName, Before.Tags, Tags);
  }
  await changeItems(Before?.Policies, Policies, {
    remove: (ref) => operations.detachPolicyFromRole({ ...ref, RoleName }),
    add: (ref) => operations.attachPolicyToRole({ ...ref, RoleName }),
  });
}

async function changeUser(
  operations: Operations,
  { Name: UserName, Before, After }: ChangeOf<'User'>,
  password: HashedPassword | undefined,
): Promise<NewSecrets> {
  if (!After) {
    await deleteUsers(operations, [UserName], true);
    return {};
  }
  const { LoginProfile, AccessKey: isKeyWanted, Groups, Policies, Tags, ...texts } = After;
  if (!Before) await operations.createUser({ UserName, ...presentTexts(texts), Tag: toTags(Tags) });
  else {
    if (Object.keys(texts).length > 0) await operations.updateUser({ UserName, ...newTexts(texts) });
    await changeTags(operations, 'user', UserName, Before.Tags, Tags);
  }
  await changeItems(Before?.Groups, Groups, {
    remove: (GroupName) => operations.removeUserFromGroup({ UserName, GroupName }),
    add: (GroupName) => operations.addUserToGroup({ UserName, GroupName }),
  });
  await changeItems(Before?.Policies, Policies, {
    remove: (ref) => operations.detachPolicyFromUser({ ...ref, UserName }),
    add: (ref) => operations.attachPolicyToUser({ ...ref, UserName }),
  });
  if (LoginProfile === null) await operations.deleteLoginProfile({ UserName });
  else if (LoginProfile && password)
    await operations.createLoginProfile({ UserName, ...LoginProfile, Password: password });
  else if (LoginProfile) await operations.updateLoginProfile({ UserName, ...LoginProfile });
  const AccessKey = isKeyWanted ? await operations.createAccessKey({ UserName }) : undefined;
  if (!password && !AccessKey) return {};
  const { UserPrincipalName } = await operations.getUser({ UserName });
  return {
    UserPrincipalName,
    ...(password && { LogonUrl: logonUrl(UserPrincipalName), Password: password.plaintext }),
    ...(AccessKey && { AccessKey }),
  };
}

type Texts = Record<string, string | null | undefined>;

/** Returns the texts of a new entity. */
function presentTexts(texts: Texts): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).flatMap(([name, text]) => (text ? [[name, text]] : [])));
}

/** Returns the parameters that change texts: `NewComments` for `Comments`. An empty text removes the present one. */
function newTexts(texts: Texts): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [`New${name}`, text ?? '']));
}

function toTags(tags: ResourceTag[] = []) {
  return tags.map(({ TagKey, TagValue }) => ({ Key: TagKey, Value: TagValue }));
}

async function changeTags(
  operations: Operations,
  ResourceType: TaggedType,
  name: string,
  before: ResourceTag[] = [],
  after?: ResourceTag[],
): Promise<void> {
  if (!after) return;
  const target = { ResourceType, ResourceNames: [name] };
  const kept = new Set(after.map(({ TagKey }) => TagKey));
  const TagKeys = before.map(({ TagKey }) => TagKey).filter((key) => !kept.has(key));
  // An entity with the most tags allowed cannot get a tag before one is removed.
  if (TagKeys.length > 0) await operations.untagResources({ ...target, TagKeys });
  const present = new Map(before.map(({ TagKey, TagValue }) => [TagKey, TagValue]));
  const changed = after.filter(({ TagKey, TagValue }) => present.get(TagKey) !== TagValue);
  if (changed.length > 0) await operations.tagResources({ ...target, Tag: toTags(changed) });
}

/** The smallest of RAM's quotas for groups and policies of one entity. */
const MAX_ITEMS = Math.min(QUOTAS.GroupsPerUser, ...Object.values(QUOTAS.AttachedPolicies));

/**
 * Adds the items that are only in `after`, and then removes those that are only in `before`, so that a caller can replace
 * its own policies. Items that could exceed a quota together are removed first.
 */
async function changeItems<T extends string | PolicyRef>(
  before: T[] = [],
  after: T[] | undefined,
  { remove, add }: Record<'remove' | 'add', (item: T) => Promise<void>>,
): Promise<void> {
  if (!after) return;
  const added = withoutItems(after, before);
  const isRemovedFirst = before.length + added.length > MAX_ITEMS;
  if (!isRemovedFirst) for (const item of added) await add(item);
  for (const item of withoutItems(before, after)) await remove(item);
  if (isRemovedFirst) for (const item of added) await add(item);
}
