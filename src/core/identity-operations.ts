import type { GroupRecord, LoginProfileRecord, Status, UserRecord } from './state.ts';
import type { ResourceTag, Tag, TagFilter } from './tag-operations.ts';

/** Changes only the members that are not undefined. */
export type Changes<T> = { [Name in keyof T]?: T[Name] | undefined };

/** Optional texts. In an update, an undefined text stays as it is, and an empty text is removed. */
export type OptionalTexts<Name extends string> = Changes<Record<Name, string>>;

/** Texts that are null when the record has none. */
export type NullableTexts<Name extends string> = Record<Name, string | null>;

export type UserRef = Pick<UserRecord, 'UserName'>;

export interface CreateUserInput extends UserRef, OptionalTexts<'DisplayName' | 'Comments' | 'Email' | 'MobilePhone'> {
  Tag?: Tag[] | undefined;
}

export interface User
  extends Pick<UserRecord, 'UserId' | 'UserName' | 'CreateDate' | 'UpdateDate'>,
    Record<'UserPrincipalName', string>,
    NullableTexts<'DisplayName' | 'Comments' | 'Email' | 'MobilePhone' | 'LastLoginDate'> {
  Tags: ResourceTag[];
}

export interface UserOperations {
  /** @throws InvalidParameter.*, EntityAlreadyExists.User, LimitExceeded.User, LimitExceeded.User.Tag */
  createUser(input: CreateUserInput): Promise<User>;
  /** @throws EntityNotExist.User */
  getUser(input: UserRef): Promise<User>;
  /** @throws EntityNotExist.User, EntityAlreadyExists.User, InvalidParameter.New* */
  updateUser(
    input: UserRef & OptionalTexts<'NewUserName' | 'NewDisplayName' | 'NewComments' | 'NewEmail' | 'NewMobilePhone'>,
  ): Promise<User>;
  /** @throws EntityNotExist.User, DeleteConflict.User.* */
  deleteUser(input: UserRef): Promise<void>;
  /**
   * Returns all users that match the filter, sorted by UserName. `NamePrefix` is not a parameter of RAM: only users whose
   * names start with it, regardless of case.
   */
  listUsers(input?: TagFilter & { NamePrefix?: string }): Promise<User[]>;
}

export type LogonRequirements = Changes<Pick<LoginProfileRecord, 'PasswordResetRequired' | 'MFABindRequired'>>;

/** A clear-text password and the hash that the local directory stores instead. */
export type HashedPassword = Readonly<Record<'plaintext' | 'hash', string>>;

export interface LoginProfile
  extends Record<'UserName' | 'UserPrincipalName', string>,
    Pick<LoginProfileRecord, 'Status' | 'PasswordResetRequired' | 'MFABindRequired' | 'CreateDate'> {
  /** Present only while too many failed attempts lock the logon. */
  LockedUntil?: string;
}

export interface LoginProfileOperations {
  /** @throws EntityNotExist.User, EntityAlreadyExists.User.LoginProfile, InvalidParameter.Password.TooWeak */
  createLoginProfile(
    input: UserRef & LogonRequirements & { Password: HashedPassword; Status?: Status | undefined },
  ): Promise<LoginProfile>;
  /** @throws EntityNotExist.User, EntityNotExist.User.LoginProfile */
  getLoginProfile(input: UserRef): Promise<LoginProfile>;
  /** Changes only the given members. @throws as getLoginProfile, and InvalidParameter.Password.TooWeak */
  updateLoginProfile(
    input: UserRef & LogonRequirements & Changes<{ Password: HashedPassword; Status: Status }>,
  ): Promise<LoginProfile>;
  /** @throws as getLoginProfile */
  deleteLoginProfile(input: UserRef): Promise<void>;
}

export type NewMFADevice = Record<'SerialNumber' | 'Base32StringSeed', string>;

export interface MFADevice extends NullableTexts<'ActivateDate'> {
  SerialNumber: string;
  User: Pick<User, 'UserId' | 'UserName' | 'DisplayName'> | null;
}

