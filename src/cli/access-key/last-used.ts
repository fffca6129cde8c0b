import type { Operations } from '../../core/directory.ts';
import { accessKeyView, type OwnedAccessKey } from '../../view/access-key.ts';
import type { RamctlCommand } from '../command.ts';
import { readAndShow } from '../output.ts';
import { listKeysWithOwner } from './list.ts';

export function declareLastUsed(noun: RamctlCommand): void {
  const verb = noun.verb('last-used <user> <id>', 'Show when an AccessKey was last used', {
    'Show an AccessKey with its last use': 'ramctl ak last-used deployer LTAI0000000000000000test',
    'Print only the date of the last use':
      'ramctl ak last-used deployer LTAI0000000000000000test --output json --query LastUsedDate',
  });
  verb.description('Prints the status, creation date and last use of one AccessKey. Its secret is not shown.');
  verb.setAction(async (context, _, name: string, id: string) => {
    await readAndShow(context, accessKeyView, (operations) => findKeyWithOwner(operations, name, id));
  });
}

/** @throws Failure EntityNotExist.User, EntityNotExist.User.AccessKey */
export async function findKeyWithOwner(
  operations: Operations,
  UserName: string,
  UserAccessKeyId: string,
): Promise<OwnedAccessKey> {
  // Throws RAM's error for an unknown user or AccessKey.
  await operations.getAccessKeyLastUsed({ UserName, UserAccessKeyId });
  const keys = await listKeysWithOwner(operations, UserName);
  const key = keys.find(({ AccessKeyId }) => AccessKeyId === UserAccessKeyId);
  if (!key) throw new Error(`${UserAccessKeyId} has a last use but is not listed`);
  return key;
}
