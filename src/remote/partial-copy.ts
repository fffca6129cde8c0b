import type { Clock } from '../core/clock.ts';
import type {
  AccountSummary,
  Attachment,
  Group,
  MFADevice,
  PolicyRef,
  PolicyWithDocument,
  Role,
  User,
} from '../core/directory.ts';
import { notFoundFailure } from '../core/entity-checks.ts';
import { isFailure } from '../core/failure.ts';
import { findKnownPolicy } from '../core/policy/system-policies.ts';
import type { RandomSource } from '../core/random.ts';
import {
  type AttachmentRecord,
  createInitialState,
  foldCase,
  type GroupRecord,
  type MFADeviceRecord,
  NAME_MEMBERS,
  type PolicyRecord,
  type RoleRecord,
  type State,
  type UserRecord,
} from '../core/state.ts';
import { assertValidDeviceName, assertValidPolicyName } from '../core/validation.ts';
import { deviceNameOf } from '../core/workflows/mfa.ts';
import {
  groupKind,
  passes,
  roleKind,
  toPolicyRecord,
  toSystemPolicyRecord,
  userKind,
  withoutNulls,
} from './copied-records.ts';
import { CopiedRecords, forEachItem, ifExists, LazyRecords } from './lazy-records.ts';
import type { RemoteOperations } from './operations.ts';

/** How many users, groups and roles have a policy: in the remote directory, and of those that were loaded. */
type AttachmentCount = Record<'remote' | 'loaded', number>;

/**
 * A copy of those parts of a remote directory that were loaded, as the state of a local directory. It has no secrets and no
 * hashes. Loading something that does not exist is no error: the operation on the copy finds that out.
 */
export class PartialCopy {
  readonly state: State;
  readonly remote: RemoteOperations;
  readonly users: LazyRecords<User, UserRecord>;
  readonly groups: LazyRecords<Group, GroupRecord>;
  readonly policies: LazyRecords<PolicyWithDocument, PolicyRecord>;
  readonly roles: LazyRecords<Role, RoleRecord>;
  readonly devices: LazyRecords<MFADevice, MFADeviceRecord>;
  readonly #loading = new Map<string, Promise<unknown>>();
  readonly #attachmentCounts = new Map<string, AttachmentCount>();
  /** The names of the system policies that exist in the remote directory, as far as they were looked up. */
  readonly #systemPolicies = new Set<string>();

  constructor(remote: RemoteOperations, clock: Clock, random: RandomSource) {
    const Users = new CopiedRecords<UserRecord>(NAME_MEMBERS.Users);
    const Groups = new CopiedRecords<GroupRecord>(NAME_MEMBERS.Groups);
    const Policies = new CopiedRecords<PolicyRecord>(NAME_MEMBERS.Policies);
    const Roles = new CopiedRecords<RoleRecord>(NAME_MEMBERS.Roles);
    const MFADevices = new CopiedRecords<MFADeviceRecord>(NAME_MEMBERS.MFADevices);
    this.remote = remote;
    this.state = { ...createInitialState(clock, random), Users, Groups, Policies, Roles, MFADevices };
    this.users = new LazyRecords(Users, userKind(remote));
    this.groups = new LazyRecords(Groups, groupKind(remote));
    this.roles = new LazyRecords(Roles, roleKind(remote));
    this.policies = new LazyRecords(Policies, {
      nameOf: ({ PolicyName }) => PolicyName,
      isValidName: (name) => passes(assertValidPolicyName, name),
      get: (PolicyName) => this.#getPolicy({ PolicyName, PolicyType: 'Custom' }),
      list: () => this.#listCustomPolicies(),
      toRecord: toPolicyRecord,
    });
    this.devices = new LazyRecords(MFADevices, {
      nameOf: (device) => ('SerialNumber' in device ? deviceNameOf(device.SerialNumber) : device.VirtualMFADeviceName),
      isValidName: (name) => passes(assertValidDeviceName, name),
      list: () => remote.listVirtualMFADevices(),
      toRecord: (device) => this.#toDeviceRecord(device),
    });
  }

