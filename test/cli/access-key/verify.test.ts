import { beforeEach, expect, it } from 'vitest';
import type { CreatedUser } from '../../../src/core/workflows/provision.ts';
import { TestWorld } from '../../support/test-world.ts';

let world = new TestWorld();
let id = '';
let secret = '';
const lastUse = async () => (await world.state()).Users.get('alice')?.AccessKeys[0]?.LastUsedDate;

beforeEach(async () => {
  world = new TestWorld();
  await world.ramctl('user create bob --access-key');
  const { AccessKey }: CreatedUser = (await world.ramctl('user create alice --access-key -o json')).json;
  [id, secret] = [AccessKey?.AccessKeyId ?? '', AccessKey?.AccessKeySecret ?? ''];
});

it.each(['', '\n', '\r\n'])('ak verify names the owner and counts as a use, one line end %j aside', async (end) => {
  const { code, json } = await world.ramctl(`ak verify ${id} --secret-stdin -o json`, { input: secret + end });
  expect([code, json]).toEqual([0, { UserName: 'alice', AccessKeyId: id }]);
  expect(await lastUse()).toBe(world.clock.now().toISOString().replace('.000', ''));
  const [bob] = (await world.state()).Users.get('bob')?.AccessKeys ?? [];
  expect(bob).not.toHaveProperty('LastUsedDate');
});

it('whatever is wrong is refused with the same words, exit 4, and is no use of the key', async () => {
  const [others] = (await world.state()).Users.get('bob')?.AccessKeys ?? [];
  const said = new Set<string>();
  const tryIt = async (name: string, input: string) => {
    const { code, out, error, err } = await world.ramctl(`ak verify ${name} --secret-stdin -o json`, { input });
    expect([code, out, error.Code]).toEqual([4, '', 'InvalidAccessKey']);
    said.add(err);
  };
  for (const wrong of [
    secret.slice(1),
    `${secret}\n\n`,
    ` ${secret}`,
    secret.toLowerCase(),
    '',
    secret.repeat(1000),
    'é',
  ])
    await tryIt(id, wrong);
  for (const name of ['LTAIx', id.toLowerCase(), others?.AccessKeyId ?? '', '__proto__']) await tryIt(name, secret);
  await world.ramctl(`ak disable alice ${id}`);
  await tryIt(id, secret);
  expect([said.size, await lastUse()]).toEqual([1, undefined]);
  await world.ramctl(`ak enable alice ${id}`);
  expect((await world.ramctl(`ak verify ${id} --secret-stdin`, { input: secret })).code).toBe(0);
});

it('the secret comes from stdin and nowhere else, and is repeated nowhere', async () => {
  const before = await world.state();
  expect(await world.ramctl(`ak verify ${id}`, { input: secret })).toMatchObject({ code: 2, out: '' });
  for (const words of [`${id} ${secret}`, `${id} --secret-stdin=${secret}`, `${id} --secret-stdin ${secret}`]) {
    const { code, out, err } = await world.ramctl(`ak verify ${words}`, { input: secret });
    expect([code, out, err]).toEqual([2, '', expect.not.stringContaining(secret)]);
  }
  expect(await world.state()).toEqual(before);
  for (const format of ['table', 'json', 'yaml', 'csv']) {
    const { out } = await world.ramctl(`ak verify ${id} --secret-stdin -o ${format}`, { input: secret });
    expect(out).toContain('alice');
    expect(out).not.toContain(secret);
  }
});
