import { withLogonUrl } from '../../core/workflows/login.ts';
import { loginView } from '../../view/login.ts';
import type { RamctlCommand } from '../command.ts';
import { changeAndShow } from '../output.ts';

export function declareEnableDisable(
  noun: RamctlCommand,
  word: 'enable' | 'disable',
  summary: string,
  effect: string,
): void {
  const Status = word === 'enable' ? 'Active' : 'Inactive';
  const verb = noun.verb(`${word} <user>`, summary, {
    [`${summary} for alice`]: `ramctl login ${word} alice`,
    'The same, and print only the new status': `ramctl login ${word} alice --query Status`,
  });
  verb.description(
    `Sets the status of a user's console logon to ${Status}. ${effect} Other settings do not change. Repeating the ` +
      'command is not an error. Fails if the user has no console logon. Prints the logon settings.',
  );
  verb.setAction(async (context, _, UserName: string) => {
    await changeAndShow(context, loginView, async (operations) =>
      withLogonUrl(await operations.updateLoginProfile({ UserName, Status })),
    );
  });
}
