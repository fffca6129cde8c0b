import { beforeEach, describe, expect, it } from 'vitest';
import { openRemote } from '../support/remote-world.ts';
import { TestWorld } from '../support/test-world.ts';

let world = new TestWorld();
let id = '';

beforeEach(async () => {
  world = new TestWorld();
  await world.ramctl('user create alice --console --access-key');
  id = (await world.state()).Users.get('alice')?.AccessKeys[0]?.AccessKeyId ?? '';
});

describe.each([
  ['user delete alice --cascade', 'Type alice to confirm', 'alice'],
  ['ak delete alice ID --force', 'Delete AccessKey', true],
  ['login delete alice', 'Delete the console logon and the password of alice', true],
])('%s', (template, question, confirmation) => {
  const line = () => template.replace('ID', id);
  const lineWithUnknownUser = () => line().replace('alice', 'nobody');

  it('changes the directory after a confirmation', async () => {
    const before = await world.state();
    const { code, err } = await world.ramctl(line(), { answers: [[question, confirmation]] });
    expect([code, err]).toEqual([0, expect.not.stringContaining('error')]);
    expect(await world.state()).not.toEqual(before);
  });

  it.each([false, '^C'] as const)('changes nothing after %s, exits with 130 and says so', async (answer) => {
    const before = await world.state();
    const { code, out, err } = await world.ramctl(line(), { answers: [[question, answer]] });
    expect([code, out, err]).toEqual([130, '', expect.stringContaining('nothing was written')]);
    expect(await world.state()).toEqual(before);
  });

  it('needs no confirmation with --yes', async () => {
    const before = await world.state();
    expect(await world.ramctl(`${line()} -y`, { answers: [] })).toMatchObject({ code: 0 });
    expect(await world.state()).not.toEqual(before);
  });

  it('exits with 2 before it reads the directory when it cannot ask', async () => {
    const before = await world.state();
    const terminal = { answers: [] };
    for (const [words, situation] of [
      [line(), {}],
      [lineWithUnknownUser(), {}],
      [`${lineWithUnknownUser()} --no-input`, terminal],
      [lineWithUnknownUser(), { ...terminal, environment: { input: false } }],
    ] as const) {
      const { code, out, err } = await world.ramctl(words, situation);
      expect([code, out, err]).toEqual([2, '', expect.stringContaining('--yes')]);
    }
    expect((await world.ramctl(`${lineWithUnknownUser()} --yes`)).code).toBe(3);
    expect((await world.ramctl(lineWithUnknownUser(), terminal)).code).toBe(3);
    expect(await world.state()).toEqual(before);
  });
});

it('does not delete more with --yes', async () => {
  expect((await world.ramctl('user delete alice --yes')).code).toBe(1);
  expect((await world.ramctl(`ak delete alice ${id} --yes`)).code).toBe(1);
});

it('deletes nothing in an account that changed while the question was open', async () => {
  const { directory, changes } = openRemote(world);
  const addKey = async () => {
    await world.directory.createAccessKey({ UserName: 'alice' });
    return 'alice';
  };
  const line = 'user delete alice --cascade';
  const refused = await world.ramctl(line, { remote: directory, answers: [['Delete alice', addKey]] });
  expect([refused.code, refused.err, changes]).toEqual([1, expect.stringContaining('nothing was deleted'), []]);
  const { code } = await world.ramctl(line, { remote: directory, answers: [['Delete alice', 'alice']] });
  expect([code, (await world.state()).Users.size]).toEqual([0, 0]);
});

it('deletes nothing if the directory changed while the question was open', async () => {
  await world.ramctl(`ak disable alice ${id}`);
  const enable = () => world.directory.updateAccessKey({ UserName: 'alice', UserAccessKeyId: id, Status: 'Active' });
  expect((await world.ramctl(`ak delete alice ${id}`, { answers: [['(Inactive', enable]] })).code).toBe(1);
  const addKey = async () => {
    await world.directory.createAccessKey({ UserName: 'alice' });
    return 'alice';
  };
  expect((await world.ramctl('user delete alice --cascade', { answers: [['Delete alice', addKey]] })).code).toBe(1);
  expect((await world.state()).Users.get('alice')?.AccessKeys).toHaveLength(2);
});
