import { mfaStatus, removeMfa } from '../../core/journeys/mfa.ts';
import { goneDeviceView } from '../../view/mfa.ts';
import type { RamctlCommand } from '../command.ts';

export function declareDisable(noun: RamctlCommand): void {
  const verb = noun.verb('disable <user>', 'unbind and delete the MFA device, and the requirement', [
    'ramctl mfa disable alice --yes',
  ]);
  verb.does(async (app, _, name: string) => {
    app.confirm.ready();
    await app.confirm.ask(async () => {
      const status = await app.directory.reading((operations) => mfaStatus(operations, name));
      return { question: `Take MFA from ${status.UserName} (${status.SerialNumber ?? 'no device bound'})?` };
    });
    await app.change(goneDeviceView, async (operations) => {
      const { UserName, SerialNumber } = await removeMfa(operations, name);
      return { UserName, SerialNumber };
    });
  });
}
