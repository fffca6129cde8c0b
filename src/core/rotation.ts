import { accessKeyOperations, decryptSecret, findKeyIfExists } from './access-key.ts';
import type {
  Rotation,
  RotationOperations,
  RotationRef,
  StartedRotation,
  StartRotationInput,
} from './access-key-operations.ts';
import { formatRamDate } from './clock.ts';
import type { Implementation, OperationContext } from './operation-context.ts';
import { QUOTAS } from './quotas.ts';
import { DIGITS, generateRandomText, LOWERCASE } from './random.ts';
import {
  assertOldKeyExists,
  assertReplaceable,
  assertSameRun,
  isPending,
  noRotationToKeyFailure,
  nothingToRollBackFailure,
  requireActiveKey,
  requireOneKey,
  rotationDeliveredFailure,
  rotationPendingFailure,
  selectReplacedKey,
} from './rotation-rules.ts';
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
    if (Replaced) {
      assertReplaceable(user, Replaced, input.Force);
      deleteKey(user, Replaced.AccessKeyId);
    }
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
    if (rotation.State !== 'Checking') throw nothingToRollBackFailure(user);
    deleteKey(user, rotation.NewAccessKeyId);
    // Another process may have created a key in the place of the replaced one.
    if (rotation.Replaced && user.AccessKeys.length < QUOTAS.AccessKeysPerUser) user.AccessKeys.push(rotation.Replaced);
    user.Rotations = user.Rotations?.flatMap((other) => (other === rotation ? (other.Earlier ?? []) : other)) ?? [];
  },

  beginDelivery({ state }, ref) {
    const { user, rotation } = findRotation(state, ref);
    return { LastUsedDate: requireActiveNewKey(user, rotation).LastUsedDate ?? null };
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
    if (!rotation || rotation.State === 'RolledBack') throw nothingToRollBackFailure(user);
    const { OldAccessKeyId, NewAccessKeyId } = rotation;
    assertOldKeyExists(user, rotation);
    const oldKey = findKeyIfExists(user, OldAccessKeyId);
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
  { Request, LostAccessKeyId, StartedAtMs }: StartRotationInput,
) {
  const { RunId, State } = rotation;
  const isOver = State === 'RolledBack' || !findKeyIfExists(user, rotation.NewAccessKeyId);
  assertSameRun(user, RunId, isOver, Request === rotation.Request);
  const key = requireActiveNewKey(user, rotation);
  const { AccessKeyId, Status, CreateDate } = key;
  // Another process may have replaced the lost key. Both processes then deliver the same pair.
  if (LostAccessKeyId === AccessKeyId && State !== 'Checking') {
    return replaceLostKey(context, user, rotation, key, StartedAtMs);
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
  startedAtMs: number | undefined,
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
function assertNotUsed(
  user: UserRecord,
  rotation: RotationRecord,
  key: AccessKeyRecord,
  startedAtMs = Number.POSITIVE_INFINITY,
): void {
  const { DeliveryTimeMs = 0, NewKeyUsed } = rotation;
  const { LastUsedDate } = key;
  const isLatest = user.Rotations?.at(-1) === rotation;
  // Older versions of ramctl did not distinguish uses by --check from other uses.
  const isUsed = NewKeyUsed === true || (DeliveryTimeMs === 0 && LastUsedDate !== undefined);
  let reason: string | undefined;
  if (isUsed) reason = `, which was last used at ${LastUsedDate}`;
  else if (!isLatest) reason = ', and a later rotation exists';
  else if (DeliveryTimeMs > startedAtMs) reason = ' while this command was running';
  if (reason !== undefined) throw rotationDeliveredFailure(user, rotation, reason, isUsed && isLatest);
}

function disableOldKey(user: UserRecord, rotation: RotationRecord): void {
  const oldKey = findKeyIfExists(user, rotation.OldAccessKeyId);
  if (oldKey) oldKey.Status = 'Inactive';
  rotation.State = 'Done';
}

/** Returns the new key, which must be active. */
function requireActiveNewKey(user: UserRecord, rotation: RotationRecord): AccessKeyRecord {
  return requireActiveKey(user, rotation.NewAccessKeyId);
}

function deleteKey(user: UserRecord, accessKeyId: string): void {
  user.AccessKeys = user.AccessKeys.filter(({ AccessKeyId }) => AccessKeyId !== accessKeyId);
}

function findRotation(state: State, { NewAccessKeyId }: RotationRef) {
  for (const user of state.Users.possibleMatches('NewAccessKeyId', NewAccessKeyId)) {
    const rotation = user.Rotations?.find((other) => other.NewAccessKeyId === NewAccessKeyId);
    if (rotation) return { user, rotation };
  }
  throw noRotationToKeyFailure(NewAccessKeyId);
}

function toRotation({ UserName }: UserRecord, rotation: RotationRecord): Rotation {
  const { RunId, State, OldAccessKeyId, NewAccessKeyId, DueDate = null } = rotation;
  return { UserName, RunId, State, OldAccessKeyId, NewAccessKeyId, DueDate };
}
