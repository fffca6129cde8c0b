import type {
  AccessKey,
  Operations,
  PolicyRef,
  RotationOperations,
  TaggedType,
  TagResource,
} from '../core/directory.ts';
import { type Blocker, Failure, isFailure } from '../core/failure.ts';
import { shellCommand } from '../core/shell-command.ts';
import { foldCase } from '../core/state.ts';

/** The operations of RAM's API. Rotations consist of them. */
export type RemoteOperations = Omit<Operations, keyof RotationOperations>;

/** Operations that change nothing, or that no remote directory supports. */
type UnrecordedName =
  | Extract<keyof RemoteOperations, `get${string}` | `list${string}`>
  | 'verifyAccessKey'
  | 'recordAccessKeyUse'
  | 'assumeRole'
  | 'importSystemPolicies';

export type ChangeName = Exclude<keyof RemoteOperations, UnrecordedName>;

/** A change that was made. */
export interface Change {
  Kind: Blocker['Kind'];
  /** What was changed, such as `LTAI5tExample of alice`. */
  Name: string;
  /** What happened to it, such as `created`. */
  Effect: string;
  /** The command that undoes the change or shows what to restore. Absent if the change cannot be undone. */
  Command?: string;
  /** Undoes the change. Absent if the change cannot be undone. */
  undo?: () => Promise<unknown>;
  /** For a change that cannot be undone: returns whether it was made, for the case that its answer was lost. */
  wasMade?: () => Promise<boolean>;
}

interface Prepared<Result> {
  /** Whether the state already was as the change makes it, so that a change without an answer must not be undone. */
  wasSo?: boolean;
  /** Returns what was changed. `result` is undefined if the answer was lost. */
  changes: (result: Result | undefined) => Change[];
}

interface Context {
  operations: RemoteOperations;
  /** Returns whether the running transaction has created this user, group, role or policy. */
  isNew: (kind: Blocker['Kind'], name: string) => boolean;
}

type Input<Name extends ChangeName> = Parameters<RemoteOperations[Name]>[0];
type Inverse<Name extends ChangeName> = (
  context: Context,
  input: Input<Name>,
) => Promise<Prepared<Awaited<ReturnType<RemoteOperations[Name]>>>>;

