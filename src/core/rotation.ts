import { accessKeyOperations, decryptSecret, findKey, findKeyIfExists } from './access-key.ts';
import type {
  Rotation,
  RotationOperations,
  RotationRef,
  StartedRotation,
  StartRotationInput,
} from './access-key-operations.ts';
import { formatRamDate } from './clock.ts';
import { userFailure } from './entity-checks.ts';
import { Failure } from './failure.ts';
import type { Implementation, OperationContext } from './operation-context.ts';
import { QUOTAS } from './quotas.ts';
import { DIGITS, generateRandomText, LOWERCASE } from './random.ts';
import { shellCommand } from './shell-command.ts';
import { type AccessKeyRecord, type RotationRecord, type State, sortedByName, type UserRecord } from './state.ts';
import { findUser } from './user.ts';
import { assertValidText } from './validation.ts';

/*
 * The replacement of an AccessKey without downtime (RAM security guide: create a second key, deploy it, watch, disable
 * the old key).
 *
 * 1. Each step is one transaction that changes keys and rotation together.
 * 2. A process that was killed between two steps resumes with the same RunId and gets the same pair.
 * 3. A key that was delivered, is lost and was never used is replaced under the same RunId. The old key does not change.
 *
 * docs/decisions/repeated-rotations.md lists what each failure leaves behind and what the same RunId then does.
 */

/** How many rotations of a user are stored. */
export const KEPT_ROTATIONS = 100;

export const rotationOperations = {
  startRotation(context, input) {
    const user = findUser(context.state, input.UserName);
    const { RunId, Request } = input;
    const { Rotations = [] } = user;
    if (RunId !== undefined) assertValidText(RunId, 'RunId', 64);
    const existing = Rotations.find((rotation) => rotation.RunId === RunId);
    if (existing) return resumeRotation(context, user, existing, input);
    const pending = Rotations.find((rotation) => isPending(user, rotation));
    if (pending) throw rotationPendingFailure(user, pending);
    const Replaced = selectReplacedKey(user, input);
    if (Replaced) deleteReplacedKey(user, Replaced, input.Force);
    const { AccessKeyId: OldAccessKeyId } = requireOneKey(user);
    const AccessKey = accessKeyOperations.createAccessKey(context, user);
    const rotation: RotationRecord = {
      RunId: RunId ?? generateRandomText(context.random, LOWERCASE + DIGITS, 12),
      State: 'Checking',
      OldAccessKeyId,
      NewAccessKeyId: AccessKey.AccessKeyId,
      CreateDate: formatRamDate(context.clock.now()),
      Request,
      ...(Replaced && { Replaced }),
    };
    user.Rotations = [...Rotations, rotation].slice(-KEPT_ROTATIONS);
    return { ...toRotation(user, rotation), AccessKey };
  },

  cancelRotation({ state }, ref) {
    const { user, rotation } = findRotation(state, ref);
    // Another process may have rolled it back, which deletes the new key too.
    if (rotation.State === 'RolledBack') return;
    if (rotation.State !== 'Checking') throw rotationNotFoundFailure(user);
    deleteKey(user, rotation.NewAccessKeyId);
    // Another process may have created a key in the place of the replaced one.
    if (rotation.Replaced && user.AccessKeys.length < QUOTAS.AccessKeysPerUser) user.AccessKeys.push(rotation.Replaced);
    user.Rotations = user.Rotations?.flatMap((other) => (other === rotation ? (other.Earlier ?? []) : other)) ?? [];
  },

  completeRotation({ state, clock }, ref) {
    const { user, rotation } = findRotation(state, ref);
    // Another process with the same RunId may have recorded the delivery.
    if (rotation.State === 'Grace' || rotation.State === 'Done') return toRotation(user, rotation);
    const { LastUsedDate } = requireActiveNewKey(user, rotation);
    deleteUndoInformation(rotation);
    rotation.DeliveryTimeMs = clock.now().getTime();
    if (LastUsedDate !== ref.CheckUseDate) rotation.NewKeyUsed = true;
    if (ref.DueDate === undefined) disableOldKey(user, rotation);
    else Object.assign(rotation, { State: 'Grace', DueDate: ref.DueDate });
    return toRotation(user, rotation);
  },

  finishRotations({ state, clock }, { UserName }) {
    const now = formatRamDate(clock.now());
    return selectRotations(state, UserName)
      .filter(({ user, rotation }) => isPending(user, rotation))
      .map(({ user, rotation }) => {
        const isDue = rotation.DueDate !== undefined && rotation.DueDate <= now;
        if (isDue && findKeyIfExists(user, rotation.NewAccessKeyId)?.Status === 'Active') disableOldKey(user, rotation);
        return toRotation(user, rotation);
      });
  },

  rollBackRotation({ state }, { UserName }) {
    const user = findUser(state, UserName);
    const rotation = user.Rotations?.at(-1);
    if (!rotation || rotation.State === 'RolledBack') throw rotationNotFoundFailure(user);
    const { OldAccessKeyId, NewAccessKeyId } = rotation;
    const oldKey = findKeyIfExists(user, OldAccessKeyId);
    if (!oldKey && findKeyIfExists(user, NewAccessKeyId)) {
      const message = `the old AccessKey ${OldAccessKeyId} of ${user.UserName} was deleted`;
      const hint = shellCommand`ramctl ak delete ${user.UserName} ${NewAccessKeyId} --force   # to delete the new key too`;
      throw userFailure('missing', 'EntityNotExist.User.AccessKey', message, hint);
    }
    if (oldKey) oldKey.Status = 'Active';
    deleteKey(user, NewAccessKeyId);
    rotation.State = 'RolledBack';
    deleteUndoInformation(rotation);
    return toRotation(user, rotation);
  },

  listRotations: ({ state }, { UserName }) =>
    selectRotations(state, UserName).map(({ user, rotation }) => toRotation(user, rotation)),
} satisfies Implementation<RotationOperations>;

