import { accessKeyView } from '../../view/access-key.ts';
import type { RamctlCommand } from '../command.ts';
import { findOwnedKey } from './owned-keys.ts';

export function declare(noun: RamctlCommand): void {
  const verb = noun.verb('last-used <user> <id>', 'Show when an AccessKey was last used', {
    'Show an AccessKey with its last use': 'ramctl ak last-used deployer LTAI0000000000000000test',
    'Print only the date of the last use': 'ramctl ak last-used deployer LTAI0000000000000000test --query LastUsedDate',
  });
  verb.describe('Prints the status, creation date and last use of one AccessKey. Its secret is not shown.');
  verb.setReadAction(accessKeyView, findOwnedKey);
}
