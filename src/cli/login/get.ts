import { withLogonUrl } from '../../core/journeys/logon-settings.ts';
import { loginView } from '../../view/login.ts';
import type { RamctlCommand } from '../command.ts';

export function declareGet(noun: RamctlCommand): void {
  const verb = noun.verb('get <user>', 'the logon settings of a user, with the link to send', [
    'ramctl login get alice',
  ]);
  verb.does(async (app, _, UserName: string) => {
    await app.show(loginView, withLogonUrl(await app.directory.getLoginProfile({ UserName })));
  });
}
