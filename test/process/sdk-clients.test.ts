import { expect, it } from 'vitest';
import { Home, parseError } from '../support/process.ts';
import { CLIENTS, type KeyPair, responseOrError } from '../support/sdk-clients.ts';
import { ServerProcess, startServer } from '../support/server-process.ts';

/** One client for each signature version. */
const CLIENT_PER_SIGNATURE = CLIENTS.filter(([name]) => /V3|GET/.test(name));

it.each(CLIENT_PER_SIGNATURE)('%s and the command line see the changes of each other', async (_, connect) => {
  const home = new Home();
  const { server, address, admin } = await startServer(home);
  expect(Object.keys(admin).sort()).toEqual(['AccessKeyId', 'AccessKeySecret', 'CreateDate', 'Status']);
  const call = connect(address, admin);

  const { User } = (await call('CreateUser', { UserName: 'alice', DisplayName: 'Alice A.' })) as { User: object };
  const unset = { Comments: '', Email: '', MobilePhone: '' };
  expect(User).toMatchObject(unset);
  const members = Object.keys(unset).map((name) => [name, null]);
  expect(await home.json('user', 'get', 'alice')).toMatchObject({ ...User, ...Object.fromEntries(members) });
  await call('CreateLoginProfile', { UserName: 'alice', Password: 'Correct-Horse-1' });
  expect(await home.json('login', 'get', 'alice')).toMatchObject({ Status: 'Active' });

  await home.json('user', 'create', 'bob', '--policy', 'AliyunRAMReadOnlyAccess');
  expect(await call('ListPoliciesForUser', { UserName: 'bob' })).toMatchObject({
    Policies: { Policy: [{ PolicyName: 'AliyunRAMReadOnlyAccess', PolicyType: 'System' }] },
  });
  const pair = await home.json<KeyPair>('ak', 'create', 'bob');
  const bob = connect(address, pair);
  expect(await bob('ListUsers')).toMatchObject({ Users: { User: [{}, User, { UserName: 'bob' }] } });
  expect(await responseOrError(bob('DeleteUser', { UserName: 'alice' }))).toBe('403 NoPermission');
  await home.json('ak', 'disable', 'bob', pair.AccessKeyId);
  expect(await responseOrError(bob('ListUsers'))).toBe('400 InvalidAccessKeyId.Inactive');

  const { code, err } = await server.stop();
  expect(code).toBe(0);
  expect(err).toMatch(/^\S+Z [0-9A-F-]{36} admin CreateLoginProfile 200 \d+ms$/m);
  expect(err).toMatch(/^\S+Z [0-9A-F-]{36} bob DeleteUser 403 NoPermission \d+ms$/m);
  for (const secret of [admin.AccessKeySecret, pair.AccessKeySecret, 'Correct-Horse-1', 'Signature=']) {
    expect(err).not.toContain(secret);
  }
  const used = await home.json('ak', 'last-used', 'bob', pair.AccessKeyId);
  expect(used).toMatchObject({ LastUsedDate: expect.stringMatching(/Z$/) });
});

it('a restarted server serves the same directory, and --bootstrap fails for it', async () => {
  const home = new Home();
  const [[, connect] = []] = CLIENTS;
  const { server, admin } = await startServer(home);
  expect((await server.stop('SIGINT')).code).toBe(0);
  const second = new ServerProcess(home, ['serve', '--port', '0', '-o', 'json']);
  const { Address, ...rest } = JSON.parse(await second.readyLine());
  expect(rest).toEqual({});
  const call = connect?.(Address, admin);
  expect(await call?.('GetUser', { UserName: 'admin' })).toMatchObject({ User: { UserName: 'admin' } });
  const again = await home.ramctl(['serve', '--port', '0', '--bootstrap', '-o', 'json']);
  expect([again.code, again.out, parseError(again).Code]).toEqual([1, '', 'DirectoryNotEmpty']);
});
