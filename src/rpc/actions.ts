import type { PolicyType } from '../core/state.ts';
import type { Action, Method } from './action.ts';
import { grouped, list, only, present } from './answers.ts';
import { accountWide, each, flag, oneOf, optional, type Reader, text, whole } from './parameters.ts';
import {
  onAccount,
  onDevices,
  onGroup,
  onGroups,
  onHolder,
  onMember,
  onPolicies,
  onPolicy,
  onUser,
  onUsers,
} from './resources.ts';

/*
 * RAM 2015-05-01 on the wire: for each operation of the waist how its input travels, what permission is needed on, and
 * what the answer looks like, lists in their two wrappers. The key is the action in lower camel case.
 */

const userName = { UserName: text };
const groupName = { GroupName: text };
const policyName = { PolicyName: text };
const policyType = oneOf('System', 'Custom');
const policyRef = { ...policyName, PolicyType: policyType };
const attachment = { ...policyName, PolicyType: accountWide(policyType) };
const keyRef = { ...userName, UserAccessKeyId: text };
const requirements = { PasswordResetRequired: optional(flag), MFABindRequired: optional(flag) };

const NAMES = ['UserName', 'DisplayName', 'MobilePhone', 'Email', 'Comments'] as const;
const LOGIN = ['UserName', 'PasswordResetRequired', 'MFABindRequired', 'CreateDate'] as const;
const GROUP = ['GroupId', 'GroupName', 'Comments', 'CreateDate', 'UpdateDate'] as const;
const POLICY = ['PolicyName', 'PolicyType', 'Description', 'DefaultVersion', 'CreateDate'] as const;
const ATTACHED = ['PolicyName', 'PolicyType', 'Description', 'DefaultVersion', 'AttachDate'] as const;

