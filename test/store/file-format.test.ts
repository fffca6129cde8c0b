import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { copyState, foldCase, type State } from '../../src/core/state.ts';
import { decodeFile, encodeBody, encodeFile, MAX_HEADER_BYTES, parseHeader } from '../../src/store/file-format.ts';
import { failure, failureCode } from '../support/failures.ts';
import { TestWorld } from '../support/test-world.ts';

const path = 'directory.json';
const tag = '0123456789abcdef';
const decode = (text: string) => decodeFile(Buffer.from(text), path);
const initialState = await new TestWorld().state();

function createState(users: Record<string, string>): State {
  const date = '2026-01-01T00:00:00Z';
  const rest = { UserId: '2'.repeat(18), CreateDate: date, UpdateDate: date, AccessKeys: [], Groups: [], Policies: [] };
  const state = copyState(initialState);
  for (const [UserName, Comments] of Object.entries(users))
    state.Users.set(foldCase(UserName), { ...rest, UserName, Comments });
  return state;
}

const file = encodeFile(7, encodeBody(createState({ alice: 'ops', bob: 'é' })), tag);

it('decoding a file returns the encoded state and revision', () => {
  const name = fc.constantFrom('alice', 'bob', '__proto__', 'constructor', '...');
  const users = fc.dictionary(name, fc.string({ unit: 'grapheme', maxLength: 20 }));
  fc.assert(
    fc.property(users, fc.nat(), (given, revision) => {
      const state = createState(given);
      const body = encodeBody(state);
      const text = encodeFile(revision, body, tag);
      const decoded = decode(text);
      expect(decoded).toMatchObject({ revision, state });
      expect(encodeBody(decoded.state)).toBe(body);
      expect(parseHeader(text.slice(0, MAX_HEADER_BYTES))).toEqual({ revision, tag });
    }),
  );
});

it('roles are stored, and a file with an invalid role is refused', async () => {
  const world = new TestWorld();
  await world.ramctl('role create reader --trusted-service ecs.aliyuncs.com');
  await world.ramctl('policy attach ReadOnlyAccess --role reader');
  const state = await world.state();
  const readRole = () => decode(encodeFile(1, encodeBody(state), tag)).state.Roles.get('reader');
  expect(readRole()).toEqual(state.Roles.get('reader'));
  Object.assign(state.Roles.get('reader') ?? {}, { AssumeRolePolicyDocument: undefined });
  expect(readRole).toThrow(expect.objectContaining({ kind: 'broken', code: 'DirectoryCorrupt' }));
});

it('the file is JSON with one line for each user', () => {
  expect(JSON.parse(file)).toMatchObject({ Format: 'ramctl-directory', Version: 4, Revision: 7 });
  expect(file.split('\n').filter((line) => line.startsWith('{"UserId"') || line.includes('"UserName"'))).toHaveLength(
    2,
  );
});

it('a change of any single character is detected', () => {
  const expectRefused = (damaged: string) =>
    expect(() => decode(damaged)).toThrow(expect.objectContaining({ kind: 'broken' }));
  const character = fc.oneof(fc.string({ minLength: 1, maxLength: 1 }), fc.constantFrom('\n', ' ', 'é', '\ufeff'));
  fc.assert(
    fc.property(fc.nat({ max: file.length - 1 }), fc.nat({ max: 1 }), character, (at, removed, other) => {
      fc.pre(removed === 0 || file[at] !== other);
      expectRefused(file.slice(0, at) + other + file.slice(at + removed));
    }),
    { numRuns: 200 },
  );
  for (const at of Array(file.length).keys()) {
    expectRefused(file.slice(0, at) + file.slice(at + 1));
    expectRefused(file.slice(0, at) + (file[at] === '0' ? '1' : '0') + file.slice(at + 1));
  }
});

