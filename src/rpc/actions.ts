import type { Action, Method } from './action.ts';
import {
  boolean,
  each,
  integer,
  oneOf,
  optional,
  rejectResourceGroup,
  required,
  tags,
  text,
  texts,
} from './parameters.ts';
import { formatSecurityPreference, withPolicyDates, wrap, wrapList, wrapTags } from './response-format.ts';

/*
 * The actions of RAM 2015-05-01: parameters, resources that need permission (RAM help, "RAM authentication rules"), and
 * responses.
 */

const userName = { UserName: text };
const groupName = { GroupName: text };
const roleName = { RoleName: text };
const policyName = { PolicyName: text };
const policyType = oneOf('System', 'Custom');
const attachment = { ...policyName, PolicyType: rejectResourceGroup(policyType) };
const logonRequirements = { PasswordResetRequired: optional(boolean), MFABindRequired: optional(boolean) };

const onUser = actionOn(userName, 'user/{UserName}');
const onUsers = actionOn({}, 'user/*');
const onKey = actionOn({ ...userName, UserAccessKeyId: text }, 'user/{UserName}');
const onGroup = actionOn(groupName, 'group/{GroupName}');
const onGroups = actionOn({}, 'group/*');
const onMembership = actionOn({ ...userName, ...groupName }, 'user/{UserName}', 'group/{GroupName}');
const onRole = actionOn(roleName, 'role/{RoleName}');
const onRoles = actionOn({}, 'role/*');
const onPolicy = actionOn({ ...policyName, PolicyType: policyType }, 'policy/{PolicyName}');
const onCustomPolicy = actionOn(policyName, 'policy/{PolicyName}');
const onPolicies = actionOn({}, 'policy/*');
const onPolicyOfUser = actionOn({ ...attachment, ...userName }, 'user/{UserName}', 'policy/{PolicyName}');
const onPolicyOfGroup = actionOn({ ...attachment, ...groupName }, 'group/{GroupName}', 'policy/{PolicyName}');
const onPolicyOfRole = actionOn({ ...attachment, ...roleName }, 'role/{RoleName}', 'policy/{PolicyName}');
const onDevices = actionOn({}, 'mfa/*');
const onTagged = actionOn({ ResourceType: oneOf('role', 'policy') }, '{ResourceType}/{ResourceNames}');
const onAccount = actionOn({}, '*');
/** Only IMS has this parameter. */
const onlyInIms = () => undefined;
/** Without a `UserName`, the action is for the caller. */
const callerByDefault = { userNameFromCaller: 'ifAbsent' } as const;

const USER = ['UserId', 'UserName', 'DisplayName', 'MobilePhone', 'Email', 'Comments', 'CreateDate'] as const;
const LOGIN = ['UserName', 'PasswordResetRequired', 'MFABindRequired', 'CreateDate'] as const;
const GROUP = ['GroupId', 'GroupName', 'Comments', 'CreateDate', 'UpdateDate'] as const;
const ROLE = ['RoleId', 'RoleName', 'Arn', 'Description', 'MaxSessionDuration', 'CreateDate'] as const;
const POLICY = ['PolicyName', 'PolicyType', 'Description', 'DefaultVersion', 'CreateDate'] as const;
const ATTACHED = ['PolicyName', 'PolicyType', 'Description', 'DefaultVersion', 'AttachDate'] as const;

const USER_PAGES = { sortedBy: 'UserName' };
const GROUP_PAGES = { sortedBy: 'GroupName' };
const ROLE_PAGES = { sortedBy: 'RoleName' };
const POLICY_PAGES = { sortedBy: 'PolicyName' };
const TAG_PAGES = {
  sortedBy: ['ResourceName', 'TagKey'],
  maxItems: 100,
  size: 'PageSize',
  marker: 'NextToken',
  isTruncated: 'absent',
} as const;

