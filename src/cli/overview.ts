import { readOverview } from '../core/workflows/overview.ts';
import { overviewView } from '../view/account.ts';
import type { RamctlCommand } from './command.ts';
import { readAndShow } from './output.ts';

export function declare(noun: RamctlCommand): void {
  const verb = noun.standalone('', {
    'Show the account, its quotas and what needs attention': 'ramctl overview',
    'Print only the URL of the logon page': 'ramctl overview --query LogonUrl',
  });
  verb.describe(`Shows the path of the directory, the names and the logon URL of the account, counts with their quotas, and
    the users and policies that need attention. A table names some of them, other formats name all. Changes nothing.`);
  verb.setAction((context) =>
    readAndShow(context, overviewView, async (operations) => ({
      Directory: context.target.name,
      Target: context.target.kind,
      ...(await readOverview(operations, context.startedAt)),
    })),
  );
}
