import { formatRamDate } from './clock.ts';
import { assertBelowQuota, userFailure } from './entity-checks.ts';
import { Failure, type FailureKind } from './failure.ts';
import type { MFADeviceOperations } from './identity-operations.ts';
import type { Implementation } from './operation-context.ts';
import { QUOTAS } from './quotas.ts';
import type { MFADeviceRecord, State, UserRecord } from './state.ts';
import { findDeviceOfUser, foldCase, sortedByName } from './state.ts';
import { findUser } from './user.ts';
import { assertValidDeviceName } from './validation.ts';

// Only these operations need the library of totp.ts. Callers load it before the lock is taken.
export const mfaDeviceOperations = {
  async createVirtualMFADevice({ state, clock, random, vault }, { VirtualMFADeviceName }) {
    assertValidDeviceName(VirtualMFADeviceName);
    const key = foldCase(VirtualMFADeviceName);
    if (state.MFADevices.has(key)) {
      const message = `the virtual MFA device ${VirtualMFADeviceName} already exists`;
      throw deviceFailure('refused', 'EntityAlreadyExists.VirtualMFADevice', message, 'VirtualMFADeviceName');
    }
    assertBelowQuota(state.MFADevices.size, QUOTAS.MFADevices, 'VirtualMFADevice', 'MFA devices');
    const { generateSeed } = await import('./totp.ts');
    const Base32StringSeed = generateSeed(random);
    const identity = { VirtualMFADeviceName, CreateDate: formatRamDate(clock.now()) };
    const SealedSeed = vault.encrypt(Base32StringSeed, seedLabel(identity));
    const device = { VirtualMFADeviceName, SealedSeed, CreateDate: identity.CreateDate };
    state.MFADevices.set(key, device);
    return { SerialNumber: serialNumberOf(state, device), Base32StringSeed };
  },

  listVirtualMFADevices({ state }) {
    const users = new Map(Array.from(state.Users.values(), (user) => [user.UserId, user]));
    return sortedByName(state.MFADevices).map((device) => {
      const { UserId = '', ActivateDate = null } = device.Binding ?? {};
      const { UserName = '', DisplayName = UserName } = users.get(UserId) ?? {};
      const User = UserName ? { UserId, UserName, DisplayName } : null;
      return { SerialNumber: serialNumberOf(state, device), ActivateDate, User };
    });
  },

  deleteVirtualMFADevice({ state }, { SerialNumber }) {
    const device = findDevice(state, SerialNumber);
    if (device.Binding) {
      throw deviceFailure('refused', 'DeleteConflict.VirtualMFADevice.User', `${SerialNumber} is bound to a user`);
    }
    state.MFADevices.delete(foldCase(device.VirtualMFADeviceName));
  },

  async bindMFADevice({ state, clock, vault }, input) {
    const user = findUser(state, input.UserName);
    const device = findDevice(state, input.SerialNumber);
    if (findDeviceOfUser(state, user)) {
      const message = `${user.UserName} already has an MFA device`;
      const hint = `ramctl mfa disable ${user.UserName}`;
      throw userFailure('refused', 'EntityAlreadyExists.User.MFADevice', message, hint);
    }
    if (device.Binding) {
      const message = `${input.SerialNumber} is already bound to a user`;
      throw deviceFailure('refused', 'EntityAlreadyExists.VirtualMFADevice.User', message);
    }
    const { findAcceptedPairStep } = await import('./totp.ts');
    const seed = vault.decrypt(device.SealedSeed, seedLabel(device));
    const codes: [string, string] = [input.AuthenticationCode1, input.AuthenticationCode2];
    device.LastTimeStep = findAcceptedPairStep(seed, codes, clock.now(), device.LastTimeStep);
    device.Binding = { UserId: user.UserId, ActivateDate: formatRamDate(clock.now()) };
  },

  unbindMFADevice({ state }, { UserName }) {
    const device = findBoundDevice(state, findUser(state, UserName));
    delete device.Binding;
    return { SerialNumber: serialNumberOf(state, device) };
  },

  getUserMFAInfo({ state }, { UserName }) {
    const device = findBoundDevice(state, findUser(state, UserName));
    const ActivateDate = device.Binding?.ActivateDate ?? device.CreateDate;
    return { SerialNumber: serialNumberOf(state, device), Type: 'VMFA', ActivateDate };
  },
} satisfies Implementation<MFADeviceOperations>;

/** Returns the vault label of a seed. */
export function seedLabel(device: Pick<MFADeviceRecord, 'VirtualMFADeviceName' | 'CreateDate'>): string {
  return `VirtualMFADevice/${foldCase(device.VirtualMFADeviceName)}/${device.CreateDate}`;
}

function serialNumberOf({ Account }: State, { VirtualMFADeviceName }: MFADeviceRecord): string {
  return `acs:ram::${Account.AccountId}:mfa/${VirtualMFADeviceName}`;
}

export function findDevice(state: State, SerialNumber: string): MFADeviceRecord {
  const prefix = `acs:ram::${state.Account.AccountId}:mfa/`;
  const name = SerialNumber.startsWith(prefix) ? SerialNumber.slice(prefix.length) : '';
  const device = state.MFADevices.get(foldCase(name));
  if (device) return device;
  const message = `the virtual MFA device ${SerialNumber} does not exist`;
  throw deviceFailure('missing', 'EntityNotExist.VirtualMFADevice', message);
}

function findBoundDevice(state: State, user: UserRecord): MFADeviceRecord {
  const device = findDeviceOfUser(state, user);
  if (device) return device;
  const message = `${user.UserName} has no bound MFA device`;
  throw userFailure('missing', 'EntityNotExist.User.MFADevice', message, 'ramctl mfa list');
}

function deviceFailure(kind: FailureKind, code: string, message: string, Field = 'SerialNumber'): Failure {
  return new Failure(kind, code, message, { Field, Hint: 'ramctl mfa list' });
}

/** Returns the names that the device of a user may have, the preferred one first. */
export function candidateDeviceNames(UserName: string, UserId: string): string[] {
  const allowed = UserName.replace(/_/g, '-');
  const unique = `${allowed.slice(0, 55)}-${UserId.slice(-8)}`;
  return allowed === UserName ? [UserName, unique] : [unique];
}
