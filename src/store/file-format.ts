import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { Failure } from '../core/failure.ts';
import { isObject } from '../core/is-object.ts';
import { LINE_SEPARATOR } from '../core/record-lines.ts';
import { Records } from '../core/records.ts';
import { type AccountRecord, DEFAULT_SECURITY_PREFERENCE, foldCase, NAME_MEMBERS, type State } from '../core/state.ts';
import { ignoreErrors } from '../disk/errors.ts';
import { brokenFailure } from './storage-errors.ts';

/*
 * The directory file is JSON.
 *
 *   1. The first line, the header, contains the format, its version, the revision, the tag of the change that wrote the
 *      file, and a checksum. The checksum is the CRC-32 of the version, the revision, the tag and the body.
 *   2. The rest is the body: the account on one line, then lists with one record on each line. The last list, Changes, has the
 *      history entries of the latest change, as in the history file (history-file.ts). The line History says where they belong.
 *   3. The checksum detects damage and manual edits before the body is parsed. So the body is what `encodeBody` wrote,
 *      and the lines of a list can be searched.
 */
const FORMAT_NAME = 'ramctl-directory';
/**
 * In format 1, lists and members could be missing, and the checksum did not include the version. Format 2 has no lists
 * SystemPolicies and Roles. Format 3 has no history. All three have a SHA-256 instead of the CRC-32.
 */