/** For each change, a function that reads the earlier state if the inverse needs it, and returns the inverse. */
export const INVERSES: { [Name in ChangeName]: Inverse<Name> } = {
  createUser: async ({ operations }, { UserName }) => ({
    wasSo: await exists(operations.getUser({ UserName })),
    changes: () => [
      undoable('User', UserName, 'created', shellCommand`ramctl user delete ${UserName} --cascade`, () =>
        operations.deleteUser({ UserName }),
      ),
    ],
  }),

  async updateUser({ operations }, input) {
    const before = await operations.getUser(input);
    const { UserName, NewUserName = UserName } = input;
    const earlier = selectEarlier(input, before);
    const command = renameCommand('user', NewUserName, UserName);
    const undo = () => operations.updateUser({ ...earlier, UserName: NewUserName });
    return { changes: () => [undoable('User', NewUserName, describeChange(earlier), command, undo)] };
  },

  deleteUser: async ({ operations }, { UserName }) => final('User', UserName, () => operations.getUser({ UserName })),

  createLoginProfile: async ({ operations, isNew }, { UserName }) => ({
    wasSo: !isNew('User', UserName) && (await exists(operations.getLoginProfile({ UserName }))),
    changes: () => [
      undoable('LoginProfile', UserName, 'created', shellCommand`ramctl login delete ${UserName}`, () =>
        operations.deleteLoginProfile({ UserName }),
      ),
    ],
  }),

  async updateLoginProfile({ operations }, { UserName, Password, ...input }) {
    if (Password) return { changes: () => [{ Kind: 'LoginProfile', Name: UserName, Effect: 'password changed' }] };
    const earlier = pick(await operations.getLoginProfile({ UserName }), input);
    const command = shellCommand`ramctl login get ${UserName}`;
    const undo = () => operations.updateLoginProfile({ ...earlier, UserName });
    return { changes: () => [undoable('LoginProfile', UserName, describeChange(earlier), command, undo)] };
  },

  deleteLoginProfile: async ({ operations }, { UserName }) =>
    final('LoginProfile', UserName, () => operations.getLoginProfile({ UserName })),

  async createAccessKey({ operations, isNew }, { UserName }) {
    const before = isNew('User', UserName) ? [] : await operations.listAccessKeys({ UserName });
    return {
      changes(key) {
        const listCommand = shellCommand`ramctl ak list ${UserName}`;
        const deleteNew = () => deleteNewKey(operations, UserName, before);
        if (!key) return [undoable('AccessKey', `of ${UserName}`, 'created', listCommand, deleteNew)];
        const { AccessKeyId: UserAccessKeyId } = key;
        const command = shellCommand`ramctl ak delete ${UserName} ${UserAccessKeyId} --force`;
        const undo = () => operations.deleteAccessKey({ UserName, UserAccessKeyId });
        return [undoable('AccessKey', `${UserAccessKeyId} of ${UserName}`, 'created', command, undo)];
      },
    };
  },

  async updateAccessKey({ operations }, { UserName, UserAccessKeyId, Status: wanted }) {
    const keys = await operations.listAccessKeys({ UserName });
    const { Status = wanted } = keys.find(({ AccessKeyId }) => AccessKeyId === UserAccessKeyId) ?? {};
    const verb = Status === 'Active' ? 'enable' : 'disable';
    const command = shellCommand`ramctl ak ${verb} ${UserName} ${UserAccessKeyId}`;
    const undo = () => operations.updateAccessKey({ UserName, UserAccessKeyId, Status });
    const effect = wanted === 'Active' ? 'enabled' : 'disabled';
    return {
      wasSo: Status === wanted,
      changes: () => [undoable('AccessKey', `${UserAccessKeyId} of ${UserName}`, effect, command, undo)],
    };
  },

  deleteAccessKey: async ({ operations }, { UserName, UserAccessKeyId }) =>
    final('AccessKey', `${UserAccessKeyId} of ${UserName}`, () =>
      operations.getAccessKeyLastUsed({ UserName, UserAccessKeyId }),
    ),

  async createVirtualMFADevice({ operations }, { VirtualMFADeviceName: name }) {
    const find = async () => {
      const devices = await operations.listVirtualMFADevices();
      return devices.find(({ SerialNumber }) => foldCase(SerialNumber).endsWith(foldCase(`:mfa/${name}`)));
    };
    return {
      wasSo: (await find()) !== undefined,
      changes: (created) => [
        undoable('MFADevice', name, 'created', shellCommand`ramctl mfa delete ${name}`, async () => {
          const device = created ?? (await find());
          if (device) await operations.deleteVirtualMFADevice({ SerialNumber: device.SerialNumber });
        }),
      ],
    };
  },

  deleteVirtualMFADevice: async ({ operations }, { SerialNumber }) => ({
    changes: () => [
      {
        ...deletion('MFADevice', SerialNumber),
        wasMade: async () =>
          !(await operations.listVirtualMFADevices()).some((device) => device.SerialNumber === SerialNumber),
      },
    ],
  }),

  bindMFADevice: async ({ operations }, { UserName, SerialNumber }) => ({
    wasSo: await exists(operations.getUserMFAInfo({ UserName })),
    changes: () => [
      undoable('MFADevice', SerialNumber, `bound to ${UserName}`, shellCommand`ramctl mfa disable ${UserName}`, () =>
        operations.unbindMFADevice({ UserName }),
      ),
    ],
  }),

  unbindMFADevice: async ({ operations }, { UserName }) => ({
    changes: (device) => [
      {
        Kind: 'MFADevice',
        Name: device?.SerialNumber ?? `of ${UserName}`,
        Effect: 'unbound',
        wasMade: async () => !(await exists(operations.getUserMFAInfo({ UserName }))),
      },
    ],
  }),

  createGroup: async ({ operations }, { GroupName }) => ({
    wasSo: await exists(operations.getGroup({ GroupName })),
    changes: () => [
      undoable('Group', GroupName, 'created', shellCommand`ramctl group delete ${GroupName} --cascade`, () =>
        operations.deleteGroup({ GroupName }),
      ),
    ],
  }),

  async updateGroup({ operations }, input) {
    const before = await operations.getGroup(input);
    const { GroupName, NewGroupName = GroupName } = input;
    const earlier = selectEarlier(input, before);
    const command = renameCommand('group', NewGroupName, GroupName);
    const undo = () => operations.updateGroup({ ...earlier, GroupName: NewGroupName });
    return { changes: () => [undoable('Group', NewGroupName, describeChange(earlier), command, undo)] };
  },

  deleteGroup: async ({ operations }, { GroupName }) =>
    final('Group', GroupName, () => operations.getGroup({ GroupName })),

  addUserToGroup: async (context, { UserName, GroupName }) => ({
    wasSo: await isMember(context, UserName, GroupName),
    changes: () => [
      undoable(
        'Group',
        GroupName,
        `${UserName} added`,
        shellCommand`ramctl group remove ${GroupName} ${UserName}`,
        () => context.operations.removeUserFromGroup({ UserName, GroupName }),
      ),
    ],
  }),

  removeUserFromGroup: async (context, { UserName, GroupName }) => ({
    wasSo: !(await isMember(context, UserName, GroupName)),
    changes: () => [
      undoable('Group', GroupName, `${UserName} removed`, shellCommand`ramctl group add ${GroupName} ${UserName}`, () =>
        context.operations.addUserToGroup({ UserName, GroupName }),
      ),
    ],
  }),

  createPolicy: async ({ operations }, { PolicyName }) => ({
    wasSo: await exists(operations.getPolicy({ PolicyName, PolicyType: 'Custom' })),
    changes: () => [
      undoable('Policy', PolicyName, 'created', shellCommand`ramctl policy delete ${PolicyName} --cascade`, () =>
        operations.deletePolicy({ PolicyName, CascadingDelete: true }),
      ),
    ],
  }),

  async updatePolicyDescription({ operations }, { PolicyName }) {
    const { Description } = await operations.getPolicy({ PolicyName, PolicyType: 'Custom' });
    const command = shellCommand`ramctl policy get ${PolicyName}`;
    const undo = () => operations.updatePolicyDescription({ PolicyName, NewDescription: Description ?? '' });
    return { changes: () => [undoable('Policy', PolicyName, describeChange({ Description }), command, undo)] };
  },

  deletePolicy: async ({ operations }, { PolicyName }) =>
    final('Policy', PolicyName, () => operations.getPolicy({ PolicyName, PolicyType: 'Custom' })),

  async createPolicyVersion({ operations }, { PolicyName, SetAsDefault, RotateStrategy }) {
    const list = () => operations.listPolicyVersions({ PolicyName, PolicyType: 'Custom' });
    const before = await list();
    const earlier = before.find(({ IsDefaultVersion }) => IsDefaultVersion)?.VersionId;
    const isNew = (id: string) => !before.some(({ VersionId }) => VersionId === id);
    const findRemoved = async () => {
      const present = await list();
      return before.find(({ VersionId }) => !present.some((version) => version.VersionId === VersionId));
    };
    const mayRotate = RotateStrategy !== undefined && RotateStrategy !== 'None';
    const removed =
      mayRotate && before.length >= 5 ? before.find(({ IsDefaultVersion }) => !IsDefaultVersion) : undefined;
    return {
      changes(created) {
        const name = `${created?.VersionId ?? 'a new version'} of ${PolicyName}`;
        const command = SetAsDefault
          ? shellCommand`ramctl policy set-default ${PolicyName} ${earlier}`
          : shellCommand`ramctl policy versions ${PolicyName}`;
        const undo = async () => {
          const VersionId = created?.VersionId ?? (await list()).map((version) => version.VersionId).find(isNew);
          if (SetAsDefault && earlier) await operations.setDefaultPolicyVersion({ PolicyName, VersionId: earlier });
          if (VersionId) await operations.deletePolicyVersion({ PolicyName, VersionId });
        };
        const deleted = removed && {
          ...deletion('Policy', `${removed.VersionId} of ${PolicyName}`),
          wasMade: async () => (await findRemoved()) !== undefined,
        };
        return [...(deleted ? [deleted] : []), undoable('Policy', name, 'created', command, undo)];
      },
    };
  },

  async setDefaultPolicyVersion({ operations }, { PolicyName }) {
    const { DefaultVersion: VersionId } = await operations.getPolicy({ PolicyName, PolicyType: 'Custom' });
    const command = shellCommand`ramctl policy set-default ${PolicyName} ${VersionId}`;
    const undo = () => operations.setDefaultPolicyVersion({ PolicyName, VersionId });
    return { changes: () => [undoable('Policy', PolicyName, 'default version changed', command, undo)] };
  },

  deletePolicyVersion: async ({ operations }, { PolicyName, VersionId }) =>
    final('Policy', `${VersionId} of ${PolicyName}`, () =>
      operations.getPolicyVersion({ PolicyName, PolicyType: 'Custom', VersionId }),
    ),

  attachPolicyToUser: (context, { UserName, ...ref }) => attachment(context, 'User', UserName, ref, 'attach'),
  detachPolicyFromUser: (context, { UserName, ...ref }) => attachment(context, 'User', UserName, ref, 'detach'),
  attachPolicyToGroup: (context, { GroupName, ...ref }) => attachment(context, 'Group', GroupName, ref, 'attach'),
  detachPolicyFromGroup: (context, { GroupName, ...ref }) => attachment(context, 'Group', GroupName, ref, 'detach'),
  attachPolicyToRole: (context, { RoleName, ...ref }) => attachment(context, 'Role', RoleName, ref, 'attach'),
  detachPolicyFromRole: (context, { RoleName, ...ref }) => attachment(context, 'Role', RoleName, ref, 'detach'),

  createRole: async ({ operations }, { RoleName }) => ({
    wasSo: await exists(operations.getRole({ RoleName })),
    changes: () => [
      undoable('Role', RoleName, 'created', shellCommand`ramctl role delete ${RoleName} --cascade`, () =>
        operations.deleteRole({ RoleName }),
      ),
    ],
  }),

  async updateRole({ operations }, input) {
    const { RoleName } = input;
    const earlier = selectEarlier(input, await operations.getRole({ RoleName }));
    const undo = () => operations.updateRole({ ...earlier, RoleName });
    const command = shellCommand`ramctl role get ${RoleName}`;
    return { changes: () => [undoable('Role', RoleName, describeChange(earlier), command, undo)] };
  },

  deleteRole: async ({ operations }, { RoleName }) => final('Role', RoleName, () => operations.getRole({ RoleName })),

  async tagResources({ operations }, { ResourceType, ResourceNames, Tag }) {
    const before = await operations.listTagResources({ ResourceType, ResourceNames });
    return {
      changes: () =>
        ResourceNames.map((name) => {
          const keys = Tag.map(({ Key }) => Key);
          const earlier = tagsOf(before, name).filter(({ Key }) => keys.includes(Key));
          const added = keys.filter((key) => !earlier.some(({ Key }) => Key === key));
          return tagChange(ResourceType, name, earlier, async () => {
            const target = { ResourceType, ResourceNames: [name] };
            if (earlier.length > 0) await operations.tagResources({ ...target, Tag: earlier });
            if (added.length > 0) await operations.untagResources({ ...target, TagKeys: added });
          });
        }),
    };
  },

  async untagResources({ operations }, { ResourceType, ResourceNames, TagKeys }) {
    const before = await operations.listTagResources({ ResourceType, ResourceNames });
    return {
      changes: () =>
        ResourceNames.flatMap((name) => {
          const Tag = tagsOf(before, name).filter(({ Key }) => !TagKeys || TagKeys.includes(Key));
          if (Tag.length === 0) return [];
          const undo = () => operations.tagResources({ ResourceType, ResourceNames: [name], Tag });
          return [tagChange(ResourceType, name, Tag, undo)];
        }),
    };
  },

  setAccountAlias: ({ operations }) => accountAlias(operations),
  clearAccountAlias: ({ operations }) => accountAlias(operations),

  async setPasswordPolicy({ operations }, input) {
    const earlier = pick(await operations.getPasswordPolicy(), input);
    const undo = () => operations.setPasswordPolicy(earlier);
    return {
      changes: () => [
        undoable('Account', 'password policy', describeChange(earlier), 'ramctl account settings get', undo),
      ],
    };
  },

  async setSecurityPreference({ operations }, input) {
    const earlier = pick(await operations.getSecurityPreference(), input);
    const undo = () => operations.setSecurityPreference(earlier);
    return {
      changes: () => [
        undoable('Account', 'security preference', describeChange(earlier), 'ramctl account settings get', undo),
      ],
    };
  },
};

