import { expect, it } from 'vitest';
import { parseUserRows } from '../../src/parse/user-rows.ts';
import { failure } from '../support/failures.ts';
import { parseUsers } from './parse-users.ts';

const MAX_USERS = 5000;

it.each([
  ['a.csv', (count: number) => `UserName\n${'a\n\n'.repeat(count)}`],
  ['a.json', (count: number) => `[${'{"UserName":"a"},'.repeat(count).slice(0, -1)}]`],
  ['a.jsonl', (count: number) => '{"UserName":"a"}\n'.repeat(count)],
  ['a.yaml', (count: number) => '- UserName: a\n'.repeat(count)],
])('reads as many users from %s as an account may have', async (name, text) => {
  expect((await parseUsers(text(MAX_USERS), name)).length).toBe(MAX_USERS);
  await expect(parseUserRows(text(MAX_USERS + 1), name)).rejects.toEqual(failure('refused', 'LimitExceeded.User'));
});

const ALIAS_BOMB = Array.from(
  { length: 30 },
  (_, level) => `- &a${level} [${`*a${level - 1},`.repeat(level && 9)}]`,
).join('\n');
it.each([
  ['nested lists in JSON', '-', '['.repeat(1e5), /deep/],
  ['nested objects in JSON', 'a.json', '{"a":'.repeat(1e5), /deep/],
  ['nested lists in YAML', 'a.yaml', '['.repeat(1e5), /deep/],
  ['nested blocks in YAML', '-', '- '.repeat(1e5), /deep/],
  [
    'levels of indentation in YAML',
    'a.yaml',
    Array.from({ length: 100 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'),
    /deep/,
  ],
  ['aliases in YAML', '-', ALIAS_BOMB, /aliases/],
  ['line ends in YAML', 'a.yaml', '\n'.repeat(2.1e6), /5000/],
  ['lines of JSON', 'a.jsonl', '{\n'.repeat(1e4), /5000/],
  ['blank lines', 'a.csv', '\n'.repeat(2.1e5), /5000/],
  // Each column times each row would take minutes.
  ['columns', 'a.csv', `UserName${','.repeat(1e6)}\n${'a\n'.repeat(4000)}`, /16384 columns/],
  ['characters', '-', '#'.repeat(11e6), /5000/],
])('refuses a file with too many %s', async (_, name, text, message) => {
  await expect(parseUserRows(text, name)).rejects.toThrow(message);
});

it('limits the number of problems of one record', async () => {
  const { problems } = await parseUserRows(`{${'"a":1,'.repeat(1e5)}"UserName":"a"}`, '-');
  expect(problems.length).toBe(50);
});

it('shortens a long unknown name in the message', async () => {
  const { problems } = await parseUserRows(`UserName,${'x'.repeat(1e5)}\na,b`, '-');
  expect(problems[0]?.Message.length).toBeLessThan(250);
});