function selectRotations(state: State, UserName: string | undefined) {
  const users = UserName === undefined ? sortedByName(state.Users) : [findUser(state, UserName)];
  return users.flatMap((user) => (user.Rotations ?? []).map((rotation) => ({ user, rotation })));
}

function deleteUndoInformation(rotation: RotationRecord): void {
  delete rotation.Replaced;
  delete rotation.Earlier;
}

/** Returns the same rotation with the same pair, or with another pair if the delivered one is lost. */
function resumeRotation(
  context: OperationContext,
  user: UserRecord,
  rotation: RotationRecord,
  { Request, Lost }: StartRotationInput,
) {
  const { RunId, State } = rotation;
  const isOver = State === 'RolledBack' || !findKeyIfExists(user, rotation.NewAccessKeyId);
  if (isOver || Request !== rotation.Request) {
    const reason = isOver ? 'was rolled back, or its key was deleted' : 'was started with other options';
    const message = `rotation ${RunId} of ${user.UserName} ${reason}`;
    const Hint = shellCommand`ramctl ak rotation list ${user.UserName}`;
    throw new Failure('refused', 'RunIdUsed', message, { Field: '--run-id', Hint });
  }
  const key = requireActiveNewKey(user, rotation);
  const { AccessKeyId, Status, CreateDate } = key;
  // Another process may have replaced the lost key. Both processes then deliver the same pair.
  if (Lost?.AccessKeyId === AccessKeyId && State !== 'Checking') {
    return replaceLostKey(context, user, rotation, key, Lost.StartedAtMs);
  }
  const AccessKey = { AccessKeyId, AccessKeySecret: decryptSecret(context, user, key), Status, CreateDate };
  return { ...toRotation(user, rotation), AccessKey };
}

