import type { Clock } from '../core/clock.ts';
import type { GroupRef, PolicyNameRef, PolicyRef, RoleRef, TaggedType, UserRef } from '../core/directory.ts';
import { assertBelowQuota } from '../core/entity-checks.ts';
import { Failure } from '../core/failure.ts';
import { localDirectory } from '../core/local.ts';
import type { RandomSource } from '../core/random.ts';
import { foldCase } from '../core/state.ts';
import type { Store } from '../core/store.ts';
import type { Vault } from '../core/vault.ts';
import { ifExists } from './lazy-records.ts';
import type { RemoteOperations } from './operations.ts';
import { PartialCopy } from './partial-copy.ts';

/**
 * Runs `work` on a copy of a remote directory with the rules of a local directory. Before an operation runs, what it reads
 * is loaded. All changes are made on the copy and discarded.
 */
export async function runDry<T>(
  remote: RemoteOperations,
  { clock, random }: { clock: Clock; random: RandomSource },
  work: (copy: RemoteOperations) => Promise<T>,
): Promise<T> {
  const copy = new PartialCopy(remote, clock, random);
  const { state } = copy;
  const store: Store = {
    read: (read) => read(state),
    change: async (change) => ({ value: await change(state), records: [] }),
  };
  const local = localDirectory({ store, clock, random, vault: VAULT });
  let last: Promise<unknown> = Promise.resolve();
  const bind = (name: keyof RemoteOperations) => (input: never) => {
    const loaders: 'remote' | Loader<never>[] = LOADERS[name];
    if (loaders === 'remote') return (remote[name] as AnyOperation)(input);
    const loading = loadAll(copy, loaders, input);
    // `run` may await it later.
    loading.catch(() => {});
    const adjust = (ADJUSTMENTS as Record<string, AnyAdjustment | undefined>)[name];
    // Concurrent operations run in the order of their calls, so that the same one of several errors comes first.
    const run = async () => {
      await loading;
      const result = await (local[name] as AnyOperation)(input);
      return adjust ? adjust(copy, result as never, input) : result;
    };
    const result = last.then(run);
    last = result.catch(() => {});
    return result;
  };
  const names = Object.keys(LOADERS) as (keyof RemoteOperations)[];
  return work(Object.fromEntries(names.map((name) => [name, bind(name)])) as unknown as RemoteOperations);
}

async function loadAll(copy: PartialCopy, loaders: Loader<never>[], input: never): Promise<void> {
  await copy.loadAccount();
  for (const load of loaders) await load(copy, input);
}

type AnyOperation = (input: never) => Promise<unknown>;
type AnyAdjustment = (copy: PartialCopy, result: never, input: never) => unknown;

/** The copy has no secrets. */
const VAULT: Vault = {
  ensureKey: () => '',
  verifyKey: () => {},
  removeTempFiles: () => {},
  encrypt: () => '',
  decrypt: () => {
    throw new Failure('refused', 'NotSupported', 'a dry run cannot check the codes of an MFA device');
  },
};

/** Loads a part of what an operation reads. */
type Loader<Input> = (copy: PartialCopy, input: Input) => Promise<unknown>;

const user = (copy: PartialCopy, { UserName }: UserRef) => copy.users.loadOne(UserName);
const login = async (copy: PartialCopy, ref: UserRef) => copy.loadLoginProfile(await user(copy, ref));
const keys = async (copy: PartialCopy, ref: UserRef) => copy.loadAccessKeys(await user(copy, ref));
const device = async (copy: PartialCopy, ref: UserRef) => copy.loadDeviceOfUser(await user(copy, ref));
const allDevices = (copy: PartialCopy) => copy.devices.loadAll();
const group = (copy: PartialCopy, { GroupName }: GroupRef) => copy.groups.loadOne(GroupName);
const usersOfGroup = async (copy: PartialCopy, ref: GroupRef) => copy.loadUsersOfGroup(await group(copy, ref));
const groupsOfUser = async (copy: PartialCopy, ref: UserRef) => copy.loadGroupsOfUser(await user(copy, ref));
const role = (copy: PartialCopy, { RoleName }: RoleRef) => copy.roles.loadOne(RoleName);
const policy = (copy: PartialCopy, ref: PolicyRef) => copy.loadPolicy(ref);
const customPolicy = (copy: PartialCopy, { PolicyName }: PolicyNameRef) => copy.loadCustomPolicy(PolicyName);
const ownPolicy = (copy: PartialCopy, { PolicyName }: PolicyNameRef) => copy.policies.loadOne(PolicyName);
const versions = async (copy: PartialCopy, ref: PolicyNameRef) => copy.loadVersions(await ownPolicy(copy, ref));
const policiesOfUser = async (copy: PartialCopy, ref: UserRef) => copy.loadPoliciesOfUser(await user(copy, ref));
const policiesOfGroup = async (copy: PartialCopy, ref: GroupRef) => copy.loadPoliciesOfGroup(await group(copy, ref));
const policiesOfRole = async (copy: PartialCopy, ref: RoleRef) => copy.loadPoliciesOfRole(await role(copy, ref));
const passwordPolicy = (copy: PartialCopy) => copy.loadPasswordPolicy();
const securityPreference = (copy: PartialCopy) => copy.loadSecurityPreference();
const summary = (copy: PartialCopy) => copy.getSummary();

