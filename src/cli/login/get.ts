import { withLogonUrl } from '../../core/workflows/login.ts';
import { loginView } from '../../view/login.ts';
import type { RamctlCommand } from '../command.ts';

export function declare(noun: RamctlCommand): void {
  const verb = noun.verb('get <user>', 'Show the logon settings of a user', {
    'Show the settings of alice': 'ramctl login get alice',
    'Print only the URL of the logon page': 'ramctl login get alice --query LogonUrl',
  });
  verb.describe('Prints the logon settings of a user who has console logon, and the URL of the logon page.');
  verb.setAction(async (context, _, UserName: string) => {
    await context.output.show(loginView, withLogonUrl(await context.directory.getLoginProfile({ UserName })));
  });
}
