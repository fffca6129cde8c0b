import { findKeyIfExists } from '../core/access-key.ts';
import type { Clock } from '../core/clock.ts';
import type { AccessKey, Operations, Rotation, TagResource } from '../core/directory.ts';
import { nullIfCode } from '../core/failure.ts';
import type { RandomSource } from '../core/random.ts';
import { type KeyOwner, noRotationToKeyFailure } from '../core/rotation-rules.ts';
import { readTags, STATE_TAG, type StoredRotation, toTags } from './rotation-tags.ts';

/** The operations of RAM's API that rotations consist of. */
export type KeyAndTagOperations = Pick<
  Operations,
  | 'getUser'
  | 'getUserName'
  | 'listAccessKeys'
  | 'createAccessKey'
  | 'updateAccessKey'
  | 'deleteAccessKey'
  | 'tagResources'
  | 'untagResources'
  | 'listTagResources'
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

export async function readUser({ operations }: Context, name: string): Promise<RotatedUser> {
  const { UserName, Tags } = await operations.getUser({ UserName: name });
  return { UserName, AccessKeys: await operations.listAccessKeys({ UserName }), stored: readTags(Tags) };
}

/** Returns the selected rotations of one user or of all users, with the keys. */
export async function readUsers(
  context: Context,
  UserName: string | undefined,
  isSelected: (rotation: StoredRotation) => boolean,
): Promise<{ user: RotatedUser; rotation: StoredRotation }[]> {
  const names = UserName === undefined ? await findTaggedUsers(context, isSelected) : [UserName];
  const selected: { user: RotatedUser; rotation: StoredRotation }[] = [];
  for (const name of names) {
    const user = await readUser(context, name);
    if (user.stored && isSelected(user.stored)) selected.push({ user, rotation: user.stored });
  }
  return selected;
}

/** Returns the names of the users whose tags hold such a rotation. */
async function findTaggedUsers({ operations }: Context, isSelected: (rotation: StoredRotation) => boolean) {
  const tags = await operations.listTagResources({ ResourceType: 'user', Tag: [{ Key: STATE_TAG }] });
  const tagsByUser = new Map<string, TagResource[]>();
  for (const tag of tags) {
    const { ResourceName } = tag;
    tagsByUser.set(ResourceName, [...(tagsByUser.get(ResourceName) ?? []), tag]);
  }
  return [...tagsByUser].flatMap(([name, tags]) => {
    const rotation = readTags(tags);
    return rotation && isSelected(rotation) ? [name] : [];
  });
}

/** Returns the rotation that created this key, also if the key was deleted. */
export async function findRotation(context: Context, newAccessKeyId: string) {
  const owner = await nullIfCode(context.operations.getUserName({ UserAccessKeyId: newAccessKeyId }), KEY_NOT_FOUND);
  const isSelected = ({ NewAccessKeyId }: StoredRotation) => NewAccessKeyId === newAccessKeyId;
  const names = owner ? [owner.UserName] : await findTaggedUsers(context, isSelected);
  for (const name of names) {
    const user = await readUser(context, name);
    const { stored } = user;
    if (stored && newKeyIdOf(user, stored) === newAccessKeyId) return { user, stored };
  }
  return undefined;
}

export async function requireRotation(context: Context, newAccessKeyId: string) {
  const found = await findRotation(context, newAccessKeyId);
  if (!found) throw noRotationToKeyFailure(newAccessKeyId);
  return found;
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
  return State === 'Grace' || State === 'Done';
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

/** Deletes a key, also if another process has deleted it. */
export async function deleteKey({ operations }: Context, { UserName }: RotatedUser, id: string): Promise<void> {
  await nullIfCode(operations.deleteAccessKey({ UserName, UserAccessKeyId: id }), KEY_NOT_FOUND);
}

export function toRotation(user: RotatedUser, stored: StoredRotation): Rotation {
  const { UserName } = user;
  const { RunId, State, OldAccessKeyId, DueDate = null } = stored;
  const isUndelivered = State === 'Starting' || State === 'Delivering';
  const NewAccessKeyId = newKeyIdOf(user, stored) ?? '';
  return { UserName, RunId, State: isUndelivered ? 'Checking' : State, OldAccessKeyId, NewAccessKeyId, DueDate };
}