  /** Loads the names of the account, which every operation needs. */
  loadAccount(): Promise<void> {
    return this.#once('account', async () => {
      const { AccountId, DefaultDomain, CreateDate } = await this.remote.getAccount();
      const alias = DefaultDomain.replace(/\.onaliyun\.com$/, '');
      Object.assign(this.state.Account, { AccountId, CreateDate });
      if (alias !== AccountId) this.state.Account.AccountAlias = alias;
    });
  }

  loadPasswordPolicy(): Promise<void> {
    return this.#once('password policy', async () => {
      this.state.Account.PasswordPolicy = await this.remote.getPasswordPolicy();
    });
  }

  loadSecurityPreference(): Promise<void> {
    return this.#once('security preference', async () => {
      this.state.Account.SecurityPreference = await this.remote.getSecurityPreference();
    });
  }

  /** Returns the counts and quotas of the remote directory, or undefined if the caller may not read them. */
  getSummary(): Promise<AccountSummary | undefined> {
    return this.#once('summary', () =>
      this.remote.getAccountSummary().catch((error: unknown) => {
        if (isFailure(error) && error.kind === 'denied') return undefined;
        throw error;
      }),
    );
  }

  loadLoginProfile(of: UserRecord | undefined): Promise<void> {
    return this.users.loadPart(of, 'login', async (user, UserName) => {
      const login = await ifExists(this.remote.getLoginProfile({ UserName }));
      if (!login) return;
      const { Status, PasswordResetRequired, MFABindRequired, CreateDate } = login;
      const password = { PasswordHash: '', PasswordDate: CreateDate };
      user.LoginProfile = { Status, PasswordResetRequired, MFABindRequired, CreateDate, ...password };
    });
  }

  loadAccessKeys(of: UserRecord | undefined): Promise<void> {
    return this.users.loadPart(of, 'AccessKeys', async (user, UserName) => {
      const keys = await this.remote.listAccessKeys({ UserName });
      user.AccessKeys = keys.map((key) => ({ ...withoutNulls(key), SealedSecret: '' }));
    });
  }

  /** Loads the groups of a user. */
  loadGroupsOfUser(of: UserRecord | undefined): Promise<void> {
    return this.users.loadPart(of, 'groups', async (user, UserName) => {
      const groups = await this.remote.listGroupsForUser({ UserName });
      user.Groups = groups.map(({ GroupId, JoinDate }) => ({ GroupId, JoinDate }));
      await forEachItem(groups, ({ GroupName }) => this.groups.loadRemote(GroupName));
    });
  }

  /** Loads the users of a group. */
  loadUsersOfGroup(of: GroupRecord | undefined): Promise<void> {
    return this.groups.loadPart(of, 'users', async (_, GroupName) => {
      const users = await this.remote.listUsersForGroup({ GroupName });
      await forEachItem(users, async ({ UserName }) => this.loadGroupsOfUser(await this.users.loadRemote(UserName)));
    });
  }

  /** Loads the device that is bound to a user. */
  loadDeviceOfUser(of: UserRecord | undefined): Promise<void> {
    return this.users.loadPart(of, 'device', async ({ UserId, UserName, DisplayName = null }, remoteName) => {
      const device = await ifExists(this.remote.getUserMFAInfo({ UserName: remoteName }));
      if (device) this.devices.addLoaded({ ...device, User: { UserId, UserName, DisplayName } });
    });
  }

  loadPoliciesOfUser(of: UserRecord | undefined): Promise<void> {
    return this.users.loadPart(of, 'policies', async (user, UserName) => {
      user.Policies = this.#toAttachments(await this.remote.listPoliciesForUser({ UserName }));
    });
  }

  loadPoliciesOfGroup(of: GroupRecord | undefined): Promise<void> {
    return this.groups.loadPart(of, 'policies', async (group, GroupName) => {
      group.Policies = this.#toAttachments(await this.remote.listPoliciesForGroup({ GroupName }));
    });
  }

  loadPoliciesOfRole(of: RoleRecord | undefined): Promise<void> {
    return this.roles.loadPart(of, 'policies', async (role, RoleName) => {
      role.Policies = this.#toAttachments(await this.remote.listPoliciesForRole({ RoleName }));
    });
  }

  loadVersions(of: PolicyRecord | undefined): Promise<void> {
    return this.policies.loadPart(of, 'versions', async (policy, PolicyName) => {
      const versions = await this.remote.listPolicyVersions({ PolicyName, PolicyType: 'Custom' });
      policy.Versions = versions.map(({ VersionId, PolicyDocument, CreateDate }) => {
        return { VersionId, PolicyDocument, CreateDate: CreateDate ?? policy.CreateDate };
      });
      policy.LatestVersion = Math.max(...versions.map(({ VersionId }) => Number(VersionId.slice(1))));
    });
  }

  /** Loads a custom policy, or the system policy with the same name. */
  async loadCustomPolicy(name: string): Promise<void> {
    if (!(await this.policies.loadOne(name))) await this.hasSystemPolicy(name);
  }

  /** @throws Failure EntityNotExist.Policy if ramctl knows a system policy that the remote directory does not have */
  async loadPolicy({ PolicyName, PolicyType }: PolicyRef): Promise<void> {
    if (PolicyType === 'Custom') await this.policies.loadOne(PolicyName);
    else if (!(await this.hasSystemPolicy(PolicyName)) && findKnownPolicy(PolicyName))
      throw notFoundFailure('Policy', PolicyName);
  }

  /** Loads a system policy and returns whether it exists. Names that no policy can have are not looked up. */
  hasSystemPolicy(name: string): Promise<boolean> {
    return this.#once(`system policy ${foldCase(name)}`, async () => {
      if (!passes(assertValidPolicyName, name)) return true;
      const policy = await ifExists(this.#getPolicy({ PolicyName: name, PolicyType: 'System' }));
      if (!policy) return false;
      this.#systemPolicies.add(policy.PolicyName);
      const { DocumentSource } = policy;
      // ramctl has this document itself.
      if (DocumentSource === 'exact' || DocumentSource === 'approximate') return true;
      this.state.SystemPolicies.set(foldCase(policy.PolicyName), toSystemPolicyRecord(policy));
      return true;
    });
  }

  /** Loads the users, groups and roles that have a policy. */
  loadEntitiesForPolicy(ref: PolicyRef): Promise<void> {
    return this.#once(`entities of ${ref.PolicyType} ${foldCase(ref.PolicyName)}`, async () => {
      const { Users, Groups, Roles } = (await ifExists(this.remote.listEntitiesForPolicy(ref))) ?? {};
      await forEachItem(Users ?? [], async ({ UserName }) =>
        this.loadPoliciesOfUser(await this.users.loadRemote(UserName)),
      );
      await forEachItem(Groups ?? [], async ({ GroupName }) =>
        this.loadPoliciesOfGroup(await this.groups.loadRemote(GroupName)),
      );
      await forEachItem(Roles ?? [], async ({ RoleName }) =>
        this.loadPoliciesOfRole(await this.roles.loadRemote(RoleName)),
      );
    });
  }

  /** Loads all system policies. Returns whether the remote directory has a system policy with a name. */
  async loadSystemPolicies(): Promise<(name: string) => boolean> {
    await this.#once('system policies', async () => {
      const policies = await this.remote.listPolicies({ PolicyType: 'System' });
      await forEachItem(policies, async ({ PolicyName, DocumentSource, AttachmentCount }) => {
        this.#systemPolicies.add(PolicyName);
        this.#countAttachments(PolicyName).remote = AttachmentCount;
        if (DocumentSource !== 'exact' && DocumentSource !== 'approximate') await this.hasSystemPolicy(PolicyName);
      });
    });
    return (name) => this.#systemPolicies.has(name);
  }

  /** Returns how many users, groups and roles of the remote directory have the policy and were not loaded. */
  notLoadedAttachments(policyName: string): number {
    const { remote, loaded } = this.#countAttachments(policyName);
    return remote - loaded;
  }

  async #listCustomPolicies(): Promise<PolicyWithDocument[]> {
    const policies: PolicyWithDocument[] = [];
    await forEachItem(await this.remote.listPolicies({ PolicyType: 'Custom' }), async ({ PolicyName }) => {
      const policy = await ifExists(this.#getPolicy({ PolicyName, PolicyType: 'Custom' }));
      if (policy) policies.push(policy);
    });
    return policies;
  }

  async #getPolicy(ref: PolicyRef): Promise<PolicyWithDocument> {
    const policy = await this.remote.getPolicy(ref);
    this.#countAttachments(policy.PolicyName).remote = policy.AttachmentCount;
    return policy;
  }

  #toAttachments(attachments: Attachment[]): AttachmentRecord[] {
    return attachments.map(({ PolicyName, PolicyType, AttachDate }) => {
      this.#countAttachments(PolicyName).loaded += 1;
      return { PolicyName, PolicyType, AttachDate };
    });
  }

  #countAttachments(policyName: string): AttachmentCount {
    const count = this.#attachmentCounts.get(policyName) ?? { remote: 0, loaded: 0 };
    this.#attachmentCounts.set(policyName, count);
    return count;
  }

  /** The users of all devices are not loaded: only their names are needed to list the devices. */
  #toDeviceRecord({ SerialNumber, ActivateDate, User: user }: MFADevice): MFADeviceRecord {
    const CreateDate = ActivateDate ?? this.state.Account.CreateDate;
    const device = { VirtualMFADeviceName: deviceNameOf(SerialNumber), SealedSeed: '', CreateDate };
    if (!user) return device;
    const dates = { CreateDate, UpdateDate: CreateDate };
    this.users.addPartial({ ...withoutNulls(user), ...dates, AccessKeys: [], Groups: [], Policies: [] });
    return { ...device, Binding: { UserId: user.UserId, ActivateDate: CreateDate } };
  }

  #once<T>(key: string, load: () => Promise<T>): Promise<T> {
    const loading = this.#loading.get(key) ?? load();
    this.#loading.set(key, loading);
    return loading as Promise<T>;
  }
}
