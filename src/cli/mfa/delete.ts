import { deleteMfaDevice } from '../../core/workflows/mfa.ts';
import { deletedDeviceView } from '../../view/mfa.ts';
import type { RamctlCommand } from '../command.ts';
import { confirmAndDelete } from '../confirm-delete.ts';

export function declare(noun: RamctlCommand): void {
  const verb = noun.verb('delete <device>', 'Delete a virtual MFA device that is not bound', {
    'Delete the unbound device spare after a confirmation': 'ramctl mfa delete spare',
    'The same in a script, without a question': 'ramctl mfa delete spare --yes',
  });
  verb.describe(`Deletes a virtual MFA device, named by its serial number or its name, after a confirmation. Refuses a
    device that is bound to a user: "ramctl mfa disable" deletes it. Prints the name and the serial number of the
    device.`);
  verb.setAction(async (context, _, device: string) => {
    await confirmAndDelete(context, {
      view: deletedDeviceView,
      remove: (operations) => deleteMfaDevice(operations, device),
      question: ({ SerialNumber }) => ({ question: `Delete the unbound MFA device ${SerialNumber}?` }),
      hasPreview: false,
    });
  });
}
