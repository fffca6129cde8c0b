import { logonUrl } from '../../core/account.ts';
import type { LoginProfile } from '../../core/directory.ts';
import { type LogonSettings, loginView } from '../../view/login.ts';
import type { RamctlCommand } from '../command.ts';

export function declareGet(noun: RamctlCommand): void {
  const verb = noun.verb('get <user>', 'the logon settings of a user, with the link to send', [
    'ramctl login get alice',
  ]);
  verb.does(async (app, _, UserName: string) => {
    await app.show(loginView, withUrl(await app.directory.getLoginProfile({ UserName })));
    return undefined;
  });
}

export function withUrl(profile: LoginProfile): LogonSettings {
  return { ...profile, LogonUrl: logonUrl(profile.UserPrincipalName) };
}
