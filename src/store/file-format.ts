import { createHash } from 'node:crypto';
import { Failure } from '../core/failure.ts';
import { Records } from '../core/records.ts';
import {
  type AccountRecord,
  defaultSecurityPreference,
  foldCase,
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
const FORMAT_NAME = 'ramctl-directory';
/** In format 1 lists and members could be missing, and the checksum did not cover the version. */
export const FORMAT_VERSION = 2;
const HEADER_PATTERN =
  /^\{"Format":"ramctl-directory","Version":(\d+),"Revision":(\d+),"Tag":"([0-9a-f]{16})","Checksum":"([0-9a-f]{64})",\n/;
/** The longest first line there can be, in bytes. */
export const MAX_HEADER_BYTES = 256;

/** A state as it was read: its revision counts the changes since the directory was made; 0 is a fresh one. */
export interface Snapshot {
  formatVersion: number;
  revision: number;
  body: string;
  /** The whole text, for reading it again. */
  fileText: string;
  state: State;
}

/** The file's text below the first line. */
export function encodeBody(state: State): string {
  const lists = RECORD_LISTS.map((kind) => {
    const lines = state[kind].toJsonLines();
    return `"${kind}":${lines.length === 0 ? '[]' : `[\n${lines.join(',\n')}\n]`}`;
  });
  return `"Account":${JSON.stringify(state.Account)},\n${lists.join(',\n')}}\n`;
}

/** The file's whole text. `tag`: 16 hexadecimal digits, unlike those of any other change. */
export function encodeFile(revision: number, body: string, tag: string): string {
  const Checksum = computeChecksum(FORMAT_VERSION, revision, tag, body);
  const head = JSON.stringify({ Format: FORMAT_NAME, Version: FORMAT_VERSION, Revision: revision, Tag: tag, Checksum });
  return `${head.slice(0, -1)},\n${body}`;
}

/** What the first line of a file says, undefined when it is not such a line. */
export function parseHeader(head: string): { revision: number; tag: string } | undefined {
  const [, , revision, tag] = HEADER_PATTERN.exec(head) ?? [];
  return revision === undefined || tag === undefined ? undefined : { revision: Number(revision), tag };
}

/**
 * A state from the text of a file, of this format or of an older one.
 * @throws Failure `broken`: `DirectoryCorrupt`, `DirectoryForeign`, `DirectoryNewer`. Messages never quote the file.
 */
export function decodeFile(fileText: string, path: string): Snapshot {
  const [head, ...members] = HEADER_PATTERN.exec(fileText) ?? [];
  if (head === undefined) throw invalidHeaderFailure(fileText, path);
  const [version, revision] = [Number(members[0]), Number(members[1])];
  if (version > FORMAT_VERSION) throw newerFormatFailure(version, path);
  const body = fileText.slice(head.length);
  if (version < 1 || computeChecksum(version, revision, members[2] ?? '', body) !== members[3]) {
    throw corruptFailure(
      path,
      'does not match its checksum: it was damaged, or changed by something other than ramctl',
    );
  }
  return { formatVersion: version, revision, body, fileText, state: parseState(body, version, path) };
}

/** What a text is that does not begin as ramctl writes it. */
function invalidHeaderFailure(text: string, path: string): Failure {
  const content = tryParseJson(text);
  if (content === undefined) return corruptFailure(path, text.trim() === '' ? 'is empty' : 'is not whole JSON');
  if (!isObject(content) || content.Format !== FORMAT_NAME) {
    return brokenFailure('DirectoryForeign', `${path} is not a ramctl directory`, 'name another file with --directory');
  }
  const { Version } = content;
  if (typeof Version === 'number' && Version > FORMAT_VERSION) return newerFormatFailure(Version, path);
  return corruptFailure(path, 'does not begin as ramctl writes it: it was changed by something else');
}

function newerFormatFailure(version: number, path: string): Failure {
  return brokenFailure(
    'DirectoryNewer',
    `${path} was written by a newer ramctl (format ${version}, this one knows ${FORMAT_VERSION})`,
    'install the newer ramctl',
  );
}

const RECORD_LISTS = ['Users', 'MFADevices', 'Groups', 'Policies'] as const;
type RecordList = (typeof RECORD_LISTS)[number];

/** Records are left as lines until they are asked for. */
function parseState(body: string, version: number, path: string): State {
  const { account, lists } = splitBody(body, path);
  const records = <T extends object>(
    kind: RecordList,
    name: string,
    isOne: (value: unknown) => value is T,
  ): Records<T> => {
    const lines = lists[kind] ?? (version < FORMAT_VERSION ? [] : undefined);
    if (!lines) throw corruptFailure(path, `lacks its ${kind}`);
    const read = (line: string, key: string) => {
      const record = tryParseJson(line);
      if (isOne(record) && foldCase(String(record[name as keyof T])) === key) return record;
      throw corruptFailure(path, `holds something else among its ${kind}`);
    };
    const named = lines.map((line) => [foldCase(extractField(line, name)), line] as const);
    const found = new Records(named, read);
    if (found.size < lines.length) throw corruptFailure(path, 'holds a record twice');
    return found;
  };
  const Account = tryParseJson(account);
  if (!isAccount(Account)) throw corruptFailure(path, 'lacks its account');
  const state = {
    Account,
    Users: records('Users', 'UserName', isUser),
    MFADevices: records('MFADevices', 'VirtualMFADeviceName', isMFADevice),
    Groups: records('Groups', 'GroupName', isGroup),
    Policies: records('Policies', 'PolicyName', isPolicy),
  };
  if (version < FORMAT_VERSION) {
    Account.SecurityPreference ??= defaultSecurityPreference();
    for (const user of state.Users.values()) user.Groups ??= [];
  }
  return state;
}

/** The lines of each list, as `encodeBody` puts them. */
function splitBody(body: string, path: string): { account: string; lists: Partial<Record<string, string[]>> } {
  const lists: Record<string, string[]> = Object.create(null);
  let account = 'null';
  let list: string[] = [];
  for (const line of body.split('\n')) {
    if (line.startsWith('{')) {
      list.push(stripComma(line));
      continue;
    }
    const [, name, value = ''] = /^"(\w+)":(.*)$/.exec(line) ?? [];
    const isKnown = name === undefined ? /^(\][,}]|)$/.test(line) : !lists[name];
    if (!isKnown) throw corruptFailure(path, 'holds what ramctl does not write');
    if (name === 'Account') account = stripComma(value);
    else if (name) lists[name] = list = [];
  }
  return { account, lists };
}

