import type { MFADevice, Operations } from '../directory.ts';

/** The names that the device of a user may have, the preferred one first. */
export function candidateDeviceNames(UserName: string, UserId: string): string[] {
  const allowed = UserName.replace(/_/g, '-');
  const unique = `${allowed.slice(0, 55)}-${UserId.slice(-8)}`;
  return allowed === UserName ? [UserName, unique] : [unique];
}

/** The device of that name; a serial number ends in it. */
export function findDeviceByName(devices: MFADevice[], deviceName: string): MFADevice | undefined {
  const ending = `:mfa/${deviceName}`.toLowerCase();
  return devices.find(({ SerialNumber }) => SerialNumber.toLowerCase().endsWith(ending));
}

/** Removes the unbound devices that were made for a user: whoever has their seed could bind them to the next one of that name. */
export async function removeUnboundDevices(operations: Operations, UserName: string, UserId: string): Promise<void> {
  const devices = await operations.listVirtualMFADevices();
  for (const name of candidateDeviceNames(UserName, UserId)) {
    const device = findDeviceByName(devices, name);
    if (device && !device.User) await operations.deleteVirtualMFADevice({ SerialNumber: device.SerialNumber });
  }
}
