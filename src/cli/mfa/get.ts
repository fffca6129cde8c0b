import { readMfaStatus } from '../../core/workflows/mfa.ts';
import { type MfaDeviceRow, mfaListView, mfaView } from '../../view/mfa.ts';
import type { RamctlCommand } from '../command.ts';

export function declareGet(noun: RamctlCommand): void {
  const verb = noun.verb('get <user>', 'whether a user has an MFA device', ['ramctl mfa get alice']);
  verb.setAction(async (context, _, name: string) => {
    await context.output.show(
      mfaView,
      await context.directory.reading((operations) => readMfaStatus(operations, name)),
    );
  });
}

export function declareList(noun: RamctlCommand): void {
  const verb = noun.verb('list', 'the virtual MFA devices and who is bound to them', ['ramctl mfa list']);
  verb.setAction(async (context) => {
    const devices = await context.directory.listVirtualMFADevices();
    const rows = devices.map<MfaDeviceRow>(({ SerialNumber, ActivateDate, User }) => ({
      SerialNumber,
      UserName: User?.UserName ?? null,
      Status: User ? 'bound' : 'unbound',
      ActivateDate,
    }));
    await context.output.show(mfaListView, rows);
  });
}
