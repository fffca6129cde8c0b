import type { Operations } from '../../core/directory.ts';
import type { OwnedAccessKey } from '../../view/access-key.ts';

/** Returns the AccessKeys of a user, each with the name of the user. @throws Failure EntityNotExist.User */
export async function listOwnedKeys(operations: Operations, name: string): Promise<OwnedAccessKey[]> {
  const { UserName } = await operations.getUser({ UserName: name });
  return (await operations.listAccessKeys({ UserName })).map((key) => ({ UserName, ...key }));
}

/** @throws Failure EntityNotExist.User, EntityNotExist.User.AccessKey */
export async function findOwnedKey(operations: Operations, UserName: string, id: string): Promise<OwnedAccessKey> {
  // Throws RAM's error for an unknown user or AccessKey.
  await operations.getAccessKeyLastUsed({ UserName, UserAccessKeyId: id });
  const key = (await listOwnedKeys(operations, UserName)).find(({ AccessKeyId }) => AccessKeyId === id);
  if (!key) throw new Error(`${id} has a last use but is not listed`);
  return key;
}