export const ACTIONS: { readonly [M in Method]: Action<M> } = {
  createUser: {
    takes: { ...userName, ...each(optional(text), 'DisplayName', 'MobilePhone', 'Email', 'Comments') },
    on: onUsers,
    answers: (user) => ({ User: only(user, 'UserId', ...NAMES, 'CreateDate') }),
  },
  getUser: {
    takes: userName,
    on: onUser,
    answers: (user) => ({ User: only(user, 'UserId', ...NAMES, 'CreateDate', 'UpdateDate', 'LastLoginDate') }),
  },
  updateUser: {
    takes: {
      ...userName,
      ...each(optional(text), 'NewUserName', 'NewDisplayName', 'NewMobilePhone', 'NewEmail', 'NewComments'),
    },
    on: onUser,
    answers: (user) => ({ User: only(user, 'UserId', ...NAMES, 'CreateDate', 'UpdateDate') }),
  },
  deleteUser: { takes: userName, on: onUser },
  listUsers: {
    takes: {},
    on: onUsers,
    most: 1000,
    answers: (users, { page }) =>
      page(users, ['Users', 'User'], 'UserName', ['UserId', ...NAMES, 'CreateDate', 'UpdateDate']),
  },

  createLoginProfile: {
    takes: { ...userName, Password: text, ...requirements },
    on: onUser,
    answers: (login) => ({ LoginProfile: only(login, ...LOGIN) }),
  },
  getLoginProfile: { takes: userName, on: onUser, answers: (login) => ({ LoginProfile: only(login, ...LOGIN) }) },
  updateLoginProfile: {
    // RAM has no status of console logon, which IMS has.
    takes: { ...userName, Password: optional(text), ...requirements, Status: () => undefined },
    on: onUser,
  },
  deleteLoginProfile: { takes: userName, on: onUser },
  changePassword: { takes: { ...userName, OldPassword: text, NewPassword: text }, on: onUser, caller: 'always' },

  createAccessKey: { takes: userName, on: onUser, caller: 'default', answers: (AccessKey) => ({ AccessKey }) },
  listAccessKeys: {
    takes: userName,
    on: onUser,
    caller: 'default',
    answers: (keys) => list(keys, 'AccessKeys', 'AccessKey', 'AccessKeyId', 'Status', 'CreateDate'),
  },
  updateAccessKey: { takes: { ...keyRef, Status: oneOf('Active', 'Inactive') }, on: onUser, caller: 'default' },
  deleteAccessKey: { takes: keyRef, on: onUser, caller: 'default' },
  getAccessKeyLastUsed: {
    takes: keyRef,
    on: onUser,
    caller: 'default',
    answers: (used) => ({ AccessKeyLastUsed: only(used, 'LastUsedDate') }),
  },

  createVirtualMFADevice: {
    takes: { VirtualMFADeviceName: text },
    on: onDevices,
    answers: async (device, { operations, qrCode }) => {
      const { AccountAlias } = await operations.getAccountAlias();
      const { AccountId } = await operations.getCallerIdentity();
      const QRCodePNG = qrCode(device, AccountAlias ?? AccountId);
      return { VirtualMFADevice: { ...device, QRCodePNG } };
    },
  },
  listVirtualMFADevices: {
    takes: {},
    on: onDevices,
    answers: (devices) =>
      list(devices, 'VirtualMFADevices', 'VirtualMFADevice', 'SerialNumber', 'ActivateDate', 'User'),
  },
  deleteVirtualMFADevice: { takes: { SerialNumber: text }, on: ({ SerialNumber }) => [SerialNumber] },
  bindMFADevice: {
    takes: { ...userName, SerialNumber: text, AuthenticationCode1: text, AuthenticationCode2: text },
    on: onUser,
  },
  unbindMFADevice: { takes: userName, on: onUser, answers: (MFADevice) => ({ MFADevice }) },
  getUserMFAInfo: {
    takes: userName,
    on: onUser,
    answers: (device) => ({ MFADevice: only(device, 'SerialNumber', 'Type') }),
  },

  createGroup: {
    takes: { ...groupName, Comments: optional(text) },
    on: onGroups,
    answers: (group) => ({ Group: only(group, 'GroupId', 'GroupName', 'Comments', 'CreateDate') }),
  },
  getGroup: { takes: groupName, on: onGroup, answers: (group) => ({ Group: only(group, ...GROUP) }) },
  updateGroup: {
    takes: { ...groupName, NewGroupName: optional(text), NewComments: optional(text) },
    on: onGroup,
    answers: (group) => ({ Group: only(group, ...GROUP) }),
  },
  deleteGroup: { takes: groupName, on: onGroup },
  listGroups: {
    takes: {},
    on: onGroups,
    most: 100,
    answers: (groups, { page }) => page(groups, ['Groups', 'Group'], 'GroupName', [...GROUP]),
  },
  addUserToGroup: { takes: { ...userName, ...groupName }, on: onMember },
  removeUserFromGroup: { takes: { ...userName, ...groupName }, on: onMember },
  listGroupsForUser: {
    takes: userName,
    on: onUser,
    answers: (groups) => list(groups, 'Groups', 'Group', 'GroupId', 'GroupName', 'Comments', 'JoinDate'),
  },
  listUsersForGroup: {
    takes: groupName,
    on: onGroup,
    most: 1000,
    answers: (members, { page }) =>
      page(members, ['Users', 'User'], 'UserName', ['UserName', 'DisplayName', 'JoinDate']),
  },

  createPolicy: {
    takes: { ...policyName, PolicyDocument: text, Description: optional(text) },
    on: onPolicies,
    answers: (policy) => ({ Policy: only(policy, ...POLICY) }),
  },
  getPolicy: {
    takes: policyRef,
    on: onPolicy,
    answers: async (policy, { operations }, ref) => {
      const version = await operations.getPolicyVersion({ ...ref, VersionId: policy.DefaultVersion });
      return {
        Policy: only(policy, ...POLICY, 'UpdateDate', 'AttachmentCount'),
        DefaultPolicyVersion: present(version),
      };
    },
  },
  updatePolicyDescription: {
    takes: { ...policyName, NewDescription: optional(text) },
    on: onPolicy,
    answers: (policy) => ({ Policy: only(policy, ...POLICY, 'UpdateDate') }),
  },
  deletePolicy: { takes: { ...policyName, CascadingDelete: optional(flag) as Reader<boolean> }, on: onPolicy },
  listPolicies: {
    takes: { PolicyType: optional(policyType) as Reader<PolicyType> },
    on: onPolicies,
    most: 1000,
    answers: (policies, { page }) =>
      page(policies, ['Policies', 'Policy'], 'PolicyName', [...POLICY, 'UpdateDate', 'AttachmentCount']),
  },
  createPolicyVersion: {
    takes: {
      ...policyName,
      PolicyDocument: text,
      SetAsDefault: optional(flag),
      RotateStrategy: optional(oneOf('None', 'DeleteOldestNonDefaultVersionWhenLimitExceeded')),
    },
    on: onPolicy,
    answers: (version) => ({ PolicyVersion: present(version) }),
  },
  getPolicyVersion: {
    takes: { ...policyRef, VersionId: text },
    on: onPolicy,
    answers: (version) => ({ PolicyVersion: present(version) }),
  },
  deletePolicyVersion: { takes: { ...policyName, VersionId: text }, on: onPolicy },
  listPolicyVersions: {
    takes: policyRef,
    on: onPolicy,
    answers: (versions) => ({ PolicyVersions: { PolicyVersion: versions.map(present) } }),
  },
  setDefaultPolicyVersion: { takes: { ...policyName, VersionId: text }, on: onPolicy },

  attachPolicyToUser: { takes: { ...attachment, ...userName }, on: onHolder(onUser) },
  detachPolicyFromUser: { takes: { ...attachment, ...userName }, on: onHolder(onUser) },
  attachPolicyToGroup: { takes: { ...attachment, ...groupName }, on: onHolder(onGroup) },
  detachPolicyFromGroup: { takes: { ...attachment, ...groupName }, on: onHolder(onGroup) },
  listPoliciesForUser: {
    takes: userName,
    on: onUser,
    answers: (held) => list(held, 'Policies', 'Policy', ...ATTACHED),
  },
  listPoliciesForGroup: {
    takes: groupName,
    on: onGroup,
    answers: (held) => list(held, 'Policies', 'Policy', ...ATTACHED),
  },
  listEntitiesForPolicy: {
    takes: policyRef,
    on: onPolicy,
    answers: ({ Users, Groups }) => ({
      Users: { User: Users },
      Groups: { Group: Groups.map(present) },
      Roles: { Role: [] },
    }),
  },

  setAccountAlias: { takes: { AccountAlias: text }, on: onAccount },
  getAccountAlias: { takes: {}, on: onAccount, answers: (alias) => only(alias, 'AccountAlias') },
  clearAccountAlias: { takes: {}, on: onAccount },
  setPasswordPolicy: {
    takes: {
      ...each(optional(whole), 'MinimumPasswordLength', 'MaxPasswordAge', 'PasswordReusePrevention', 'MaxLoginAttemps'),
      ...each(optional(flag), 'RequireLowercaseCharacters', 'RequireUppercaseCharacters', 'RequireNumbers'),
      ...each(optional(flag), 'RequireSymbols', 'HardExpiry'),
    },
    on: onAccount,
    answers: (PasswordPolicy) => ({ PasswordPolicy }),
  },
  getPasswordPolicy: { takes: {}, on: onAccount, answers: (PasswordPolicy) => ({ PasswordPolicy }) },
  setSecurityPreference: {
    takes: {
      ...each(optional(flag), 'EnableSaveMFATicket', 'AllowUserToChangePassword'),
      ...each(optional(flag), 'AllowUserToManageAccessKeys', 'AllowUserToManageMFADevices'),
      LoginSessionDuration: optional(whole),
      LoginNetworkMasks: optional(text),
    },
    on: onAccount,
    answers: grouped,
  },
  getSecurityPreference: { takes: {}, on: onAccount, answers: grouped },
};
