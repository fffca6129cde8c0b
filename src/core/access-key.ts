import { hash, timingSafeEqual } from 'node:crypto';
import type { AccessKeyOperations, GatewayOperations } from './access-key-operations.ts';
import { formatRamDate } from './clock.ts';
import { computeOnce } from './computed.ts';
import { notFoundFailure, userFailure } from './entity-checks.ts';
import { Failure } from './failure.ts';
import { defaultDomainOf } from './logon-names.ts';
import { findUserByLogonName } from './logon-steps.ts';
import type { Implementation, OperationContext } from './operation-context.ts';
import { QUOTAS } from './quotas.ts';
import { ALPHANUMERIC, generateRandomText } from './random.ts';
import { shellCommand } from './shell-command.ts';
import { type AccessKeyRecord, findUserById, type State, type UserRecord } from './state.ts';
import { findUser } from './user.ts';

export const accessKeyOperations = {
  createAccessKey(context, { UserName }) {
    const { state, clock, random, vault } = context;
    const user = findUser(state, UserName);
    if (user.AccessKeys.length >= QUOTAS.AccessKeysPerUser) throw tooManyKeysFailure(user);
    const AccessKeyId = generateAccessKeyId(context);
    const AccessKeySecret = generateRandomText(random, ALPHANUMERIC, 30);
    const SealedSecret = vault.encrypt(AccessKeySecret, secretLabel(user, AccessKeyId));
    const Status = 'Active' as const;
    const CreateDate = formatRamDate(clock.now());
    user.AccessKeys.push({ AccessKeyId, SealedSecret, Status, CreateDate });
    return { AccessKeyId, AccessKeySecret, Status, CreateDate };
  },

  listAccessKeys({ state }, { UserName }) {
    return findUser(state, UserName).AccessKeys.map((key) => {
      const { AccessKeyId, Status, CreateDate, LastUsedDate = null } = key;
      return { AccessKeyId, Status, CreateDate, LastUsedDate };
    });
  },

  updateAccessKey({ state }, { UserName, UserAccessKeyId, Status }) {
    findKey(findUser(state, UserName), UserAccessKeyId).Status = Status;
  },

  deleteAccessKey({ state }, { UserName, UserAccessKeyId }) {
    const user = findUser(state, UserName);
    user.AccessKeys.splice(user.AccessKeys.indexOf(findKey(user, UserAccessKeyId)), 1);
  },

  getAccessKeyLastUsed: ({ state }, { UserName, UserAccessKeyId }) => ({
    LastUsedDate: findKey(findUser(state, UserName), UserAccessKeyId).LastUsedDate ?? null,
  }),
} satisfies Implementation<AccessKeyOperations>;

export const gatewayOperations = {
  getAccount({ state }) {
    const { AccountId, AccountAlias = AccountId, CreateDate } = state.Account;
    return { AccountId, DefaultDomain: defaultDomainOf(AccountAlias), CreateDate };
  },

  getUserName({ state }, { UserPrincipalName, UserId, UserAccessKeyId }) {
    const user =
      (UserPrincipalName !== undefined && findUserByLogonName(state, UserPrincipalName)) ||
      (UserId !== undefined && findUserById(state, UserId)) ||
      (UserAccessKeyId !== undefined && findOwner(state, UserAccessKeyId)?.user);
    if (user) return { UserName: user.UserName };
    if (UserAccessKeyId === undefined) throw notFoundFailure('User', UserPrincipalName ?? UserId ?? '');
    const message = `the AccessKey ${UserAccessKeyId} does not exist`;
    throw new Failure('missing', 'EntityNotExist.User.AccessKey', message, { Field: 'UserAccessKeyId' });
  },

  verifyAccessKey(context, { AccessKeyId, AccessKeySecret }) {
    const { user, key } = findOwner(context.state, AccessKeyId) ?? {};
    const isValidPair = user && key && isEqualSecret(decryptSecret(context, user, key), AccessKeySecret);
    if (!isValidPair || key.Status !== 'Active') {
      const message = 'the AccessKey is unknown or disabled, or its secret is wrong';
      throw new Failure('denied', 'InvalidAccessKey', message, { Field: 'AccessKeySecret' });
    }
    recordUse(user, key, formatRamDate(context.clock.now()));
    return { UserName: user.UserName, AccessKeyId };
  },

  getCaller(context, { AccessKeyId, isSigned }) {
    const { user, key } = findOwner(context.state, AccessKeyId) ?? {};
    if (!user || !key) throw unknownAccessKeyFailure();
    if (key.Status !== 'Active') {
      throw new Failure('denied', 'InvalidAccessKeyId.Inactive', 'Specified access key is disabled.');
    }
    // The key that decrypts all secrets is in memory as well, so that a decrypted secret there is no further risk.
    const secret = computeOnce(context.state, `secret of ${AccessKeyId}`, () => decryptSecret(context, user, key));
    if (!isSigned(secret)) throw signatureMismatchFailure();
    const { AccountId } = context.state.Account;
    return { AccountId, UserId: user.UserId, UserName: user.UserName, AccessKeyId };
  },

  recordAccessKeyUse({ state }, uses) {
    for (const { AccessKeyId, LastUsedDate } of uses) {
      const { user, key } = findOwner(state, AccessKeyId) ?? {};
      if (user && key && (key.LastUsedDate ?? '') <= LastUsedDate) recordUse(user, key, LastUsedDate);
    }
  },
} satisfies Implementation<GatewayOperations>;