it('a flip of any single bit is detected', () => {
  const bytes = Buffer.from(file);
  for (const at of bytes.keys()) {
    for (let bit = 1; bit < 256; bit *= 2) {
      const flipped = Buffer.from(bytes);
      flipped[at] = (bytes[at] ?? 0) ^ bit;
      expect(failureCode(() => decodeFile(flipped, path))).toMatch(/^Directory(Corrupt|Foreign|Newer)$/);
    }
  }
});

it('a truncation at any length is detected', () => {
  const verdicts = Array.from(file, (_, length) => failureCode(() => decode(file.slice(0, length))));
  expect(new Set(verdicts)).toEqual(new Set(['DirectoryCorrupt']));
});

it.each([
  ['{"users":[]}', 'DirectoryForeign'],
  ['[]', 'DirectoryForeign'],
  ['null', 'DirectoryForeign'],
  ['{"Format":"other-directory","Version":1}', 'DirectoryForeign'],
  ['{"Format":"ramctl-directory","Version":5,"Anything":[]}', 'DirectoryNewer'],
  ['{"Format":"ramctl-directory","Version":1}', 'DirectoryCorrupt'],
  ['{"Format":"ramctl-directory","Version":"1"}', 'DirectoryCorrupt'],
  ['  \n', 'DirectoryCorrupt'],
  ['secret = 1', 'DirectoryCorrupt'],
])('the content %s is refused with %s, and the message does not quote it', (content, code) => {
  expect(() => decode(content)).toThrow(failure('broken', code));
  expect(() => decode(content)).not.toThrow('secret');
});

/** Decodes a file and reads all its users. */
function readUsers(body: string): void {
  const { state } = decode(encodeFile(1, body, tag));
  expect(Array.from(state.Users.values())).toHaveLength(state.Users.size);
}

it('a file with two users of one name is refused when all users are read', () => {
  const state = createState({ alice: '', bob: '' });
  for (const user of state.Users.values()) user.UserName = user.UserName === 'bob' ? 'ALICE' : 'alice';
  expect(() => readUsers(encodeBody(state))).toThrow(failure('broken', 'DirectoryCorrupt'));
});

it('a record is validated when it is first used', () => {
  const body = encodeBody(createState({ alice: '', bob: '' })).replace(
    '"UserName":"bob","Comments":""',
    '"UserName":"bob"',
  );
  const { state } = decode(encodeFile(1, body.replace(/"AccessKeys":\[\](?=.*bob)/, '"AccessKeys":7'), tag));
  expect(state.Users.get('alice')?.UserName).toBe('alice');
  expect(() => state.Users.get('bob')).toThrow(failure('broken', 'DirectoryCorrupt'));
});

it.each([
  ['a name that is not its key', '"UserName":"bob"', '"UserName":"\\u0062ob"'],
  ['two names', '"UserName":"bob"', '"UserName":"bob","UserName":"alice"'],
  ['no name', '"UserName":"bob",', ''],
  ['a line break', '"UserName":"bob"', '\n"UserName":"bob"'],
  ['invalid JSON', '"UserName":"bob"', '"UserName":"bob",'],
  ['another separator before it', '},\n{', '}x\n{'],
])('a record with %s is refused when all users are read', (_, before, after) => {
  const body = encodeBody(createState({ alice: '', bob: '' })).replace(before, after);
  expect(() => readUsers(body)).toThrow(failure('broken', 'DirectoryCorrupt'));
});

it.each([
  ['an unknown line', '"Groups":[],\n', 'else\n"Groups":[],\n'],
  ['a duplicate list', '"Groups":[],\n', '"Users":[],\n"Groups":[],\n'],
  ['a missing list', '"Groups":[],\n', ''],
  ['a list without an end', '\n],\n', '\n,\n'],
  ['another value for a list', '"Groups":[],\n', '"Groups":{},\n'],
  ['a line that is no change', '"Changes":[]', '"Changes":[\nelse\n]'],
  ['two changes without a separator', '"Changes":[]', '"Changes":[\n{}\n{}\n]'],
])('a body with %s is refused', (_, before, after) => {
  const body = encodeBody(createState({ alice: '' })).replace(before, after);
  expect(() => decode(encodeFile(1, body, tag))).toThrow(failure('broken', 'DirectoryCorrupt'));
});

