import type { NullableTexts, OptionalTexts, UserRef } from './identity-operations.ts';
import type { AccessKeyRecord, RotationRecord, Status } from './state.ts';
import type { SessionCaller } from './sts-operations.ts';

export type AccessKeyRef = UserRef & { UserAccessKeyId: string };

type AccessKeyWithoutUse = Pick<AccessKeyRecord, 'AccessKeyId' | 'Status' | 'CreateDate'>;
export type AccessKey = AccessKeyWithoutUse & NullableTexts<'LastUsedDate'>;
export type NewAccessKey = AccessKeyWithoutUse & { AccessKeySecret: string };

/** A RAM user who signs a request with an AccessKey. */
export type UserCaller = Record<'AccountId' | 'UserId' | 'UserName' | 'AccessKeyId', string>;

export type Caller = UserCaller | SessionCaller;

export interface AccessKeyOperations {
  /** Returns the secret, which no later operation returns. @throws EntityNotExist.User, LimitExceeded.User.AccessKey */
  createAccessKey(input: UserRef): Promise<NewAccessKey>;
  /** Returns the user's keys in the order of creation. @throws EntityNotExist.User */
  listAccessKeys(input: UserRef): Promise<AccessKey[]>;
  /** @throws EntityNotExist.User, EntityNotExist.User.AccessKey */
  updateAccessKey(input: AccessKeyRef & { Status: Status }): Promise<void>;
  /** @throws as updateAccessKey */
  deleteAccessKey(input: AccessKeyRef): Promise<void>;
  /** @throws as updateAccessKey */
  getAccessKeyLastUsed(input: AccessKeyRef): Promise<NullableTexts<'LastUsedDate'>>;
}

/** What RAM's gateway does before an operation. RAM has no operations for it. */
export interface GatewayOperations {
  getAccount(): Promise<{ AccountId: string; DefaultDomain: string; CreateDate: string }>;
  /**
   * Returns the name of the user with this logon name, id or AccessKey. Expects one of the members.
   * @throws EntityNotExist.User, EntityNotExist.User.AccessKey
   */
  getUserName(input: OptionalTexts<'UserPrincipalName' | 'UserId' | 'UserAccessKeyId'>): Promise<UserRef>;
  /**
   * Returns the owner of a pair and records the use of the key.
   * @throws InvalidAccessKey for an unknown id, a wrong secret and a disabled key alike
   */
  verifyAccessKey(input: { AccessKeyId: string; AccessKeySecret: string }): Promise<UserRef & { AccessKeyId: string }>;
  /**
   * Returns the owner of an AccessKey. `isSigned` receives the secret and returns whether the request was signed with
   * it.
   * @throws InvalidAccessKeyId.NotFound, InvalidAccessKeyId.Inactive, SignatureDoesNotMatch
   */
  getCaller(input: { AccessKeyId: string; isSigned: (secret: string) => boolean }): Promise<UserCaller>;
  /** Records when AccessKeys were used. Deleted keys are skipped. */
  recordAccessKeyUse(input: { AccessKeyId: string; LastUsedDate: string }[]): Promise<void>;
}

/** The replacement of one AccessKey by another. */
export interface Rotation
  extends UserRef,
    Pick<RotationRecord, 'RunId' | 'State' | 'OldAccessKeyId' | 'NewAccessKeyId'>,
    NullableTexts<'DueDate'> {}

/** Names a rotation by the id of the key that it created. */
export type RotationRef = Pick<Rotation, 'NewAccessKeyId'>;

/** `RunId` (default: a random id) names the rotation. `ReplaceAccessKeyId` is the key to delete first of two. */
export interface StartRotationInput extends UserRef, OptionalTexts<'RunId' | 'ReplaceAccessKeyId'> {
  /** Deletes the disabled key of a user with two keys of which one is disabled. */
  ReplaceInactive?: boolean | undefined;
  /** A text that is the same for the same options. A repeated RunId is accepted only with the same text. */
  Request: string;
  /** Deletes the key ReplaceAccessKeyId even if it is active. */
  Force?: boolean | undefined;
  /**
   * The new key of this RunId, if the sink does not hold its pair and `startRotation` does not return its secret. Another
   * new key replaces it, unless it was used, or delivered after `StartedAtMs` by another process.
   */
  LostAccessKeyId?: string | undefined;
  /** When the command started, in milliseconds since 1970. */
  StartedAtMs?: number | undefined;
}

/** A rotation with its new pair. */
export interface StartedRotation extends Rotation {
  /**
   * `AccessKeySecret` is empty if it is not known: a back end without local state knows the secret only when it has created
   * the key.
   */
  AccessKey: NewAccessKey;
  /** A key that was deleted and that `cancelRotation` does not restore. */
  DeletedAccessKeyId?: string;
}

/**
 * RAM has no operations for rotations. A local directory stores their state with the keys and changes both in the same
 * transactions. Over RAM's API, tags of the user hold the state (`src/remote/rotation.ts`).
 */
export interface RotationOperations {
  /**
   * Creates the new key, or resumes the rotation that the user has under this RunId.
   * @throws EntityNotExist.User, EntityNotExist.User.AccessKey, LimitExceeded.User.AccessKey, RotationPending,
   * RunIdUsed, NothingToReplace, AccessKeyActive, AccessKeyInactive, RotationDelivered
   */
  startRotation(input: StartRotationInput): Promise<StartedRotation>;
  /**
   * Deletes a new key that was not delivered, and removes the rotation. If the key replaced a lost one, restores the lost
   * key and the rotation, except for `DeletedAccessKeyId`. Changes nothing if the rotation was rolled back.
   * @throws RotationNotFound
   */
  cancelRotation(input: RotationRef): Promise<void>;
  /**
   * Returns the last use of the new key, which can be delivered now: it exists and is active. Uses until then are uses by
   * `--check`. A back end without local state records that the delivery begins.
   * @throws RotationNotFound, EntityNotExist.User.AccessKey, AccessKeyInactive
   */
  beginDelivery(input: RotationRef): Promise<NullableTexts<'LastUsedDate'>>;
  /**
   * Records the delivery. Disables the old key now, or leaves that to `finishRotations` from DueDate on. `CheckUseDate` is
   * the last use of the new key when `--check` ended; a later use counts as a use of the delivered pair.
   * @throws RotationNotFound, AccessKeyInactive
   */
  completeRotation(input: RotationRef & OptionalTexts<'DueDate' | 'CheckUseDate'>): Promise<Rotation>;
  /**
   * Disables the old keys that are due, of one user or of all. Returns all rotations that were pending.
   * @throws EntityNotExist.User
   */
  finishRotations(input: OptionalTexts<'UserName'>): Promise<Rotation[]>;
  /**
   * Enables the old key of the user's latest rotation and deletes the new one.
   * @throws RotationNotFound, EntityNotExist.User.AccessKey
   */
  rollBackRotation(input: UserRef): Promise<Rotation>;
  /** Returns the rotations of one user or of all, in the order of their start. @throws EntityNotExist.User */
  listRotations(input: OptionalTexts<'UserName'>): Promise<Rotation[]>;
}
