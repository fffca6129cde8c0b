import { accessKeyView } from '../../view/access-key.ts';
import type { RamctlCommand } from '../command.ts';
import { findKeyWithOwner } from './list.ts';

export function declareLastUsed(noun: RamctlCommand): void {
  const verb = noun.verb('last-used <user> <id>', 'when an AccessKey was used last', [
    'ramctl ak last-used deployer LTAI0000000000000000test',
  ]);
  verb.setAction(async (context, _, name: string, id: string) => {
    await context.output.show(
      accessKeyView,
      await context.directory.reading((operations) => findKeyWithOwner(operations, name, id)),
    );
  });
}
