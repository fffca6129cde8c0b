import { describeUser } from '../../core/workflows/user.ts';
import { userView } from '../../view/user.ts';
import type { RamctlCommand } from '../command.ts';

export function declareGet(noun: RamctlCommand): void {
  const verb = noun.verb('get <name>', 'everything about one user', [
    'ramctl user get alice',
    'ramctl user get alice --output json --query "AccessKeys[].AccessKeyId"',
  ]);
  verb.setAction(async (context, _, name: string) => {
    await context.output.show(
      userView,
      await context.directory.reading((operations) => describeUser(operations, name)),
    );
  });
}
