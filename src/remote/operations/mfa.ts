import type { MFADevice, MFADeviceOperations } from '../../core/directory.ts';
import { Failure, nullIfCode } from '../../core/failure.ts';
import type { Response } from '../api.ts';
import type { RemoteContext } from './context.ts';
import { changeOnce, createOnce } from './lost-responses.ts';
import { itemsOf, nullableTexts, sortByName, texts, userNameOf } from './members.ts';

const NOT_BOUND = 'EntityNotExist.User.MFADevice';

export function mfaDeviceOperations(context: RemoteContext): MFADeviceOperations {
  const { api } = context;

  const listVirtualMFADevices: MFADeviceOperations['listVirtualMFADevices'] = async () => {
    const items = itemsOf('VirtualMFADevices', 'VirtualMFADevice');
    const devices = await api.list('IMS', 'ListVirtualMFADevices', { MaxItems: 100 }, items);
    return sortByName(devices.map(toDevice), ({ SerialNumber }) => SerialNumber);
  };
  const deleteVirtualMFADevice: MFADeviceOperations['deleteVirtualMFADevice'] = (device) =>
    changeOnce(context, 'DeleteVirtualMFADevice', device, 'EntityNotExist.VirtualMFADevice');

  /** Returns the bound device. Some responses for a user without a device are no errors (IMS, IsMFAEnable). */
  const getBoundDevice = async (UserName: string): Promise<Response> => {
    const { MFADevice } = await api.call('RAM', 'GetUserMFAInfo', { UserName });
    if (MFADevice?.SerialNumber) return MFADevice;
    throw new Failure('missing', NOT_BOUND, `${UserName} has no bound MFA device`, { Field: 'UserName' });
  };

  return {
    listVirtualMFADevices,
    deleteVirtualMFADevice,

    createVirtualMFADevice({ VirtualMFADeviceName }) {
      const name = `/${VirtualMFADeviceName}`.toLowerCase();
      return createOnce(
        context,
        ['RAM', 'CreateVirtualMFADevice'],
        { VirtualMFADeviceName },
        {
          read: ({ VirtualMFADevice }) => texts(VirtualMFADevice, 'SerialNumber', 'Base32StringSeed'),
          async lookUp() {
            const devices = await listVirtualMFADevices();
            return devices.find(({ SerialNumber }) => SerialNumber.toLowerCase().endsWith(name)) ?? null;
          },
          // Only the lost response contained its seed.
          async adopt({ SerialNumber }) {
            await deleteVirtualMFADevice({ SerialNumber });
            return undefined;
          },
        },
      );
    },

    async bindMFADevice(input) {
      const findBound = async () => {
        const bound = await nullIfCode(getBoundDevice(input.UserName), NOT_BOUND);
        return bound?.SerialNumber.toLowerCase() === input.SerialNumber.toLowerCase() ? true : undefined;
      };
      await api.callOnce('RAM', 'BindMFADevice', { ...input }, () => true, findBound);
    },

    async unbindMFADevice({ UserName }) {
      const { SerialNumber } = await getBoundDevice(UserName);
      await changeOnce(context, 'UnbindMFADevice', { UserName }, NOT_BOUND);
      return { SerialNumber };
    },

    async getUserMFAInfo({ UserName }) {
      const { SerialNumber, Type } = await getBoundDevice(UserName);
      const devices = Type === 'VMFA' ? await listVirtualMFADevices() : [];
      const device = devices.find((each) => each.SerialNumber === SerialNumber);
      return { SerialNumber, Type, ActivateDate: device?.ActivateDate ?? null };
    },
  };
}

function toDevice(device: Response): MFADevice {
  const { UserId, UserPrincipalName = '', DisplayName } = device.User ?? {};
  const User = UserId && { UserId, UserName: userNameOf(UserPrincipalName), DisplayName: DisplayName || null };
  return { ...texts(device, 'SerialNumber'), ...nullableTexts(device, 'ActivateDate'), User: User || null };
}