function undoable(
  Kind: Change['Kind'],
  Name: string,
  Effect: string,
  Command: string,
  undo: () => Promise<unknown>,
): Change {
  return { Kind, Name, Effect, Command, undo };
}

function deletion(Kind: Change['Kind'], Name: string): Change {
  return { Kind, Name, Effect: 'deleted' };
}

/** Returns the inverse of a deletion, which has none. `look` reads what was deleted. */
function final(Kind: Change['Kind'], Name: string, look: () => Promise<unknown>) {
  return { changes: () => [{ ...deletion(Kind, Name), wasMade: async () => !(await exists(look())) }] };
}

/**
 * Returns whether a lookup finds something. If it is refused or denied, it may exist: what exists already must not be
 * deleted by mistake. @throws Failure `later`, `broken`
 */
async function exists(lookup: Promise<unknown>): Promise<boolean> {
  try {
    await lookup;
    return true;
  } catch (error) {
    if (!isFailure(error) || error.kind === 'later' || error.kind === 'broken') throw error;
    return error.kind !== 'missing';
  }
}

/** Deletes the key that did not exist before. If there are several, the one of another process is unknown. */
async function deleteNewKey(operations: RemoteOperations, UserName: string, before: AccessKey[]): Promise<void> {
  const keys = await operations.listAccessKeys({ UserName });
  const [key, ...others] = keys.filter((each) => !before.some(({ AccessKeyId }) => AccessKeyId === each.AccessKeyId));
  if (others.length > 0) throw new Failure('later', 'ChangedMeanwhile', `${UserName} got several new AccessKeys`);
  if (key) await operations.deleteAccessKey({ UserName, UserAccessKeyId: key.AccessKeyId });
}

