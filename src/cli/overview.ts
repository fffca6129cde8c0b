import { describeAccount } from '../core/journeys/overview.ts';
import { overviewView } from '../view/account.ts';
import type { RamctlCommand } from './command.ts';

export function declare(noun: RamctlCommand): void {
  noun.alone('', ['ramctl overview', 'ramctl overview --query LogonUrl']).does(async (app) => {
    await app.show(overviewView, await app.directory.reading((operations) => describeAccount(operations, app.now)));
  });
}
