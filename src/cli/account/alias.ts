import { readAccountNames } from '../../core/workflows/overview.ts';
import { accountView } from '../../view/account.ts';
import type { RamctlCommand } from '../command.ts';
import { changeAndShow } from '../output.ts';
import { usageError } from '../usage-error.ts';

export function declareAlias(noun: RamctlCommand): void {
  const verb = noun.verb('alias [alias]', 'show, set or clear the alias in logon names', [
    'ramctl account alias acme',
    'ramctl account alias --clear',
  ]);
  verb.option('--clear', 'put the account id in its place');
  verb.setAction<{ clear?: boolean }>(async (context, { clear }, AccountAlias: string | undefined) => {
    if (clear && AccountAlias !== undefined) throw usageError('an alias and --clear exclude each other', '--clear');
    if (!clear && AccountAlias === undefined) {
      return void (await context.output.show(accountView, await context.directory.reading(readAccountNames)));
    }
    const names = await changeAndShow(context, accountView, async (operations) => {
      if (AccountAlias === undefined) await operations.clearAccountAlias();
      else await operations.setAccountAlias({ AccountAlias });
      return readAccountNames(operations);
    });
    context.output.remark(
      `remark: users log on as <user>@${names.DefaultDomain} from now on; the account id works too`,
    );
  });
}
