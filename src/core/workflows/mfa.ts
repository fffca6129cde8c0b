import type { NewMFADevice, Operations, User } from '../directory.ts';
import { userFailure } from '../entity-checks.ts';
import { shortLogonName } from '../logon-names.ts';
import { boundDeviceFailure, chooseDeviceName } from '../mfa.ts';
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
export type MfaKey = Record<'UserName' | 'Account' | 'Issuer' | 'Base32StringSeed' | 'OtpAuthUri', string>;

/** Returns the key of a new device. Callers load the library of `totp.ts` before the lock is taken. */
export async function buildMfaKey(user: User, Base32StringSeed: string): Promise<MfaKey> {
  const { buildOtpAuthUri, ISSUER } = await import('../totp.ts');
  const Account = shortLogonName(user.UserPrincipalName);
  const OtpAuthUri = buildOtpAuthUri(Account, Base32StringSeed);
  return { UserName: user.UserName, Account, Issuer: ISSUER, Base32StringSeed, OtpAuthUri };
}

/**
 * Creates a device for a user, without binding it. An unbound device of an earlier setup is replaced.
 * @throws Failure as Directory.startMFASetup
 */
export async function createUnboundDevice(
  operations: Operations,
  name: string,
): Promise<NewMFADevice & { user: User }> {
  const user = await operations.getUser({ UserName: name });
  const { UserName } = user;
  if (await findBoundDevice(operations, UserName)) throw boundDeviceFailure(UserName);
  const candidates = await findCandidateDevices(operations, user);
  const findCandidate = (wanted: string) => candidates.find((candidate) => candidate.name === wanted)?.device;
  const VirtualMFADeviceName = chooseDeviceName(user, (candidate) => Boolean(findCandidate(candidate)?.User));
  const replaced = findCandidate(VirtualMFADeviceName);
  if (replaced) await operations.deleteVirtualMFADevice({ SerialNumber: replaced.SerialNumber });
  return { user, ...(await operations.createVirtualMFADevice({ VirtualMFADeviceName })) };
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
