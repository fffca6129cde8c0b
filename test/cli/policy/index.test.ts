import { beforeEach, expect, it } from 'vitest';
import { TestWorld } from '../../support/test-world.ts';

let world = new TestWorld();
const attached = async (name: string) =>
  (await world.state()).Users.get(name)?.Policies.map(({ PolicyName }) => PolicyName);

beforeEach(async () => {
  world = new TestWorld();
  for (const name of ['alice', 'bob']) await world.ramctl(`user create ${name}`);
});

it('policy attach and detach take several at once, repeat with a remark, and are all or nothing', async () => {
  const line = 'readonlyaccess AdministratorAccess --user ALICE --user bob -o json';
  const first = await world.ramctl(`policy attach ${line}`);
  expect(first.json).toHaveLength(4);
  expect(first.json).toContainEqual({ PolicyName: 'ReadOnlyAccess', UserName: 'alice', Changed: true });
  const again = await world.ramctl(`policy attach ${line}`);
  expect([again.code, again.err.match(/^remark: /gm)?.length]).toEqual([0, 4]);
  expect((await world.ramctl('policy get ReadOnlyAccess -o json')).json).toMatchObject({ AttachmentCount: 2 });
  expect((await world.ramctl('policy detach ReadOnlyAccess Nope --user alice')).code).toBe(3);
  expect(await attached('alice')).toEqual(['ReadOnlyAccess', 'AdministratorAccess']);
  expect((await world.ramctl('policy detach ReadOnlyAccess --user alice')).code).toBe(0);
  expect((await world.ramctl('policy detach ReadOnlyAccess --user alice -o json')).json).toMatchObject([
    { Changed: false },
  ]);
  expect([await attached('alice'), await attached('bob')]).toEqual([
    ['AdministratorAccess'],
    ['ReadOnlyAccess', 'AdministratorAccess'],
  ]);
  const twice = 'policy attach ReadOnlyAccess readonlyaccess --user alice --user ALICE -o json';
  expect((await world.ramctl(twice)).json).toEqual([
    { PolicyName: 'ReadOnlyAccess', UserName: 'alice', Changed: true },
  ]);
  expect((await world.ramctl('policy attach ReadOnlyAccess')).code).toBe(2);
});

it('policy list finds by name or description, and by type', async () => {
  const { json } = await world.ramctl('policy list IoT -o json');
  expect((json as { PolicyName: string }[]).map(({ PolicyName }) => PolicyName)).toContain('AliyunIOTReadOnlyAccess');
  expect(Object.keys(json[0] ?? {})).toEqual(
    expect.arrayContaining(['PolicyName', 'PolicyType', 'Description', 'DefaultVersion', 'AttachmentCount']),
  );
  expect((await world.ramctl('policy list --type custom -o json')).json).toEqual([]);
  expect((await world.ramctl('policy list --type other')).code).toBe(2);
});

it('policy get has the document and who has it', async () => {
  await world.ramctl('policy attach ReadOnlyAccess --user bob');
  const { json } = await world.ramctl('policy get READONLYACCESS --version-id v2 -o json');
  expect(json).toMatchObject({ PolicyName: 'ReadOnlyAccess', VersionId: 'v2', Users: [{ UserName: 'bob' }] });
  expect(JSON.parse((json as { PolicyDocument: string }).PolicyDocument)).toHaveProperty('Statement');
  expect((await world.ramctl('policy get ReadOnlyAccess --version-id v1')).code).toBe(3);
  expect((await world.ramctl('policy get ReadOnlyAccess --version-id 1')).code).toBe(1);
  expect((await world.ramctl('policy get constructor')).code).toBe(3);
});

it('policy attach and detach take groups beside users, and say which of them had it already', async () => {
  await world.ramctl('group create ops --comments "on call"');
  const pair = { PolicyName: 'ReadOnlyAccess', Changed: true };
  const first = await world.ramctl('policy attach ReadOnlyAccess --group OPS --user alice --group ops -o json');
  expect([first.code, first.json, first.err]).toEqual([
    0,
    [
      { ...pair, UserName: 'alice' },
      { ...pair, GroupName: 'ops' },
    ],
    '',
  ]);
  const again = await world.ramctl('policy attach ReadOnlyAccess --group ops --user bob -o json');
  expect(again.json).toEqual([
    { ...pair, UserName: 'bob' },
    { ...pair, GroupName: 'ops', Changed: false },
  ]);
  expect(again.err).toMatch(/^remark: ReadOnlyAccess .* ops\n$/);
  expect((await world.ramctl('policy get ReadOnlyAccess -o json')).json).toMatchObject({
    AttachmentCount: 3,
    Users: [{ UserName: 'alice' }, { UserName: 'bob' }],
    Groups: [{ GroupName: 'ops', Comments: 'on call', AttachDate: '2026-01-01T00:00:04Z' }],
  });
  expect((await world.ramctl('group get ops -o json')).json).toMatchObject({
    Policies: [{ PolicyName: 'ReadOnlyAccess', PolicyType: 'System', AttachDate: '2026-01-01T00:00:04Z' }],
  });
  const before = await world.state();
  for (const words of ['--group ops --group nobody', '--user alice --group nobody', '--user nobody --group ops']) {
    expect((await world.ramctl(`policy detach ReadOnlyAccess ${words}`)).code).toBe(3);
  }
  expect(await world.state()).toEqual(before);
  for (const Changed of [true, false]) {
    const { json } = await world.ramctl('policy detach ReadOnlyAccess --group ops -o json');
    expect(json).toEqual([{ PolicyName: 'ReadOnlyAccess', GroupName: 'ops', Changed }]);
  }
  expect(await attached('alice')).toEqual(['ReadOnlyAccess']);
});
