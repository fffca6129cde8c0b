import { findKeyIfExists } from '../core/access-key.ts';
import { type Clock, formatRamDate } from '../core/clock.ts';
import type {
  AccessKey,
  NewAccessKey,
  Rotation,
  RotationOperations,
  RotationRef,
  StartedRotation,
  StartRotationInput,
} from '../core/directory.ts';
import { userFailure } from '../core/entity-checks.ts';
import { isFailure, nullIfCode } from '../core/failure.ts';
import { DIGITS, generateRandomText, LOWERCASE, type RandomSource } from '../core/random.ts';
import {
  assertOldKeyExists,
  assertReplaceable,
  assertSameRun,
  isPending,
  nothingToRollBackFailure,
  requireActiveKey,
  requireOneKey,
  rotationDeliveredFailure,
  rotationPendingFailure,
  selectReplacedKey,
} from '../core/rotation-rules.ts';
import { shellCommand } from '../core/shell-command.ts';
import { assertNoUrl } from '../core/tag-values.ts';
import { assertValidText } from '../core/validation.ts';
import {
  type Context,
  deleteKey,
  findNewKey,
  findRotation,
  isDelivered,
  type KeyAndTagOperations,
  newKeyIdOf,
  type RotatedUser,
  readUser,
  readUsers,
  requireRotation,
  setStatus,
  store,
  toRotation,
} from './rotated-user.ts';
import { fingerprint, ROTATION_TAGS, type StoredRotation } from './rotation-tags.ts';

/*
 * Rotations over RAM's operations, without local state: everything is in the user's keys and tags (`rotation-tags.ts`). Each
 * call can be the last one of a killed process:
 *
 * 1. `Starting` is stored before anything else changes. Then the key to replace is deleted, the new key is created, and its
 *    id is stored. The id of a new key is not stored only if the process was killed between the last two calls.
 * 2. `Delivering` is stored before the secret can leave the process. A new key that is `Starting` was never delivered.
 * 3. `Grace` or `Finishing` is stored after the delivery, and `Done` after the old key was disabled. A command that uses the
 *    old key itself cannot store `Done`: a rotation that is `Finishing` and whose old key is disabled is done.
 * 4. A new key whose secret is lost is deleted while the state is `Starting` or `Delivering`. In these states a missing new
 *    key means that the next one is to be created.
 *
 * docs/decisions/repeated-rotations.md lists what the same RunId then does.
 */

/** The error of requests after the caller has disabled the AccessKey that signs them. */
const OWN_KEY_DISABLED = 'InvalidAccessKeyId.Inactive';

/** Returns the operations of rotations over RAM's operations. */
export function remoteRotations(
  operations: KeyAndTagOperations,
  clock: Clock,
  random: RandomSource,
): RotationOperations {
  const context: Context = { operations, clock, random };
  return {
    startRotation: (input) => startRotation(context, input),
    cancelRotation: (ref) => cancelRotation(context, ref),
    beginDelivery: (ref) => beginDelivery(context, ref),
    completeRotation: (ref) => completeRotation(context, ref),
    finishRotations: ({ UserName }) => finishRotations(context, UserName),
    rollBackRotation: ({ UserName }) => rollBackRotation(context, UserName),
    listRotations: async ({ UserName }) => {
      const users = await readUsers(context, UserName, () => true);
      return users.flatMap(({ user, rotation }) => (newKeyIdOf(user, rotation) ? [toRotation(user, rotation)] : []));
    },
  };
}

async function startRotation(context: Context, input: StartRotationInput): Promise<StartedRotation> {
  const user = await readUser(context, input.UserName);
  const { stored } = user;
  const { RunId, Request } = input;
  if (RunId !== undefined) {
    assertValidText(RunId, 'RunId', 64);
    // It becomes the value of a tag.
    assertNoUrl(RunId, 'RunId');
  }
  if (stored && stored.RunId === RunId) return resumeRotation(context, user, stored, input);
  if (stored && isPending(user, toRotation(user, stored))) {
    throw rotationPendingFailure(user, toRotation(user, stored));
  }
  const replaced = hasReplaced(user, stored, input) ? undefined : selectReplacedKey(user, input);
  if (replaced) assertReplaceable(user, replaced, input.Force);
  const { AccessKeyId: OldAccessKeyId } = requireOneKey(withoutKey(user, replaced));
  return createNewKey(context, user, replaced, {
    RunId: RunId ?? generateRandomText(context.random, LOWERCASE + DIGITS, 12),
    Fingerprint: fingerprint(Request),
    OldAccessKeyId,
  });
}

/** Returns whether an earlier command has deleted the key that --replace names, and then failed to create the new one. */
function hasReplaced(
  user: RotatedUser,
  stored: StoredRotation | undefined,
  { ReplaceAccessKeyId }: StartRotationInput,
) {
  if (ReplaceAccessKeyId === undefined || stored?.ReplacedAccessKeyId !== ReplaceAccessKeyId) return false;
  return !findKeyIfExists(user, ReplaceAccessKeyId);
}

