import { findKey, findKeyIfExists } from './access-key.ts';
import type { Rotation, StartRotationInput } from './access-key-operations.ts';
import { userFailure } from './entity-checks.ts';
import { Failure } from './failure.ts';
import { shellCommand } from './shell-command.ts';
import type { Status } from './state.ts';

/** The rules and errors of rotations that are the same for a stored directory and over RAM's API. */

/** The start of the keys of tags that hold the state of a rotation in a remote directory. */
export const ROTATION_TAG_PREFIX = 'ramctl:rotation';

export interface KeyState {
  AccessKeyId: string;
  Status: Status;
  LastUsedDate?: string | null | undefined;
}

/** A user with at most two AccessKeys. */
export interface KeyOwner<Key extends KeyState = KeyState> {
  UserName: string;
  AccessKeys: Key[];
}

type RotationState = Pick<Rotation, 'RunId' | 'State' | 'OldAccessKeyId' | 'NewAccessKeyId'>;

/** A rotation whose new key was deleted is not pending. */
export function isPending(user: KeyOwner, { State, NewAccessKeyId }: RotationState): boolean {
  return ['Checking', 'Grace'].includes(State) && findKeyIfExists(user, NewAccessKeyId) !== undefined;
}

/** Returns the key to delete first. `ReplaceInactive` selects none if not exactly one of two keys is disabled. */
export function selectReplacedKey<Key extends KeyState>(user: KeyOwner<Key>, input: StartRotationInput) {
  const { ReplaceAccessKeyId, ReplaceInactive } = input;
  if (ReplaceAccessKeyId !== undefined) return findKey(user, ReplaceAccessKeyId);
  const [key, ...others] = user.AccessKeys.filter(({ Status }) => Status === 'Inactive');
  return ReplaceInactive && user.AccessKeys.length > 1 && others.length === 0 ? key : undefined;
}

/** @throws Failure NothingToReplace, AccessKeyActive */
export function assertReplaceable(owner: KeyOwner, { AccessKeyId, Status }: KeyState, force?: boolean): void {
  const { UserName } = owner;
  if (owner.AccessKeys.length === 1) {
    const message = `${UserName} has only one AccessKey and can have a second one`;
    const Hint = shellCommand`ramctl ak rotate ${UserName}`;
    throw new Failure('refused', 'NothingToReplace', message, { Field: '--replace', Hint });
  }
  if (Status === 'Active' && !force) {
    const message = `AccessKey ${AccessKeyId} of ${UserName} is active`;
    const Hint = shellCommand`ramctl ak disable ${UserName} ${AccessKeyId}   # or add --force`;
    throw new Failure('refused', 'AccessKeyActive', message, { Field: '--replace', Hint });
  }
}

/** Returns the only key of the user, which a rotation replaces. @throws Failure LimitExceeded.User.AccessKey */
export function requireOneKey<Key extends KeyState>({ UserName, AccessKeys }: KeyOwner<Key>): Key {
  const [key, ...others] = AccessKeys;
  if (!key) {
    const message = `${UserName} has no AccessKey to rotate`;
    throw userFailure('missing', 'EntityNotExist.User.AccessKey', message, shellCommand`ramctl ak create ${UserName}`);
  }
  if (others.length > 0) {
    const describe = (key: KeyState) => `${key.AccessKeyId} (${key.Status}, last used: ${key.LastUsedDate ?? 'never'})`;
    const message = `${UserName} has two AccessKeys: ${AccessKeys.map(describe).join(' and ')}`;
    const isOneInactive = AccessKeys.filter(({ Status }) => Status === 'Inactive').length === 1;
    const replaced = isOneInactive ? 'inactive' : '<id>';
    const hint = shellCommand`ramctl ak rotate ${UserName} --replace ${replaced}   # deletes that key first`;
    throw userFailure('refused', 'LimitExceeded.User.AccessKey', message, hint);
  }
  return key;
}

/** Returns the new key, which must be active before the old key is disabled. @throws Failure AccessKeyInactive */
export function requireActiveKey<Key extends KeyState>(user: KeyOwner<Key>, accessKeyId: string): Key {
  const { UserName } = user;
  const key = findKey(user, accessKeyId);
  if (key.Status === 'Active') return key;
  const message = `the new AccessKey ${accessKeyId} of ${UserName} is disabled`;
  const hint = shellCommand`ramctl ak enable ${UserName} ${accessKeyId}   # or ${shellCommand`ramctl ak rotation rollback ${UserName}`}`;
  throw userFailure('refused', 'AccessKeyInactive', message, hint);
}

/**
 * Checks that a repeated RunId means the same rotation. `isOver`: it cannot be continued.
 * @throws Failure RunIdUsed
 */
export function assertSameRun({ UserName }: KeyOwner, runId: string, isOver: boolean, isSameRequest: boolean): void {
  if (!isOver && isSameRequest) return;
  const reason = isOver ? 'was rolled back, or its key was deleted' : 'was started with other options';
  const Hint = shellCommand`ramctl ak rotation list ${UserName}`;
  throw new Failure('refused', 'RunIdUsed', `rotation ${runId} of ${UserName} ${reason}`, { Field: '--run-id', Hint });
}

/** @throws Failure EntityNotExist.User.AccessKey if the old key was deleted and the new one exists */
export function assertOldKeyExists(user: KeyOwner, { OldAccessKeyId, NewAccessKeyId }: RotationState): void {
  if (findKeyIfExists(user, OldAccessKeyId) || !findKeyIfExists(user, NewAccessKeyId)) return;
  const message = `the old AccessKey ${OldAccessKeyId} of ${user.UserName} was deleted`;
  const hint = shellCommand`ramctl ak delete ${user.UserName} ${NewAccessKeyId} --force   # to delete the new key too`;
  throw userFailure('missing', 'EntityNotExist.User.AccessKey', message, hint);
}

export function rotationPendingFailure({ UserName }: KeyOwner, { RunId, State }: RotationState): Failure {
  const message = `rotation ${RunId} of ${UserName} is pending (${State})`;
  const rollback = shellCommand`ramctl ak rotation rollback ${UserName}`;
  const hint =
    State === 'Grace'
      ? shellCommand`ramctl ak rotation finish ${UserName}   # or ${rollback}`
      : `${rollback}   # or repeat the first command with --run-id ${RunId}`;
  return userFailure('refused', 'RotationPending', message, hint);
}

/** `reason`: why the delivered key is not replaced. `isUsed`: a program may have the key, so that only a rollback helps. */
export function rotationDeliveredFailure(user: KeyOwner, rotation: RotationState, reason: string, isUsed: boolean) {
  const { UserName } = user;
  const { RunId, NewAccessKeyId } = rotation;
  const message = `rotation ${RunId} of ${UserName} already delivered AccessKey ${NewAccessKeyId}${reason}`;
  const Hint = shellCommand`ramctl ak rotation ${isUsed ? 'rollback' : 'list'} ${UserName}`;
  return new Failure('refused', 'RotationDelivered', message, { Field: '--run-id', Hint });
}

export function nothingToRollBackFailure({ UserName }: KeyOwner): Failure {
  const hint = shellCommand`ramctl ak rotation list ${UserName}`;
  return userFailure('missing', 'RotationNotFound', `${UserName} has no rotation that can be rolled back`, hint);
}

export function noRotationToKeyFailure(newAccessKeyId: string): Failure {
  const message = `the rotation to ${newAccessKeyId} does not exist or was cancelled`;
  return new Failure('missing', 'RotationNotFound', message, { Hint: 'ramctl ak rotation list' });
}
