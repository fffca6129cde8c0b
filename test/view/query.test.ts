import { expect, it } from 'vitest';
import { compileQuery } from '../../src/view/query.ts';

const users = [{ UserName: 'alice' }, { UserName: 'bob' }];
const select = async (expression: string, value: unknown = users) =>
  JSON.parse(JSON.stringify((await compileQuery(expression))(value)));

it.each([
  ['[].constructor', []],
  ['[].__proto__', []],
  ['[0].toString', null],
  ['[0].constructor.constructor', null],
  ['[?constructor].UserName', []],
  ['`{}`.constructor', null],
  ['`1e999`', null],
  ['[].{constructor: UserName}', [{ constructor: 'alice' }, { constructor: 'bob' }]],
])('%s finds no inherited member of JavaScript objects', async (expression, found) => {
  expect(await select(expression)).toEqual(found);
});

it('The texts of an expression lose their control characters and keep their line breaks', async () => {
  expect(await select("'\u001b[2J\u202ex\ny\tz'")).toBe('[2Jx\ny\tz');
  expect(await select('[].{"a\u009b\u2066b": UserName}')).toEqual([{ ab: 'alice' }, { ab: 'bob' }]);
});

const times = (count: number, text: string) => Array(count).fill(text).join('');

it.each([
  ['a value that doubles', `@${times(40, ' | [@,@]')}`, /too large/],
  ['a text that doubles', `'x'${times(40, " | join('', [@,@])")}`, /length|too large/],
  ['a text of the maximum length', "pad_left('x', `500000000`)", /too large/],
  ['many long texts', "map(&pad_left('x', `1000000`), `[1,1,1,1,1,1,1,1,1,1]`) | [@,@,@,@,@,@,@]", /too large/],
  ['a deeply nested literal', `\`${times(20_000, '[')}${times(20_000, ']')}\``, /stack/],
])('%s is refused', async (_, expression, message) => {
  const query = await compileQuery(expression);
  expect(() => query(users)).toThrow(message);
});

it('A query that takes too long is stopped', async () => {
  const query = await compileQuery('[*].[length($[*].[length($[*].[length($[*].[@])])])]', undefined, 50);
  expect(() => query(Array(500).fill(0))).toThrow(/timed out/);
});
