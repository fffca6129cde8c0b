import type { Operations } from '../../core/directory.ts';
import { accessKeyListView, type OwnedAccessKey } from '../../view/access-key.ts';
import type { RamctlCommand } from '../command.ts';

export function declareList(noun: RamctlCommand): void {
  const verb = noun.verb('list <user>', 'the AccessKeys of a user, without their secrets', ['ramctl ak list deployer']);
  verb.setAction(async (context, _, name: string) => {
    await context.output.show(
      accessKeyListView,
      await context.directory.reading((operations) => listKeysWithOwner(operations, name)),
    );
  });
}

/** The AccessKeys of a user, each with the name of its owner. */
export async function listKeysWithOwner(operations: Operations, name: string): Promise<OwnedAccessKey[]> {
  const { UserName } = await operations.getUser({ UserName: name });
  return (await operations.listAccessKeys({ UserName })).map((key) => ({ UserName, ...key }));
}

/** One of them. @throws Failure EntityNotExist.User, EntityNotExist.User.AccessKey */
export async function findKeyWithOwner(
  operations: Operations,
  name: string,
  UserAccessKeyId: string,
): Promise<OwnedAccessKey> {
  await operations.getAccessKeyLastUsed({ UserName: name, UserAccessKeyId });
  const key = (await listKeysWithOwner(operations, name)).find(({ AccessKeyId }) => AccessKeyId === UserAccessKeyId);
  if (!key) throw new Error('a key that can be asked about is in the list');
  return key;
}
