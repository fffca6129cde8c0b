import { readMfaStatus, removeMfa } from '../../core/workflows/mfa.ts';
import { disabledMfaView } from '../../view/mfa.ts';
import type { RamctlCommand } from '../command.ts';
import { commitAndShow } from '../output.ts';
import { remarkOnUndo } from '../remarks.ts';

export function declare(noun: RamctlCommand): void {
  const verb = noun.verb('disable <user>', 'Delete the MFA device of a user and the MFA requirement', {
    'Disable MFA for alice after a confirmation': 'ramctl mfa disable alice',
    'The same in a script, without a question': 'ramctl mfa disable alice --yes',
  });
  verb.describe(`Unbinds and deletes the MFA device of a user, and no longer requires MFA at the next logon. Asks for
    a confirmation. Fails if the user has neither a device nor the requirement. Prints the serial number of the
    device.`);
  verb.setAction(async (context, _, name: string) => {
    await context.prompts.confirm(async () => {
      const status = await context.directory.reading((operations) => readMfaStatus(operations, name));
      return { question: `Disable MFA for ${status.UserName} (${status.SerialNumber ?? 'no device bound'})?` };
    });
    const { changeId } = await commitAndShow(context, disabledMfaView, async (operations) => {
      const { UserName, SerialNumber } = await removeMfa(operations, name);
      return { UserName, SerialNumber };
    });
    remarkOnUndo(context, changeId, 'brings back what was deleted');
  });
}
