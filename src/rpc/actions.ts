import type { PolicyType } from '../core/state.ts';
import type { Action, Method } from './action.ts';
import { accountWide, boolean, fields, integer, oneOf, optional, type ParameterParser, text } from './parameters.ts';
import { groupPreferences, wrap, wrapList } from './responses.ts';

/*
 * The actions of RAM 2015-05-01: parameters, resources that need permission (RAM help, "RAM authentication rules"), and
 * responses.
 */

const userName = { UserName: text };
const groupName = { GroupName: text };
const policyName = { PolicyName: text };
const policyType = oneOf('System', 'Custom');
const attachment = { ...policyName, PolicyType: accountWide(policyType) };
const keyId = { ...userName, UserAccessKeyId: text };
const requirements = { PasswordResetRequired: optional(boolean), MFABindRequired: optional(boolean) };

const onUser = { parameters: userName, resources: ['user/{UserName}'] } as const;
const onUsers = { parameters: {}, resources: ['user/*'] } as const;
const onKey = { parameters: keyId, resources: ['user/{UserName}'], caller: 'default' } as const;
const onGroup = { parameters: groupName, resources: ['group/{GroupName}'] } as const;
const onGroups = { parameters: {}, resources: ['group/*'] } as const;
const onMembership = {
  parameters: { ...userName, ...groupName },
  resources: ['user/{UserName}', 'group/{GroupName}'],
} as const;
const onPolicy = { parameters: { ...policyName, PolicyType: policyType }, resources: ['policy/{PolicyName}'] } as const;
const onVersion = { parameters: { ...policyName, VersionId: text }, resources: ['policy/{PolicyName}'] } as const;
const onPolicyOfUser = {
  parameters: { ...attachment, ...userName },
  resources: ['user/{UserName}', 'policy/{PolicyName}'],
} as const;
const onPolicyOfGroup = {
  parameters: { ...attachment, ...groupName },
  resources: ['group/{GroupName}', 'policy/{PolicyName}'],
} as const;
const onDevices = { parameters: {}, resources: ['mfa/*'] } as const;
const onAccount = { parameters: {}, resources: ['*'] } as const;

const PROFILE = ['UserName', 'DisplayName', 'MobilePhone', 'Email', 'Comments'] as const;
const LOGIN = ['UserName', 'PasswordResetRequired', 'MFABindRequired', 'CreateDate'] as const;
const GROUP = ['GroupId', 'GroupName', 'Comments', 'CreateDate', 'UpdateDate'] as const;
const POLICY = ['PolicyName', 'PolicyType', 'Description', 'DefaultVersion', 'CreateDate'] as const;
const ATTACHED = ['PolicyName', 'PolicyType', 'Description', 'DefaultVersion', 'AttachDate'] as const;

