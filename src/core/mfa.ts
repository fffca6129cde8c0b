import { formatRamDate } from './clock.ts';
import type { OperationContext } from './context.ts';
import type { BindMFADeviceInput, MFADevice, NewMFADevice, UserMFADevice, UserRef } from './directory.ts';
import { Failure } from './failure.ts';
import { QUOTAS } from './quotas.ts';
import {
  findDeviceOfUser,
  foldCase,
  type MFADeviceRecord,
  type State,
  sortedByName,
  type UserRecord,
} from './state.ts';
import { findUser } from './user.ts';
import { assertValidDeviceName } from './validation.ts';

/** What binds the seal of a seed to its device. */
export function seedLabel(device: Pick<MFADeviceRecord, 'VirtualMFADeviceName' | 'CreateDate'>): string {
  return `VirtualMFADevice/${foldCase(device.VirtualMFADeviceName)}/${device.CreateDate}`;
}

/** Seeds and codes take a library that no other operation needs; `totp.ts` is loaded before the lock is taken. */
export async function createVirtualMFADevice(
  context: OperationContext,
  input: { VirtualMFADeviceName: string },
): Promise<NewMFADevice> {
  const { state, clock, random, vault } = context;
  const { VirtualMFADeviceName } = input;
  assertValidDeviceName(VirtualMFADeviceName);
  if (state.MFADevices.has(foldCase(VirtualMFADeviceName))) {
    throw new Failure(
      'refused',
      'EntityAlreadyExists.VirtualMFADevice',
      `there is a virtual MFA device ${VirtualMFADeviceName} already`,
      { Field: 'VirtualMFADeviceName', Hint: 'ramctl mfa list' },
    );
  }
  if (state.MFADevices.size >= QUOTAS.MFADevices) {
    throw new Failure(
      'refused',
      'LimitExceeded.VirtualMFADevice',
      `an account holds at most ${QUOTAS.MFADevices} MFA devices`,
    );
  }
  const { generateSeed: newSeed } = await import('./totp.ts');
  const Base32StringSeed = newSeed(random);
  const CreateDate = formatRamDate(clock.now());
  const SealedSeed = vault.encrypt(Base32StringSeed, seedLabel({ VirtualMFADeviceName, CreateDate }));
  const device = { VirtualMFADeviceName, SealedSeed, CreateDate };
  state.MFADevices.set(foldCase(VirtualMFADeviceName), device);
  return { SerialNumber: serialNumberOf(state, device), Base32StringSeed };
}

export function listVirtualMFADevices({ state }: OperationContext): MFADevice[] {
  const users = new Map(Array.from(state.Users.values(), (user) => [user.UserId, user]));
  return sortedByName(state.MFADevices).map((device) => {
    const user = device.Binding && users.get(device.Binding.UserId);
    return {
      SerialNumber: serialNumberOf(state, device),
      ActivateDate: device.Binding?.ActivateDate ?? null,
      User: user
        ? { UserId: user.UserId, UserName: user.UserName, DisplayName: user.DisplayName ?? user.UserName }
        : null,
    };
  });
}

export function deleteVirtualMFADevice({ state }: OperationContext, { SerialNumber }: { SerialNumber: string }): void {
  const device = findDevice(state, SerialNumber);
  if (device.Binding) {
    throw new Failure('refused', 'DeleteConflict.VirtualMFADevice.User', `${SerialNumber} is bound to a user`, {
      Field: 'SerialNumber',
      Hint: 'ramctl mfa list',
    });
  }
  state.MFADevices.delete(foldCase(device.VirtualMFADeviceName));
}

export async function bindMFADevice(context: OperationContext, input: BindMFADeviceInput): Promise<void> {
  const { state, clock, vault } = context;
  const user = findUser(state, input.UserName);
  const device = findDevice(state, input.SerialNumber);
  if (findDeviceOfUser(state, user)) {
    throw new Failure('refused', 'EntityAlreadyExists.User.MFADevice', `${user.UserName} has an MFA device already`, {
      Field: 'UserName',
      Hint: `ramctl mfa disable ${user.UserName}`,
    });
  }
  if (device.Binding) {
    throw new Failure(
      'refused',
      'EntityAlreadyExists.VirtualMFADevice.User',
      `${input.SerialNumber} is bound to somebody already`,
      { Field: 'SerialNumber', Hint: 'ramctl mfa list' },
    );
  }
  const { findAcceptedPairStep: acceptedPair } = await import('./totp.ts');
  const seed = vault.decrypt(device.SealedSeed, seedLabel(device));
  const codes: [string, string] = [input.AuthenticationCode1, input.AuthenticationCode2];
  device.LastTimeStep = acceptedPair(seed, codes, clock.now(), device.LastTimeStep);
  device.Binding = { UserId: user.UserId, ActivateDate: formatRamDate(clock.now()) };
}

export function unbindMFADevice({ state }: OperationContext, { UserName }: UserRef): { SerialNumber: string } {
  const device = findBoundDevice(state, findUser(state, UserName));
  delete device.Binding;
  return { SerialNumber: serialNumberOf(state, device) };
}

export function getUserMFAInfo({ state }: OperationContext, { UserName }: UserRef): UserMFADevice {
  const device = findBoundDevice(state, findUser(state, UserName));
  return {
    SerialNumber: serialNumberOf(state, device),
    Type: 'VMFA',
    ActivateDate: device.Binding?.ActivateDate ?? device.CreateDate,
  };
}

function serialNumberOf(state: State, device: MFADeviceRecord): string {
  return `acs:ram::${state.Account.AccountId}:mfa/${device.VirtualMFADeviceName}`;
}

export function findDevice(state: State, SerialNumber: string): MFADeviceRecord {
  const prefix = `acs:ram::${state.Account.AccountId}:mfa/`;
  const device = SerialNumber.startsWith(prefix)
    ? state.MFADevices.get(foldCase(SerialNumber.slice(prefix.length)))
    : undefined;
  if (device) return device;
  throw new Failure('missing', 'EntityNotExist.VirtualMFADevice', `there is no virtual MFA device ${SerialNumber}`, {
    Field: 'SerialNumber',
    Hint: 'ramctl mfa list',
  });
}

function findBoundDevice(state: State, user: UserRecord): MFADeviceRecord {
  const device = findDeviceOfUser(state, user);
  if (device) return device;
  throw new Failure('missing', 'EntityNotExist.User.MFADevice', `${user.UserName} has no MFA device`, {
    Field: 'UserName',
    Hint: `ramctl mfa enable ${user.UserName}`,
  });
}
