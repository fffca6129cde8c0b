import { createAccessKey, deleteAccessKey, findKey, openSecret } from './access-key.ts';
import { ramDate } from './clock.ts';
import type { Context } from './context.ts';
import type { BeginRotationInput, BegunRotation, Rotation, RotationRef, UserRef } from './directory.ts';
import { DIGITS, LOWERCASE, randomText } from './entropy.ts';
import { Failure } from './failure.ts';
import { checkText } from './names.ts';
import { byName, type RotationRecord, type UserRecord } from './state.ts';
import { findUser } from './user.ts';

/*
 * How an AccessKey is exchanged without a gap (RAM security guide: second key, move over, watch, disable the old one).
 * Each step is one transaction in which keys and rotation change together, so that whoever is killed between two of
 * them goes on where they were: under the same RunId, with the same pair.
 */

/** How many past rotations of a user are remembered. */
const REMEMBERED = 10;

export function beginRotation(context: Context, input: BeginRotationInput): BegunRotation {
  const { state, clock } = context;
  const user = findUser(state, input.UserName);
  if (input.RunId !== undefined) checkText(input.RunId, 'RunId', 64);
  const present = user.Rotations?.find(({ RunId }) => RunId === input.RunId);
  if (present) return resume(context, user, present, input.Request);
  const pending = user.Rotations?.find(isPending);
  if (pending) {
    throw new Failure(
      'refused',
      'RotationPending',
      `rotation ${pending.RunId} of ${user.UserName} stands at ${pending.State}`,
      {
        Field: 'UserName',
        Hint: `ramctl ak rotation finish ${user.UserName}   # or ramctl ak rotation rollback ${user.UserName}`,
      },
    );
  }
  const old = oldKey(context, user, input);
  const AccessKey = createAccessKey(context, user);
  const rotation: RotationRecord = {
    RunId: input.RunId ?? randomText(context.entropy, LOWERCASE + DIGITS, 12),
    State: 'Checking',
    OldAccessKeyId: old,
    NewAccessKeyId: AccessKey.AccessKeyId,
    CreateDate: ramDate(clock.now()),
    Request: input.Request,
  };
  user.Rotations = [...(user.Rotations ?? []), rotation].slice(-REMEMBERED);
  return { ...describe(user, rotation), AccessKey, IsDelivered: false };
}

export function abandonRotation(context: Context, ref: RotationRef): void {
  const user = findUser(context.state, ref.UserName);
  const rotation = findRotation(user, ({ RunId, State }) => RunId === ref.RunId && State === 'Checking');
  deleteAccessKey(context, { UserName: user.UserName, UserAccessKeyId: rotation.NewAccessKeyId });
  user.Rotations = user.Rotations?.filter((other) => other !== rotation) ?? [];
}

export function settleRotation({ state }: Context, ref: RotationRef & { DueDate?: string | undefined }): Rotation {
  const user = findUser(state, ref.UserName);
  const rotation = findRotation(user, ({ RunId, State }) => RunId === ref.RunId && State !== 'RolledBack');
  // Somebody else with the same token was faster.
  if (rotation.State !== 'Checking') return describe(user, rotation);
  findKey(user, rotation.NewAccessKeyId);
  if (ref.DueDate === undefined) disableOld(user, rotation);
  else Object.assign(rotation, { State: 'Grace', DueDate: ref.DueDate });
  return describe(user, rotation);
}

export function finishRotations(
  { state, clock }: Context,
  { UserName }: { UserName?: string | undefined },
): Rotation[] {
  const users = UserName === undefined ? byName(state.Users) : [findUser(state, UserName)];
  const now = ramDate(clock.now());
  return users.flatMap((user) =>
    (user.Rotations ?? []).filter(isPending).map((rotation) => {
      const isReplaced = user.AccessKeys.some(({ AccessKeyId }) => AccessKeyId === rotation.NewAccessKeyId);
      if (isReplaced && rotation.DueDate !== undefined && rotation.DueDate <= now) disableOld(user, rotation);
      return describe(user, rotation);
    }),
  );
}

export function rollBackRotation(context: Context, ref: UserRef): Rotation {
  const user = findUser(context.state, ref.UserName);
  const latest = user.Rotations?.at(-1);
  const rotation = findRotation(user, (each) => each === latest && each.State !== 'RolledBack');
  findKey(user, rotation.OldAccessKeyId).Status = 'Active';
  user.AccessKeys = user.AccessKeys.filter(({ AccessKeyId }) => AccessKeyId !== rotation.NewAccessKeyId);
  rotation.State = 'RolledBack';
  return describe(user, rotation);
}

export function listRotations({ state }: Context, { UserName }: { UserName?: string | undefined }): Rotation[] {
  const users = UserName === undefined ? byName(state.Users) : [findUser(state, UserName)];
  return users.flatMap((user) => (user.Rotations ?? []).map((rotation) => describe(user, rotation)));
}

/** The same rotation again: the same pair. */
function resume(context: Context, user: UserRecord, rotation: RotationRecord, request: string): BegunRotation {
  const { RunId, State, NewAccessKeyId } = rotation;
  const isOver = State === 'RolledBack' || !user.AccessKeys.some(({ AccessKeyId }) => AccessKeyId === NewAccessKeyId);
  if (isOver || rotation.Request !== request) {
    const why = isOver ? 'was rolled back, or its key is gone' : 'was begun with other options';
    throw new Failure('refused', 'RunIdUsed', `rotation ${RunId} of ${user.UserName} ${why}`, {
      Field: '--run-id',
      Hint: `ramctl ak rotation list ${user.UserName}`,
    });
  }
  const key = findKey(user, NewAccessKeyId);
  const { AccessKeyId, Status, CreateDate } = key;
  const AccessKey = { AccessKeyId, AccessKeySecret: openSecret(context, user, key), Status, CreateDate };
  return { ...describe(user, rotation), AccessKey, IsDelivered: State !== 'Checking' };
}

/** The id of the key that will be disabled. Of two keys one has to make room first. */
function oldKey(context: Context, user: UserRecord, input: BeginRotationInput): string {
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
function disableOld(user: UserRecord, rotation: RotationRecord): void {
  const old = user.AccessKeys.find(({ AccessKeyId }) => AccessKeyId === rotation.OldAccessKeyId);
  if (old) old.Status = 'Inactive';
  rotation.State = 'Done';
}

function isPending({ State }: RotationRecord): boolean {
  return State === 'Checking' || State === 'Grace';
}

function findRotation(user: UserRecord, isMeant: (rotation: RotationRecord) => boolean): RotationRecord {
  const rotation = user.Rotations?.find(isMeant);
  if (rotation) return rotation;
  throw new Failure('missing', 'RotationNotFound', `${user.UserName} has no such rotation`, {
    Field: 'UserName',
    Hint: `ramctl ak rotation list ${user.UserName}`,
  });
}

function describe({ UserName }: UserRecord, { RunId, State, DueDate, ...keys }: RotationRecord): Rotation {
  const { OldAccessKeyId, NewAccessKeyId } = keys;
  return { UserName, RunId, State, OldAccessKeyId, NewAccessKeyId, DueDate: DueDate ?? null };
}
