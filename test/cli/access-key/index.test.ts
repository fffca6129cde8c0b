import { beforeEach, expect, it } from 'vitest';
import { TestWorld } from '../../support/test-world.ts';

let world = new TestWorld();
const keys = async () => (await world.state()).Users.get('alice')?.AccessKeys ?? [];

beforeEach(async () => {
  world = new TestWorld();
  await world.ramctl('user create alice');
  await world.ramctl('user create bob --console');
});

it('ak create shows a pair once, twice per user', async () => {
  const { json } = await world.ramctl('ak create ALICE -o json');
  expect(Object.keys(json).join(' ')).toBe('UserName AccessKeyId AccessKeySecret Status CreateDate');
  await world.ramctl('access-key create alice');
  const third = await world.ramctl('ak create alice -o json');
  expect([third.code, third.error.Code]).toEqual([1, 'LimitExceeded.User.AccessKey']);
  expect(await keys()).toHaveLength(2);
  expect((await world.ramctl('ak create bob')).err).toContain('one access mode');
});

it('ak disable and enable work at once and repeatedly, delete not on an active key', async () => {
  await world.ramctl('ak create alice');
  const id = (await keys())[0]?.AccessKeyId;
  for (const [word, Status] of [
    ['disable', 'Inactive'],
    ['disable', 'Inactive'],
    ['enable', 'Active'],
  ] as const) {
    expect((await world.ramctl(`ak ${word} alice ${id} -o json`)).json).toMatchObject({ AccessKeyId: id, Status });
    expect(await keys()).toMatchObject([{ Status }]);
  }
  expect((await world.ramctl(`ak delete alice ${id}`, { answers: [] })).code).toBe(1);
  expect((await world.ramctl(`ak delete alice ${id} --yes`)).code).toBe(1);
  expect(await keys()).toHaveLength(1);
  const { json } = await world.ramctl(`ak delete alice ${id} --force --yes -o json`);
  expect(json).toEqual({ UserName: 'alice', AccessKeyId: id });
  expect(await keys()).toEqual([]);
});

it('ak list and last-used tell ids, status and dates', async () => {
  await world.ramctl('ak create alice');
  const { json } = await world.ramctl('ak list alice -o json');
  const [key] = json as { AccessKeyId: string }[];
  expect(key).toMatchObject({ Status: 'Active', CreateDate: '2026-01-01T00:00:03Z', LastUsedDate: null });
  expect((await world.ramctl(`ak last-used alice ${key?.AccessKeyId} -o json`)).json).toEqual(key);
  expect((await world.ramctl('ak list bob -o json')).json).toEqual([]);
});

it.each(['list carol', 'create carol', 'last-used alice LTAIx', 'disable alice LTAIx', 'delete alice LTAIx --yes'])(
  'ak %s is exit 3',
  async (line) => expect((await world.ramctl(`ak ${line}`)).code).toBe(3),
);