/** Returns the members of `before` that `input` changes. */
function pick<T extends object>(before: T, input: object): Partial<T> {
  const isChanged = ([name]: [string, unknown]) => input[name as keyof typeof input] !== undefined;
  return Object.fromEntries(Object.entries(before).filter(isChanged)) as Partial<T>;
}

/** Returns the earlier value of each member `New…` of `input`. An absent text is empty, because that removes it. */
function selectEarlier(input: object, before: object): Record<string, never> {
  const members = Object.entries(input).filter(([name, value]) => name.startsWith('New') && value !== undefined);
  const earlierOf = (name: string) => before[name.slice('New'.length) as keyof typeof before] ?? '';
  return Object.fromEntries(members.map(([name]) => [name, earlierOf(name) as never]));
}

function renameCommand(noun: string, name: string, earlierName: string): string {
  if (name === earlierName) return shellCommand`ramctl ${noun} get ${name}`;
  return shellCommand`ramctl ${noun} edit ${name} --name ${earlierName}`;
}

function describeChange(earlier: object): string {
  return `changed; before: ${JSON.stringify(earlier)}`;
}

async function isMember({ operations, isNew }: Context, UserName: string, groupName: string): Promise<boolean> {
  if (isNew('User', UserName) || isNew('Group', groupName)) return false;
  const groups = await operations.listGroupsForUser({ UserName });
  return groups.some(({ GroupName }) => foldCase(GroupName) === foldCase(groupName));
}

