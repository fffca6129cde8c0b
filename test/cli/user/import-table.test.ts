import { beforeEach, expect, it } from 'vitest';
import { textWidth } from '../../../src/view/plain-table.ts';
import { type RunOptions, TestWorld } from '../../support/test-world.ts';

const COUNT = 30;
let world: TestWorld;
const lines = (text: string) => text.split('\n').slice(0, -1);

/** A file of users with the same cells after the name. */
const csv = (cells: string, nameOf = (n: number) => `user-${n}`) =>
  `UserName,DisplayName,Console,AccessKey,Groups\n${Array.from({ length: COUNT }, (_, n) => `${nameOf(n)},${cells}\n`).join('')}`;

beforeEach(async () => {
  world = new TestWorld();
  await world.ramctl('group create ops');
});

/** Imports users and returns the lines of stdout, and the secrets that they must contain. */
async function importUsers(input: string, args: string, situation: RunOptions = {}) {
  const { code, out } = await world.ramctl(`user import - ${args}`, { input, ...situation });
  expect(code).toBe(0);
  return { out, table: lines(out) };
}

it('prints one line for each user and one that says where the secrets are', async () => {
  const { out, table } = await importUsers(csv('李,yes,yes,ops'), '--secret-to file:new.csv');
  expect(table).toHaveLength(COUNT + 2);
  expect(table[0]).toBe('User     Display name  Console  AccessKey  Groups  Policies');
  expect(table[1]).toMatch(/^user-0 {3}李 {12}yes {6}yes {8}1 {7}0$/);
  expect(table.at(-1)).toBe('The secrets were written to file:new.csv');
  const [, first = ''] = lines(world.delivered.get('new.csv') ?? '');
  expect(out).not.toContain(first.split(',')[1]);
  const { table: narrow } = await importUsers(
    csv('李,yes,yes,ops', (n) => `more-${n}`),
    '--secret-to file:b.csv',
    {
      width: 80,
    },
  );
  expect(narrow).toHaveLength(COUNT + 2);
});

it('prints only the users if there are no secrets', async () => {
  expect((await importUsers(csv('x,,,'), '--secret-to file:new.csv')).table).toHaveLength(COUNT + 1);
});

it('prints one line for each user of a dry run', async () => {
  const { table } = await importUsers(csv('x,yes,yes,'), '--dry-run --secret-to file:new.csv', { width: 80 });
  expect(table).toHaveLength(COUNT + 1);
  expect(table[1]).toMatch(/^user-0 +x +yes +yes +0 +0$/);
});

it.each([
  ['passwords', 'x,yes,,', 80, 1],
  ['AccessKeys', 'x,,yes,', 80, 1],
  ['passwords and AccessKeys in a pipe', 'x,yes,yes,', undefined, 1],
  ['passwords and AccessKeys at a wide terminal', 'x,yes,yes,', 100, 1],
  ['passwords and AccessKeys at a terminal', 'x,yes,yes,', 80, 3],
])('prints every secret once and uncut: %s', async (_, cells, width, height) => {
  const situation = width === undefined ? {} : { width };
  const { out, table } = await importUsers(csv(cells), '', situation);
  expect(table.length).toBeLessThanOrEqual(COUNT * height + 2);
  expect(table.at(-1)).toBe('Secrets are shown only once. Store them now.');
  if (width) expect(Math.max(...table.map(textWidth))).toBeLessThanOrEqual(width);
  const keys = [...(await world.state()).Users.values()].flatMap(({ AccessKeys }) => AccessKeys);
  for (const { AccessKeyId, EncryptedSecret } of keys as { AccessKeyId: string; EncryptedSecret?: string }[]) {
    expect(out.split(AccessKeyId)).toHaveLength(2);
    if (EncryptedSecret) expect(out.split(EncryptedSecret.split('|').at(-1) ?? '')).toHaveLength(2);
  }
  const words = new Set(out.split(/\s+/).filter((word) => word.length === 20));
  expect(words.size).toBe(cells.includes('x,yes') ? COUNT : 0);
});

it('cuts no secret at a terminal that is too narrow for it', async () => {
  const { out } = await importUsers(csv('x,yes,yes,'), '', { width: 20 });
  expect(out.match(/LTAI\w{20}$/gm)).toHaveLength(COUNT);
  expect(out.match(/\b\w{30}$/gm)).toHaveLength(COUNT);
});
