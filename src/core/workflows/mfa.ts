import type { Directory, NewMFADevice, Operations, User, UserRef } from '../directory.ts';
import { userFailure } from '../entity-checks.ts';
import { Failure } from '../failure.ts';
import { deleteBoundDevice, findCandidateDevices } from './mfa-devices.ts';
import { findBoundDevice, findLoginProfile, mfaStateOf } from './user.ts';

/** The MFA settings of a user, as `mfa get` prints them. */
export type MfaStatus = Awaited<ReturnType<typeof readMfaStatus>>;

/** @throws Failure EntityNotExist.User */
export async function readMfaStatus(operations: Operations, name: string) {
  const { UserName } = await operations.getUser({ UserName: name });
  const device = await findBoundDevice(operations, UserName);
  const login = await findLoginProfile(operations, UserName);
  const { SerialNumber = null, Type = null, ActivateDate = null } = device ?? {};
  const MFABindRequired = login?.MFABindRequired ?? false;
  return { UserName, MFA: mfaStateOf(device !== null, login), MFABindRequired, SerialNumber, Type, ActivateDate };
}

/** A new device that is not bound yet. This is the only time that its seed is shown. */
export type MfaSetup = NewMFADevice & UserRef & { Account: string; Issuer: string; OtpAuthUri: string };

/**
 * Creates a virtual MFA device for a user. It replaces an unbound device from an earlier setup. `beforeCommit` gets the
 * device before the commit. If it throws, nothing is written.
 * @throws Failure EntityNotExist.User, EntityAlreadyExists.User.MFADevice
 */
export async function startMfaSetup(directory: Directory, name: string, beforeCommit = (_: MfaSetup) => {}) {
  // Only this command needs the library. It is loaded here so that other processes do not wait for the lock longer.
  const { buildOtpAuthUri, ISSUER } = await import('../totp.ts');
  return directory.atomically(async (operations) => {
    const user = await operations.getUser({ UserName: name });
    const { UserName, UserPrincipalName: Account } = user;
    if (await findBoundDevice(operations, UserName)) {
      const message = `${UserName} already has an MFA device`;
      const hint = `ramctl mfa disable ${UserName}`;
      throw userFailure('refused', 'EntityAlreadyExists.User.MFADevice', message, hint);
    }
    const VirtualMFADeviceName = await reserveDeviceName(operations, user);
    const device = await operations.createVirtualMFADevice({ VirtualMFADeviceName });
    const OtpAuthUri = buildOtpAuthUri(ISSUER, Account, device.Base32StringSeed);
    const setup = { ...device, UserName, Account, Issuer: ISSUER, OtpAuthUri };
    beforeCommit(setup);
    return setup;
  });
}

/** Binds the device that `startMfaSetup` created. @throws as bindMFADevice, EntityNotExist.VirtualMFADevice */
export async function completeMfaSetup(operations: Operations, name: string, codes: [string, string]) {
  const user = await operations.getUser({ UserName: name });
  const { UserName } = user;
  const candidates = await findCandidateDevices(operations, user);
  const unbound = candidates.find(({ device }) => device && !device.User)?.device;
  // For a user with a bound device, bindMFADevice reports the right error.
  const device = unbound ?? (await findBoundDevice(operations, UserName));
  if (!device) {
    const message = `${UserName} has no MFA device to bind`;
    throw userFailure('missing', 'EntityNotExist.VirtualMFADevice', message, `ramctl mfa enable ${UserName}`);
  }
  const { SerialNumber } = device;
  const [AuthenticationCode1, AuthenticationCode2] = codes;
  await operations.bindMFADevice({ UserName, SerialNumber, AuthenticationCode1, AuthenticationCode2 });
  return readMfaStatus(operations, UserName);
}

/**
 * Deletes the device of a user and no longer requires one at the next logon. Returns the earlier status.
 * @throws Failure EntityNotExist.User.MFADevice
 */
export async function removeMfa(operations: Operations, name: string): Promise<MfaStatus> {
  const status = await readMfaStatus(operations, name);
  const { UserName, MFA, MFABindRequired } = status;
  if (MFA === 'bound' || !MFABindRequired) await deleteBoundDevice(operations, UserName);
  if (MFABindRequired) await operations.updateLoginProfile({ UserName, MFABindRequired: false });
  return status;
}

/**
 * Returns the user name, or the user name with the end of the user id when RAM does not allow it as a device name or
 * another device has it. Deletes an unbound device with the returned name.
 */
async function reserveDeviceName(operations: Operations, user: User): Promise<string> {
  for (const { name, device } of await findCandidateDevices(operations, user)) {
    if (device?.User) continue;
    if (device) await operations.deleteVirtualMFADevice({ SerialNumber: device.SerialNumber });
    return name;
  }
  const message = `all MFA device names for ${user.UserName} are in use`;
  throw new Failure('refused', 'EntityAlreadyExists.VirtualMFADevice', message, { Hint: 'ramctl mfa list' });
}
