import { withLogonUrl } from '../../core/workflows/login.ts';
import { loginView } from '../../view/login.ts';
import type { RamctlCommand } from '../command.ts';

export function declareGet(noun: RamctlCommand): void {
  const verb = noun.verb('get <user>', 'the logon settings of a user, with the link to send', [
    'ramctl login get alice',
  ]);
  verb.setAction(async (context, _, UserName: string) => {
    await context.output.show(loginView, withLogonUrl(await context.directory.getLoginProfile({ UserName })));
  });
}
