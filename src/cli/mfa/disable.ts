import { readMfaStatus, removeMfa } from '../../core/workflows/mfa.ts';
import { deletedDeviceView } from '../../view/mfa.ts';
import type { RamctlCommand } from '../command.ts';
import { changeAndShow } from '../output.ts';

export function declareDisable(noun: RamctlCommand): void {
  const verb = noun.verb('disable <user>', 'unbind and delete the MFA device, and the requirement', [
    'ramctl mfa disable alice --yes',
  ]);
  verb.setAction(async (context, _, name: string) => {
    context.prompts.requireConfirmation();
    await context.prompts.confirm(async () => {
      const status = await context.directory.reading((operations) => readMfaStatus(operations, name));
      return { question: `Take MFA from ${status.UserName} (${status.SerialNumber ?? 'no device bound'})?` };
    });
    await changeAndShow(context, deletedDeviceView, async (operations) => {
      const { UserName, SerialNumber } = await removeMfa(operations, name);
      return { UserName, SerialNumber };
    });
  });
}
