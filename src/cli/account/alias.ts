import { readAccountIdentity } from '../../core/workflows/overview.ts';
import { accountView } from '../../view/account.ts';
import type { RamctlCommand } from '../command.ts';
import { changeAndShow, readAndShow } from '../output.ts';
import { usageError } from '../usage-error.ts';

export function declare(noun: RamctlCommand): void {
  const verb = noun.verb('alias [alias]', 'Show, set or remove the account alias, which is part of logon names', {
    'Show the alias and the logon URL': 'ramctl account alias',
    'Set the alias; users then log on as <user>@acme.onaliyun.com': 'ramctl account alias acme',
    'Remove the alias, so that logon names contain the account ID': 'ramctl account alias --clear',
  });
  verb.describe(`Without an argument, shows the alias, the default domain and the logon URL. With an alias, changes
    all logon names to <user>@<alias>.onaliyun.com. An alias has 3 to 32 characters: a-z, 0-9, and single hyphens
    between them.`);
  verb.option('--clear', 'remove the alias');
  verb.createsDirectory((_, alias) => alias !== undefined);
  verb.setAction<{ clear?: boolean }>(async (context, { clear }, AccountAlias: string | undefined) => {
    if (clear && AccountAlias !== undefined) throw usageError('--clear cannot be used with an alias', '--clear');
    if (!clear && AccountAlias === undefined) return readAndShow(context, accountView, readAccountIdentity);
    const { DefaultDomain } = await changeAndShow(context, accountView, async (operations) => {
      if (AccountAlias === undefined) await operations.clearAccountAlias();
      else await operations.setAccountAlias({ AccountAlias });
      return readAccountIdentity(operations);
    });
    context.output.remark(`remark: Users now log on as <user>@${DefaultDomain} or with the account ID.`);
  });
}
