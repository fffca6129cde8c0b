import { createHash, timingSafeEqual } from 'node:crypto';
import { formatRamDate } from './clock.ts';
import type { OperationContext } from './context.ts';
import type { AccessKey, AccessKeyRef, Caller, NewAccessKey, UserRef } from './directory.ts';
import { Failure } from './failure.ts';
import { QUOTAS } from './quotas.ts';
import { ALPHANUMERIC, generateRandomText } from './random.ts';
import type { AccessKeyRecord, State, Status, UserRecord } from './state.ts';
import { findUser } from './user.ts';

/** What binds the seal of a secret to its record: a seal moved to another key or user does not open. */
export function secretLabel(user: UserRecord, accessKeyId: string): string {
  return `AccessKey/${user.UserId}/${accessKeyId}`;
}

export function createAccessKey(context: OperationContext, { UserName }: UserRef): NewAccessKey {
  const { state, clock, random, vault } = context;
  const user = findUser(state, UserName);
  if (user.AccessKeys.length >= QUOTAS.AccessKeysPerUser) {
    const [first, ...others] = [...user.AccessKeys].sort((left, right) =>
      requireKey(left) < requireKey(right) ? -1 : 1,
    );
    const rest = others.map((key) => key.AccessKeyId).join(', ');
    throw new Failure(
      'refused',
      'LimitExceeded.User.AccessKey',
      `${user.UserName} has ${user.AccessKeys.length} AccessKeys, no more are allowed`,
      {
        Field: 'UserName',
        Hint: `${removeKey(user.UserName, first)}   # or ${rest}; ramctl ak list tells which is used`,
      },
    );
  }
  const AccessKeyId = generateAccessKeyId(context);
  const AccessKeySecret = generateRandomText(random, ALPHANUMERIC, 30);
  const key: AccessKeyRecord = {
    AccessKeyId,
    SealedSecret: vault.encrypt(AccessKeySecret, secretLabel(user, AccessKeyId)),
    Status: 'Active',
    CreateDate: formatRamDate(clock.now()),
  };
  user.AccessKeys.push(key);
  return { AccessKeyId, AccessKeySecret, Status: key.Status, CreateDate: key.CreateDate };
}

export function listAccessKeys({ state }: OperationContext, { UserName }: UserRef): AccessKey[] {
  return findUser(state, UserName).AccessKeys.map((key) => ({
    AccessKeyId: key.AccessKeyId,
    Status: key.Status,
    CreateDate: key.CreateDate,
    LastUsedDate: key.LastUsedDate ?? null,
  }));
}

export function updateAccessKey({ state }: OperationContext, input: AccessKeyRef & { Status: Status }): void {
  findKey(findUser(state, input.UserName), input.UserAccessKeyId).Status = input.Status;
}

export function deleteAccessKey({ state }: OperationContext, input: AccessKeyRef): void {
  const user = findUser(state, input.UserName);
  user.AccessKeys.splice(user.AccessKeys.indexOf(findKey(user, input.UserAccessKeyId)), 1);
}

export function getAccessKeyLastUsed(
  { state }: OperationContext,
  input: AccessKeyRef,
): { LastUsedDate: string | null } {
  return { LastUsedDate: findKey(findUser(state, input.UserName), input.UserAccessKeyId).LastUsedDate ?? null };
}

/** Whoever can name the pair has it. */
export function verifyAccessKey(context: OperationContext, input: { AccessKeyId: string; AccessKeySecret: string }) {
  const { user, key } = findOwner(context.state, input.AccessKeyId) ?? {};
  if (
    user &&
    key &&
    isEqualSecret(decryptSecret(context, user, key), input.AccessKeySecret) &&
    key.Status === 'Active'
  ) {
    key.LastUsedDate = formatRamDate(context.clock.now());
    return { UserName: user.UserName, AccessKeyId: key.AccessKeyId };
  }
  throw new Failure('denied', 'InvalidAccessKey', 'the AccessKey is unknown or disabled, or its secret is wrong', {
    Field: 'AccessKeySecret',
  });
}