/** Loads the policies that a record of the copy has, with their descriptions. */
async function attachedPolicies(copy: PartialCopy, record: { Policies: PolicyRef[] } | undefined): Promise<void> {
  for (const ref of record?.Policies ?? []) await copy.loadPolicy(ref);
}

/** What each operation reads. `remote`: the operation runs on the remote directory. */
const LOADERS: { [Name in keyof RemoteOperations]: 'remote' | Loader<Parameters<RemoteOperations[Name]>[0]>[] } = {
  getCallerIdentity: 'remote',
  getCredentialReport: 'remote',
  verifyAccessKey: 'remote',
  getCaller: 'remote',
  getSessionCaller: 'remote',
  recordAccessKeyUse: [],
  assumeRole: [role],
  importSystemPolicies: [],

  getAccount: [],
  getAccountAlias: [],
  setAccountAlias: [],
  clearAccountAlias: [],
  getAccountSummary: [summary, allDevices],
  getPasswordPolicy: [passwordPolicy],
  setPasswordPolicy: [passwordPolicy],
  getSecurityPreference: [securityPreference],
  setSecurityPreference: [securityPreference],

  createUser: [user, summary],
  getUser: [user],
  updateUser: [user, (copy, { NewUserName }) => loadName(copy.users, NewUserName)],
  deleteUser: [groupsOfUser, keys, policiesOfUser, login, device],
  listUsers: [(copy) => copy.users.loadAll()],
  getUserName: [
    async (copy, input) => {
      const found = await ifExists(copy.remote.getUserName(input));
      if (found) await copy.loadAccessKeys(await copy.users.loadRemote(found.UserName));
    },
  ],

  createLoginProfile: [login, passwordPolicy],
  getLoginProfile: [login],
  updateLoginProfile: [login, passwordPolicy],
  deleteLoginProfile: [login],

  createAccessKey: [keys],
  listAccessKeys: [keys],
  updateAccessKey: [keys],
  deleteAccessKey: [keys],
  getAccessKeyLastUsed: [keys],

  createVirtualMFADevice: [allDevices],
  listVirtualMFADevices: [allDevices],
  deleteVirtualMFADevice: [allDevices],
  bindMFADevice: [device, allDevices],
  unbindMFADevice: [device],
  getUserMFAInfo: [device],

  createGroup: [group, summary],
  getGroup: [group],
  updateGroup: [group, (copy, { NewGroupName }) => loadName(copy.groups, NewGroupName)],
  deleteGroup: [usersOfGroup, policiesOfGroup],
  listGroups: [(copy) => copy.groups.loadAll()],
  addUserToGroup: [groupsOfUser, group],
  removeUserFromGroup: [groupsOfUser, group],
  listGroupsForUser: [groupsOfUser],
  listUsersForGroup: [usersOfGroup],

  createPolicy: [ownPolicy, (copy, { PolicyName }) => copy.hasSystemPolicy(PolicyName), summary],
  getPolicy: [policy],
  updatePolicyDescription: [customPolicy],
  deletePolicy: [
    customPolicy,
    versions,
    (copy, { PolicyName }) => copy.loadEntitiesForPolicy({ PolicyName, PolicyType: 'Custom' }),
  ],
  listPolicies: [
    async (copy, { PolicyType }) => {
      if (PolicyType !== 'System') await copy.policies.loadAll();
      if (PolicyType !== 'Custom') await copy.loadSystemPolicies();
    },
  ],
  createPolicyVersion: [customPolicy, versions],
  getPolicyVersion: [policy, versions],
  listPolicyVersions: [policy, versions],
  setDefaultPolicyVersion: [customPolicy, versions],
  deletePolicyVersion: [customPolicy, versions],

  listEntitiesForPolicy: [policy, (copy, ref) => copy.loadEntitiesForPolicy(ref)],
  attachPolicyToUser: [policiesOfUser, policy],
  detachPolicyFromUser: [policiesOfUser, policy],
  listPoliciesForUser: [policiesOfUser, async (copy, ref) => attachedPolicies(copy, await user(copy, ref))],
  attachPolicyToGroup: [policiesOfGroup, policy],
  detachPolicyFromGroup: [policiesOfGroup, policy],
  listPoliciesForGroup: [policiesOfGroup, async (copy, ref) => attachedPolicies(copy, await group(copy, ref))],
  attachPolicyToRole: [policiesOfRole, policy],
  detachPolicyFromRole: [policiesOfRole, policy],
  listPoliciesForRole: [policiesOfRole, async (copy, ref) => attachedPolicies(copy, await role(copy, ref))],

  createRole: [role, summary],
  getRole: [role],
  updateRole: [role],
  deleteRole: [policiesOfRole],
  listRoles: [(copy) => copy.roles.loadAll()],

  tagResources: [taggedEntities],
  untagResources: [taggedEntities],
  listTagResources: [taggedEntities],
};

