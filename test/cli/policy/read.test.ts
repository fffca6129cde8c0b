import { beforeEach, expect, it } from 'vitest';
import { TestWorld } from '../../support/test-world.ts';

let world = new TestWorld();

beforeEach(async () => {
  world = new TestWorld();
  await world.ramctl('user create bob');
});

it('policy list finds policies by name, description and type', async () => {
  const { json } = await world.ramctl('policy list IoT -o json');
  expect((json as { PolicyName: string }[]).map(({ PolicyName }) => PolicyName)).toContain('AliyunIOTReadOnlyAccess');
  expect(Object.keys(json[0] ?? {})).toEqual(
    expect.arrayContaining(['PolicyName', 'PolicyType', 'Description', 'DefaultVersion', 'AttachmentCount']),
  );
  expect((await world.ramctl('policy list --type custom -o json')).json).toEqual([]);
  expect((await world.ramctl('policy list --type other')).code).toBe(2);
});

it('policy get prints the document and the users', async () => {
  await world.ramctl('policy attach ReadOnlyAccess --user bob');
  const { json } = await world.ramctl('policy get READONLYACCESS --version-id v2 -o json');
  expect(json).toMatchObject({ PolicyName: 'ReadOnlyAccess', VersionId: 'v2', Users: [{ UserName: 'bob' }] });
  expect(JSON.parse((json as { PolicyDocument: string }).PolicyDocument)).toHaveProperty('Statement');
  expect((await world.ramctl('policy get ReadOnlyAccess --version-id v1')).code).toBe(3);
  expect((await world.ramctl('policy get ReadOnlyAccess --version-id 1')).code).toBe(1);
  expect((await world.ramctl('policy get constructor')).code).toBe(3);
});
