import type { PolicyType } from '../core/state.ts';
import type { Action, Method } from './action.ts';
import { accountWide, boolean, fields, integer, oneOf, optional, type ParameterParser, text } from './parameters.ts';
import {
  accountResource,
  devicesResource,
  groupResource,
  groupsResource,
  memberResource,
  policiesResource,
  policyResource,
  targetResource,
  userResource,
  usersResource,
} from './resources.ts';
import { groupMembers, omitNull, pick, wrapList } from './responses.ts';

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
const requirements = { PasswordResetRequired: optional(boolean), MFABindRequired: optional(boolean) };

const NAMES = ['UserName', 'DisplayName', 'MobilePhone', 'Email', 'Comments'] as const;
const LOGIN = ['UserName', 'PasswordResetRequired', 'MFABindRequired', 'CreateDate'] as const;
const GROUP = ['GroupId', 'GroupName', 'Comments', 'CreateDate', 'UpdateDate'] as const;
const POLICY = ['PolicyName', 'PolicyType', 'Description', 'DefaultVersion', 'CreateDate'] as const;
const ATTACHED = ['PolicyName', 'PolicyType', 'Description', 'DefaultVersion', 'AttachDate'] as const;

export const ACTIONS: { readonly [M in Method]: Action<M> } = {
  createUser: {
    parameters: { ...userName, ...fields(optional(text), 'DisplayName', 'MobilePhone', 'Email', 'Comments') },
    resources: usersResource,
    response: (user) => ({ User: pick(user, 'UserId', ...NAMES, 'CreateDate') }),
  },
  getUser: {
    parameters: userName,
    resources: userResource,
    response: (user) => ({ User: pick(user, 'UserId', ...NAMES, 'CreateDate', 'UpdateDate', 'LastLoginDate') }),
  },
  updateUser: {
    parameters: {
      ...userName,
      ...fields(optional(text), 'NewUserName', 'NewDisplayName', 'NewMobilePhone', 'NewEmail', 'NewComments'),
    },
    resources: userResource,
    response: (user) => ({ User: pick(user, 'UserId', ...NAMES, 'CreateDate', 'UpdateDate') }),
  },
  deleteUser: { parameters: userName, resources: userResource },
  listUsers: {
    parameters: {},
    resources: usersResource,
    maxItems: 1000,
    response: (users, { page }) =>
      page(users, ['Users', 'User'], 'UserName', ['UserId', ...NAMES, 'CreateDate', 'UpdateDate']),
  },

  createLoginProfile: {
    parameters: { ...userName, Password: text, ...requirements },
    resources: userResource,
    response: (login) => ({ LoginProfile: pick(login, ...LOGIN) }),
  },
  getLoginProfile: {
    parameters: userName,
    resources: userResource,
    response: (login) => ({ LoginProfile: pick(login, ...LOGIN) }),
  },
  updateLoginProfile: {
    // RAM has no status of console logon, which IMS has.
    parameters: { ...userName, Password: optional(text), ...requirements, Status: () => undefined },
    resources: userResource,
  },
  deleteLoginProfile: { parameters: userName, resources: userResource },
  changePassword: {
    parameters: { ...userName, OldPassword: text, NewPassword: text },
    resources: userResource,
    caller: 'always',
  },

  createAccessKey: {
    parameters: userName,
    resources: userResource,
    caller: 'default',
    response: (AccessKey) => ({ AccessKey }),
  },
  listAccessKeys: {
    parameters: userName,
    resources: userResource,
    caller: 'default',
    response: (keys) => wrapList(keys, 'AccessKeys', 'AccessKey', 'AccessKeyId', 'Status', 'CreateDate'),
  },
  updateAccessKey: {
    parameters: { ...keyRef, Status: oneOf('Active', 'Inactive') },
    resources: userResource,
    caller: 'default',
  },
  deleteAccessKey: { parameters: keyRef, resources: userResource, caller: 'default' },
  getAccessKeyLastUsed: {
    parameters: keyRef,
    resources: userResource,
    caller: 'default',
    response: (used) => ({ AccessKeyLastUsed: pick(used, 'LastUsedDate') }),
  },

  createVirtualMFADevice: {
    parameters: { VirtualMFADeviceName: text },
    resources: devicesResource,
    response: async (device, { operations, qrCode }) => {
      const { AccountAlias } = await operations.getAccountAlias();
      const { AccountId } = await operations.getCallerIdentity();
      const QRCodePNG = qrCode(device, AccountAlias ?? AccountId);
      return { VirtualMFADevice: { ...device, QRCodePNG } };
    },
  },
  listVirtualMFADevices: {
    parameters: {},
    resources: devicesResource,
    response: (devices) =>
      wrapList(devices, 'VirtualMFADevices', 'VirtualMFADevice', 'SerialNumber', 'ActivateDate', 'User'),
  },
  deleteVirtualMFADevice: { parameters: { SerialNumber: text }, resources: ({ SerialNumber }) => [SerialNumber] },
  bindMFADevice: {
    parameters: { ...userName, SerialNumber: text, AuthenticationCode1: text, AuthenticationCode2: text },
    resources: userResource,
  },
  unbindMFADevice: { parameters: userName, resources: userResource, response: (MFADevice) => ({ MFADevice }) },
  getUserMFAInfo: {
    parameters: userName,
    resources: userResource,
    response: (device) => ({ MFADevice: pick(device, 'SerialNumber', 'Type') }),
  },

  createGroup: {
    parameters: { ...groupName, Comments: optional(text) },
    resources: groupsResource,
    response: (group) => ({ Group: pick(group, 'GroupId', 'GroupName', 'Comments', 'CreateDate') }),
  },
  getGroup: {
    parameters: groupName,
    resources: groupResource,
    response: (group) => ({ Group: pick(group, ...GROUP) }),
  },
  updateGroup: {
    parameters: { ...groupName, NewGroupName: optional(text), NewComments: optional(text) },
    resources: groupResource,
    response: (group) => ({ Group: pick(group, ...GROUP) }),
  },
  deleteGroup: { parameters: groupName, resources: groupResource },
  listGroups: {
    parameters: {},
    resources: groupsResource,
    maxItems: 100,
    response: (groups, { page }) => page(groups, ['Groups', 'Group'], 'GroupName', [...GROUP]),
  },
  addUserToGroup: { parameters: { ...userName, ...groupName }, resources: memberResource },
  removeUserFromGroup: { parameters: { ...userName, ...groupName }, resources: memberResource },
  listGroupsForUser: {
    parameters: userName,
    resources: userResource,
    response: (groups) => wrapList(groups, 'Groups', 'Group', 'GroupId', 'GroupName', 'Comments', 'JoinDate'),
  },
  listUsersForGroup: {
    parameters: groupName,
    resources: groupResource,
    maxItems: 1000,
    response: (members, { page }) =>
      page(members, ['Users', 'User'], 'UserName', ['UserName', 'DisplayName', 'JoinDate']),
  },

  createPolicy: {
    parameters: { ...policyName, PolicyDocument: text, Description: optional(text) },
    resources: policiesResource,
    response: (policy) => ({ Policy: pick(policy, ...POLICY) }),
  },
  getPolicy: {
    parameters: policyRef,
    resources: policyResource,
    response: async (policy, { operations }, ref) => {
      const version = await operations.getPolicyVersion({ ...ref, VersionId: policy.DefaultVersion });
      return {
        Policy: pick(policy, ...POLICY, 'UpdateDate', 'AttachmentCount'),
        DefaultPolicyVersion: omitNull(version),
      };
    },
  },
  updatePolicyDescription: {
    parameters: { ...policyName, NewDescription: optional(text) },
    resources: policyResource,
    response: (policy) => ({ Policy: pick(policy, ...POLICY, 'UpdateDate') }),
  },
  deletePolicy: {
    parameters: { ...policyName, CascadingDelete: optional(boolean) as ParameterParser<boolean> },
    resources: policyResource,
  },
  listPolicies: {
    parameters: { PolicyType: optional(policyType) as ParameterParser<PolicyType> },
    resources: policiesResource,
    maxItems: 1000,
    response: (policies, { page }) =>
      page(policies, ['Policies', 'Policy'], 'PolicyName', [...POLICY, 'UpdateDate', 'AttachmentCount']),
  },
  createPolicyVersion: {
    parameters: {
      ...policyName,
      PolicyDocument: text,
      SetAsDefault: optional(boolean),
      RotateStrategy: optional(oneOf('None', 'DeleteOldestNonDefaultVersionWhenLimitExceeded')),
    },
    resources: policyResource,
    response: (version) => ({ PolicyVersion: omitNull(version) }),
  },
  getPolicyVersion: {
    parameters: { ...policyRef, VersionId: text },
    resources: policyResource,
    response: (version) => ({ PolicyVersion: omitNull(version) }),
  },
  deletePolicyVersion: { parameters: { ...policyName, VersionId: text }, resources: policyResource },
  listPolicyVersions: {
    parameters: policyRef,
    resources: policyResource,
    response: (versions) => ({ PolicyVersions: { PolicyVersion: versions.map(omitNull) } }),
  },
  setDefaultPolicyVersion: { parameters: { ...policyName, VersionId: text }, resources: policyResource },

  attachPolicyToUser: { parameters: { ...attachment, ...userName }, resources: targetResource(userResource) },
  detachPolicyFromUser: { parameters: { ...attachment, ...userName }, resources: targetResource(userResource) },
  attachPolicyToGroup: { parameters: { ...attachment, ...groupName }, resources: targetResource(groupResource) },
  detachPolicyFromGroup: { parameters: { ...attachment, ...groupName }, resources: targetResource(groupResource) },
  listPoliciesForUser: {
    parameters: userName,
    resources: userResource,
    response: (held) => wrapList(held, 'Policies', 'Policy', ...ATTACHED),
  },
  listPoliciesForGroup: {
    parameters: groupName,
    resources: groupResource,
    response: (held) => wrapList(held, 'Policies', 'Policy', ...ATTACHED),
  },
  listEntitiesForPolicy: {
    parameters: policyRef,
    resources: policyResource,
    response: ({ Users, Groups }) => ({
      Users: { User: Users },
      Groups: { Group: Groups.map(omitNull) },
      Roles: { Role: [] },
    }),
  },

  setAccountAlias: { parameters: { AccountAlias: text }, resources: accountResource },
  getAccountAlias: { parameters: {}, resources: accountResource, response: (alias) => pick(alias, 'AccountAlias') },
  clearAccountAlias: { parameters: {}, resources: accountResource },
  setPasswordPolicy: {
    parameters: {
      ...fields(
        optional(integer),
        'MinimumPasswordLength',
        'MaxPasswordAge',
        'PasswordReusePrevention',
        'MaxLoginAttemps',
      ),
      ...fields(optional(boolean), 'RequireLowercaseCharacters', 'RequireUppercaseCharacters', 'RequireNumbers'),
      ...fields(optional(boolean), 'RequireSymbols', 'HardExpiry'),
    },
    resources: accountResource,
    response: (PasswordPolicy) => ({ PasswordPolicy }),
  },
  getPasswordPolicy: { parameters: {}, resources: accountResource, response: (PasswordPolicy) => ({ PasswordPolicy }) },
  setSecurityPreference: {
    parameters: {
      ...fields(optional(boolean), 'EnableSaveMFATicket', 'AllowUserToChangePassword'),
      ...fields(optional(boolean), 'AllowUserToManageAccessKeys', 'AllowUserToManageMFADevices'),
      LoginSessionDuration: optional(integer),
      LoginNetworkMasks: optional(text),
    },
    resources: accountResource,
    response: groupMembers,
  },
  getSecurityPreference: { parameters: {}, resources: accountResource, response: groupMembers },
};
