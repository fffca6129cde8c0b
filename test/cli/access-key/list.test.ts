import { beforeEach, expect, it } from 'vitest';
import { formatRamDate } from '../../../src/core/clock.ts';
import { TestWorld } from '../../support/test-world.ts';

const DAY_S = 86_400;
let world: TestWorld;
/** The ids of the keys, by a letter for the user and a number. */
let ids: Record<string, string>;

/** alice has a disabled key and one that is used on day 100; Bob has a new one; carol has none. Today is day 100. */
beforeEach(async () => {
  world = new TestWorld();
  for (const name of ['carol', 'Bob', 'alice']) await world.ramctl(`user create ${name}`);
  const create = async (name: string) => (await world.directory.createAccessKey({ UserName: name })).AccessKeyId;
  ids = { a1: await create('alice'), a2: await create('alice') };
  await world.ramctl(`ak disable alice ${ids.a1}`);
  world.clock.step(100 * DAY_S);
  await use('a2');
  ids.b1 = await create('Bob');
});

const use = (name: string) =>
  world.directory.recordAccessKeyUse([
    { AccessKeyId: ids[name] ?? '', LastUsedDate: formatRamDate(world.clock.now()) },
  ]);

const list = async (words: string): Promise<string> => {
  const { code, json } = await world.ramctl(`ak list -o json ${words}`);
  expect(code).toBe(0);
  const names = Object.fromEntries(Object.entries(ids).map(([name, id]) => [id, name]));
  return (json as { AccessKeyId: string }[]).map(({ AccessKeyId }) => names[AccessKeyId]).join(' ');
};

it('ak list shows the AccessKeys of all users with their owners, sorted by user name', async () => {
  const { json } = await world.ramctl('ak list -o json');
  const dates = { CreateDate: '2026-01-01T00:00:03Z', LastUsedDate: null };
  expect(json).toMatchObject([
    { UserName: 'alice', AccessKeyId: ids.a1, Status: 'Inactive', ...dates },
    { UserName: 'alice', AccessKeyId: ids.a2, Status: 'Active' },
    { UserName: 'Bob', AccessKeyId: ids.b1, Status: 'Active' },
  ]);
  expect(Object.keys(json[0] ?? {})).toEqual(['UserName', 'AccessKeyId', 'Status', 'CreateDate', 'LastUsedDate']);
  const { out } = await world.ramctl('ak list');
  expect(out).toMatch(/User +AccessKey ID/);
  expect(out).toMatch(new RegExp(`alice +${ids.a1}`));
  expect((await world.ramctl('ak list -o csv')).out.split('\n')[0]).toBe(
    'UserName,AccessKeyId,Status,CreateDate,LastUsedDate',
  );
});

it.each([
  ['', 'a1 a2 b1'],
  ['ALICE', 'a1 a2'],
  ['carol', ''],
  ['--status Active', 'a2 b1'],
  ['--status inactive', 'a1'],
  ['--status ACTIVE alice', 'a2'],
  ['--older-than 90d', 'a1 a2'],
  ['--older-than 101d', ''],
  ['--older-than 0s', 'a1 a2 b1'],
  ['--unused-for 90d', 'a1'],
  ['--unused-for 2400h alice', 'a1'],
  ['--unused-for 90d --status active', ''],
  ['--unused-for 0d --older-than 1d --status Active', 'a2'],
])('ak list %s lists "%s"', async (words, expected) => {
  expect(await list(words)).toBe(expected);
});

it('ak list --unused-for counts from the last use, or from the creation of an AccessKey that was never used', async () => {
  world.clock.step(90 * DAY_S - 10);
  expect(await list('--unused-for 90d')).toBe('a1');
  world.clock.step(10);
  expect(await list('--unused-for 90d')).toBe('a1 a2 b1');
  await use('b1');
  expect(await list('--unused-for 90d')).toBe('a1 a2');
});

it('ak list without AccessKeys ends with exit code 0', async () => {
  const empty = new TestWorld();
  expect(await empty.ramctl('ak list -o json')).toMatchObject({ code: 0, json: [] });
  expect(await empty.ramctl('ak list')).toMatchObject({ code: 0, out: expect.stringContaining('no AccessKeys') });
});

it.each([
  ['--status disabled', 'Active or Inactive'],
  ['--status=', 'Active or Inactive'],
  ['--older-than 90', 'such as 2h'],
  ['--unused-for -1d', 'such as 2h'],
  ['--unused-for 3w', 'such as 2h'],
])('ak list %s ends with exit code 2', async (words, reason) => {
  const { code, error } = await world.ramctl(`ak list -o json ${words}`);
  expect([code, error.Message + error.Hint]).toEqual([2, expect.stringContaining(reason)]);
});

it('ak list of an unknown user ends with exit code 3', async () => {
  expect((await world.ramctl('ak list dora --status Active')).code).toBe(3);
});
