import { createAccessKey, decryptSecret, deleteAccessKey, findKey } from './access-key.ts';
import { formatRamDate } from './clock.ts';
import type { OperationContext } from './context.ts';
import type { Rotation, RotationRef, StartedRotation, StartRotationInput, UserRef } from './directory.ts';
import { Failure } from './failure.ts';
import { QUOTAS } from './quotas.ts';
import { DIGITS, generateRandomText, LOWERCASE } from './random.ts';
import { type AccessKeyRecord, type RotationRecord, type State, sortedByName, type UserRecord } from './state.ts';
import { findUser } from './user.ts';
import { assertValidText } from './validation.ts';

/*
 * How an AccessKey is exchanged without a gap (RAM security guide: second key, move over, watch, disable the old one).
 * Each step is one transaction in which keys and rotation change together, so that whoever is killed between two of
 * them goes on where they were: under the same RunId, with the same pair.
 */

/** How many past rotations of a user are remembered. */
export const KEPT_ROTATIONS = 100;

export function startRotation(context: OperationContext, input: StartRotationInput): StartedRotation {
  const { state, clock } = context;
  const user = findUser(state, input.UserName);
  if (input.RunId !== undefined) assertValidText(input.RunId, 'RunId', 64);
  const present = user.Rotations?.find(({ RunId }) => RunId === input.RunId);
  if (present) return resumeRotation(context, user, present, input.Request);
  const pending = user.Rotations?.find((rotation) => isPending(user, rotation));
  if (pending) throwRotationPending(user, pending);
  const before = [...user.AccessKeys];
  const OldAccessKeyId = prepareOldKey(context, user, input);
  const Replaced = before.find((key) => !user.AccessKeys.includes(key));
  const AccessKey = createAccessKey(context, user);
  const rotation: RotationRecord = {
    RunId: input.RunId ?? generateRandomText(context.random, LOWERCASE + DIGITS, 12),
    State: 'Checking',
    OldAccessKeyId,
    NewAccessKeyId: AccessKey.AccessKeyId,
    CreateDate: formatRamDate(clock.now()),
    Request: input.Request,
    ...(Replaced ? { Replaced } : {}),
  };
  user.Rotations = [...(user.Rotations ?? []), rotation].slice(-KEPT_ROTATIONS);
  return { ...toRotation(user, rotation), AccessKey };
}

export function cancelRotation({ state }: OperationContext, ref: RotationRef): void {
  const { user, rotation } = findRotation(state, ref);
  if (rotation.State !== 'Checking') throw rotationNotFoundFailure(user);
  const kept = user.AccessKeys.filter(({ AccessKeyId }) => AccessKeyId !== rotation.NewAccessKeyId);
  // Somebody may have filled its place meanwhile.
  const returning = rotation.Replaced ? [rotation.Replaced] : [];
  user.AccessKeys = [...kept, ...returning].slice(0, QUOTAS.AccessKeysPerUser);
  user.Rotations = user.Rotations?.filter((other) => other !== rotation) ?? [];
}

export function completeRotation(
  { state }: OperationContext,
  ref: RotationRef & { DueDate?: string | undefined },
): Rotation {
  const { user, rotation } = findRotation(state, ref);
  // Somebody else with the same token was faster.
  if (rotation.State === 'Grace' || rotation.State === 'Done') return toRotation(user, rotation);
  requireActiveNewKey(user, rotation);
  delete rotation.Replaced;
  if (ref.DueDate === undefined) disableOldKey(user, rotation);
  else Object.assign(rotation, { State: 'Grace', DueDate: ref.DueDate });
  return toRotation(user, rotation);
}

export function finishRotations(
  { state, clock }: OperationContext,
  { UserName }: { UserName?: string | undefined },
): Rotation[] {
  const now = formatRamDate(clock.now());
  return selectUsers(state, UserName).flatMap((user) =>
    (user.Rotations ?? [])
      .filter((rotation) => isPending(user, rotation))
      .map((rotation) => {
        const isDue = rotation.DueDate !== undefined && rotation.DueDate <= now;
        if (isDue && findNewKey(user, rotation)?.Status === 'Active') disableOldKey(user, rotation);
        return toRotation(user, rotation);
      }),
  );
}