/** Undefined when it is not JSON. */
function tryParseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function stripComma(line: string): string {
  return line.endsWith(',') ? line.slice(0, -1) : line;
}

/** A name in the JSON of a record. Names need no escapes, and quotes inside of texts have them. */
function extractField(line: string, member: string): string {
  const label = `"${member}":"`;
  const start = line.indexOf(label) + label.length;
  return line.slice(start, line.indexOf('"', start));
}

function isArrayOf<T>(value: unknown, isOne: (value: unknown) => value is T): value is T[] {
  return Array.isArray(value) && value.every(isOne);
}

function isMFADevice(value: unknown): value is MFADeviceRecord {
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
    isArrayOf(value.Policies, isObject)
  );
}

function isPolicy(value: unknown): value is PolicyRecord {
  return (
    isObject(value) &&
    typeof value.PolicyName === 'string' &&
    Number.isInteger(value.LatestVersion) &&
    isArrayOf(value.Versions, isPolicyVersion)
  );
}

function isPolicyVersion(value: unknown): value is PolicyVersionRecord {
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
    isArrayOf(value.AccessKeys, isObject) &&
    isArrayOf(value.Policies, isObject) &&
    (value.Groups === undefined || isArrayOf(value.Groups, isObject)) &&
    (value.Rotations === undefined || isArrayOf(value.Rotations, isObject)) &&
    (value.LoginProfile === undefined || isObject(value.LoginProfile))
  );
}

function computeChecksum(version: number, revision: number, tag: string, body: string): string {
  const head = version === 1 ? `${revision} ${tag}\n` : `${version} ${revision} ${tag}\n`;
  return createHash('sha256').update(head).update(body).digest('hex');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function corruptFailure(path: string, what: string): Failure {
  return brokenFailure(
    'DirectoryCorrupt',
    `${path} ${what}`,
    'ramctl directory restore <file>   # puts a backup in its place',
  );
}

function brokenFailure(code: string, message: string, hint: string): Failure {
  return new Failure('broken', code, message, { Hint: hint });
}