export const ACTIONS: { readonly [M in Method]: Action<M> } = {
  createUser: {
    ...onUsers({
      ...userName,
      ...each(optional(text), 'DisplayName', 'MobilePhone', 'Email', 'Comments'),
      Tag: onlyInIms,
    }),
    response: wrap('User', ...USER),
  },
  getUser: { ...onUser(), response: wrap('User', ...USER, 'UpdateDate', 'LastLoginDate') },
  updateUser: {
    ...onUser(each(optional(text), 'NewUserName', 'NewDisplayName', 'NewMobilePhone', 'NewEmail', 'NewComments')),
    response: wrap('User', ...USER, 'UpdateDate'),
  },
  deleteUser: onUser(),
  listUsers: {
    ...onUsers({ Tag: onlyInIms }),
    paging: USER_PAGES,
    response: wrapList('Users', 'User', ...USER, 'UpdateDate'),
  },

  createLoginProfile: {
    ...onUser({ Password: text, ...logonRequirements, Status: onlyInIms }),
    response: wrap('LoginProfile', ...LOGIN),
  },
  getLoginProfile: { ...onUser(), response: wrap('LoginProfile', ...LOGIN) },
  updateLoginProfile: onUser({ Password: optional(text), ...logonRequirements, Status: onlyInIms }),
  deleteLoginProfile: onUser(),
  changePassword: { ...onUser({ OldPassword: text, NewPassword: text }), userNameFromCaller: 'always' },

  createAccessKey: { ...onUser(), ...callerByDefault, response: wrap('AccessKey') },
  listAccessKeys: {
    ...onUser(),
    ...callerByDefault,
    response: wrapList('AccessKeys', 'AccessKey', 'AccessKeyId', 'Status', 'CreateDate'),
  },
  updateAccessKey: { ...onKey({ Status: oneOf('Active', 'Inactive') }), ...callerByDefault },
  deleteAccessKey: { ...onKey(), ...callerByDefault },
  getAccessKeyLastUsed: { ...onKey(), ...callerByDefault, response: wrap('AccessKeyLastUsed', 'LastUsedDate') },

  createVirtualMFADevice: {
    ...onDevices({ VirtualMFADeviceName: text }),
    response: async (device, { operations, qrCode }) => {
      const { DefaultDomain } = await operations.getAccount();
      return { VirtualMFADevice: { ...device, QRCodePNG: qrCode(device, DefaultDomain) } };
    },
  },
  listVirtualMFADevices: {
    ...onDevices(),
    response: wrapList('VirtualMFADevices', 'VirtualMFADevice', 'SerialNumber', 'ActivateDate', 'User'),
  },
  deleteVirtualMFADevice: { parameters: { SerialNumber: text }, resources: ['{SerialNumber}'] },
  bindMFADevice: onUser({ SerialNumber: text, AuthenticationCode1: text, AuthenticationCode2: text }),
  unbindMFADevice: { ...onUser(), response: wrap('MFADevice') },
  getUserMFAInfo: { ...onUser(), response: wrap('MFADevice', 'SerialNumber', 'Type') },

  createGroup: {
    ...onGroups({ ...groupName, Comments: optional(text), DisplayName: onlyInIms }),
    response: wrap('Group', 'GroupId', 'GroupName', 'Comments', 'CreateDate'),
  },
  getGroup: { ...onGroup(), response: wrap('Group', ...GROUP) },
  updateGroup: {
    ...onGroup({ ...each(optional(text), 'NewGroupName', 'NewComments'), NewDisplayName: onlyInIms }),
    response: wrap('Group', ...GROUP),
  },
  deleteGroup: onGroup(),
  listGroups: { ...onGroups(), paging: GROUP_PAGES, response: wrapList('Groups', 'Group', ...GROUP) },
  addUserToGroup: onMembership(),
  removeUserFromGroup: onMembership(),
  listGroupsForUser: {
    ...onUser(),
    response: wrapList('Groups', 'Group', 'GroupId', 'GroupName', 'Comments', 'JoinDate'),
  },
  listUsersForGroup: {
    ...onGroup(),
    paging: USER_PAGES,
    response: wrapList('Users', 'User', 'UserName', 'DisplayName', 'JoinDate'),
  },

  createPolicy: {
    ...onPolicies({ ...policyName, PolicyDocument: text, Description: optional(text), Tag: tags(20) }),
    response: wrap('Policy', ...POLICY),
  },
  getPolicy: {
    ...onPolicy(),
    response: async (policy, { operations }, ref) => {
      const version = await operations.getPolicyVersion({ ...ref, VersionId: policy.DefaultVersion });
      return {
        ...wrap('Policy', ...POLICY, 'UpdateDate', 'AttachmentCount')(withPolicyDates(policy)),
        ...wrap('DefaultPolicyVersion')(withPolicyDates(version)),
      };
    },
  },
  updatePolicyDescription: {
    ...onCustomPolicy({ NewDescription: optional(text) }),
    response: wrap('Policy', ...POLICY, 'UpdateDate'),
  },
  deletePolicy: onCustomPolicy({ CascadingDelete: optional(boolean) }),
  listPolicies: {
    ...onPolicies({ PolicyType: optional(policyType), Tag: tags(20) }),
    paging: POLICY_PAGES,
    response: (policies) =>
      wrapList(
        'Policies',
        'Policy',
        ...POLICY,
        'UpdateDate',
        'AttachmentCount',
        'Tags',
      )(policies.map(withPolicyDates).map(wrapTags)),
  },
  createPolicyVersion: {
    ...onCustomPolicy({
      PolicyDocument: text,
      SetAsDefault: optional(boolean),
      RotateStrategy: optional(oneOf('None', 'DeleteOldestNonDefaultVersionWhenLimitExceeded')),
    }),
    response: wrap('PolicyVersion'),
  },
  getPolicyVersion: {
    ...onPolicy({ VersionId: text }),
    response: (version) => wrap('PolicyVersion')(withPolicyDates(version)),
  },
  deletePolicyVersion: onCustomPolicy({ VersionId: text }),
  listPolicyVersions: {
    ...onPolicy(),
    response: (versions) => wrapList('PolicyVersions', 'PolicyVersion')(versions.map(withPolicyDates)),
  },
  setDefaultPolicyVersion: onCustomPolicy({ VersionId: text }),

  attachPolicyToUser: onPolicyOfUser(),
  detachPolicyFromUser: onPolicyOfUser(),
  attachPolicyToGroup: onPolicyOfGroup(),
  detachPolicyFromGroup: onPolicyOfGroup(),
  attachPolicyToRole: onPolicyOfRole(),
  detachPolicyFromRole: onPolicyOfRole(),
  listPoliciesForUser: { ...onUser(), response: wrapList('Policies', 'Policy', ...ATTACHED) },
  listPoliciesForGroup: { ...onGroup(), response: wrapList('Policies', 'Policy', ...ATTACHED) },
  listPoliciesForRole: { ...onRole(), response: wrapList('Policies', 'Policy', ...ATTACHED) },
  listEntitiesForPolicy: {
    ...onPolicy(),
    response: ({ Users, Groups, Roles }) => ({
      ...wrapList('Users', 'User')(Users),
      ...wrapList('Groups', 'Group')(Groups),
      ...wrapList('Roles', 'Role')(Roles),
    }),
  },

  createRole: {
    ...onRoles({
      ...roleName,
      AssumeRolePolicyDocument: text,
      Description: optional(text),
      MaxSessionDuration: optional(integer),
      Tag: tags(20),
    }),
    response: wrap('Role', ...ROLE, 'AssumeRolePolicyDocument'),
  },
  getRole: { ...onRole(), response: wrap('Role', ...ROLE, 'UpdateDate', 'AssumeRolePolicyDocument') },
  updateRole: {
    ...onRole({
      ...each(optional(text), 'NewDescription', 'NewAssumeRolePolicyDocument'),
      NewMaxSessionDuration: optional(integer),
    }),
    response: wrap('Role', ...ROLE, 'UpdateDate', 'AssumeRolePolicyDocument'),
  },
  deleteRole: onRole(),
  listRoles: {
    ...onRoles({ Tag: tags(20) }),
    paging: ROLE_PAGES,
    response: (roles) => wrapList('Roles', 'Role', ...ROLE, 'UpdateDate', 'Tags')(roles.map(wrapTags)),
  },

  tagResources: onTagged({ ResourceNames: required(texts(50)), Tag: required(tags(20)) }),
  untagResources: onTagged({ ResourceNames: required(texts(50)), TagKeys: texts(20), All: optional(boolean) }),
  listTagResources: {
    ...onTagged({ ResourceNames: texts(50), Tag: tags(20) }),
    paging: TAG_PAGES,
    response: (resources) => ({ TagResources: resources.map(({ ResourceId: _, ...tag }) => tag) }),
  },

  setAccountAlias: onAccount({ AccountAlias: text }),
  getAccountAlias: { ...onAccount(), response: ({ AccountAlias }) => (AccountAlias === null ? {} : { AccountAlias }) },
  clearAccountAlias: onAccount(),
  setPasswordPolicy: {
    ...onAccount({
      ...each(optional(integer), 'MinimumPasswordLength', 'MaxPasswordAge', 'PasswordReusePrevention'),
      MaxLoginAttemps: optional(integer),
      ...each(optional(boolean), 'RequireLowercaseCharacters', 'RequireUppercaseCharacters', 'RequireNumbers'),
      ...each(optional(boolean), 'RequireSymbols', 'HardExpiry'),
    }),
    response: wrap('PasswordPolicy'),
  },
  getPasswordPolicy: { ...onAccount(), response: wrap('PasswordPolicy') },
  setSecurityPreference: {
    ...onAccount({
      ...each(optional(boolean), 'EnableSaveMFATicket', 'AllowUserToChangePassword'),
      ...each(optional(boolean), 'AllowUserToManageAccessKeys', 'AllowUserToManageMFADevices'),
      LoginSessionDuration: optional(integer),
      LoginNetworkMasks: optional(text),
    }),
    response: formatSecurityPreference,
  },
  getSecurityPreference: { ...onAccount(), response: formatSecurityPreference },
};

/**
 * Returns a function that declares an action on `resources`. The action has these parameters and those that the function
 * gets.
 */
function actionOn<Common extends object, const Resource extends string>(parameters: Common, ...resources: Resource[]) {
  return <Other extends object = object>(others?: Other) => ({
    parameters: { ...parameters, ...others } as Common & NoInfer<Other>,
    resources,
  });
}
