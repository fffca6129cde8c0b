import { beforeEach, expect, it } from 'vitest';
import { TestWorld } from '../../support/test-world.ts';

let world = new TestWorld();
const readAttached = async (name: string) =>
  (await world.state()).Users.get(name)?.Policies.map(({ PolicyName }) => PolicyName);

beforeEach(async () => {
  world = new TestWorld();
  for (const name of ['alice', 'bob']) await world.ramctl(`user create ${name}`);
});

it('policy attach and detach change several attachments in one transaction, and remark on those that need no change', async () => {
  const line = 'readonlyaccess AdministratorAccess --user ALICE --user bob -o json';
  const first = await world.ramctl(`policy attach ${line}`);
  expect(first.json).toHaveLength(4);
  expect(first.json).toContainEqual({ PolicyName: 'ReadOnlyAccess', UserName: 'alice', Changed: true });
  const again = await world.ramctl(`policy attach ${line}`);
  expect([again.code, again.err.match(/^remark: /gm)?.length]).toEqual([0, 4]);
  expect((await world.ramctl('policy get ReadOnlyAccess -o json')).json).toMatchObject({ AttachmentCount: 2 });
  expect((await world.ramctl('policy detach ReadOnlyAccess Nope --user alice')).code).toBe(3);
  expect(await readAttached('alice')).toEqual(['ReadOnlyAccess', 'AdministratorAccess']);
  expect((await world.ramctl('policy detach ReadOnlyAccess --user alice')).code).toBe(0);
  expect((await world.ramctl('policy detach ReadOnlyAccess --user alice -o json')).json).toMatchObject([
    { Changed: false },
  ]);
  expect([await readAttached('alice'), await readAttached('bob')]).toEqual([
    ['AdministratorAccess'],
    ['ReadOnlyAccess', 'AdministratorAccess'],
  ]);
  const twice = 'policy attach ReadOnlyAccess readonlyaccess --user alice --user ALICE -o json';
  expect((await world.ramctl(twice)).json).toEqual([
    { PolicyName: 'ReadOnlyAccess', UserName: 'alice', Changed: true },
  ]);
  expect((await world.ramctl('policy attach ReadOnlyAccess')).code).toBe(2);
});

it('policy attach and detach accept groups and users, and remark on those that need no change', async () => {
  await world.ramctl('group create ops --comments "on call"');
  const pair = { PolicyName: 'ReadOnlyAccess', Changed: true };
  const first = await world.ramctl('policy attach ReadOnlyAccess --group OPS --user alice --group ops -o json');
  expect([first.code, first.json, first.err]).toEqual([
    0,
    [
      { ...pair, UserName: 'alice' },
      { ...pair, GroupName: 'ops' },
    ],
    expect.stringMatching(/^(remark: (alice gains|the members of the group ops gain) .*\n)+$/),
  ]);
  const again = await world.ramctl('policy attach ReadOnlyAccess --group ops --user bob -o json');
  expect(again.json).toEqual([
    { ...pair, UserName: 'bob' },
    { ...pair, GroupName: 'ops', Changed: false },
  ]);
  expect(again.err).toMatch(/^(remark: bob gains .*\n)+remark: ReadOnlyAccess .* ops\n$/);
  expect((await world.ramctl('policy get ReadOnlyAccess -o json')).json).toMatchObject({
    AttachmentCount: 3,
    Users: [{ UserName: 'alice' }, { UserName: 'bob' }],
    Groups: [{ GroupName: 'ops', Comments: 'on call', AttachDate: '2026-01-01T00:00:04Z' }],
  });
  expect((await world.ramctl('group get ops -o json')).json).toMatchObject({
    Policies: [{ PolicyName: 'ReadOnlyAccess', PolicyType: 'System', AttachDate: '2026-01-01T00:00:04Z' }],
  });
  const before = await world.state();
  for (const words of ['--group ops --group unknown', '--user alice --group unknown', '--user unknown --group ops']) {
    expect((await world.ramctl(`policy detach ReadOnlyAccess ${words}`)).code).toBe(3);
  }
  expect(await world.state()).toEqual(before);
  for (const Changed of [true, false]) {
    const { json } = await world.ramctl('policy detach ReadOnlyAccess --group ops -o json');
    expect(json).toEqual([{ PolicyName: 'ReadOnlyAccess', GroupName: 'ops', Changed }]);
  }
  expect(await readAttached('alice')).toEqual(['ReadOnlyAccess']);
});
