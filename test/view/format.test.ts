import { expect, it } from 'vitest';
import { createFormatter, type Format } from '../../src/view/format.ts';
import { compileQuery } from '../../src/view/query.ts';

const settings = { size: { width: 80, height: 24 }, now: new Date(0), isLocal: true, colourLevel: 0 } as const;
const users = [
  { UserName: 'alice', Comments: 'a\u202eb', Keys: 1, Extra: undefined },
  { UserName: 'bob', Comments: null, Keys: 0 },
];

async function format<T>(name: Format, query: string | undefined, value: T): Promise<string> {
  const formatter = await createFormatter(
    name,
    { query: query === undefined ? undefined : await compileQuery(query) },
    () => settings,
  );
  return formatter((result) => `a view of ${JSON.stringify(result)}`, value);
}

it('Without a query, the table uses the view and other formats print all members, all without control characters', async () => {
  const members = '[{"UserName":"alice","Comments":"ab","Keys":1},{"UserName":"bob","Comments":null,"Keys":0}]';
  expect(await format('table', undefined, users)).toBe(`a view of ${members}\n`);
  expect(JSON.stringify(JSON.parse(await format('json', undefined, users)))).toBe(members);
  expect(await format('csv', undefined, users)).toBe('UserName,Comments,Keys\nalice,ab,1\nbob,,0\n');
  expect(await format('yaml', undefined, users[0])).toBe('UserName: alice\nComments: ab\nKeys: 1\n');
});

it('YAML quotes text that a reader would take for another type', async () => {
  const value = { UserId: '200000000000000001', Name: 'true', No: 'no', None: 'null', Date: '2026-01-01T00:00:00Z' };
  for (const text of Object.values(value)) expect(await format('yaml', undefined, value)).toContain(`"${text}"`);
});

it.each<[Format, string, string]>([
  ['json', '[].UserName', '[\n  "alice",\n  "bob"\n]\n'],
  ['json', '[?Keys > `0`] | [0].Keys', '1\n'],
  ['json', 'nothing', 'null\n'],
  ['yaml', '[].{name: UserName}', '- name: alice\n- name: bob\n'],
  ['csv', '[].{n: UserName, k: Keys}', 'n,k\nalice,1\nbob,0\n'],
  ['csv', '[0].UserName', 'Value\nalice\n'],
  ['table', '[0].Comments', 'ab\n'],
  ['table', '[].UserName', 'alice\nbob\n'],
  ['table', '[].{Name: UserName, Keys: Keys}', 'Name   Keys\nalice  1\nbob    0\n'],
  ['table', '[1]', 'UserName  bob\nComments  -\nKeys      0\n'],
  ['table', 'nothing', ''],
])('In the format %s, the query %s selects from the whole result', async (name, query, text) => {
  expect(await format(name, query, users)).toBe(text);
});