/** Of the latest rotation. Whatever it left is undone as far as it is there. */
export function rollBackRotation({ state }: OperationContext, ref: UserRef): Rotation {
  const user = findUser(state, ref.UserName);
  const rotation = user.Rotations?.at(-1);
  if (!rotation || rotation.State === 'RolledBack') throw rotationNotFoundFailure(user);
  const old = findKeyIfExists(user, rotation.OldAccessKeyId);
  if (!old && findNewKey(user, rotation)) {
    const { OldAccessKeyId, NewAccessKeyId } = rotation;
    const message = `the old AccessKey ${OldAccessKeyId} of ${user.UserName} is gone; ${NewAccessKeyId} is all there is`;
    throw new Failure('missing', 'EntityNotExist.User.AccessKey', message, {
      Field: 'UserName',
      Hint: `ramctl ak delete ${user.UserName} ${NewAccessKeyId} --force   # if that one shall go all the same`,
    });
  }
  if (old) old.Status = 'Active';
  user.AccessKeys = user.AccessKeys.filter(({ AccessKeyId }) => AccessKeyId !== rotation.NewAccessKeyId);
  rotation.State = 'RolledBack';
  delete rotation.Replaced;
  return toRotation(user, rotation);
}

export function listRotations(
  { state }: OperationContext,
  { UserName }: { UserName?: string | undefined },
): Rotation[] {
  return selectUsers(state, UserName).flatMap((user) =>
    (user.Rotations ?? []).map((rotation) => toRotation(user, rotation)),
  );
}

function selectUsers(state: State, UserName: string | undefined): UserRecord[] {
  return UserName === undefined ? sortedByName(state.Users) : [findUser(state, UserName)];
}

/** The same rotation again: the same pair. */
function resumeRotation(
  context: OperationContext,
  user: UserRecord,
  rotation: RotationRecord,
  request: string,
): StartedRotation {
  const { RunId, State } = rotation;
  const isOver = State === 'RolledBack' || !findNewKey(user, rotation);
  if (isOver || rotation.Request !== request) {
    const why = isOver ? 'was rolled back, or its key is gone' : 'was begun with other options';
    throw new Failure('refused', 'RunIdUsed', `rotation ${RunId} of ${user.UserName} ${why}`, {
      Field: '--run-id',
      Hint: `ramctl ak rotation list ${user.UserName}`,
    });
  }
  const key = requireActiveNewKey(user, rotation);
  const { AccessKeyId, Status, CreateDate } = key;
  const AccessKey = { AccessKeyId, AccessKeySecret: decryptSecret(context, user, key), Status, CreateDate };
  return { ...toRotation(user, rotation), AccessKey };
}

/** The id of the key that will be disabled. Of two keys one has to make room first. */
function prepareOldKey(context: OperationContext, user: UserRecord, input: StartRotationInput): string {
  const { UserName } = user;
  const { ReplaceAccessKeyId: replaced, Force } = input;
  if (replaced !== undefined) {
    const { Status } = findKey(user, replaced);
    if (user.AccessKeys.length === 1) {
      throw new Failure('refused', 'NothingToReplace', `${UserName} has one AccessKey: there is room for a new one`, {
        Field: '--replace',
        Hint: `ramctl ak rotate ${UserName}`,
      });
    }
    if (Status === 'Active' && !Force) {
      throw new Failure('refused', 'AccessKeyActive', `AccessKey ${replaced} of ${UserName} is active`, {
        Field: '--replace',
        Hint: `ramctl ak disable ${UserName} ${replaced}   # or add --force`,
      });
    }
    deleteAccessKey(context, { UserName, UserAccessKeyId: replaced });
  }
  const [old, second] = user.AccessKeys;
  if (!old) {
    throw new Failure('missing', 'EntityNotExist.User.AccessKey', `${UserName} has no AccessKey to rotate`, {
      Field: 'UserName',
      Hint: `ramctl ak create ${UserName}`,
    });
  }
  if (second) {
    const keys = [old, second].map(
      ({ AccessKeyId, Status, LastUsedDate = 'never' }) => `${AccessKeyId} (${Status}, last used: ${LastUsedDate})`,
    );
    throw new Failure(
      'refused',
      'LimitExceeded.User.AccessKey',
      `${UserName} has two AccessKeys: ${keys.join(' and ')}`,
      {
        Field: 'UserName',
        Hint: `ramctl ak rotate ${UserName} --replace <id>   # deletes that one first`,
      },
    );
  }
  return old.AccessKeyId;
}

