import { createHash } from 'node:crypto';
import { freshPreference } from '../core/account.ts';
import { Failure } from '../core/failure.ts';
import {
  type AccountRecord,
  fold,
  type GroupRecord,
  type MFADeviceRecord,
  type PolicyRecord,
  type PolicyVersionRecord,
  type State,
  type UserRecord,
} from '../core/state.ts';

/**
 * The directory file: JSON, one record a line. The first line says what it is, which revision, the tag of the change
 * that made it, and the SHA-256 of these and everything below, so that a damaged or hand-edited file is noticed
 * before it is believed.
 */
const FORMAT = 'ramctl-directory';
const VERSION = 1;
const HEAD =
  /^\{"Format":"ramctl-directory","Version":\d+,"Revision":(\d+),"Tag":"([0-9a-f]{16})","Checksum":"([0-9a-f]{64})",\n/;
/** The longest first line there can be, in bytes. */
export const HEAD_BYTES = 256;

/** A state as it was read: its revision counts the changes since the directory was made; 0 is a fresh one. */
export interface Stored {
  revision: number;
  body: string;
  /** The whole text, for reading it again. */
  text: string;
  state: State;
}

/** The file's text below the first line. */
export function encodeBody(state: State): string {
  const Account = JSON.stringify(state.Account);
  const Users = recordLines(state.Users.values());
  const MFADevices = recordLines(state.MFADevices.values());
  const Groups = recordLines(state.Groups.values());
  const Policies = recordLines(state.Policies.values());
  const lists = `"Users":${Users},\n"MFADevices":${MFADevices},\n"Groups":${Groups},\n"Policies":${Policies}`;
  return `"Account":${Account},\n${lists}}\n`;
}

/** The file's whole text. `tag`: 16 hexadecimal digits, unlike those of any other change. */
export function encode(revision: number, body: string, tag: string): string {
  const Checksum = checksum(revision, tag, body);
  const head = JSON.stringify({ Format: FORMAT, Version: VERSION, Revision: revision, Tag: tag, Checksum });
  return `${head.slice(0, -1)},\n${body}`;
}

/** What the first line of a file says, undefined when it is not such a line. */
export function readHead(head: string): { revision: number; tag: string } | undefined {
  const [, revision, tag] = HEAD.exec(head) ?? [];
  return revision === undefined || tag === undefined ? undefined : { revision: Number(revision), tag };
}

/**
 * A state from the text of a file.
 * @throws Failure `broken`: `DirectoryCorrupt`, `DirectoryForeign`, `DirectoryNewer`. Messages never quote the file.
 */
export function decode(text: string, path: string): Stored {
  const content = parse(text, path);
  if (!isObject(content) || content.Format !== FORMAT) {
    throw broken('DirectoryForeign', `${path} is not a ramctl directory`, 'name another file with --directory');
  }
  if (typeof content.Version === 'number' && content.Version > VERSION) {
    throw broken(
      'DirectoryNewer',
      `${path} was written by a newer ramctl (format ${content.Version}, this one knows ${VERSION})`,
      'install the newer ramctl',
    );
  }
  const head = HEAD.exec(text);
  const revision = Number(head?.[1]);
  const body = text.slice(head?.[0].length);
  if (content.Version !== VERSION || !head || checksum(revision, head[2] ?? '', body) !== head[3]) {
    throw corrupt(path, 'does not match its checksum: it was damaged, or changed by something other than ramctl');
  }
  return { revision, body, text, state: stateOf(content, path) };
}

function parse(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw corrupt(path, text.trim() === '' ? 'is empty' : 'is not whole JSON');
  }
}

function stateOf(content: Record<string, unknown>, path: string): State {
  const { Account, Users, MFADevices = [], Groups = [], Policies = [] } = content;
  if (
    !isAccount(Account) ||
    !isListOf(Users, isUser) ||
    !isListOf(MFADevices, isDevice) ||
    !isListOf(Groups, isGroup) ||
    !isListOf(Policies, isPolicy)
  ) {
    throw corrupt(path, 'lacks its records');
  }
  Account.SecurityPreference ??= freshPreference();
  for (const user of Users) user.Groups ??= [];
  return {
    Account,
    Users: named(Users, (user) => user.UserName, path),
    MFADevices: named(MFADevices, (device) => device.VirtualMFADeviceName, path),
    Groups: named(Groups, (group) => group.GroupName, path),
    Policies: named(Policies, (policy) => policy.PolicyName, path),
  };
}

function named<T>(records: T[], nameOf: (record: T) => string, path: string): Map<string, T> {
  const found = new Map(records.map((record) => [fold(nameOf(record)), record]));
  if (found.size < records.length) throw corrupt(path, 'holds a record twice');
  return found;
}

function isListOf<T>(value: unknown, isOne: (value: unknown) => value is T): value is T[] {
  return Array.isArray(value) && value.every(isOne);
}

function isDevice(value: unknown): value is MFADeviceRecord {
  return (
    isObject(value) &&
    typeof value.VirtualMFADeviceName === 'string' &&
    typeof value.SealedSeed === 'string' &&
    (value.Binding === undefined || isObject(value.Binding))
  );
}

function isGroup(value: unknown): value is GroupRecord {
  return (
    isObject(value) &&
    typeof value.GroupName === 'string' &&
    typeof value.GroupId === 'string' &&
    isListOf(value.Policies, isObject)
  );
}

function isPolicy(value: unknown): value is PolicyRecord {
  return (
    isObject(value) &&
    typeof value.PolicyName === 'string' &&
    Number.isInteger(value.LatestVersion) &&
    isListOf(value.Versions, isVersion)
  );
}

function isVersion(value: unknown): value is PolicyVersionRecord {
  return isObject(value) && typeof value.VersionId === 'string' && typeof value.PolicyDocument === 'string';
}

/** As much of a shape as everything else relies on; `inspect` looks at the values. */
function isAccount(value: unknown): value is AccountRecord {
  return isObject(value) && typeof value.AccountId === 'string' && isObject(value.PasswordPolicy);
}

function isUser(value: unknown): value is UserRecord {
  return (
    isObject(value) &&
    typeof value.UserName === 'string' &&
    typeof value.UserId === 'string' &&
    isListOf(value.AccessKeys, isObject) &&
    isListOf(value.Policies, isObject) &&
    (value.Groups === undefined || isListOf(value.Groups, isObject)) &&
    (value.Rotations === undefined || isListOf(value.Rotations, isObject)) &&
    (value.LoginProfile === undefined || isObject(value.LoginProfile))
  );
}

function recordLines(records: Iterable<object>): string {
  const lines = Array.from(records, (record) => JSON.stringify(record));
  return lines.length === 0 ? '[]' : `[\n${lines.join(',\n')}\n]`;
}

function checksum(revision: number, tag: string, body: string): string {
  return createHash('sha256').update(`${revision} ${tag}\n`).update(body).digest('hex');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function corrupt(path: string, what: string): Failure {
  return broken('DirectoryCorrupt', `${path} ${what}`, 'put a backup in its place; ramctl leaves the file as it is');
}

function broken(code: string, message: string, hint: string): Failure {
  return new Failure('broken', code, message, { Hint: hint });
}
