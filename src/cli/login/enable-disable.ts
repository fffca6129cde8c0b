import { withLogonUrl } from '../../core/workflows/login.ts';
import { loginView } from '../../view/login.ts';
import type { RamctlCommand } from '../command.ts';
import { changeAndShow } from '../output.ts';

const VERBS = [
  { name: 'enable', title: 'Enable', Status: 'Active', effect: 'The user can log on again with the same password.' },
  { name: 'disable', title: 'Disable', Status: 'Inactive', effect: 'The user can no longer log on.' },
] as const;

export function declare(noun: RamctlCommand): void {
  for (const { name, title, Status, effect } of VERBS) {
    const verb = noun.verb(`${name} <user>`, `${title} console logon`, {
      [`${title} console logon for alice`]: `ramctl login ${name} alice`,
      'The same, and print only the new status': `ramctl login ${name} alice --query Status`,
    });
    verb.describe(`Sets the status of a user's console logon to ${Status}. ${effect} The password and the other
      settings are kept. Repeating the command is not an error. Fails if the user has no console logon. Prints the
      logon settings.`);
    verb.setAction(async (context, _, UserName: string) => {
      await changeAndShow(context, loginView, async (operations) =>
        withLogonUrl(await operations.updateLoginProfile({ UserName, Status })),
      );
    });
  }
}