/** A key that was deleted meanwhile needs no disabling. */
function disableOldKey(user: UserRecord, rotation: RotationRecord): void {
  const old = findKeyIfExists(user, rotation.OldAccessKeyId);
  if (old) old.Status = 'Inactive';
  rotation.State = 'Done';
}

/** A rotation whose new key is gone has nothing left to wait for. */
function isPending(user: UserRecord, rotation: RotationRecord): boolean {
  const { State } = rotation;
  return (State === 'Checking' || State === 'Grace') && findNewKey(user, rotation) !== undefined;
}

function throwRotationPending({ UserName }: UserRecord, { RunId, State }: RotationRecord): never {
  const back = `ramctl ak rotation rollback ${UserName}`;
  throw new Failure('refused', 'RotationPending', `rotation ${RunId} of ${UserName} stands at ${State}`, {
    Field: 'UserName',
    Hint:
      State === 'Grace'
        ? `ramctl ak rotation finish ${UserName}   # or ${back}`
        : `${back}   # or the same command as then, with --run-id ${RunId}`,
  });
}

function findNewKey(user: UserRecord, { NewAccessKeyId }: RotationRecord): AccessKeyRecord | undefined {
  return findKeyIfExists(user, NewAccessKeyId);
}

function findKeyIfExists({ AccessKeys }: UserRecord, id: string): AccessKeyRecord | undefined {
  return AccessKeys.find(({ AccessKeyId }) => AccessKeyId === id);
}

/** The new key, without which the old one must not go. */
function requireActiveNewKey(user: UserRecord, rotation: RotationRecord): AccessKeyRecord {
  const key = findKey(user, rotation.NewAccessKeyId);
  if (key.Status === 'Active') return key;
  const message = `the new AccessKey ${key.AccessKeyId} of ${user.UserName} is disabled`;
  throw new Failure('refused', 'AccessKeyInactive', message, {
    Field: 'UserName',
    Hint: `ramctl ak enable ${user.UserName} ${key.AccessKeyId}   # or ramctl ak rotation rollback ${user.UserName}`,
  });
}

function findRotation(state: State, { NewAccessKeyId }: RotationRef): { user: UserRecord; rotation: RotationRecord } {
  for (const user of state.Users.possibleMatches(NewAccessKeyId)) {
    const rotation = user.Rotations?.find((each) => each.NewAccessKeyId === NewAccessKeyId);
    if (rotation) return { user, rotation };
  }
  throw new Failure('missing', 'RotationNotFound', `the rotation to ${NewAccessKeyId} was taken back meanwhile`, {
    Hint: 'ramctl ak rotation list',
  });
}

function rotationNotFoundFailure({ UserName }: UserRecord): Failure {
  return new Failure('missing', 'RotationNotFound', `${UserName} has no such rotation`, {
    Field: 'UserName',
    Hint: `ramctl ak rotation list ${UserName}`,
  });
}

function toRotation({ UserName }: UserRecord, { RunId, State, DueDate, ...keys }: RotationRecord): Rotation {
  const { OldAccessKeyId, NewAccessKeyId } = keys;
  return { UserName, RunId, State, OldAccessKeyId, NewAccessKeyId, DueDate: DueDate ?? null };
}
