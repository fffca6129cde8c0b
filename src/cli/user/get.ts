import { describeUser } from '../../core/journeys/describe.ts';
import { userView } from '../../view/user.ts';
import type { RamctlCommand } from '../command.ts';

export function declareGet(noun: RamctlCommand): void {
  const verb = noun.verb('get <name>', 'everything about one user', [
    'ramctl user get alice',
    'ramctl user get alice --output json --query "AccessKeys[].AccessKeyId"',
  ]);
  verb.does(async (app, _, name: string) => {
    await app.show(userView, await app.directory.reading((operations) => describeUser(operations, name)));
  });
}
