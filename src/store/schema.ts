import { createHash } from 'node:crypto';
import { freshPreference } from '../core/account.ts';
import { Failure } from '../core/failure.ts';
import { Records } from '../core/records.ts';
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
 * The directory file: JSON, one record a line. The first line says what it is, its format and revision, the tag of the
 * change that made it, and the SHA-256 of these and everything below, so that a damaged or hand-edited file is noticed
 * before it is believed. Behind a checksum that fits stands what `encodeBody` wrote, which is read line by line.
 */
const FORMAT = 'ramctl-directory';
/** In format 1 lists and members could be missing, and the checksum did not cover the version. */
export const VERSION = 2;
const HEAD =
  /^\{"Format":"ramctl-directory","Version":(\d+),"Revision":(\d+),"Tag":"([0-9a-f]{16})","Checksum":"([0-9a-f]{64})",\n/;
/** The longest first line there can be, in bytes. */
export const HEAD_BYTES = 256;

/** A state as it was read: its revision counts the changes since the directory was made; 0 is a fresh one. */
export interface Stored {
  version: number;
  revision: number;
  body: string;
  /** The whole text, for reading it again. */
  text: string;
  state: State;
}

/** The file's text below the first line. */
export function encodeBody(state: State): string {
  const lists = KINDS.map((kind) => {
    const lines = state[kind].lines();
    return `"${kind}":${lines.length === 0 ? '[]' : `[\n${lines.join(',\n')}\n]`}`;
  });
  return `"Account":${JSON.stringify(state.Account)},\n${lists.join(',\n')}}\n`;
}

/** The file's whole text. `tag`: 16 hexadecimal digits, unlike those of any other change. */
export function encode(revision: number, body: string, tag: string): string {
  const Checksum = checksum(VERSION, revision, tag, body);
  const head = JSON.stringify({ Format: FORMAT, Version: VERSION, Revision: revision, Tag: tag, Checksum });
  return `${head.slice(0, -1)},\n${body}`;
}

/** What the first line of a file says, undefined when it is not such a line. */
export function readHead(head: string): { revision: number; tag: string } | undefined {
  const [, , revision, tag] = HEAD.exec(head) ?? [];
  return revision === undefined || tag === undefined ? undefined : { revision: Number(revision), tag };
}

/**
 * A state from the text of a file, of this format or of an older one.
 * @throws Failure `broken`: `DirectoryCorrupt`, `DirectoryForeign`, `DirectoryNewer`. Messages never quote the file.
 */
export function decode(text: string, path: string): Stored {
  const [head, ...members] = HEAD.exec(text) ?? [];
  if (head === undefined) throw withoutHead(text, path);
  const [version, revision] = [Number(members[0]), Number(members[1])];
  if (version > VERSION) throw newer(version, path);
  const body = text.slice(head.length);
  if (version < 1 || checksum(version, revision, members[2] ?? '', body) !== members[3]) {
    throw corrupt(path, 'does not match its checksum: it was damaged, or changed by something other than ramctl');
  }
  return { version, revision, body, text, state: stateOf(body, version, path) };
}

/** What a text is that does not begin as ramctl writes it. */
function withoutHead(text: string, path: string): Failure {
  const content = fromJson(text);
  if (content === undefined) return corrupt(path, text.trim() === '' ? 'is empty' : 'is not whole JSON');
  if (!isObject(content) || content.Format !== FORMAT) {
    return broken('DirectoryForeign', `${path} is not a ramctl directory`, 'name another file with --directory');
  }
  const { Version } = content;
  if (typeof Version === 'number' && Version > VERSION) return newer(Version, path);
  return corrupt(path, 'does not begin as ramctl writes it: it was changed by something else');
}

function newer(version: number, path: string): Failure {
  return broken(
    'DirectoryNewer',
    `${path} was written by a newer ramctl (format ${version}, this one knows ${VERSION})`,
    'install the newer ramctl',
  );
}

const KINDS = ['Users', 'MFADevices', 'Groups', 'Policies'] as const;
type Kind = (typeof KINDS)[number];

/** Records are left as lines until they are asked for. */
function stateOf(body: string, version: number, path: string): State {
  const { account, lists } = linesOf(body, path);
  const records = <T extends object>(kind: Kind, name: string, isOne: (value: unknown) => value is T): Records<T> => {
    const lines = lists[kind] ?? (version < VERSION ? [] : undefined);
    if (!lines) throw corrupt(path, `lacks its ${kind}`);
    const read = (line: string, key: string) => {
      const record = fromJson(line);
      if (isOne(record) && fold(String(record[name as keyof T])) === key) return record;
      throw corrupt(path, `holds something else among its ${kind}`);
    };
    const named = lines.map((line) => [fold(memberIn(line, name)), line] as const);
    const found = new Records(named, read);
    if (found.size < lines.length) throw corrupt(path, 'holds a record twice');
    return found;
  };
  const Account = fromJson(account);
  if (!isAccount(Account)) throw corrupt(path, 'lacks its account');
  const state = {
    Account,
    Users: records('Users', 'UserName', isUser),
    MFADevices: records('MFADevices', 'VirtualMFADeviceName', isDevice),
    Groups: records('Groups', 'GroupName', isGroup),
    Policies: records('Policies', 'PolicyName', isPolicy),
  };
  if (version < VERSION) {
    Account.SecurityPreference ??= freshPreference();
    for (const user of state.Users.values()) user.Groups ??= [];
  }
  return state;
}

/** The lines of each list, as `encodeBody` puts them. */
function linesOf(body: string, path: string): { account: string; lists: Partial<Record<string, string[]>> } {
  const lists: Record<string, string[]> = Object.create(null);
  let account = 'null';
  let list: string[] = [];
  for (const line of body.split('\n')) {
    if (line.startsWith('{')) {
      list.push(withoutComma(line));
      continue;
    }
    const [, name, value = ''] = /^"(\w+)":(.*)$/.exec(line) ?? [];
    const isKnown = name === undefined ? /^(\][,}]|)$/.test(line) : !lists[name];
    if (!isKnown) throw corrupt(path, 'holds what ramctl does not write');
    if (name === 'Account') account = withoutComma(value);
    else if (name) lists[name] = list = [];
  }
  return { account, lists };
}

/** Undefined when it is not JSON. */
function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function withoutComma(line: string): string {
  return line.endsWith(',') ? line.slice(0, -1) : line;
}

/** A name in the JSON of a record. Names need no escapes, and quotes inside of texts have them. */
function memberIn(line: string, member: string): string {
  const label = `"${member}":"`;
  const start = line.indexOf(label) + label.length;
  return line.slice(start, line.indexOf('"', start));
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

function checksum(version: number, revision: number, tag: string, body: string): string {
  const head = version === 1 ? `${revision} ${tag}\n` : `${version} ${revision} ${tag}\n`;
  return createHash('sha256').update(head).update(body).digest('hex');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function corrupt(path: string, what: string): Failure {
  return broken(
    'DirectoryCorrupt',
    `${path} ${what}`,
    'ramctl directory restore <file>   # puts a backup in its place',
  );
}

function broken(code: string, message: string, hint: string): Failure {
  return new Failure('broken', code, message, { Hint: hint });
}