export const FORMAT_VERSION = 4;
const HEADER_PATTERN =
  /^\{"Format":"ramctl-directory","Version":(\d+),"Revision":(\d+),"Tag":"([0-9a-f]{16})","Checksum":"([0-9a-f]{8}|[0-9a-f]{64})",\n/;
/** The maximum length of the first line. */
export const MAX_HEADER_BYTES = 256;

/** The content of a directory file at one revision. The revision counts the changes; 0 is a directory without a file. */
export type Snapshot = ReturnType<typeof decodeFile>;

/** The part of the history that the directory file has. */
export interface HistoryState {
  /** The lines of the latest entries, which the history file may not have yet. */
  lines: readonly string[];
  /** The id of the last entry before `lines`. */
  Previous?: string;
  /** The date of the oldest entry that still has its records. */
  Oldest?: string;
  /** When the records of old entries were removed last. */
  Cleaned?: string;
}

export const NO_HISTORY: HistoryState = { lines: [] };

/** The text of the file after the first line. */
export function encodeBody(state: State, history: HistoryState = NO_HISTORY): string {
  return [...encodeState(state), ...encodeHistory(history)].join('');
}

/** Returns the body without its history in parts: an unchanged list of megabytes is one part, which is not copied. */
export function encodeState(state: State): string[] {
  const lists = LIST_NAMES.flatMap((list) => [LINE_SEPARATOR, ...encodeList(list, state[list].toJsonLines())]);
  return [`"Account":${JSON.stringify(state.Account)}`, ...lists];
}

/** Returns the rest of the body in parts. */
export function encodeHistory({ lines, ...position }: HistoryState): string[] {
  return [`,\n"History":${JSON.stringify(position)},\n`, ...encodeList('Changes', lines), '}\n'];
}

function encodeList(name: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [`"${name}":[]`];
  const separated = lines.flatMap((line, index) => (index === 0 ? line : [LINE_SEPARATOR, line]));
  return [`"${name}":[\n`, ...separated, '\n]'];
}

/** The text of the file. `tag`: 16 hexadecimal digits that no other change has. */
export function encodeFile(revision: number, body: string, tag: string): string {
  return encodeBytes(revision, [body], tag).toString();
}

/** The bytes of the file. `body`: the parts of the body. */
export function encodeBytes(revision: number, body: readonly string[], tag: string): Buffer {
  const encodeHeader = (Checksum: string) => {
    const header = { Format: FORMAT_NAME, Version: FORMAT_VERSION, Revision: revision, Tag: tag, Checksum };
    return `${JSON.stringify(header).slice(0, -1)},\n`;
  };
  // The body follows it. The header with the checksum has the same length.
  const preliminaryHeader = encodeHeader('00000000');
  const bytes = toBytes([preliminaryHeader, ...body]);
  const bodyBytes = bytes.subarray(preliminaryHeader.length);
  bytes.write(encodeHeader(computeChecksum(FORMAT_VERSION, revision, tag, bodyBytes)));
  return bytes;
}

/**
 * Converts texts to UTF-8. The buffer has room for 3 bytes for each UTF-16 unit, which is the maximum. Computing the exact
 * length would take as long as the conversion, and memory that is not written costs nothing.
 */
function toBytes(texts: readonly string[]): Buffer {
  const bytes = Buffer.allocUnsafeSlow(texts.reduce((sum, { length }) => sum + 3 * length, 0));
  let end = 0;
  for (const text of texts) end += bytes.write(text, end);
  return bytes.subarray(0, end);
}

/** The revision and tag in the first line of a file; undefined when it is not such a line. */
export function parseHeader(head: string): { revision: number; tag: string } | undefined {
  const [, , revision, tag] = HEADER_PATTERN.exec(head) ?? [];
  return revision === undefined || tag === undefined ? undefined : { revision: Number(revision), tag };
}

/**
 * Parses the content of a file, of this format or of an older one.
 * @throws Failure `broken`: `DirectoryCorrupt`, `DirectoryForeign`, `DirectoryNewer`. Messages never quote the file.
 */
export function decodeFile(content: Buffer, path: string) {
  const fileText = content.toString();
  const [header, version, revisionDigits, tag = '', checksum] = HEADER_PATTERN.exec(fileText) ?? [];
  if (header === undefined) throw invalidHeaderFailure(fileText, path);
  const formatVersion = Number(version);
  if (formatVersion > FORMAT_VERSION) throw newerFormatFailure(formatVersion, path);
  const revision = Number(revisionDigits);
  if (
    formatVersion < 1 ||
    // Bytes that are no UTF-8 are decoded as this character, which the next change would write in their place.
    (fileText.includes('\ufffd') && !isUtf8(content)) ||
    computeChecksum(formatVersion, revision, tag, content.subarray(header.length)) !== checksum
  ) {
    throw corruptFailure(path, 'does not match its checksum: it is damaged, or another program changed it');
  }
  const { state, history } = parseBody(fileText.slice(header.length), formatVersion, path);
  return { formatVersion, revision, tag, fileText, state, history };
}

/** The Failure for a text without a valid first line. */
function invalidHeaderFailure(text: string, path: string): Failure {
  const content = tryParseJson(text);
  if (content === undefined) return corruptFailure(path, text.trim() === '' ? 'is empty' : 'is not valid JSON');
  if (!isObject(content) || content.Format !== FORMAT_NAME) {
    return brokenFailure('DirectoryForeign', `${path} is not a ramctl directory`, 'name another file with --directory');
  }
  const { Version } = content;
  if (typeof Version === 'number' && Version > FORMAT_VERSION) return newerFormatFailure(Version, path);
  return corruptFailure(path, 'does not start with a valid header: another program changed it');
}

type ListName = keyof typeof NAME_MEMBERS;
const LIST_NAMES = Object.keys(NAME_MEMBERS) as ListName[];

/** Returns the history, and a state that parses each record when it is first used. */
function parseBody(body: string, version: number, path: string): { state: State; history: HistoryState } {
  const { values, lists } = splitBody(body, path);
  const parseList = <T extends object>(list: ListName): Records<T> => {
    const nameMember = NAME_MEMBERS[list];
    const text = lists[list] ?? (version < 3 ? '' : undefined);
    if (text === undefined) throw corruptFailure(path, `has no list ${list}`);
    const reject = (problem: string) => {
      throw corruptFailure(path, `${problem} in ${list}`);
    };
    const parse = (line: string, key: string) => {
      const record = tryParseJson(line);
      if (hasFields(record, FIELDS[list]) && foldCase(String(record[nameMember])) === key) return record as T;
      return reject('contains an invalid record');
    };
    return new Records<T>(nameMember, { text, parse, reject });
  };
  const Account = tryParseJson(values.Account ?? '');
  const position = version < 4 ? {} : tryParseJson(values.History ?? '');
  if (!hasFields(position, HISTORY_FIELDS)) throw corruptFailure(path, 'has no history');
  if (!hasFields(Account, ACCOUNT_FIELDS)) throw corruptFailure(path, 'has no account');
  const state: State = {
    Account: Account as unknown as AccountRecord,
    Users: parseList('Users'),
    MFADevices: parseList('MFADevices'),
    Groups: parseList('Groups'),
    Policies: parseList('Policies'),
    SystemPolicies: parseList('SystemPolicies'),
    Roles: parseList('Roles'),
  };
  if (version < 2) {
    state.Account.SecurityPreference ??= { ...DEFAULT_SECURITY_PREFERENCE };
    for (const user of state.Users.values()) user.Groups ??= [];
  }
  const lines = lists.Changes ? lists.Changes.split(LINE_SEPARATOR) : [];
  // The next change copies them to the history file.
  if (!lines.every((line) => line.startsWith('{') && !line.includes('\n'))) throw unknownLineFailure(path);
  return { state, history: { ...position, lines } };
}

/** Splits a body into the JSON of its values and the text of each list, which is the lines without the brackets. */
function splitBody(body: string, path: string) {
  const lists: Partial<Record<string, string>> = Object.create(null);
  const values: Partial<Record<string, string>> = Object.create(null);
  // The start of a list, or a value on one line. The last one ends with the bracket of the whole file.
  const member = /"(\w+)":(?:\[\n|(.*)[,}]\n)/y;
  const listEnd = /\n\][,}]\n/y;
  while (member.lastIndex < body.length) {
    const [, name, value] = member.exec(body) ?? [];
    if (name === undefined || name in lists || name in values) throw unknownLineFailure(path);
    if (value === '[]') lists[name] = '';
    else if (value !== undefined) values[name] = value;
    else {
      const start = member.lastIndex;
      // The lines of a list start with another bracket. A list without lines has only the line break of its first line.
      listEnd.lastIndex = body.indexOf('\n]', start - 1);
      lists[name] = body.slice(start, listEnd.lastIndex);
      if (!listEnd.test(body)) throw unknownLineFailure(path);
      member.lastIndex = listEnd.lastIndex;
    }
  }
  return { values, lists };
}

