import type { User } from '../core/directory.ts';
import { type AnyAction, composed, type ImsAction, type Method } from './action.ts';
import { IMS_ACCOUNT_ACTIONS } from './ims-account-actions.ts';
import { IMS_TAG_ACTIONS } from './ims-tag-actions.ts';
import { boolean, each, oneOf, optional, tags, text } from './parameters.ts';
import { pick, wrap, wrapList } from './response-format.ts';
import { parseUserPrincipalName } from './user-reference.ts';

/*
 * The actions of IMS 2019-08-15 for users and groups. Parameters and members are those of the official SDK
 * (@alicloud/ims20190815). The prefix of permissions is `ram:`, and the resources are those of the actions of RAM.
 */

const onUser = { user: ['UserPrincipalName'], resources: ['user/{UserName}'], parameters: {} } as const;
const onUserOrId = { ...onUser, user: ['UserPrincipalName', 'UserId'] } as const;
const onUsers = { resources: ['user/*'] } as const;
const onGroup = { resources: ['group/{GroupName}'], parameters: { GroupName: text } } as const;
const onGroups = { resources: ['group/*'] } as const;
const onMembership = { ...onGroup, user: onUser.user, resources: [...onUser.resources, ...onGroup.resources] } as const;
/** Without a logon name, the action is for the caller. */
const onCallerOrUser = { ...onUser, userNameFromCaller: 'ifAbsent' } as const;

const USER = [
  ...(['UserId', 'UserPrincipalName', 'DisplayName', 'MobilePhone', 'Email', 'Comments'] as const),
  ...(['CreateDate', 'UpdateDate', 'LastLoginDate'] as const),
] as const;
const LOGIN = ['UserPrincipalName', 'Status', 'PasswordResetRequired', 'MFABindRequired'] as const;
const GROUP = ['GroupId', 'GroupName', 'DisplayName', 'Comments', 'CreateDate', 'UpdateDate'] as const;
const STATUS = oneOf('Active', 'Inactive');
const LOGIN_SETTINGS = {
  PasswordResetRequired: optional(boolean),
  MFABindRequired: optional(boolean),
  Status: optional(STATUS),
};
/** ramctl has no users with the status `freeze`. */
const USER_FILTER = { Status: optional(oneOf('active', 'freeze', 'active,freeze')), Tag: tags(20) };

const USER_PAGES = { sortedBy: 'UserName' };

/** All users of ramctl were created in it, not by another directory. */
const formatUser = (user: User) => ({ ...pick(user, ...USER), ProvisionType: 'Manual' });
const formatTaggedUser = (user: User) => ({ ...formatUser(user), Tags: { Tag: user.Tags } });