/** RAM's gateway: a key that exists, works and has signed what is asked for. */
export function getCaller(
  context: OperationContext,
  input: { AccessKeyId: string; isSigned: (secret: string) => boolean },
): Caller {
  const { AccessKeyId, isSigned } = input;
  const { user, key } = findOwner(context.state, AccessKeyId) ?? {};
  if (!user || !key) throw new Failure('missing', 'InvalidAccessKeyId.NotFound', 'Specified access key is not found.');
  if (key.Status !== 'Active') {
    throw new Failure('denied', 'InvalidAccessKeyId.Inactive', 'Specified access key is disabled.');
  }
  if (!isSigned(decryptSecret(context, user, key))) {
    throw new Failure('denied', 'SignatureDoesNotMatch', 'Specified signature is not matched with our calculation.');
  }
  const { AccountId } = context.state.Account;
  return { AccountId, UserId: user.UserId, UserName: user.UserName, AccessKeyId };
}

export function recordAccessKeyUse(
  { state }: OperationContext,
  uses: { AccessKeyId: string; LastUsedDate: string }[],
): void {
  for (const { AccessKeyId, LastUsedDate } of uses) {
    const key = findOwner(state, AccessKeyId)?.key;
    if (key && (key.LastUsedDate ?? '') < LastUsedDate) key.LastUsedDate = LastUsedDate;
  }
}

/** In a time that does not tell where two texts differ. */
export function isEqualSecret(left: string, right: string): boolean {
  const [one, two] = [left, right].map((text) => createHash('sha256').update(text).digest());
  return one !== undefined && two !== undefined && timingSafeEqual(one, two);
}

/** The secret of a key, in the clear. @throws Failure `broken` SealBroken */
export function decryptSecret({ vault }: OperationContext, user: UserRecord, key: AccessKeyRecord): string {
  return vault.decrypt(key.SealedSecret, secretLabel(user, key.AccessKeyId));
}

/** A key of another user is as absent as one that never was. @throws Failure EntityNotExist.User.AccessKey */
export function findKey(user: UserRecord, accessKeyId: string): AccessKeyRecord {
  const key = user.AccessKeys.find((candidate) => candidate.AccessKeyId === accessKeyId);
  if (key) return key;
  throw new Failure('missing', 'EntityNotExist.User.AccessKey', `${user.UserName} has no AccessKey ${accessKeyId}`, {
    Field: 'UserAccessKeyId',
    Hint: `ramctl ak list ${user.UserName}`,
  });
}

/** The commands that make room: an active key is disabled first. */
function removeKey(UserName: string, key: AccessKeyRecord | undefined): string {
  const remove = `ramctl ak delete ${UserName} ${key?.AccessKeyId}`;
  return key?.Status === 'Active' ? `ramctl ak disable ${UserName} ${key.AccessKeyId} && ${remove}` : remove;
}

/** How much a key seems to be needed, as text that sorts: disabled before active, then the one used longest ago. */
function requireKey({ Status, LastUsedDate }: AccessKeyRecord): string {
  return `${Status === 'Active' ? 2 : 1} ${LastUsedDate ?? ''}`;
}

/** `LTAI` and 20 letters or digits, unlike any other of the account. */
function generateAccessKeyId({ state, random }: OperationContext): string {
  for (;;) {
    const id = `LTAI${generateRandomText(random, ALPHANUMERIC, 20)}`;
    if (!findOwner(state, id)) return id;
  }
}

function findOwner(state: State, accessKeyId: string): { user: UserRecord; key: AccessKeyRecord } | undefined {
  for (const user of state.Users.possibleMatches(accessKeyId)) {
    const key = user.AccessKeys.find(({ AccessKeyId }) => AccessKeyId === accessKeyId);
    if (key) return { user, key };
  }
  return undefined;
}