async function loadName(records: { loadOne(name: string): Promise<unknown> }, name: string | undefined): Promise<void> {
  if (name !== undefined) await records.loadOne(name);
}

async function taggedEntities(copy: PartialCopy, input: { ResourceType: TaggedType; ResourceNames?: string[] }) {
  const { users, roles, policies } = copy;
  const records = { user: users, role: roles, policy: policies }[input.ResourceType];
  if (!input.ResourceNames) return records.loadAll();
  for (const name of input.ResourceNames) {
    if (input.ResourceType === 'policy') await copy.loadCustomPolicy(name);
    else await records.loadOne(name);
  }
}

type Adjustments = {
  [Name in keyof RemoteOperations]?: (
    copy: PartialCopy,
    result: Awaited<ReturnType<RemoteOperations[Name]>>,
    input: Parameters<RemoteOperations[Name]>[0],
  ) => unknown;
};

/** Corrects results that depend on records that were not loaded. */
const ADJUSTMENTS: Adjustments = {
  getPolicy: withAllAttachments,
  updatePolicyDescription: withAllAttachments,
  async listPolicies(copy, policies, { PolicyType }) {
    const counted = policies.map((each) => withAllAttachments(copy, each));
    if (PolicyType === 'Custom') return counted;
    const exists = await copy.loadSystemPolicies();
    return counted.filter((each) => each.PolicyType === 'Custom' || exists(each.PolicyName));
  },
  async getAccountSummary(copy, added) {
    const remote = await copy.getSummary();
    if (!remote) return added;
    return {
      ...remote,
      Users: remote.Users + added.Users,
      Groups: remote.Groups + added.Groups,
      Policies: remote.Policies + added.Policies,
      Roles: remote.Roles + added.Roles,
      MFADevices: remote.MFADevices + added.MFADevices,
      // All devices were loaded.
      MFADevicesInUse: added.MFADevicesInUse,
    };
  },
  createUser: (copy, created) => checkQuota(copy, 'Users', created.UserName, created),
  createGroup: (copy, created) => checkQuota(copy, 'Groups', created.GroupName, created),
  createPolicy: (copy, created) => checkQuota(copy, 'Policies', created.PolicyName, created),
  createRole: (copy, created) => checkQuota(copy, 'Roles', created.RoleName, created),
};

function withAllAttachments<T extends { PolicyName: string; AttachmentCount: number }>(copy: PartialCopy, each: T): T {
  return { ...each, AttachmentCount: each.AttachmentCount + copy.notLoadedAttachments(each.PolicyName) };
}

const QUOTA_NAMES = {
  Users: { entity: 'User', plural: 'users' },
  Groups: { entity: 'Group', plural: 'groups' },
  Policies: { entity: 'Policy', plural: 'custom policies' },
  Roles: { entity: 'Role', plural: 'roles' },
} as const;

/**
 * Returns what was created. The local rules do not know the count and the quota of the account. @throws Failure LimitExceeded.*
 */
async function checkQuota<T>(copy: PartialCopy, kind: keyof typeof QUOTA_NAMES, name: string, created: T): Promise<T> {
  const remote = await copy.getSummary();
  if (!remote) return created;
  const { entity, plural } = QUOTA_NAMES[kind];
  try {
    assertBelowQuota(remote[kind] + copy.state[kind].size - 1, remote[`${kind}Quota`], entity, plural);
    return created;
  } catch (error) {
    copy.state[kind].delete(foldCase(name));
    throw error;
  }
}