const DIRECT_ACTIONS = {
  getUser: {
    ...onUser,
    user: ['UserPrincipalName', 'UserId', 'UserAccessKeyId'],
    response: (user) => ({ User: { ...formatTaggedUser(user), UserName: user.UserName } }),
  },
  deleteUser: onUserOrId,

  createLoginProfile: {
    ...onUser,
    parameters: { Password: text, ...LOGIN_SETTINGS },
    response: (login) => ({ LoginProfile: { ...pick(login, ...LOGIN), UpdateDate: login.CreateDate } }),
  },
  getLoginProfile: {
    ...onUser,
    response: async (login, { operations }) => {
      const { LastLoginDate } = await operations.getUser(login);
      // ramctl does not disable the logon of idle users.
      const rest = { LastLoginTime: LastLoginDate ?? '', AutoDisableLoginStatus: 'false' };
      return { LoginProfile: { ...pick(login, ...LOGIN), ...rest } };
    },
  },
  updateLoginProfile: {
    ...onUser,
    parameters: { Password: optional(text), ...LOGIN_SETTINGS },
    response: (login) => ({ LoginProfile: { ...pick(login, ...LOGIN), AutoDisableLoginStatus: 'false' } }),
  },
  deleteLoginProfile: onUser,
  changePassword: {
    resources: onUser.resources,
    parameters: { OldPassword: text, NewPassword: text },
    userNameFromCaller: 'always',
  },

  createAccessKey: {
    ...onCallerOrUser,
    response: wrap('AccessKey', 'AccessKeyId', 'AccessKeySecret', 'Status', 'CreateDate'),
  },
  listAccessKeys: {
    ...onCallerOrUser,
    response: wrapList('AccessKeys', 'AccessKey', 'AccessKeyId', 'Status', 'CreateDate'),
  },
  updateAccessKey: { ...onCallerOrUser, parameters: { UserAccessKeyId: text, Status: STATUS } },
  deleteAccessKey: { ...onCallerOrUser, parameters: { UserAccessKeyId: text } },
  getAccessKeyLastUsed: {
    ...onCallerOrUser,
    parameters: { UserAccessKeyId: text },
    response: ({ LastUsedDate }) => ({
      AccessKeyLastUsed: { LastUsedDate: LastUsedDate ?? '', ServiceName: LastUsedDate ? 'Ram' : '' },
    }),
  },

  createVirtualMFADevice: {
    resources: ['mfa/*'],
    parameters: { VirtualMFADeviceName: text },
    response: async (device, { operations, qrCode }) => {
      const { DefaultDomain } = await operations.getAccount();
      const QRCodePNG = qrCode(device, DefaultDomain);
      return { VirtualMFADevice: { ...pick(device, 'SerialNumber', 'Base32StringSeed'), QRCodePNG } };
    },
  },
  listVirtualMFADevices: {
    resources: ['mfa/*'],
    parameters: {},
    paging: { sortedBy: 'SerialNumber' },
    response: async (devices, { operations }) => {
      const { DefaultDomain } = await operations.getAccount();
      const VirtualMFADevice = devices.map(({ User, ...device }) => {
        const UserPrincipalName = `${User?.UserName}@${DefaultDomain}`;
        const owner = User && { User: { ...pick(User, 'UserId', 'DisplayName'), UserPrincipalName } };
        return { ...pick(device, 'SerialNumber', 'ActivateDate'), ...owner };
      });
      return { VirtualMFADevices: { VirtualMFADevice } };
    },
  },
  deleteVirtualMFADevice: { resources: ['{SerialNumber}'], parameters: { SerialNumber: text } },
  bindMFADevice: { ...onUser, parameters: each(text, 'SerialNumber', 'AuthenticationCode1', 'AuthenticationCode2') },
  unbindMFADevice: { ...onUser, response: wrap('MFADevice', 'SerialNumber') },
  getUserMFAInfo: {
    ...onCallerOrUser,
    response: (device) => ({ MFADevice: pick(device, 'SerialNumber', 'Type'), IsMFAEnable: true }),
  },

  createGroup: {
    ...onGroups,
    parameters: { GroupName: text, ...each(optional(text), 'DisplayName', 'Comments') },
    response: wrap('Group', ...GROUP),
  },
  getGroup: { ...onGroup, response: wrap('Group', ...GROUP) },
  updateGroup: {
    ...onGroup,
    parameters: { GroupName: text, ...each(optional(text), 'NewGroupName', 'NewDisplayName', 'NewComments') },
    response: wrap('Group', ...GROUP),
  },
  deleteGroup: onGroup,
  listGroups: {
    ...onGroups,
    parameters: {},
    paging: { sortedBy: 'GroupName' },
    response: wrapList('Groups', 'Group', ...GROUP),
  },
  addUserToGroup: onMembership,
  removeUserFromGroup: onMembership,
  listGroupsForUser: {
    ...onUser,
    response: wrapList('Groups', 'Group', 'GroupId', 'GroupName', 'DisplayName', 'Comments', 'JoinDate'),
  },
  listUsersForGroup: {
    ...onGroup,
    paging: USER_PAGES,
    response: async (members, { operations }) => {
      const users = members.map(async ({ JoinDate, ...member }) => {
        const user = await operations.getUser(member);
        return { ...pick(user, 'UserId', 'UserPrincipalName', 'DisplayName'), JoinDate };
      });
      return { Users: { User: await Promise.all(users) } };
    },
  },
} satisfies { readonly [M in Method]?: ImsAction<M> };

export const IMS_ACTIONS: Readonly<Record<string, AnyAction>> = {
  ...DIRECT_ACTIONS,

  createUser: composed({
    ...onUsers,
    parameters: {
      ...each(text, 'UserPrincipalName', 'DisplayName'),
      ...each(optional(text), 'MobilePhone', 'Email', 'Comments'),
      Tag: tags(20),
    },
    run: async (operations, { UserPrincipalName, ...profile }) => {
      const UserName = await parseUserPrincipalName(operations, UserPrincipalName, 'UserPrincipalName');
      return operations.createUser({ ...profile, UserName });
    },
    response: (user) => ({ User: formatTaggedUser(user) }),
  }),
  updateUser: composed({
    ...onUserOrId,
    parameters: {
      ...each(optional(text), 'NewUserPrincipalName', 'NewDisplayName', 'NewMobilePhone', 'NewEmail', 'NewComments'),
    },
    run: async (operations, { NewUserPrincipalName: newName, ...changes }) => {
      const isRename = newName !== undefined;
      const NewUserName = isRename
        ? await parseUserPrincipalName(operations, newName, 'NewUserPrincipalName')
        : undefined;
      return operations.updateUser({ ...changes, NewUserName });
    },
    response: (user) => ({ User: formatUser(user) }),
  }),
  listUsers: composed({
    ...onUsers,
    parameters: USER_FILTER,
    paging: { ...USER_PAGES, defaultItems: 1000 },
    run: async (operations, { Status, Tag }) => (Status === 'freeze' ? [] : operations.listUsers({ Tag })),
    response: (users) => ({ Users: { User: users.map((user) => ({ ...formatTaggedUser(user), Status: 'active' })) } }),
  }),
  listUserBasicInfos: composed({
    ...onUsers,
    parameters: USER_FILTER,
    paging: USER_PAGES,
    run: async (operations, { Status, Tag }) => (Status === 'freeze' ? [] : operations.listUsers({ Tag })),
    response: (users) => {
      const format = (user: User) => pick(user, 'UserId', 'UserPrincipalName', 'DisplayName');
      return { UserBasicInfos: { UserBasicInfo: users.map((user) => ({ ...format(user), Status: 'active' })) } };
    },
  }),
  disableVirtualMFA: composed({
    ...onUser,
    run: async (operations, user) => operations.deleteVirtualMFADevice(await operations.unbindMFADevice(user)),
  }),

  ...IMS_ACCOUNT_ACTIONS,
  ...IMS_TAG_ACTIONS,
};
