import type { Directory, MFASetup, UserRef } from '../core/directory.ts';
import { notFoundFailure } from '../core/entity-checks.ts';
import { createUnboundDevice } from '../core/workflows/mfa.ts';

/**
 * Implements `Directory.startMFASetup` over RAM's operations. RAM returns the seed only when it creates the device, so
 * the device exists from now on. If the command is killed, the next setup replaces it.
 * @throws as `createVirtualMFADevice`; `bind` throws EntityNotExist.User if another user has the name now
 */
export async function startMFASetup(
  directory: Pick<Directory, 'atomically' | 'deleteVirtualMFADevice'>,
  { UserName: name }: UserRef,
): Promise<MFASetup> {
  const { value } = await directory.atomically((operations) => createUnboundDevice(operations, name));
  const { user, SerialNumber, Base32StringSeed } = value;
  const { UserName, UserId } = user;
  return {
    user,
    SerialNumber,
    Base32StringSeed,
    async bind({ codes: [AuthenticationCode1, AuthenticationCode2] }, work) {
      const change = await directory.atomically(async (operations) => {
        const present = await operations.getUser({ UserName });
        if (present.UserId !== UserId) throw notFoundFailure('User', UserName);
        await operations.bindMFADevice({ UserName, SerialNumber, AuthenticationCode1, AuthenticationCode2 });
        return work(operations);
      });
      return change.value;
    },
    cancel: () => directory.deleteVirtualMFADevice({ SerialNumber }),
  };
}
