import { expect } from 'vitest';
import { CREATED_AT, spareDeviceCode } from '../../../support/sample-directory.ts';
import { badName, type Case, fill, NO_USER, serialNumberOf, USER_ID } from './case.ts';

const MIA = { UserId: USER_ID, UserName: 'mia', DisplayName: '' };
const NO_DEVICE = { 'EntityNotExist.VirtualMFADevice': { SerialNumber: serialNumberOf('nothing') } };
const UNBOUND = { ...NO_USER, 'EntityNotExist.User.MFADevice': { UserName: 'alice' } };

export const MFA = {
  createVirtualMFADevice: {
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
      'LimitExceeded.VirtualMFADevice': ({ MFADevices }) =>
        fill(MFADevices, 5000, (name) => ({ VirtualMFADeviceName: name, SealedSeed: '', CreateDate: CREATED_AT })),
    },
  },
  listVirtualMFADevices: {
    resources: ['mfa/*'],
    response: {
      VirtualMFADevices: {
        VirtualMFADevice: [
          { SerialNumber: serialNumberOf('mia'), ActivateDate: CREATED_AT, User: MIA },
          { SerialNumber: serialNumberOf('spare') },
        ],
      },
    },
  },
  deleteVirtualMFADevice: {
    required: { SerialNumber: serialNumberOf('spare') },
    resources: [serialNumberOf('spare')],
    effect: [
      'ListVirtualMFADevices',
      {},
      {
        VirtualMFADevices: {
          VirtualMFADevice: [{ SerialNumber: serialNumberOf('mia'), ActivateDate: CREATED_AT, User: MIA }],
        },
      },
    ],
    errors: { ...NO_DEVICE, 'DeleteConflict.VirtualMFADevice.User': { SerialNumber: serialNumberOf('mia') } },
  },
  bindMFADevice: {
    required: {
      UserName: 'alice',
      SerialNumber: serialNumberOf('spare'),
      AuthenticationCode1: spareDeviceCode(0),
      AuthenticationCode2: spareDeviceCode(1),
    },
    resources: ['user/alice'],
    effect: [
      'GetUserMFAInfo',
      { UserName: 'alice' },
      { MFADevice: { SerialNumber: serialNumberOf('spare'), Type: 'VMFA' } },
    ],
    errors: {
      ...NO_USER,
      ...NO_DEVICE,
      'InvalidParameter.AuthenticationCode.Format': { AuthenticationCode1: 'abcdef' },
      CheckAuthenticationCodeFail: { AuthenticationCode1: spareDeviceCode(1), AuthenticationCode2: spareDeviceCode(0) },
      'EntityAlreadyExists.User.MFADevice': { UserName: 'mia' },
      'EntityAlreadyExists.VirtualMFADevice.User': { SerialNumber: serialNumberOf('mia') },
    },
  },
  unbindMFADevice: {
    required: { UserName: 'mia' },
    resources: ['user/mia'],
    response: { MFADevice: { SerialNumber: serialNumberOf('mia') } },
    errors: UNBOUND,
  },
  getUserMFAInfo: {
    required: { UserName: 'mia' },
    resources: ['user/mia'],
    response: { MFADevice: { SerialNumber: serialNumberOf('mia'), Type: 'VMFA' } },
    errors: UNBOUND,
  },
} satisfies Record<string, Case>;
