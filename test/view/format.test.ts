import { expect, it } from 'vitest';
import { createFormatter, type Format } from '../../src/view/format.ts';
import { compileQuery } from '../../src/view/query.ts';

const surface = { width: 80, now: new Date(0), colourLevel: 0 } as const;
const users = [
  { UserName: 'alice', Comments: 'a\u202eb', Keys: 1, Extra: undefined },
  { UserName: 'bob', Comments: null, Keys: 0 },
];

async function shown<T>(format: Format, query: string | undefined, value: T): Promise<string> {
  const print = await createFormatter(
    format,
    query === undefined ? undefined : await compileQuery(query),
    () => surface,
  );
  return print((whole) => `a drawing of ${JSON.stringify(whole)}`, value);
}

it('without a query people see the drawing, scripts every member, hostile characters gone from both', async () => {
  const members = '[{"UserName":"alice","Comments":"ab","Keys":1},{"UserName":"bob","Comments":null,"Keys":0}]';
  expect(await shown('table', undefined, users)).toBe(`a drawing of ${members}\n`);
  expect(JSON.stringify(JSON.parse(await shown('json', undefined, users)))).toBe(members);
  expect(await shown('csv', undefined, users)).toBe('UserName,Comments,Keys\nalice,ab,1\nbob,,0\n');
  expect(await shown('yaml', undefined, users[0])).toBe('UserName: alice\nComments: ab\nKeys: 1\n');
});

it('in YAML, text that some reader would take for something else stays text', async () => {
  const value = { UserId: '200000000000000001', Name: 'true', No: 'no', None: 'null', Date: '2026-01-01T00:00:00Z' };
  for (const text of Object.values(value)) expect(await shown('yaml', undefined, value)).toContain(`"${text}"`);
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
])('%s of %s is what the query selects from the whole', async (format, query, text) => {
  expect(await shown(format, query, users)).toBe(text);
});