/** Returns the rotation without a secret, or creates another new key if there is none or its pair is lost. */
async function resumeRotation(context: Context, user: RotatedUser, stored: StoredRotation, input: StartRotationInput) {
  const { RunId, State } = stored;
  const newKey = findNewKey(user, stored);
  const Fingerprint = fingerprint(input.Request);
  const isOver = State === 'RolledBack' || (isDelivered(stored) && !newKey);
  assertSameRun(user, RunId, isOver, !newKey || Fingerprint === stored.Fingerprint);
  if (newKey) requireActiveKey(user, newKey.AccessKeyId);
  if (newKey && newKey.AccessKeyId !== input.LostAccessKeyId) {
    const { AccessKeyId, Status, CreateDate } = newKey;
    return { ...toRotation(user, stored), AccessKey: { AccessKeyId, AccessKeySecret: '', Status, CreateDate } };
  }
  if (newKey) {
    assertNotUsed(user, stored, newKey);
    assertNotRunning(user, stored, input.StartedAtMs);
    if (isDelivered(stored)) await store(context, user, { ...stored, State: 'Delivering', DueDate: undefined });
    await deleteKey(context, user, newKey.AccessKeyId);
  } else {
    assertNotRunning(user, stored, input.StartedAtMs);
  }
  const rest = withoutKey(user, newKey);
  // The first attempt may have deleted the key that --replace names.
  const isReplaced = input.ReplaceAccessKeyId !== undefined && !findKeyIfExists(rest, input.ReplaceAccessKeyId);
  const replaced = newKey || isReplaced ? undefined : selectReplacedKey(rest, input);
  if (replaced) assertReplaceable(rest, replaced, input.Force);
  const kept = withoutKey(rest, replaced);
  const OldAccessKeyId = kept.AccessKeys.length === 0 ? stored.OldAccessKeyId : requireOneKey(kept).AccessKeyId;
  const NewAccessKeyId = newKey?.AccessKeyId ?? stored.NewAccessKeyId;
  const started = await createNewKey(context, rest, replaced, { RunId, Fingerprint, OldAccessKeyId, NewAccessKeyId });
  return newKey ? { ...started, DeletedAccessKeyId: newKey.AccessKeyId } : started;
}

/** Stores that the rotation starts, deletes the replaced key and creates the new one. */
async function createNewKey(
  context: Context,
  user: RotatedUser,
  replaced: AccessKey | undefined,
  rotation: Pick<StoredRotation, 'RunId' | 'Fingerprint' | 'OldAccessKeyId' | 'NewAccessKeyId'>,
): Promise<StartedRotation> {
  const starting: StoredRotation = {
    ...rotation,
    State: 'Starting',
    TimeMs: context.clock.now().getTime(),
    ReplacedAccessKeyId: replaced?.AccessKeyId,
  };
  await store(context, user, starting);
  if (replaced) await deleteKey(context, user, replaced.AccessKeyId);
  const AccessKey = await createKey(context, user, starting);
  const started = { ...starting, NewAccessKeyId: AccessKey.AccessKeyId };
  await store(context, user, started);
  const result = { ...toRotation(user, started), AccessKey };
  return replaced ? { ...result, DeletedAccessKeyId: replaced.AccessKeyId } : result;
}

async function createKey({ operations }: Context, user: RotatedUser, stored: StoredRotation): Promise<NewAccessKey> {
  const { UserName } = user;
  return operations.createAccessKey({ UserName }).catch((error: unknown) => {
    // There was room for the key when this command looked.
    throw isFailure(error, 'LimitExceeded.User.AccessKey') ? runningFailure(user, stored) : error;
  });
}

async function cancelRotation(context: Context, { NewAccessKeyId }: RotationRef): Promise<void> {
  const { user, stored } = await findRotation(context, NewAccessKeyId);
  // Another process may have deleted the key: by a rollback, or because it has replaced it.
  if (!user || stored?.State === 'RolledBack') return;
  // Another process may have overwritten the tags. The key is of no use, because it was not delivered.
  if (!stored) return deleteKey(context, user, NewAccessKeyId);
  if (isDelivered(stored)) throw nothingToRollBackFailure(user);
  await deleteKey(context, user, NewAccessKeyId);
  const hasOldKeyToEnable = findKeyIfExists(user, stored.OldAccessKeyId)?.Status === 'Inactive';
  // The tags stay if an earlier delivery has disabled the old key, so that a rollback can enable it.
  if (hasOldKeyToEnable) return store(context, user, { ...stored, NewAccessKeyId, State: 'Delivering' });
  const { UserName } = user;
  await context.operations.untagResources({
    ResourceType: 'user',
    ResourceNames: [UserName],
    TagKeys: ROTATION_TAGS,
  });
}

async function beginDelivery(context: Context, { NewAccessKeyId }: RotationRef) {
  const { user, stored } = await requireRotation(context, NewAccessKeyId);
  const { LastUsedDate } = requireActiveKey(user, NewAccessKeyId);
  if (!isDelivered(stored)) await store(context, user, toDelivering(context, stored, NewAccessKeyId, LastUsedDate));
  return { LastUsedDate };
}