/** Returns the rotation with another new key. The old key does not change. */
function replaceLostKey(
  context: OperationContext,
  user: UserRecord,
  rotation: RotationRecord,
  key: AccessKeyRecord,
  startedAtMs: number,
): StartedRotation {
  assertNotUsed(user, rotation, key, startedAtMs);
  deleteKey(user, key.AccessKeyId);
  const AccessKey = accessKeyOperations.createAccessKey(context, user);
  const { RunId, OldAccessKeyId, CreateDate, Request } = rotation;
  const repeated: RotationRecord = {
    RunId,
    State: 'Checking',
    OldAccessKeyId,
    NewAccessKeyId: AccessKey.AccessKeyId,
    CreateDate,
    Request,
    Replaced: key,
    Earlier: rotation,
  };
  user.Rotations = user.Rotations?.map((other) => (other === rotation ? repeated : other)) ?? [];
  return { ...toRotation(user, repeated), AccessKey };
}

/** @throws Failure RotationDelivered if a program may use the delivered pair */
function assertNotUsed(user: UserRecord, rotation: RotationRecord, key: AccessKeyRecord, startedAtMs: number): void {
  const { RunId, DeliveryTimeMs = 0, NewKeyUsed } = rotation;
  const { UserName } = user;
  const { AccessKeyId, LastUsedDate } = key;
  const isLatest = user.Rotations?.at(-1) === rotation;
  // Older versions of ramctl did not distinguish uses by --check from other uses.
  const isUsed = NewKeyUsed || (DeliveryTimeMs === 0 && LastUsedDate !== undefined);
  let reason: string | undefined;
  if (isUsed) reason = `, which was last used at ${LastUsedDate}`;
  else if (!isLatest) reason = ', and a later rotation exists';
  else if (DeliveryTimeMs > startedAtMs) reason = ' while this command was running';
  if (reason === undefined) return;
  const message = `rotation ${RunId} of ${UserName} already delivered AccessKey ${AccessKeyId}${reason}`;
  const Hint = shellCommand`ramctl ak rotation ${isUsed && isLatest ? 'rollback' : 'list'} ${UserName}`;
  throw new Failure('refused', 'RotationDelivered', message, { Field: '--run-id', Hint });
}

/** Returns the key to delete first. `ReplaceInactive` selects none if not exactly one of two keys is disabled. */
function selectReplacedKey(user: UserRecord, { ReplaceAccessKeyId, ReplaceInactive }: StartRotationInput) {
  if (ReplaceAccessKeyId !== undefined) return findKey(user, ReplaceAccessKeyId);
  const [key, ...others] = user.AccessKeys.filter(({ Status }) => Status === 'Inactive');
  return ReplaceInactive && user.AccessKeys.length > 1 && others.length === 0 ? key : undefined;
}

/** Deletes one of two keys, so that the new key does not exceed the quota. */
function deleteReplacedKey(user: UserRecord, { AccessKeyId, Status }: AccessKeyRecord, force?: boolean): void {
  const { UserName } = user;
  if (user.AccessKeys.length === 1) {
    const message = `${UserName} has only one AccessKey and can have a second one`;
    const Hint = shellCommand`ramctl ak rotate ${UserName}`;
    throw new Failure('refused', 'NothingToReplace', message, { Field: '--replace', Hint });
  }
  if (Status === 'Active' && !force) {
    const message = `AccessKey ${AccessKeyId} of ${UserName} is active`;
    const Hint = shellCommand`ramctl ak disable ${UserName} ${AccessKeyId}   # or add --force`;
    throw new Failure('refused', 'AccessKeyActive', message, { Field: '--replace', Hint });
  }
  deleteKey(user, AccessKeyId);
}

