import type { Clock } from '../core/clock.ts';
import type {
  GroupRef,
  MFASetupOperations,
  PolicyNameRef,
  PolicyRef,
  RoleRef,
  TaggedType,
  UserRef,
} from '../core/directory.ts';
import { assertBelowQuota } from '../core/entity-checks.ts';
import { Failure } from '../core/failure.ts';
import { localDirectory } from '../core/local.ts';
import type { RandomSource } from '../core/random.ts';
import { foldCase } from '../core/state.ts';
import type { Store } from '../core/store.ts';
import type { Vault } from '../core/vault.ts';
import type { RemoteOperations } from './inverse.ts';
import { ifExists } from './lazy-records.ts';
import { PartialCopy } from './partial-copy.ts';

/** The operations on a copy. Only it can set up an MFA device with a known key. */
export type CopyOperations = RemoteOperations & MFASetupOperations;

/**
 * Runs `work` on a copy of a remote directory with the rules of a local directory. Before an operation runs, what it reads
 * is loaded. All changes are made on the copy and discarded.
 */
export async function runDry<T>(
  remote: RemoteOperations,
  { clock, random }: { clock: Clock; random: RandomSource },
  work: (copy: CopyOperations) => Promise<T>,
): Promise<T> {
  const copy = new PartialCopy(remote, clock, random);
  const { state } = copy;
  const store: Store = {
    read: (read) => read(state),
    change: async (change) => ({ value: await change(state), records: [] }),
  };
  const local = localDirectory({ store, clock, random, vault: VAULT });
  const bind = (name: keyof CopyOperations) => async (input: never) => {
    const loaders: 'remote' | Loader<never>[] = LOADERS[name];
    if (loaders === 'remote') return (remote[name as keyof RemoteOperations] as AnyOperation)(input);
    await copy.loadAccount();
    for (const load of loaders) await load(copy, input);
    const result = await (local[name] as AnyOperation)(input);
    const adjust = (ADJUSTMENTS as Record<string, AnyAdjustment | undefined>)[name];
    return adjust ? adjust(copy, result as never, input) : result;
  };
  const names = Object.keys(LOADERS) as (keyof CopyOperations)[];
  return work(Object.fromEntries(names.map((name) => [name, bind(name)])) as unknown as CopyOperations);
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
const login = (copy: PartialCopy, { UserName }: UserRef) => copy.loadLoginProfile(UserName);
const keys = (copy: PartialCopy, { UserName }: UserRef) => copy.loadAccessKeys(UserName);
const device = (copy: PartialCopy, { UserName }: UserRef) => copy.loadDeviceOfUser(UserName);
const allDevices = (copy: PartialCopy) => copy.devices.loadAll();
const group = (copy: PartialCopy, { GroupName }: GroupRef) => copy.groups.loadOne(GroupName);
const usersOfGroup = (copy: PartialCopy, { GroupName }: GroupRef) => copy.loadUsersOfGroup(GroupName);
const groupsOfUser = (copy: PartialCopy, { UserName }: UserRef) => copy.loadGroupsOfUser(UserName);
const role = (copy: PartialCopy, { RoleName }: RoleRef) => copy.roles.loadOne(RoleName);
const policy = (copy: PartialCopy, ref: PolicyRef) => copy.loadPolicy(ref);
const customPolicy = (copy: PartialCopy, { PolicyName }: PolicyNameRef) => copy.loadCustomPolicy(PolicyName);
const versions = (copy: PartialCopy, { PolicyName }: PolicyNameRef) => copy.loadVersions(PolicyName);
const policiesOfUser = (copy: PartialCopy, { UserName }: UserRef) => copy.loadPoliciesOfUser(UserName);
const policiesOfGroup = (copy: PartialCopy, { GroupName }: GroupRef) => copy.loadPoliciesOfGroup(GroupName);
const policiesOfRole = (copy: PartialCopy, { RoleName }: RoleRef) => copy.loadPoliciesOfRole(RoleName);
const passwordPolicy = (copy: PartialCopy) => copy.loadPasswordPolicy();
const securityPreference = (copy: PartialCopy) => copy.loadSecurityPreference();
const summary = (copy: PartialCopy) => copy.getSummary();

/** Loads the policies that a record of the copy has, with their descriptions. */
async function attachedPolicies(copy: PartialCopy, record: { Policies: PolicyRef[] } | undefined): Promise<void> {
  for (const ref of record?.Policies ?? []) await copy.loadPolicy(ref);
}

/** What each operation reads. `remote`: the operation runs on the remote directory. */
const LOADERS: { [Name in keyof CopyOperations]: 'remote' | Loader<Parameters<CopyOperations[Name]>[0]>[] } = {
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
      if (found) await keys(copy, found);
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
  setUpMFADevice: [device, allDevices],

  createGroup: [group, summary],
  getGroup: [group],
  updateGroup: [group, (copy, { NewGroupName }) => loadName(copy.groups, NewGroupName)],
  deleteGroup: [usersOfGroup, policiesOfGroup],
  listGroups: [(copy) => copy.groups.loadAll()],
  addUserToGroup: [groupsOfUser, group],
  removeUserFromGroup: [groupsOfUser, group],
  listGroupsForUser: [groupsOfUser],
  listUsersForGroup: [usersOfGroup],

  createPolicy: [
    (copy, { PolicyName }) => copy.policies.loadOne(PolicyName),
    (copy, { PolicyName }) => copy.hasSystemPolicy(PolicyName),
    summary,
  ],
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
  [Name in keyof CopyOperations]?: (
    copy: PartialCopy,
    result: Awaited<ReturnType<CopyOperations[Name]>>,
    input: Parameters<CopyOperations[Name]>[0],
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
  async getAccountSummary(copy, local) {
    const remote = await copy.getSummary();
    if (!remote) return local;
    const { users, groups, policies, roles } = copy;
    return {
      ...remote,
      Users: remote.Users + users.addedCount,
      Groups: remote.Groups + groups.addedCount,
      Policies: remote.Policies + policies.addedCount,
      Roles: remote.Roles + roles.addedCount,
      MFADevices: local.MFADevices,
      MFADevicesInUse: local.MFADevicesInUse,
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
 * Returns what was created. The rules of the local directory count only what was loaded, so the count and the quota of the
 * account are checked here. @throws Failure LimitExceeded.*
 */
async function checkQuota<T>(copy: PartialCopy, kind: keyof typeof QUOTA_NAMES, name: string, created: T): Promise<T> {
  const remote = await copy.getSummary();
  if (!remote) return created;
  const { addedCount } = { Users: copy.users, Groups: copy.groups, Policies: copy.policies, Roles: copy.roles }[kind];
  const { entity, plural } = QUOTA_NAMES[kind];
  try {
    assertBelowQuota(remote[kind] + addedCount - 1, remote[`${kind}Quota`], entity, plural);
    return created;
  } catch (error) {
    copy.state[kind].delete(foldCase(name));
    throw error;
  }
}
