import { formatRamDate } from './clock.ts';
import { assertBelowQuota, userFailure } from './entity-checks.ts';
import { Failure, type FailureKind } from './failure.ts';
import type { MFADeviceOperations } from './identity-operations.ts';
import type { Implementation, OperationContext } from './operation-context.ts';
import { QUOTAS } from './quotas.ts';
import { shellCommand } from './shell-command.ts';
import type { MFADeviceRecord, State, UserRecord } from './state.ts';
import { findDeviceOfUser, findUserById, foldCase, sortedByName } from './state.ts';
import { findUser } from './user.ts';
import { assertValidDeviceName } from './validation.ts';

// Only these operations need the library of totp.ts. Callers load it before the lock is taken.
export const mfaDeviceOperations = {
  async createVirtualMFADevice(context, { VirtualMFADeviceName }) {
    const { state, random } = context;
    assertValidDeviceName(VirtualMFADeviceName);
    if (state.MFADevices.has(foldCase(VirtualMFADeviceName))) {
      const message = `the virtual MFA device ${VirtualMFADeviceName} already exists`;
      throw deviceFailure('refused', 'EntityAlreadyExists.VirtualMFADevice', message, 'VirtualMFADeviceName');
    }
    const { generateSeed } = await import('./totp.ts');
    const Base32StringSeed = generateSeed(random);
    const device = addDevice(context, VirtualMFADeviceName, Base32StringSeed);
    return { SerialNumber: serialNumberOf(state, device), Base32StringSeed };
  },

  listVirtualMFADevices({ state }) {
    const users = new Map(Array.from(state.Users.values(), (user) => [user.UserId, user]));
    return sortedByName(state.MFADevices).map((device) => {
      const { UserId = '', ActivateDate = null } = device.Binding ?? {};
      const { UserName = '', DisplayName = null } = users.get(UserId) ?? {};
      const User = UserName ? { UserId, UserName, DisplayName } : null;
      return { SerialNumber: serialNumberOf(state, device), ActivateDate, User };
    });
  },

  deleteVirtualMFADevice({ state }, { SerialNumber }) {
    const device = findDevice(state, SerialNumber);
    const user = device.Binding && findUserById(state, device.Binding.UserId);
    if (user) {
      const message = `the virtual MFA device ${device.VirtualMFADeviceName} is bound to ${user.UserName}`;
      const Hint = shellCommand`ramctl mfa disable ${user.UserName}`;
      throw deviceFailure('refused', 'DeleteConflict.VirtualMFADevice.User', message, 'SerialNumber', Hint);
    }
    state.MFADevices.delete(foldCase(device.VirtualMFADeviceName));
  },

  async bindMFADevice({ state, clock, vault }, input) {
    const user = findUser(state, input.UserName);
    const device = findDevice(state, input.SerialNumber);
    assertNoBoundDevice(state, user);
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

/**
 * Adds a device for a user and binds it. `LastTimeStep` is the time step of the later of two codes that the caller has
 * checked. An unbound device of an earlier setup is replaced.
 * @throws Failure as Directory.startMFASetup
 */
export function addBoundDevice(context: OperationContext, user: UserRecord, device: NewDevice): void {
  const { state, clock } = context;
  assertNoBoundDevice(state, user);
  const record = addDevice(context, reserveDeviceName(state, user), device.Base32StringSeed);
  record.LastTimeStep = device.LastTimeStep;
  record.Binding = { UserId: user.UserId, ActivateDate: formatRamDate(clock.now()) };
}

/** A new device whose codes were right. */
export type NewDevice = { Base32StringSeed: string; LastTimeStep: number };

/** Adds an unbound device. @throws Failure LimitExceeded.VirtualMFADevice */
function addDevice(context: OperationContext, VirtualMFADeviceName: string, seed: string): MFADeviceRecord {
  const { state, clock, vault } = context;
  assertBelowQuota(state.MFADevices.size, QUOTAS.MFADevices, 'VirtualMFADevice', 'MFA devices');
  const identity = { VirtualMFADeviceName, CreateDate: formatRamDate(clock.now()) };
  const SealedSeed = vault.encrypt(seed, seedLabel(identity));
  const device: MFADeviceRecord = { VirtualMFADeviceName, SealedSeed, CreateDate: identity.CreateDate };
  state.MFADevices.set(foldCase(VirtualMFADeviceName), device);
  return device;
}

/** Returns the vault label of a seed. */
export function seedLabel(device: Pick<MFADeviceRecord, 'VirtualMFADeviceName' | 'CreateDate'>): string {
  return `VirtualMFADevice/${foldCase(device.VirtualMFADeviceName)}/${device.CreateDate}`;
}

function serialNumberOf({ Account }: State, { VirtualMFADeviceName }: MFADeviceRecord): string {
  return `acs:ram::${Account.AccountId}:mfa/${VirtualMFADeviceName}`;
}

/** Returns the device with this serial number, an ARN. @throws Failure `missing` */
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

/** @throws Failure EntityAlreadyExists.User.MFADevice */
function assertNoBoundDevice(state: State, user: UserRecord): void {
  if (findDeviceOfUser(state, user)) throw boundDeviceFailure(user.UserName);
}

export function boundDeviceFailure(UserName: string): Failure {
  const message = `${UserName} already has an MFA device`;
  const hint = shellCommand`ramctl mfa disable ${UserName}`;
  return userFailure('refused', 'EntityAlreadyExists.User.MFADevice', message, hint);
}

function deviceFailure(
  kind: FailureKind,
  code: string,
  message: string,
  Field = 'SerialNumber',
  Hint = 'ramctl mfa list',
): Failure {
  return new Failure(kind, code, message, { Field, Hint });
}

/** Returns the name for a new device of a user. Deletes an unbound device with this name. */
function reserveDeviceName(state: State, user: UserRecord): string {
  const name = chooseDeviceName(user, (candidate) => state.MFADevices.get(foldCase(candidate))?.Binding !== undefined);
  state.MFADevices.delete(foldCase(name));
  return name;
}

/**
 * Returns the user name, or the user name with the end of the user id when RAM does not allow it as a device name or
 * another user's device has it.
 * @throws Failure EntityAlreadyExists.VirtualMFADevice
 */
export function chooseDeviceName(
  { UserName, UserId }: Pick<UserRecord, 'UserName' | 'UserId'>,
  isBound: (name: string) => boolean,
): string {
  const name = candidateDeviceNames(UserName, UserId).find((candidate) => !isBound(candidate));
  if (name !== undefined) return name;
  const message = `all MFA device names for ${UserName} are in use`;
  throw deviceFailure('refused', 'EntityAlreadyExists.VirtualMFADevice', message, 'UserName');
}

/** Returns the names that the device of a user may have, the preferred one first. */
export function candidateDeviceNames(UserName: string, UserId: string): string[] {
  const allowed = UserName.replace(/_/g, '-');
  const unique = `${allowed.slice(0, 55)}-${UserId.slice(-8)}`;
  return allowed === UserName ? [UserName, unique] : [unique];
}
