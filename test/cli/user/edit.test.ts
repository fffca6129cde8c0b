import { expect, it } from 'vitest';
import { TestWorld } from '../../support/test-world.ts';

it('user edit changes the named fields, removes empty ones and prints the new logon name', async () => {
  const world = new TestWorld();
  await world.ramctl('user create alice --console --access-key --comments ops --email alice@example.com');
  const { AccessKeys } = (await world.ramctl('user get alice -o json')).json;
  const edited = await world.ramctl('user edit ALICE --name alice.li --comments "" --display-name "Alice Li" -o json');
  expect(edited.json).toMatchObject({
    UserName: 'alice.li',
    DisplayName: 'Alice Li',
    Comments: null,
    Email: 'alice@example.com',
    AccessKeys,
    LoginProfile: { Status: 'Active' },
  });
  expect(edited.err).toContain('alice.li@');
  expect((await world.ramctl('user get alice')).code).toBe(3);
  expect((await world.ramctl('user edit alice.li -o json')).error.Code).toBe('Usage');
  expect((await world.ramctl('user edit --comments x -o json')).error.Code).toBe('Usage');
  expect((await world.ramctl('user edit bob --comments x -o json')).error.Code).toBe('EntityNotExist.User');
});

it('user edit --name keeps groups and policies, and remarks on custom policies with the old name', async () => {
  const world = new TestWorld();
  const buildDocument = (resource: string) =>
    JSON.stringify({ Version: '1', Statement: [{ Effect: 'Allow', Action: 'ram:*', Resource: resource }] });
  const files = { alice: buildDocument('acs:ram:*:*:user/alice'), other: buildDocument('acs:ram:*:*:user/alice2') };
  await world.ramctl('group create ops');
  await world.ramctl('policy create Names --document alice', { files });
  await world.ramctl('policy create Other --document other', { files });
  await world.ramctl('policy create Named --document alice', { files });
  await world.ramctl('policy edit Named --document other', { files });
  await world.ramctl('user create alice --group ops --policy Names');
  expect((await world.ramctl('user edit alice --name alice --comments x')).err).toBe('');
  const before = (await world.ramctl('user get alice -o json')).json as object;
  const { code, json, err } = await world.ramctl('user edit alice --name alice.li -o json');
  expect([code, json]).toEqual([
    0,
    {
      ...before,
      UserName: 'alice.li',
      UserPrincipalName: expect.stringMatching(/^alice\.li@/),
      UpdateDate: expect.any(String),
    },
  ]);
  expect(err.match(/^remark: .*$/gm)).toEqual([expect.stringMatching(/Names .*alice\.li/)]);
  expect((await world.ramctl('group get ops -o json')).json).toMatchObject({ Users: [{ UserName: 'alice.li' }] });
  expect((await world.ramctl('user edit alice.li --name ALICE.li')).err).toBe('');
});
