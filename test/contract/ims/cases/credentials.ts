import { expect } from 'vitest';
import { CREATED_AT, KIM_KEY_ID, PASSWORD, REQUESTED_AT, spareDeviceCode } from '../../../support/sample-directory.ts';
import { BAD_PAGE, badName, type Case, KEY_ID, serialNumberOf, USER_ID } from '../../rpc/cases/case.ts';
import { NO_USER, upn } from './case.ts';

const ALICE = { UserPrincipalName: upn('alice') };
const COLIN = { UserPrincipalName: upn('colin') };
const KIM = { UserPrincipalName: upn('kim') };
const MIA = { UserPrincipalName: upn('mia') };

const LOGIN = { PasswordResetRequired: true, MFABindRequired: true, Status: 'Inactive' };
const NO_LOGIN = { ...NO_USER, 'EntityNotExist.User.LoginProfile': ALICE };
const BAD_LOGIN = {
  'InvalidParameter.Password.TooWeak': { Password: 'short' },
  'InvalidParameter.Status': { Status: 'active' },
};

const NO_KEY = { ...NO_USER, 'EntityNotExist.User.AccessKey': { UserPrincipalName: upn('max') } };
const keysOf = (Status: string) => ({
  AccessKeys: { AccessKey: [{ AccessKeyId: KIM_KEY_ID, Status, CreateDate: CREATED_AT }] },
});

const SPARE = { SerialNumber: serialNumberOf('spare') };
const BOUND = { SerialNumber: serialNumberOf('mia') };
const NO_DEVICE = { 'EntityNotExist.VirtualMFADevice': { SerialNumber: serialNumberOf('nothing') } };
const UNBOUND = { ...NO_USER, 'EntityNotExist.User.MFADevice': ALICE };
const SPARE_ITEM = { ...SPARE, ActivateDate: '' };