/** A device in a local directory is virtual and has a date. RAM also has devices of the type `U2F`, without a date. */
export type UserMFADevice = { SerialNumber: string; Type: 'VMFA' | 'U2F' } & NullableTexts<'ActivateDate'>;

export interface MFADeviceOperations {
  /**
   * Returns the seed, which no later operation returns.
   * @throws EntityAlreadyExists.VirtualMFADevice, LimitExceeded.VirtualMFADevice
   */
  createVirtualMFADevice(input: { VirtualMFADeviceName: string }): Promise<NewMFADevice>;
  /** Returns all devices, sorted by name. */
  listVirtualMFADevices(): Promise<MFADevice[]>;
  /** @throws EntityNotExist.VirtualMFADevice, DeleteConflict.VirtualMFADevice.User */
  deleteVirtualMFADevice(input: { SerialNumber: string }): Promise<void>;
  /**
   * Binds a device to a user with two consecutive codes. Neither code is accepted again.
   * @throws CheckAuthenticationCodeFail, EntityAlreadyExists.User.MFADevice, EntityAlreadyExists.VirtualMFADevice.User
   */
  bindMFADevice(
    input: UserRef & Record<'SerialNumber' | 'AuthenticationCode1' | 'AuthenticationCode2', string>,
  ): Promise<void>;
  /** Unbinds the user's device and keeps it. @throws EntityNotExist.User.MFADevice */
  unbindMFADevice(input: UserRef): Promise<{ SerialNumber: string }>;
  /** @throws EntityNotExist.User, EntityNotExist.User.MFADevice */
  getUserMFAInfo(input: UserRef): Promise<UserMFADevice>;
}

export type GroupRef = Pick<GroupRecord, 'GroupName'>;

export interface CreateGroupInput extends GroupRef, OptionalTexts<'DisplayName' | 'Comments'> {}

export interface UpdateGroupInput extends GroupRef, OptionalTexts<'NewGroupName' | 'NewDisplayName' | 'NewComments'> {}

export type Group = Pick<GroupRecord, 'GroupId' | 'GroupName' | 'CreateDate' | 'UpdateDate'> &
  NullableTexts<'DisplayName' | 'Comments'>;

type Membership = Pick<Group, 'GroupId' | 'GroupName' | 'DisplayName' | 'Comments'> & { JoinDate: string };
export type GroupMember = Pick<User, 'UserName' | 'DisplayName'> & { JoinDate: string };

export interface GroupOperations {
  /** @throws InvalidParameter.*, EntityAlreadyExists.Group, LimitExceeded.Group */
  createGroup(input: CreateGroupInput): Promise<Group>;
  /** @throws EntityNotExist.Group */
  getGroup(input: GroupRef): Promise<Group>;
  /** @throws as createGroup, and EntityNotExist.Group */
  updateGroup(input: UpdateGroupInput): Promise<Group>;
  /** @throws EntityNotExist.Group, DeleteConflict.Group.* */
  deleteGroup(input: GroupRef): Promise<void>;
  /** Returns all groups, sorted by GroupName. */
  listGroups(): Promise<Group[]>;
  /** @throws EntityNotExist.User, EntityNotExist.Group, EntityAlreadyExists.User.Group, LimitExceeded.User.Group */
  addUserToGroup(input: UserRef & GroupRef): Promise<void>;
  /** @throws EntityNotExist.User, EntityNotExist.Group, EntityNotExist.User.Group */
  removeUserFromGroup(input: UserRef & GroupRef): Promise<void>;
  /** Returns the user's groups, sorted by GroupName. @throws EntityNotExist.User */
  listGroupsForUser(input: UserRef): Promise<Membership[]>;
  /** Returns the group's members, sorted by UserName. @throws EntityNotExist.Group */
  listUsersForGroup(input: GroupRef): Promise<GroupMember[]>;
}

/** All operations of this file. */
export type IdentityOperations = UserOperations & LoginProfileOperations & MFADeviceOperations & GroupOperations;
