import { describeAccount } from '../core/workflows/overview.ts';
import { overviewView } from '../view/account.ts';
import type { RamctlCommand } from './command.ts';

export function declare(noun: RamctlCommand): void {
  noun.standalone('', ['ramctl overview', 'ramctl overview --query LogonUrl']).setAction(async (context) => {
    await context.output.show(
      overviewView,
      await context.directory.reading((operations) => describeAccount(operations, context.startedAt)),
    );
  });
}
