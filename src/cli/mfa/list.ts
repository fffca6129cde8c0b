import { type MfaDeviceRow, mfaListView } from '../../view/mfa.ts';
import type { RamctlCommand } from '../command.ts';

export function declare(noun: RamctlCommand): void {
  const verb = noun.verb('list', 'List MFA devices', {
    'List all devices with their users': 'ramctl mfa list',
    'List the serial numbers of the devices that are not bound': `ramctl mfa list --query "[?Status=='unbound'].SerialNumber"`,
  });
  verb.describe('Prints the virtual MFA devices of the account, each with its status and the user it is bound to.');
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
