import type { Operations, UserRef } from '../../core/directory.ts';
import { mapConcurrently, type StartProgress } from '../../core/map-concurrently.ts';
import type { OwnedAccessKey } from '../../view/access-key.ts';

/**
 * Returns the AccessKeys of one user or of all users, sorted by user name, each with the name of its user.
 * @throws Failure EntityNotExist.User
 */
export async function listOwnedKeys(
  operations: Operations,
  name?: string,
  startProgress?: StartProgress,
): Promise<OwnedAccessKey[]> {
  const users = name === undefined ? await operations.listUsers() : [await operations.getUser({ UserName: name })];
  const listKeys = async ({ UserName }: UserRef) =>
    (await operations.listAccessKeys({ UserName })).map((key) => ({ UserName, ...key }));
  return (await mapConcurrently(users, listKeys, startProgress)).flat();
}

/** @throws Failure EntityNotExist.User, EntityNotExist.User.AccessKey */
export async function findOwnedKey(operations: Operations, UserName: string, id: string): Promise<OwnedAccessKey> {
  // Throws RAM's error for an unknown user or AccessKey.
  await operations.getAccessKeyLastUsed({ UserName, UserAccessKeyId: id });
  const key = (await listOwnedKeys(operations, UserName)).find(({ AccessKeyId }) => AccessKeyId === id);
  if (!key) throw new Error(`${id} has a last use but is not listed`);
  return key;
}