/** Returns the vault label of a secret. A secret that was moved to another key or user cannot be decrypted. */
export function secretLabel(user: UserRecord, accessKeyId: string): string {
  return `AccessKey/${user.UserId}/${accessKeyId}`;
}

/** Returns the clear secret of a key. @throws Failure `broken` SealBroken */
export function decryptSecret({ vault }: OperationContext, user: UserRecord, key: AccessKeyRecord): string {
  return vault.decrypt(key.SealedSecret, secretLabel(user, key.AccessKeyId));
}

/** Records a use of a key, also in the rotation that has delivered the key before this use. */
function recordUse({ Rotations = [] }: UserRecord, key: AccessKeyRecord, date: string): void {
  key.LastUsedDate = date;
  const rotation = Rotations.find(({ NewAccessKeyId }) => NewAccessKeyId === key.AccessKeyId);
  // Dates have whole seconds. A use in the second of the delivery counts.
  const isDelivered = rotation?.DeliveryTimeMs && formatRamDate(new Date(rotation.DeliveryTimeMs)) <= date;
  if (isDelivered) rotation.NewKeyUsed = true;
}

/** Compares two texts in constant time. */
export function isEqualSecret(left: string, right: string): boolean {
  const digest = (text: string) => hash('sha256', text, 'buffer');
  return timingSafeEqual(digest(left), digest(right));
}

/** The part of a user that has the keys. */
interface KeyList<Key> {
  UserName: string;
  AccessKeys: Key[];
}

export function findKeyIfExists<Key extends { AccessKeyId: string }>(
  { AccessKeys }: KeyList<Key>,
  accessKeyId: string,
) {
  return AccessKeys.find(({ AccessKeyId }) => AccessKeyId === accessKeyId);
}

/** Returns a key of this user. @throws Failure EntityNotExist.User.AccessKey, also for a key of another user */
export function findKey<Key extends { AccessKeyId: string }>(user: KeyList<Key>, accessKeyId: string): Key {
  const key = findKeyIfExists(user, accessKeyId);
  if (key) return key;
  const message = `${user.UserName} has no AccessKey ${accessKeyId}`;
  const Hint = shellCommand`ramctl ak list ${user.UserName}`;
  throw new Failure('missing', 'EntityNotExist.User.AccessKey', message, { Field: 'UserAccessKeyId', Hint });
}

export function unknownAccessKeyFailure(): Failure {
  return new Failure('missing', 'InvalidAccessKeyId.NotFound', 'Specified access key is not found.');
}

export function signatureMismatchFailure(): Failure {
  return new Failure('denied', 'SignatureDoesNotMatch', 'Specified signature is not matched with our calculation.');
}

/** The hint deletes a disabled key if there is one. */
function tooManyKeysFailure({ UserName, AccessKeys }: UserRecord): Failure {
  const key = AccessKeys.find(({ Status }) => Status === 'Inactive');
  const message = `${UserName} already has ${AccessKeys.length} AccessKeys, which is the maximum`;
  const hint = key
    ? shellCommand`ramctl ak delete ${UserName} ${key.AccessKeyId}`
    : shellCommand`ramctl ak list ${UserName}`;
  return userFailure('refused', 'LimitExceeded.User.AccessKey', message, hint);
}

/** Returns `LTAI` and 20 letters or digits that no other key of the account has. */
function generateAccessKeyId(context: OperationContext): string {
  const id = `LTAI${generateRandomText(context.random, ALPHANUMERIC, 20)}`;
  return findOwner(context.state, id) ? generateAccessKeyId(context) : id;
}

function findOwner(state: State, accessKeyId: string) {
  for (const user of state.Users.possibleMatches('AccessKeyId', accessKeyId)) {
    const key = findKeyIfExists(user, accessKeyId);
    if (key) return { user, key };
  }
  return undefined;
}
