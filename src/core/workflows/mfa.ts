import type { Directory, Operations, User } from '../directory.ts';
import { notFoundFailure, userFailure } from '../entity-checks.ts';
import { shortLogonName } from '../logon-names.ts';
import { shellCommand } from '../shell-command.ts';
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

/** What an authenticator app needs to show the codes of a new device. It is shown only once. */
export type MfaKey = Pick<User, 'UserId' | 'UserName'> &
  Record<'Account' | 'Issuer' | 'Base32StringSeed' | 'OtpAuthUri', string>;

/**
 * Generates the key of a new device for a user. Nothing is stored: `setUpMFADevice` creates the device. Its errors are
 * thrown here already, before a person scans the key.
 * @throws Failure as setUpMFADevice
 */
export async function generateMfaKey(directory: Directory, name: string): Promise<MfaKey> {
  const { buildOtpAuthUri, ISSUER } = await import('../totp.ts');
  const Base32StringSeed = await directory.generateMfaSeed();
  const { value: user } = await directory.dryRun().atomically(async (operations) => {
    await operations.setUpMFADevice({ UserName: name, Base32StringSeed });
    return operations.getUser({ UserName: name });
  });
  const Account = shortLogonName(user.UserPrincipalName);
  const OtpAuthUri = buildOtpAuthUri(Account, Base32StringSeed);
  const { UserId, UserName } = user;
  return { UserId, UserName, Account, Issuer: ISSUER, Base32StringSeed, OtpAuthUri };
}

/**
 * Creates the device of a key and binds it. `LastTimeStep` is the time step of the later of two right codes.
 * @throws Failure as setUpMFADevice, and EntityNotExist.User if another user has the name now
 */
export async function bindNewDevice(operations: Operations, key: MfaKey, LastTimeStep: number): Promise<MfaStatus> {
  const { UserName, Base32StringSeed } = key;
  const { UserId } = await operations.getUser({ UserName });
  if (UserId !== key.UserId) throw notFoundFailure('User', UserName);
  await operations.setUpMFADevice({ UserName, Base32StringSeed, LastTimeStep });
  return readMfaStatus(operations, UserName);
}

/** Binds the unbound device of a user. @throws as bindMFADevice, EntityNotExist.VirtualMFADevice */
export async function completeMfaSetup(operations: Operations, name: string, codes: [string, string]) {
  const user = await operations.getUser({ UserName: name });
  const { UserName } = user;
  const candidates = await findCandidateDevices(operations, user);
  const unbound = candidates.find(({ device }) => device && !device.User)?.device;
  // For a user with a bound device, bindMFADevice reports the right error.
  const device = unbound ?? (await findBoundDevice(operations, UserName));
  if (!device) {
    const message = `${UserName} has no MFA device to bind`;
    throw userFailure(
      'missing',
      'EntityNotExist.VirtualMFADevice',
      message,
      shellCommand`ramctl mfa enable ${UserName}`,
    );
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

/** A device that was deleted. */
export type DeletedDevice = Record<'VirtualMFADeviceName' | 'SerialNumber', string>;

/**
 * Deletes an unbound device, named by its serial number or its name.
 * @throws Failure EntityNotExist.VirtualMFADevice, DeleteConflict.VirtualMFADevice.User
 */
export async function deleteMfaDevice(operations: Operations, serialOrName: string): Promise<DeletedDevice> {
  const devices = await operations.listVirtualMFADevices();
  const wanted = serialOrName.toLowerCase();
  const device = devices.find(({ SerialNumber }) =>
    [SerialNumber, deviceNameOf(SerialNumber)].some((text) => text.toLowerCase() === wanted),
  );
  const { SerialNumber } = device ?? { SerialNumber: serialOrName };
  await operations.deleteVirtualMFADevice({ SerialNumber });
  return { VirtualMFADeviceName: deviceNameOf(SerialNumber), SerialNumber };
}

/** Returns the name at the end of a serial number, which is `acs:ram::<account id>:mfa/<name>`. */
export function deviceNameOf(SerialNumber: string): string {
  return SerialNumber.slice(SerialNumber.lastIndexOf('/') + 1);
}

/** Returns the two commands that set up an MFA device without a terminal. */
export function mfaSetupHint(userName: string): string {
  const bind = shellCommand`ramctl mfa bind ${userName} --code <first> --code <second>`;
  return shellCommand`ramctl mfa enable ${userName} --no-bind   # then: ${bind}`;
}
