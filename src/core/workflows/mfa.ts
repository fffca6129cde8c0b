import type { CommittedChange, Directory, NewMFADevice, Operations } from '../directory.ts';
import { Failure } from '../failure.ts';
import { candidateDeviceNames, findDeviceByName } from './device-names.ts';
import { findBoundDevice, findLoginProfile, type MfaState, mfaStateOf } from './user.ts';

/** What `mfa get` says of a user. */
export interface MfaStatus {
  UserName: string;
  MFA: MfaState;
  MFABindRequired: boolean;
  SerialNumber: string | null;
  Type: 'VMFA' | null;
  ActivateDate: string | null;
}

/** @throws Failure EntityNotExist.User */
export async function readMfaStatus(operations: Operations, name: string): Promise<MfaStatus> {
  const { UserName } = await operations.getUser({ UserName: name });
  const device = await findBoundDevice(operations, UserName);
  const login = await findLoginProfile(operations, UserName);
  return {
    UserName,
    MFA: mfaStateOf(device !== null, login),
    MFABindRequired: login?.MFABindRequired ?? false,
    SerialNumber: device?.SerialNumber ?? null,
    Type: device?.Type ?? null,
    ActivateDate: device?.ActivateDate ?? null,
  };
}

/** A device that waits for its two codes; the seed exists in the clear this once. */
export interface MfaSetup extends NewMFADevice {
  UserName: string;
  Account: string;
  Issuer: string;
  OtpAuthUri: string;
}

const ISSUER = 'Alibaba Cloud';

/**
 * Makes a virtual MFA device for a user, in place of an unbound one that was left behind. `accept` can refuse it
 * before it is committed. @throws Failure EntityNotExist.User, EntityAlreadyExists.User.MFADevice
 */
export async function startMfaSetup(
  directory: Directory,
  name: string,
  accept: (enrolment: MfaSetup) => void = () => {},
): Promise<CommittedChange<MfaSetup>> {
  // Loaded here, before a lock is taken, and by no other command.
  const { buildOtpAuthUri: otpAuthUri } = await import('../totp.ts');
  return directory.atomically(async (operations) => {
    const { UserId, UserName, UserPrincipalName } = await operations.getUser({ UserName: name });
    if (await findBoundDevice(operations, UserName)) {
      throw new Failure('refused', 'EntityAlreadyExists.User.MFADevice', `${UserName} has an MFA device already`, {
        Field: 'UserName',
        Hint: `ramctl mfa disable ${UserName}`,
      });
    }
    const VirtualMFADeviceName = await reserveDeviceName(operations, UserName, UserId);
    const device = await operations.createVirtualMFADevice({ VirtualMFADeviceName });
    const OtpAuthUri = otpAuthUri(ISSUER, UserPrincipalName, device.Base32StringSeed);
    const enrolment = { ...device, UserName, Account: UserPrincipalName, Issuer: ISSUER, OtpAuthUri };
    accept(enrolment);
    return enrolment;
  });
}

/** Binds the unbound device that was made for a user. @throws as bindMFADevice, EntityNotExist.VirtualMFADevice */
export async function completeMfaSetup(
  operations: Operations,
  name: string,
  codes: [string, string],
): Promise<MfaStatus> {
  const { UserId, UserName } = await operations.getUser({ UserName: name });
  const devices = await operations.listVirtualMFADevices();
  const waiting = candidateDeviceNames(UserName, UserId)
    .map((deviceName) => findDeviceByName(devices, deviceName))
    .find((device) => device && !device.User);
  const bound = await findBoundDevice(operations, UserName);
  const SerialNumber = waiting?.SerialNumber ?? bound?.SerialNumber;
  if (SerialNumber === undefined) {
    throw new Failure('missing', 'EntityNotExist.VirtualMFADevice', `no MFA device was made for ${UserName}`, {
      Field: 'UserName',
      Hint: `ramctl mfa enable ${UserName}`,
    });
  }
  const [AuthenticationCode1, AuthenticationCode2] = codes;
  await operations.bindMFADevice({ UserName, SerialNumber, AuthenticationCode1, AuthenticationCode2 });
  return readMfaStatus(operations, UserName);
}

/** Unbinds and deletes the device and takes the requirement away. @throws Failure EntityNotExist.User.MFADevice */
export async function removeMfa(operations: Operations, name: string): Promise<MfaStatus> {
  const { UserName } = await operations.getUser({ UserName: name });
  const status = await readMfaStatus(operations, UserName);
  if (status.MFA === 'bound' || !status.MFABindRequired) {
    const { SerialNumber } = await operations.unbindMFADevice({ UserName });
    await operations.deleteVirtualMFADevice({ SerialNumber });
  }
  if (status.MFABindRequired) await operations.updateLoginProfile({ UserName, MFABindRequired: false });
  return status;
}

/**
 * The device name for a user: the user's own where RAM's rule for device names and other devices allow it, else one
 * made unlike any other by the end of the user's id. An unbound device of that name is removed.
 */
async function reserveDeviceName(operations: Operations, UserName: string, UserId: string): Promise<string> {
  const devices = await operations.listVirtualMFADevices();
  for (const deviceName of candidateDeviceNames(UserName, UserId)) {
    const device = findDeviceByName(devices, deviceName);
    if (device?.User) continue;
    if (device) await operations.deleteVirtualMFADevice({ SerialNumber: device.SerialNumber });
    return deviceName;
  }
  throw new Failure('refused', 'EntityAlreadyExists.VirtualMFADevice', `no device name is free for ${UserName}`, {
    Hint: 'ramctl mfa list',
  });
}