/** Returns the only key of the user, which a rotation replaces. */
function requireOneKey({ UserName, AccessKeys }: UserRecord): AccessKeyRecord {
  const [key, ...others] = AccessKeys;
  if (!key) {
    const message = `${UserName} has no AccessKey to rotate`;
    throw userFailure('missing', 'EntityNotExist.User.AccessKey', message, shellCommand`ramctl ak create ${UserName}`);
  }
  if (others.length > 0) {
    const describe = (key: AccessKeyRecord) =>
      `${key.AccessKeyId} (${key.Status}, last used: ${key.LastUsedDate ?? 'never'})`;
    const message = `${UserName} has two AccessKeys: ${AccessKeys.map(describe).join(' and ')}`;
    const isOneInactive = AccessKeys.filter(({ Status }) => Status === 'Inactive').length === 1;
    const replaced = isOneInactive ? 'inactive' : '<id>';
    const hint = shellCommand`ramctl ak rotate ${UserName} --replace ${replaced}   # deletes that key first`;
    throw userFailure('refused', 'LimitExceeded.User.AccessKey', message, hint);
  }
  return key;
}

function disableOldKey(user: UserRecord, rotation: RotationRecord): void {
  const oldKey = findKeyIfExists(user, rotation.OldAccessKeyId);
  if (oldKey) oldKey.Status = 'Inactive';
  rotation.State = 'Done';
}

function deleteKey(user: UserRecord, accessKeyId: string): void {
  user.AccessKeys = user.AccessKeys.filter(({ AccessKeyId }) => AccessKeyId !== accessKeyId);
}

/** A rotation whose new key was deleted is not pending. */
export function isPending(user: UserRecord, rotation: RotationRecord): boolean {
  return ['Checking', 'Grace'].includes(rotation.State) && findKeyIfExists(user, rotation.NewAccessKeyId) !== undefined;
}

/** Returns the new key, which must be active before the old key is disabled. */
function requireActiveNewKey(user: UserRecord, rotation: RotationRecord): AccessKeyRecord {
  const { UserName } = user;
  const key = findKey(user, rotation.NewAccessKeyId);
  if (key.Status === 'Active') return key;
  const message = `the new AccessKey ${key.AccessKeyId} of ${UserName} is disabled`;
  const hint = shellCommand`ramctl ak enable ${UserName} ${key.AccessKeyId}   # or ${shellCommand`ramctl ak rotation rollback ${UserName}`}`;
  throw userFailure('refused', 'AccessKeyInactive', message, hint);
}

function findRotation(state: State, { NewAccessKeyId }: RotationRef) {
  for (const user of state.Users.possibleMatches(NewAccessKeyId)) {
    const rotation = user.Rotations?.find((other) => other.NewAccessKeyId === NewAccessKeyId);
    if (rotation) return { user, rotation };
  }
  const message = `the rotation to ${NewAccessKeyId} does not exist or was cancelled`;
  throw new Failure('missing', 'RotationNotFound', message, { Hint: 'ramctl ak rotation list' });
}

function rotationPendingFailure({ UserName }: UserRecord, { RunId, State }: RotationRecord): Failure {
  const message = `rotation ${RunId} of ${UserName} is pending (${State})`;
  const rollback = shellCommand`ramctl ak rotation rollback ${UserName}`;
  const hint =
    State === 'Grace'
      ? shellCommand`ramctl ak rotation finish ${UserName}   # or ${rollback}`
      : `${rollback}   # or repeat the first command with --run-id ${RunId}`;
  return userFailure('refused', 'RotationPending', message, hint);
}

function rotationNotFoundFailure({ UserName }: UserRecord): Failure {
  const hint = shellCommand`ramctl ak rotation list ${UserName}`;
  return userFailure('missing', 'RotationNotFound', `${UserName} has no rotation that can be rolled back`, hint);
}

function toRotation({ UserName }: UserRecord, rotation: RotationRecord): Rotation {
  const { RunId, State, OldAccessKeyId, NewAccessKeyId, DueDate = null } = rotation;
  return { UserName, RunId, State, OldAccessKeyId, NewAccessKeyId, DueDate };
}
