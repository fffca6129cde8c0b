import { accountNames } from '../../core/journeys/overview.ts';
import { accountView } from '../../view/account.ts';
import { usage } from '../app.ts';
import type { RamctlCommand } from '../command.ts';

export function declareAlias(noun: RamctlCommand): void {
  const verb = noun.verb('alias [alias]', 'show, set or clear the alias in logon names', [
    'ramctl account alias acme',
    'ramctl account alias --clear',
  ]);
  verb.option('--clear', 'put the account id in its place');
  verb.does<{ clear?: boolean }>(async (app, { clear }, AccountAlias: string | undefined) => {
    if (clear && AccountAlias !== undefined) throw usage('an alias and --clear exclude each other', '--clear');
    if (!clear && AccountAlias === undefined) {
      return void (await app.show(accountView, await app.directory.reading(accountNames)));
    }
    const names = await app.change(accountView, async (operations) => {
      if (AccountAlias === undefined) await operations.clearAccountAlias();
      else await operations.setAccountAlias({ AccountAlias });
      return accountNames(operations);
    });
    app.note(`remark: users log on as <user>@${names.DefaultDomain} from now on; the account id works too`);
  });
}
