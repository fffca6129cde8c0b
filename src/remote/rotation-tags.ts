import { hash } from 'node:crypto';
import { formatRamDate } from '../core/clock.ts';
import type { ResourceTag, Tag } from '../core/directory.ts';
import { ROTATION_TAG_PREFIX } from '../core/rotation-rules.ts';

/**
 * The state of the latest rotation of a user, in two tags of the user. One call sets both. IMS allows 128 characters for a
 * value, and the key IDs and a RunId of 64 characters do not fit in one.
 *
 *   ramctl:rotation      state, fingerprint of the options, time, last use by --check, due date, IDs of the keys: the old one,
 *                        the new one, the one to delete first. `-` is an absent part. Times are numbers in base 36:
 *                        milliseconds for the first one, seconds for the others.
 *   ramctl:rotation-run  RunId
 */

export const STATE_TAG = ROTATION_TAG_PREFIX;
const RUN_TAG = `${ROTATION_TAG_PREFIX}-run`;
export const ROTATION_TAGS = [STATE_TAG, RUN_TAG];

const STATES = ['Starting', 'Delivering', 'Grace', 'Finishing', 'Done', 'RolledBack'] as const;

export interface StoredRotation {
  RunId: string;
  /**
   * `Starting` from before the new key is created until `--check` has ended, then `Delivering` until the delivery is
   * recorded. `Finishing` from before the old key is disabled.
   */
  State: (typeof STATES)[number];
  /** See `fingerprint`. */
  Fingerprint: string;
  /** When the key was about to be created or, after `Starting`, to be delivered. */
  TimeMs: number;
  /** The last use of the new key before its delivery. */
  CheckUseDate?: string | undefined;
  DueDate?: string | undefined;
  OldAccessKeyId: string;
  /** Absent while it is `Starting`, because RAM chooses the id when it creates the key. */
  NewAccessKeyId?: string | undefined;
  /** The key that is deleted before the new key is created. Only while it is `Starting`. */
  ReplacedAccessKeyId?: string | undefined;
}

/** Returns a short hash of the options, which shows whether a RunId is repeated with other options. */
export function fingerprint(request: string): string {
  return hash('sha256', request, 'base64url').slice(0, 8);
}

export function toTags(rotation: StoredRotation): Tag[] {
  const { RunId, State, Fingerprint, TimeMs, CheckUseDate, DueDate } = rotation;
  const { OldAccessKeyId, NewAccessKeyId, ReplacedAccessKeyId } = rotation;
  const seconds = (date?: string) => date && (Date.parse(date) / 1000).toString(36);
  const dates = [TimeMs.toString(36), seconds(CheckUseDate), seconds(DueDate)];
  const parts = [State, Fingerprint, ...dates, OldAccessKeyId, NewAccessKeyId, ReplacedAccessKeyId];
  return [
    { Key: STATE_TAG, Value: parts.map((part) => part ?? '-').join(' ') },
    { Key: RUN_TAG, Value: RunId },
  ];
}

const VALUE = new RegExp(
  `^(${STATES.join('|')}) ([\\w-]{8}) (\\w{1,9}) (-|\\w{1,7}) (-|\\w{1,7}) (\\w+) (-|\\w+) (-|\\w+)$`,
);

/** Returns the rotation in the tags of a user. A value that ramctl did not write counts as absent. */
export function readTags(tags: ResourceTag[]): StoredRotation | undefined {
  const [value = '', RunId] = ROTATION_TAGS.map((key) => tags.find(({ TagKey }) => TagKey === key)?.TagValue);
  const [, State, Fingerprint, time = '', ...rest] = VALUE.exec(value) ?? [];
  if (!RunId || !State || !Fingerprint) return undefined;
  const [checkUse, due, OldAccessKeyId = '', NewAccessKeyId, ReplacedAccessKeyId] = rest.map((part) =>
    part === '-' ? undefined : part,
  );
  const date = (text?: string) => text && formatRamDate(new Date(Number.parseInt(text, 36) * 1000));
  return {
    RunId,
    State: State as StoredRotation['State'],
    Fingerprint,
    TimeMs: Number.parseInt(time, 36),
    CheckUseDate: date(checkUse),
    DueDate: date(due),
    OldAccessKeyId,
    NewAccessKeyId,
    ReplacedAccessKeyId,
  };
}