function toDelivering({ clock }: Context, stored: StoredRotation, NewAccessKeyId: string, useDate: string | null) {
  return {
    ...stored,
    State: 'Delivering' as const,
    TimeMs: clock.now().getTime(),
    CheckUseDate: useDate ?? undefined,
    NewAccessKeyId,
    ReplacedAccessKeyId: undefined,
  };
}

async function completeRotation(
  context: Context,
  { NewAccessKeyId, DueDate }: Parameters<RotationOperations['completeRotation']>[0],
): Promise<Rotation> {
  const { user, stored } = await requireRotation(context, NewAccessKeyId);
  // Another process with the same RunId may have recorded the delivery.
  if (isDelivered(stored) && stored.State !== 'Finishing') return toRotation(user, stored);
  const { LastUsedDate } = requireActiveKey(user, NewAccessKeyId);
  const delivering = stored.State === 'Starting' ? toDelivering(context, stored, NewAccessKeyId, LastUsedDate) : stored;
  if (DueDate === undefined || stored.State === 'Finishing') return finishRotation(context, user, delivering);
  const rotation: StoredRotation = { ...delivering, State: 'Grace', DueDate };
  await store(context, user, rotation);
  return toRotation(user, rotation);
}

async function finishRotations(context: Context, UserName: string | undefined): Promise<Rotation[]> {
  const now = formatRamDate(context.clock.now());
  const users = await readUsers(context, UserName, ({ State }) => State !== 'Done' && State !== 'RolledBack');
  const rotations: Rotation[] = [];
  for (const { user, rotation } of users) {
    if (!isPending(user, toRotation(user, rotation))) continue;
    const { State, DueDate } = rotation;
    const isDue = State === 'Grace' && DueDate !== undefined && DueDate <= now;
    const canFinish = (isDue || State === 'Finishing') && findNewKey(user, rotation)?.Status === 'Active';
    rotations.push(canFinish ? await finishRotation(context, user, rotation) : toRotation(user, rotation));
  }
  return rotations;
}

/** Disables the old key. */
async function finishRotation(context: Context, user: RotatedUser, stored: StoredRotation): Promise<Rotation> {
  const { OldAccessKeyId } = stored;
  await store(context, user, { ...stored, State: 'Finishing' });
  if (findKeyIfExists(user, OldAccessKeyId)) await setStatus(context, user, OldAccessKeyId, 'Inactive');
  const rotation: StoredRotation = { ...stored, State: 'Done' };
  await nullIfCode(store(context, user, rotation), OWN_KEY_DISABLED);
  return toRotation(user, rotation);
}

async function rollBackRotation(context: Context, name: string): Promise<Rotation> {
  const user = await readUser(context, name);
  const { stored } = user;
  const NewAccessKeyId = stored && newKeyIdOf(user, stored);
  if (!stored || !NewAccessKeyId || stored.State === 'RolledBack') throw nothingToRollBackFailure(user);
  assertOldKeyExists(user, toRotation(user, stored));
  const { OldAccessKeyId } = stored;
  if (findKeyIfExists(user, OldAccessKeyId)) await setStatus(context, user, OldAccessKeyId, 'Active');
  await deleteKey(context, user, NewAccessKeyId);
  const rotation: StoredRotation = { ...stored, NewAccessKeyId, State: 'RolledBack' };
  await store(context, user, rotation);
  return toRotation(user, rotation);
}

/** @throws Failure RotationDelivered if a program may use the pair */
function assertNotUsed(user: RotatedUser, stored: StoredRotation, { LastUsedDate }: AccessKey): void {
  const { State, TimeMs, CheckUseDate } = stored;
  // Only --check uses a key before its delivery. RAM may show that use later.
  if (State === 'Starting' || LastUsedDate === null || LastUsedDate === CheckUseDate) return;
  if (LastUsedDate < formatRamDate(new Date(TimeMs))) return;
  throw rotationDeliveredFailure(user, toRotation(user, stored), `, which was last used at ${LastUsedDate}`, true);
}

/** @throws Failure if another process has changed the rotation since the command started */
function assertNotRunning(user: RotatedUser, stored: StoredRotation, startedAtMs = Number.POSITIVE_INFINITY): void {
  if (stored.TimeMs <= startedAtMs) return;
  if (!isDelivered(stored)) throw runningFailure(user, stored);
  throw rotationDeliveredFailure(user, toRotation(user, stored), ' while this command was running', false);
}

function runningFailure({ UserName }: RotatedUser, { RunId }: StoredRotation) {
  const message = `another process is rotating the AccessKey of ${UserName}, or was stopped a moment ago`;
  const hint = shellCommand`ramctl ak rotation list ${UserName}   # or run the same command with --run-id ${RunId} again`;
  return userFailure('later', 'RotationPending', message, hint);
}

function withoutKey(user: RotatedUser, key: AccessKey | undefined): RotatedUser {
  return { ...user, AccessKeys: user.AccessKeys.filter((other) => other !== key) };
}