it('a body with bytes that are no UTF-8 is refused, also if its checksum is right', () => {
  const body = Buffer.from(encodeBody(createState({ alice: '\u00e9' })));
  body[body.indexOf('\u00e9')] = 0xff;
  const Checksum = createHash('sha256').update(`3 7 ${tag}\n`).update(body).digest('hex');
  const head = `{"Format":"ramctl-directory","Version":3,"Revision":7,"Tag":"${tag}","Checksum":"${Checksum}",\n`;
  expect(() => decodeFile(Buffer.concat([Buffer.from(head), body]), path)).toThrow(
    failure('broken', 'DirectoryCorrupt'),
  );
});

it('a list that has only its brackets is empty', () => {
  const body = encodeBody(createState({ alice: '' }));
  const { state } = decode(encodeFile(7, body.replace('"MFADevices":[]', '"MFADevices":[\n]'), tag));
  expect(encodeBody(state)).toBe(body);
});

it('a record that was not used is written as it was read', () => {
  const body = encodeBody(createState({ alice: 'ops', bob: 'dev', carol: '' })).replace('"dev"', '"d\\u0065v"');
  const { state } = decode(encodeFile(7, body, tag));
  const bob = state.Users.get('alice');
  if (bob) bob.Comments = 'sre';
  expect(encodeBody(state)).toBe(body.replace('"ops"', '"sre"'));
});

it('a directory of format 2 has no imported system policies, and is written in the present format', () => {
  const body = encodeBody(createState({ alice: 'ops' })).replace(',\n"SystemPolicies":[]', '');
  const Checksum = createHash('sha256').update(`2 7 ${tag}\n${body}`).digest('hex');
  const head = `{"Format":"ramctl-directory","Version":2,"Revision":7,"Tag":"${tag}","Checksum":"${Checksum}",\n`;
  const { state, formatVersion } = decode(head + body);
  expect([formatVersion, state.Users.get('alice')?.Comments, state.SystemPolicies.size]).toEqual([2, 'ops', 0]);
  expect(encodeBody(state)).toBe(encodeBody(createState({ alice: 'ops' })));
});

describe('a directory of format 1', () => {
  const old = readFileSync(new URL('format-1.directory', import.meta.url), 'utf8');

  it('is read like the present format', () => {
    const { formatVersion, revision, state } = decode(old);
    expect([formatVersion, revision, state.Account.AccountAlias]).toEqual([1, 5, 'acme']);
    expect(state.Users.get('alice')).toMatchObject({
      DisplayName: 'Alice Li',
      Groups: [{ GroupId: 'g-tAlq0ZxrUHunxrtO' }],
    });
    expect(decode(encodeFile(6, encodeBody(state), tag))).toMatchObject({ formatVersion: 4, state });
  });

  it('may lack lists and members that were added later', () => {
    const [, account = ''] = /("Account":.*),"SecurityPreference":.*?\}/.exec(old) ?? [];
    const user = '{"UserId":"2","UserName":"alice","AccessKeys":[],"Policies":[]}';
    const body = `${account}},\n"Users":[\n${user}\n]}\n`;
    const Checksum = createHash('sha256').update(`5 ${tag}\n${body}`).digest('hex');
    const head = `{"Format":"ramctl-directory","Version":1,"Revision":5,"Tag":"${tag}","Checksum":"${Checksum}",\n`;
    const { state } = decode(head + body);
    expect([state.Groups.size, state.Users.get('alice')?.Groups]).toEqual([0, []]);
    expect(state.Account.SecurityPreference).toMatchObject({ LoginSessionDuration: 6 });
  });
});
