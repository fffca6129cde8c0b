import type { Operations, User } from '../directory.ts';
import { candidateDeviceNames } from '../mfa.ts';

/** Returns the candidate names of a user, each with the device that has this name. */
export async function findCandidateDevices(operations: Operations, { UserName, UserId }: User) {
  const devices = await operations.listVirtualMFADevices();
  return candidateDeviceNames(UserName, UserId).map((name) => {
    const suffix = `:mfa/${name}`.toLowerCase();
    return { name, device: devices.find(({ SerialNumber }) => SerialNumber.toLowerCase().endsWith(suffix)) };
  });
}

/** Unbinds and deletes the device of a user. @throws Failure EntityNotExist.User.MFADevice */
export async function deleteBoundDevice(operations: Operations, UserName: string): Promise<void> {
  const { SerialNumber } = await operations.unbindMFADevice({ UserName });
  await operations.deleteVirtualMFADevice({ SerialNumber });
}

/**
 * Deletes the unbound devices that were created for a user. A person who knows the seed could bind such a device to
 * the next user with the same name.
 */
export async function deleteUnboundDevices(operations: Operations, user: User): Promise<void> {
  for (const { device } of await findCandidateDevices(operations, user)) {
    if (device && !device.User) await operations.deleteVirtualMFADevice({ SerialNumber: device.SerialNumber });
  }
}
