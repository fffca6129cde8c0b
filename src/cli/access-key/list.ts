import { accessKeyListView } from '../../view/access-key.ts';
import type { RamctlCommand } from '../command.ts';
import { listOwnedKeys } from './owned-keys.ts';

export function declareList(noun: RamctlCommand): void {
  const verb = noun.verb('list <user>', 'List the AccessKeys of a user', {
    'List the AccessKeys of a user': 'ramctl ak list deployer',
    'Print only their IDs': 'ramctl ak list deployer --output json --query "[].AccessKeyId"',
  });
  verb.describe('Prints the ID, status, creation date and last use of each AccessKey. Secrets are not shown.');
  verb.setReadAction(accessKeyListView, listOwnedKeys);
}