export const ACTIONS: { readonly [M in Method]: Action<M> } = {
  createUser: {
    ...onUsers,
    parameters: { ...userName, ...fields(optional(text), 'DisplayName', 'MobilePhone', 'Email', 'Comments') },
    response: wrap('User', 'UserId', ...PROFILE, 'CreateDate'),
  },
  getUser: { ...onUser, response: wrap('User', 'UserId', ...PROFILE, 'CreateDate', 'UpdateDate', 'LastLoginDate') },
  updateUser: {
    ...onUser,
    parameters: {
      ...userName,
      ...fields(optional(text), 'NewUserName', 'NewDisplayName', 'NewMobilePhone', 'NewEmail', 'NewComments'),
    },
    response: wrap('User', 'UserId', ...PROFILE, 'CreateDate', 'UpdateDate'),
  },
  deleteUser: onUser,
  listUsers: {
    ...onUsers,
    paging: { sortedBy: 'UserName', maxItems: 1000 },
    response: wrapList('Users', 'User', 'UserId', ...PROFILE, 'CreateDate', 'UpdateDate'),
  },

  createLoginProfile: {
    ...onUser,
    parameters: { ...userName, Password: text, ...requirements },
    response: wrap('LoginProfile', ...LOGIN),
  },
  getLoginProfile: { ...onUser, response: wrap('LoginProfile', ...LOGIN) },
  updateLoginProfile: {
    ...onUser,
    // RAM has no status of console logon; IMS has.
    parameters: { ...userName, Password: optional(text), ...requirements, Status: () => undefined },
  },
  deleteLoginProfile: onUser,
  changePassword: { ...onUser, parameters: { ...userName, OldPassword: text, NewPassword: text }, caller: 'always' },

  createAccessKey: { ...onUser, caller: 'default', response: wrap('AccessKey') },
  listAccessKeys: {
    ...onUser,
    caller: 'default',
    response: wrapList('AccessKeys', 'AccessKey', 'AccessKeyId', 'Status', 'CreateDate'),
  },
  updateAccessKey: { ...onKey, parameters: { ...keyId, Status: oneOf('Active', 'Inactive') } },
  deleteAccessKey: onKey,
  getAccessKeyLastUsed: { ...onKey, response: wrap('AccessKeyLastUsed', 'LastUsedDate') },

  createVirtualMFADevice: {
    ...onDevices,
    parameters: { VirtualMFADeviceName: text },
    response: async (device, { operations, qrCode }) => {
      const { AccountAlias } = await operations.getAccountAlias();
      const { AccountId } = await operations.getCallerIdentity();
      return { VirtualMFADevice: { ...device, QRCodePNG: qrCode(device, AccountAlias ?? AccountId) } };
    },
  },
  listVirtualMFADevices: {
    ...onDevices,
    response: wrapList('VirtualMFADevices', 'VirtualMFADevice', 'SerialNumber', 'ActivateDate', 'User'),
  },
  deleteVirtualMFADevice: { parameters: { SerialNumber: text }, resources: ['{SerialNumber}'] },
  bindMFADevice: {
    ...onUser,
    parameters: { ...userName, SerialNumber: text, AuthenticationCode1: text, AuthenticationCode2: text },
  },
  unbindMFADevice: { ...onUser, response: wrap('MFADevice') },
  getUserMFAInfo: { ...onUser, response: wrap('MFADevice', 'SerialNumber', 'Type') },

  createGroup: {
    ...onGroups,
    parameters: { ...groupName, Comments: optional(text) },
    response: wrap('Group', 'GroupId', 'GroupName', 'Comments', 'CreateDate'),
  },
  getGroup: { ...onGroup, response: wrap('Group', ...GROUP) },
  updateGroup: {
    ...onGroup,
    parameters: { ...groupName, NewGroupName: optional(text), NewComments: optional(text) },
    response: wrap('Group', ...GROUP),
  },
  deleteGroup: onGroup,
  listGroups: {
    ...onGroups,
    paging: { sortedBy: 'GroupName', maxItems: 100 },
    response: wrapList('Groups', 'Group', ...GROUP),
  },
  addUserToGroup: onMembership,
  removeUserFromGroup: onMembership,
  listGroupsForUser: {
    ...onUser,
    response: wrapList('Groups', 'Group', 'GroupId', 'GroupName', 'Comments', 'JoinDate'),
  },
  listUsersForGroup: {
    ...onGroup,
    paging: { sortedBy: 'UserName', maxItems: 1000 },
    response: wrapList('Users', 'User', 'UserName', 'DisplayName', 'JoinDate'),
  },

  createPolicy: {
    parameters: { ...policyName, PolicyDocument: text, Description: optional(text) },
    resources: ['policy/*'],
    response: wrap('Policy', ...POLICY),
  },
  getPolicy: {
    ...onPolicy,
    response: async (policy, { operations }, ref) => {
      const version = await operations.getPolicyVersion({ ...ref, VersionId: policy.DefaultVersion });
      return {
        ...wrap('Policy', ...POLICY, 'UpdateDate', 'AttachmentCount')(policy),
        ...wrap('DefaultPolicyVersion')(version),
      };
    },
  },
  updatePolicyDescription: {
    ...onPolicy,
    parameters: { ...policyName, NewDescription: optional(text) },
    response: wrap('Policy', ...POLICY, 'UpdateDate'),
  },
  deletePolicy: {
    ...onPolicy,
    parameters: { ...policyName, CascadingDelete: optional(boolean) as ParameterParser<boolean> },
  },
  listPolicies: {
    parameters: { PolicyType: optional(policyType) as ParameterParser<PolicyType> },
    resources: ['policy/*'],
    paging: { sortedBy: 'PolicyName', maxItems: 1000 },
    response: wrapList('Policies', 'Policy', ...POLICY, 'UpdateDate', 'AttachmentCount'),
  },
  createPolicyVersion: {
    ...onPolicy,
    parameters: {
      ...policyName,
      PolicyDocument: text,
      SetAsDefault: optional(boolean),
      RotateStrategy: optional(oneOf('None', 'DeleteOldestNonDefaultVersionWhenLimitExceeded')),
    },
    response: wrap('PolicyVersion'),
  },
  getPolicyVersion: {
    ...onPolicy,
    parameters: { ...onPolicy.parameters, VersionId: text },
    response: wrap('PolicyVersion'),
  },
  deletePolicyVersion: onVersion,
  listPolicyVersions: { ...onPolicy, response: wrapList('PolicyVersions', 'PolicyVersion') },
  setDefaultPolicyVersion: onVersion,

  attachPolicyToUser: onPolicyOfUser,
  detachPolicyFromUser: onPolicyOfUser,
  attachPolicyToGroup: onPolicyOfGroup,
  detachPolicyFromGroup: onPolicyOfGroup,
  listPoliciesForUser: { ...onUser, response: wrapList('Policies', 'Policy', ...ATTACHED) },
  listPoliciesForGroup: { ...onGroup, response: wrapList('Policies', 'Policy', ...ATTACHED) },
  listEntitiesForPolicy: {
    ...onPolicy,
    response: ({ Users, Groups }) => ({
      Users: { User: Users },
      ...wrapList('Groups', 'Group')(Groups),
      Roles: { Role: [] },
    }),
  },

  setAccountAlias: { ...onAccount, parameters: { AccountAlias: text } },
  getAccountAlias: { ...onAccount, response: ({ AccountAlias }) => (AccountAlias === null ? {} : { AccountAlias }) },
  clearAccountAlias: onAccount,
  setPasswordPolicy: {
    ...onAccount,
    parameters: {
      ...fields(optional(integer), 'MinimumPasswordLength', 'MaxPasswordAge', 'PasswordReusePrevention'),
      MaxLoginAttemps: optional(integer),
      ...fields(optional(boolean), 'RequireLowercaseCharacters', 'RequireUppercaseCharacters', 'RequireNumbers'),
      ...fields(optional(boolean), 'RequireSymbols', 'HardExpiry'),
    },
    response: wrap('PasswordPolicy'),
  },
  getPasswordPolicy: { ...onAccount, response: wrap('PasswordPolicy') },
  setSecurityPreference: {
    ...onAccount,
    parameters: {
      ...fields(optional(boolean), 'EnableSaveMFATicket', 'AllowUserToChangePassword'),
      ...fields(optional(boolean), 'AllowUserToManageAccessKeys', 'AllowUserToManageMFADevices'),
      LoginSessionDuration: optional(integer),
      LoginNetworkMasks: optional(text),
    },
    response: groupPreferences,
  },
  getSecurityPreference: { ...onAccount, response: groupPreferences },
};
