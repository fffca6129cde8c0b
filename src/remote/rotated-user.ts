import { findKeyIfExists } from '../core/access-key.ts';
import type { Clock } from '../core/clock.ts';
import type { AccessKey, Operations, Rotation, User } from '../core/directory.ts';
import { nullIfCode } from '../core/failure.ts';
import { mapConcurrently } from '../core/map-concurrently.ts';
import type { RandomSource } from '../core/random.ts';
import { type KeyOwner, noRotationToKeyFailure } from '../core/rotation-rules.ts';
import { readTags, STATE_TAG, type StoredRotation, toTags } from './rotation-tags.ts';

/** The operations of RAM's API that rotations consist of. */
export type KeyAndTagOperations = Pick<
  Operations,
  | 'getUser'
  | 'getUserName'
  | 'listUsers'
  | 'listAccessKeys'
  | 'createAccessKey'
  | 'updateAccessKey'
  | 'deleteAccessKey'
  | 'tagResources'
  | 'untagResources'
>;

export interface Context {
  operations: KeyAndTagOperations;
  clock: Clock;
  random: RandomSource;
}

export type RotatedUser = KeyOwner<AccessKey> & { stored: StoredRotation | undefined };

/** RAM refuses requests whose time differs by more than this from its own. So the clocks do not differ by more either. */
const MAX_CLOCK_DIFFERENCE_MS = 15 * 60_000;
const KEY_NOT_FOUND = 'EntityNotExist.User.AccessKey';

export async function readUser(context: Context, UserName: string): Promise<RotatedUser> {
  return withKeys(context, await context.operations.getUser({ UserName }));
}

async function withKeys({ operations }: Context, { UserName, Tags }: Pick<User, 'UserName' | 'Tags'>) {
  return { UserName, AccessKeys: await operations.listAccessKeys({ UserName }), stored: readTags(Tags) };
}

/** Returns the selected rotations of one user or of all users, with the keys. */
export async function readUsers(
  context: Context,
  UserName: string | undefined,
  isSelected: (rotation: StoredRotation) => boolean,
): Promise<{ user: RotatedUser; rotation: StoredRotation }[]> {
  const { operations } = context;
  const users =
    UserName === undefined
      ? await operations.listUsers({ Tag: [{ Key: STATE_TAG }] })
      : [await operations.getUser({ UserName })];
  const selected = users.flatMap((user) => {
    const rotation = readTags(user.Tags);
    return rotation && isSelected(rotation) ? [{ user, rotation }] : [];
  });
  return mapConcurrently(selected, async ({ user, rotation }) => ({ user: await withKeys(context, user), rotation }));
}

/** Returns the owner of a key with the rotation that created the key; even if the key was deleted. */
export async function findRotation(context: Context, newAccessKeyId: string) {
  const owner = await nullIfCode(context.operations.getUserName({ UserAccessKeyId: newAccessKeyId }), KEY_NOT_FOUND);
  if (owner) {
    const user = await readUser(context, owner.UserName);
    const { stored } = user;
    return { user, stored: stored && newKeyIdOf(user, stored) === newAccessKeyId ? stored : undefined };
  }
  const found = await readUsers(context, undefined, ({ NewAccessKeyId }) => NewAccessKeyId === newAccessKeyId);
  return { user: found[0]?.user, stored: found[0]?.rotation };
}

/** Returns the rotation that created the key, and its user. @throws Failure `missing` */
export async function requireRotation(context: Context, newAccessKeyId: string) {
  const { user, stored } = await findRotation(context, newAccessKeyId);
  if (!user || !stored) throw noRotationToKeyFailure(newAccessKeyId);
  return { user, stored };
}

/**
 * Returns the new key of a rotation. If its id was not stored, it is the key that is neither the old nor the replaced one
 * and was created when the rotation started. A key that an admin created at another time is not the new key.
 */
export function findNewKey(user: RotatedUser, stored: StoredRotation): AccessKey | undefined {
  const { State, TimeMs, OldAccessKeyId, NewAccessKeyId = '', ReplacedAccessKeyId } = stored;
  const key = findKeyIfExists(user, NewAccessKeyId);
  if (key || State !== 'Starting') return key;
  return user.AccessKeys.find(
    ({ AccessKeyId, CreateDate }) =>
      AccessKeyId !== OldAccessKeyId &&
      AccessKeyId !== ReplacedAccessKeyId &&
      Math.abs(Date.parse(CreateDate) - TimeMs) <= MAX_CLOCK_DIFFERENCE_MS,
  );
}

/** Returns the id of the new key. It is undefined if the process was killed before it created the key. */
export function newKeyIdOf(user: RotatedUser, stored: StoredRotation): string | undefined {
  return findNewKey(user, stored)?.AccessKeyId ?? stored.NewAccessKeyId;
}

export function isDelivered({ State }: StoredRotation): boolean {
  return State === 'Grace' || State === 'Finishing' || State === 'Done';
}

export async function store(
  { operations }: Context,
  { UserName }: RotatedUser,
  rotation: StoredRotation,
): Promise<void> {
  await operations.tagResources({ ResourceType: 'user', ResourceNames: [UserName], Tag: toTags(rotation) });
}

export async function setStatus(
  { operations }: Context,
  { UserName }: RotatedUser,
  id: string,
  Status: AccessKey['Status'],
) {
  await operations.updateAccessKey({ UserName, UserAccessKeyId: id, Status });
}

/** Deletes a key, or does nothing if another process has deleted it. */
export async function deleteKey({ operations }: Context, { UserName }: RotatedUser, id: string): Promise<void> {
  await nullIfCode(operations.deleteAccessKey({ UserName, UserAccessKeyId: id }), KEY_NOT_FOUND);
}

export function toRotation(user: RotatedUser, stored: StoredRotation): Rotation {
  const { UserName } = user;
  const { RunId, OldAccessKeyId, DueDate = null } = stored;
  const NewAccessKeyId = newKeyIdOf(user, stored) ?? '';
  return { UserName, RunId, State: toShownState(user, stored), OldAccessKeyId, NewAccessKeyId, DueDate };
}

function toShownState(user: RotatedUser, { State, OldAccessKeyId }: StoredRotation): Rotation['State'] {
  if (State === 'Starting' || State === 'Delivering') return 'Checking';
  if (State !== 'Finishing') return State;
  return findKeyIfExists(user, OldAccessKeyId)?.Status === 'Active' ? 'Checking' : 'Done';
}
