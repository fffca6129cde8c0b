import { expect } from 'vitest';
import { CREATED_AT, spareDeviceCode } from '../../../support/sample-directory.ts';
import { badName, type Case, fill, NO_USER, serial, USER_ID } from './case.ts';

const MIA = { UserId: USER_ID, UserName: 'mia', DisplayName: 'mia' };
const NO_DEVICE = { 'EntityNotExist.VirtualMFADevice': { SerialNumber: serial('nothing') } };
const UNBOUND = { ...NO_USER, 'EntityNotExist.User.MFADevice': { UserName: 'alice' } };

export const MFA = {
  createVirtualMFADevice: {
    needs: { VirtualMFADeviceName: 'alice.phone-1' },
    on: ['mfa/*'],
    answers: {
      VirtualMFADevice: {
        SerialNumber: serial('alice.phone-1'),
        Base32StringSeed: expect.stringMatching(/^[A-Z2-7]{64}$/),
        QRCodePNG: expect.stringMatching(/^[A-Za-z0-9+/]+=*$/),
      },
    },
    refuses: {
      ...badName('VirtualMFADeviceName'),
      'EntityAlreadyExists.VirtualMFADevice': { VirtualMFADeviceName: 'Spare' },
      'LimitExceeded.VirtualMFADevice': ({ MFADevices }) =>
        fill(MFADevices, 5000, (name) => ({ VirtualMFADeviceName: name, SealedSeed: '', CreateDate: CREATED_AT })),
    },
  },
  listVirtualMFADevices: {
    on: ['mfa/*'],
    answers: {
      VirtualMFADevices: {
        VirtualMFADevice: [
          { SerialNumber: serial('mia'), ActivateDate: CREATED_AT, User: MIA },
          { SerialNumber: serial('spare') },
        ],
      },
    },
  },
  deleteVirtualMFADevice: {
    needs: { SerialNumber: serial('spare') },
    on: [serial('spare')],
    leaves: [
      'ListVirtualMFADevices',
      {},
      {
        VirtualMFADevices: {
          VirtualMFADevice: [{ SerialNumber: serial('mia'), ActivateDate: CREATED_AT, User: MIA }],
        },
      },
    ],
    refuses: { ...NO_DEVICE, 'DeleteConflict.VirtualMFADevice.User': { SerialNumber: serial('mia') } },
  },
  bindMFADevice: {
    needs: {
      UserName: 'alice',
      SerialNumber: serial('spare'),
      AuthenticationCode1: spareDeviceCode(0),
      AuthenticationCode2: spareDeviceCode(1),
    },
    on: ['user/alice'],
    leaves: ['GetUserMFAInfo', { UserName: 'alice' }, { MFADevice: { SerialNumber: serial('spare'), Type: 'VMFA' } }],
    refuses: {
      ...NO_USER,
      ...NO_DEVICE,
      'InvalidParameter.AuthenticationCode.Format': { AuthenticationCode1: 'abcdef' },
      CheckAuthenticationCodeFail: { AuthenticationCode1: spareDeviceCode(1), AuthenticationCode2: spareDeviceCode(0) },
      'EntityAlreadyExists.User.MFADevice': { UserName: 'mia' },
      'EntityAlreadyExists.VirtualMFADevice.User': { SerialNumber: serial('mia') },
    },
  },
  unbindMFADevice: {
    needs: { UserName: 'mia' },
    on: ['user/mia'],
    answers: { MFADevice: { SerialNumber: serial('mia') } },
    refuses: UNBOUND,
  },
  getUserMFAInfo: {
    needs: { UserName: 'mia' },
    on: ['user/mia'],
    answers: { MFADevice: { SerialNumber: serial('mia'), Type: 'VMFA' } },
    refuses: UNBOUND,
  },
} satisfies Record<string, Case>;
