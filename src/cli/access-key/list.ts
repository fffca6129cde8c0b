import type { Operations } from '../../core/directory.ts';
import { accessKeyListView, accessKeyView, type OwnedAccessKey } from '../../view/access-key.ts';
import type { RamctlCommand } from '../command.ts';
import { readAndShow } from '../output.ts';

export function declareList(noun: RamctlCommand): void {
  const verb = noun.verb('list <user>', 'List the AccessKeys of a user', [
    '# List the AccessKeys of a user',
    'ramctl ak list deployer',
    '# Print only their ids',
    'ramctl ak list deployer --output json --query "[].AccessKeyId"',
  ]);
  verb.description('Prints the id, status, creation date and last use of each AccessKey. Secrets are not shown.');
  verb.setAction(async (context, _, name: string) => {
    await readAndShow(context, accessKeyListView, (operations) => listKeysWithOwner(operations, name));
  });
}

export function declareLastUsed(noun: RamctlCommand): void {
  const verb = noun.verb('last-used <user> <id>', 'Show when an AccessKey was last used', [
    '# Show an AccessKey with its last use',
    'ramctl ak last-used deployer LTAI0000000000000000test',
    '# Print only the date of the last use',
    'ramctl ak last-used deployer LTAI0000000000000000test --output json --query LastUsedDate',
  ]);
  verb.description('Prints the status, creation date and last use of one AccessKey. Its secret is not shown.');
  verb.setAction(async (context, _, name: string, id: string) => {
    await readAndShow(context, accessKeyView, (operations) => findKeyWithOwner(operations, name, id));
  });
}

async function listKeysWithOwner(operations: Operations, name: string): Promise<OwnedAccessKey[]> {
  const { UserName } = await operations.getUser({ UserName: name });
  return (await operations.listAccessKeys({ UserName })).map((key) => ({ UserName, ...key }));
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