const ATTACHMENT_METHODS = {
  User: (operations: RemoteOperations, UserName: string) => ({
    attach: (ref: PolicyRef) => operations.attachPolicyToUser({ ...ref, UserName }),
    detach: (ref: PolicyRef) => operations.detachPolicyFromUser({ ...ref, UserName }),
    list: () => operations.listPoliciesForUser({ UserName }),
  }),
  Group: (operations: RemoteOperations, GroupName: string) => ({
    attach: (ref: PolicyRef) => operations.attachPolicyToGroup({ ...ref, GroupName }),
    detach: (ref: PolicyRef) => operations.detachPolicyFromGroup({ ...ref, GroupName }),
    list: () => operations.listPoliciesForGroup({ GroupName }),
  }),
  Role: (operations: RemoteOperations, RoleName: string) => ({
    attach: (ref: PolicyRef) => operations.attachPolicyToRole({ ...ref, RoleName }),
    detach: (ref: PolicyRef) => operations.detachPolicyFromRole({ ...ref, RoleName }),
    list: () => operations.listPoliciesForRole({ RoleName }),
  }),
};

async function attachment(
  { operations, isNew }: Context,
  kind: keyof typeof ATTACHMENT_METHODS,
  name: string,
  { PolicyName, PolicyType }: PolicyRef,
  change: 'attach' | 'detach',
) {
  const { list, attach, detach } = ATTACHMENT_METHODS[kind](operations, name);
  const isSame = (other: PolicyRef) => foldCase(other.PolicyName) === foldCase(PolicyName);
  const isAttached = !isNew(kind, name) && (await list()).some(isSame);
  const opposite = change === 'attach' ? 'detach' : 'attach';
  const command = shellCommand`ramctl policy ${opposite} ${PolicyName} --${kind.toLowerCase()} ${name}`;
  const undo = () => (change === 'attach' ? detach : attach)({ PolicyName, PolicyType });
  return {
    wasSo: isAttached === (change === 'attach'),
    changes: () => [
      undoable('Policy', PolicyName, `${change}ed ${change === 'attach' ? 'to' : 'from'} ${name}`, command, undo),
    ],
  };
}

/** Returns the tags of one entity as requests have them. */
function tagsOf(tags: TagResource[], name: string): { Key: string; Value: string }[] {
  const own = tags.filter(({ ResourceName }) => foldCase(ResourceName) === foldCase(name));
  return own.map(({ TagKey, TagValue }) => ({ Key: TagKey, Value: TagValue }));
}

function tagChange(type: TaggedType, name: string, earlier: object[], undo: () => Promise<unknown>): Change {
  const kind = ({ user: 'User', role: 'Role', policy: 'Policy' } as const)[type];
  return undoable(kind, name, `tags ${describeChange(earlier)}`, shellCommand`ramctl ${type} get ${name}`, undo);
}

async function accountAlias(operations: RemoteOperations) {
  const { AccountAlias } = await operations.getAccountAlias();
  const undo = () =>
    AccountAlias === null ? operations.clearAccountAlias() : operations.setAccountAlias({ AccountAlias });
  const command = `ramctl account alias ${AccountAlias ?? '--clear'}`;
  return { changes: () => [undoable('Account', 'alias', 'changed', command, undo)] };
}