export const CREDENTIALS = {
  CreateLoginProfile: {
    required: { ...ALICE, Password: PASSWORD },
    optional: LOGIN,
    resources: ['user/alice'],
    response: { LoginProfile: { ...ALICE, ...LOGIN, UpdateDate: REQUESTED_AT } },
    errors: { ...NO_USER, ...BAD_LOGIN, 'EntityAlreadyExists.User.LoginProfile': COLIN },
  },
  GetLoginProfile: {
    required: COLIN,
    resources: ['user/colin'],
    response: {
      LoginProfile: {
        ...COLIN,
        ...{ Status: 'Active', PasswordResetRequired: false, MFABindRequired: false },
        ...{ LastLoginTime: '', AutoDisableLoginStatus: 'false' },
      },
    },
    errors: NO_LOGIN,
  },
  UpdateLoginProfile: {
    required: COLIN,
    optional: { Password: 'Another-Horse-2', ...LOGIN },
    resources: ['user/colin'],
    response: { LoginProfile: { ...COLIN, ...LOGIN, AutoDisableLoginStatus: 'false' } },
    errors: { ...NO_LOGIN, ...BAD_LOGIN },
  },
  DeleteLoginProfile: {
    required: COLIN,
    resources: ['user/colin'],
    effect: ['GetLoginProfile', COLIN, '404 EntityNotExist.User.LoginProfile'],
    errors: NO_LOGIN,
  },
  ChangePassword: {
    required: { OldPassword: PASSWORD, NewPassword: 'Another-Horse-2' },
    resources: ['user/admin'],
    errors: {
      'InvalidParameter.OldPassword.Incorrect': { OldPassword: 'Wrong-Horse-3' },
      'InvalidParameter.NewPassword.TooWeak': { NewPassword: 'short' },
    },
  },

  CreateAccessKey: {
    optional: ALICE,
    resources: ['user/alice'],
    response: {
      AccessKey: {
        AccessKeyId: KEY_ID,
        AccessKeySecret: expect.stringMatching(/^[A-Za-z0-9]{30}$/),
        Status: 'Active',
        CreateDate: REQUESTED_AT,
      },
    },
    errors: { ...NO_USER, 'LimitExceeded.User.AccessKey': { UserPrincipalName: upn('max') } },
  },
  ListAccessKeys: { optional: KIM, resources: ['user/kim'], response: keysOf('Active'), errors: NO_USER },
  UpdateAccessKey: {
    required: { UserAccessKeyId: KIM_KEY_ID, Status: 'Inactive' },
    optional: KIM,
    resources: ['user/kim'],
    effect: ['ListAccessKeys', KIM, keysOf('Inactive')],
    errors: { ...NO_KEY, 'InvalidParameter.Status': { Status: 'inactive' } },
  },
  DeleteAccessKey: {
    required: { UserAccessKeyId: KIM_KEY_ID },
    optional: KIM,
    resources: ['user/kim'],
    effect: ['ListAccessKeys', KIM, { AccessKeys: { AccessKey: [] } }],
    errors: NO_KEY,
  },
  GetAccessKeyLastUsed: {
    required: { UserAccessKeyId: KIM_KEY_ID },
    optional: KIM,
    resources: ['user/kim'],
    response: { AccessKeyLastUsed: { LastUsedDate: CREATED_AT, ServiceName: 'Ram' } },
    errors: NO_KEY,
  },

  CreateVirtualMFADevice: {
    required: { VirtualMFADeviceName: 'alice.phone-1' },
    resources: ['mfa/*'],
    response: {
      VirtualMFADevice: {
        SerialNumber: serialNumberOf('alice.phone-1'),
        Base32StringSeed: expect.stringMatching(/^[A-Z2-7]{32}$/),
        QRCodePNG: expect.stringMatching(/^[A-Za-z0-9+/]+=*$/),
      },
    },
    errors: {
      ...badName('VirtualMFADeviceName'),
      'EntityAlreadyExists.VirtualMFADevice': { VirtualMFADeviceName: 'Spare' },
    },
  },
  ListVirtualMFADevices: {
    optional: { MaxItems: 100 },
    resources: ['mfa/*'],
    response: {
      VirtualMFADevices: {
        VirtualMFADevice: [
          { ...BOUND, ActivateDate: CREATED_AT, User: { UserId: USER_ID, ...MIA, DisplayName: 'mia' } },
          SPARE_ITEM,
        ],
      },
      IsTruncated: false,
    },
    errors: BAD_PAGE,
  },
  DeleteVirtualMFADevice: {
    required: SPARE,
    resources: [serialNumberOf('spare')],
    effect: ['DeleteVirtualMFADevice', SPARE, '404 EntityNotExist.VirtualMFADevice'],
    errors: { ...NO_DEVICE, 'DeleteConflict.VirtualMFADevice.User': BOUND },
  },
  BindMFADevice: {
    required: {
      ...ALICE,
      ...SPARE,
      AuthenticationCode1: spareDeviceCode(0),
      AuthenticationCode2: spareDeviceCode(1),
    },
    resources: ['user/alice'],
    effect: ['GetUserMFAInfo', ALICE, { MFADevice: { ...SPARE, Type: 'VMFA' }, IsMFAEnable: true }],
    errors: {
      ...NO_USER,
      ...NO_DEVICE,
      CheckAuthenticationCodeFail: { AuthenticationCode1: spareDeviceCode(1), AuthenticationCode2: spareDeviceCode(0) },
      'EntityAlreadyExists.User.MFADevice': MIA,
      'EntityAlreadyExists.VirtualMFADevice.User': BOUND,
    },
  },
  UnbindMFADevice: {
    required: MIA,
    resources: ['user/mia'],
    response: { MFADevice: BOUND },
    effect: ['GetUserMFAInfo', MIA, '404 EntityNotExist.User.MFADevice'],
    errors: UNBOUND,
  },
  DisableVirtualMFA: {
    required: MIA,
    resources: ['user/mia'],
    effect: [
      'ListVirtualMFADevices',
      {},
      { VirtualMFADevices: { VirtualMFADevice: [SPARE_ITEM] }, IsTruncated: false },
    ],
    errors: UNBOUND,
  },
  GetUserMFAInfo: {
    optional: MIA,
    resources: ['user/mia'],
    response: { MFADevice: { ...BOUND, Type: 'VMFA' }, IsMFAEnable: true },
    errors: UNBOUND,
  },
} satisfies Record<string, Case>;