function tryParseJson(text: string): unknown {
  return ignoreErrors(() => JSON.parse(text));
}

type TypeCheck = (value: unknown) => boolean;
type Fields = Record<string, TypeCheck>;

const isString: TypeCheck = (value) => typeof value === 'string';
const isObjectList = listOf(isObject);
const isVersion: TypeCheck = (value) => hasFields(value, { VersionId: isString, PolicyDocument: isString });

function optional(isValid: TypeCheck): TypeCheck {
  return (value) => value === undefined || isValid(value);
}

function listOf(isValid: TypeCheck): TypeCheck {
  return (value) => Array.isArray(value) && value.every(isValid);
}

function hasFields(value: unknown, fields: Fields): value is Record<string, unknown> {
  return isObject(value) && Object.entries(fields).every(([name, isValid]) => isValid(value[name]));
}

/** The types that the other code relies on. `validateState` checks the values. */
const ACCOUNT_FIELDS: Fields = { AccountId: isString, PasswordPolicy: isObject };
const HISTORY_FIELDS: Fields = {
  Previous: optional(isString),
  Oldest: optional(isString),
  Cleaned: optional(isString),
};
const FIELDS: Record<ListName, Fields> = {
  Users: {
    UserName: isString,
    UserId: isString,
    AccessKeys: isObjectList,
    Policies: isObjectList,
    Groups: optional(isObjectList),
    Rotations: optional(isObjectList),
    LoginProfile: optional(isObject),
  },
  MFADevices: { VirtualMFADeviceName: isString, SealedSeed: isString, Binding: optional(isObject) },
  Groups: { GroupName: isString, GroupId: isString, Policies: isObjectList },
  Policies: { PolicyName: isString, LatestVersion: Number.isInteger, Versions: listOf(isVersion) },
  SystemPolicies: { PolicyName: isString, DefaultVersion: isString, PolicyDocument: isString },
  Roles: { RoleName: isString, RoleId: isString, AssumeRolePolicyDocument: isString, Policies: isObjectList },
};

function computeChecksum(version: number, revision: number, tag: string, body: Buffer): string {
  const head = version === 1 ? `${revision} ${tag}\n` : `${version} ${revision} ${tag}\n`;
  if (version < 4) return createHash('sha256').update(head).update(body).digest('hex');
  return crc32(body, crc32(head)).toString(16).padStart(8, '0');
}

function newerFormatFailure(version: number, path: string): Failure {
  const message = `${path} has format ${version}; this version of ramctl supports formats up to ${FORMAT_VERSION}`;
  return brokenFailure('DirectoryNewer', message, 'install the latest ramctl');
}

function unknownLineFailure(path: string): Failure {
  return corruptFailure(path, 'contains a line that ramctl does not write');
}

function corruptFailure(path: string, problem: string): Failure {
  const hint = 'ramctl directory restore <file>   # restores a backup';
  return brokenFailure('DirectoryCorrupt', `${path} ${problem}`, hint);
}
