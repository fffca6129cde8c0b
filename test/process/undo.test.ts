import { expect, it } from 'vitest';
import type { Change } from '../../src/core/history.ts';
import type { CreatedUser } from '../../src/core/workflows/provision.ts';
import { Home, parseError } from '../support/process.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

it('a user who was deleted yesterday is back, and the password and the AccessKey work again', async () => {
  const home = new Home();
  await home.json('group', 'create', 'ops');
  const userArgs = ['alice', '--console', '--access-key', '--password-reset', 'not-required', '--group', 'ops'];
  const created = await home.json<CreatedUser>('user', 'create', ...userArgs);
  const { AccessKeyId = '', AccessKeySecret = '' } = created.AccessKey ?? {};
  const verify = () => home.run(['ak', 'verify', AccessKeyId, '--secret-stdin'], { input: AccessKeySecret });
  const logOn = () =>
    home.run(['logon', created.UserPrincipalName, '--password-stdin'], { input: created.Password ?? '' });
  await home.json('user', 'delete', 'alice', '--cascade', '--yes');
  expect([(await verify()).code, (await logOn()).code]).toEqual([4, 4]);

  const [change] = await home.json<Change[]>('history', '--user', 'alice', '--limit', '1');
  const restored = await home.run(['undo', change?.ChangeId ?? '', '--yes'], { aheadMs: DAY_MS });
  expect([restored.code, restored.out]).toEqual([0, expect.stringContaining('user alice')]);
  expect([(await verify()).code, (await logOn()).code]).toEqual([0, 0]);
  expect((await home.json<CreatedUser>('user', 'get', 'alice')).Groups).toEqual(['ops']);
  expect((await home.run(['directory', 'check'])).code).toBe(0);
});

it('a deletion of more than 30 days ago cannot be undone', async () => {
  const home = new Home();
  await home.json('user', 'create', 'alice');
  await home.json('user', 'delete', 'alice', '--yes');
  const [change] = await home.json<Change[]>('history', '--limit', '1');
  const failed = await home.run(['undo', change?.ChangeId ?? '', '--yes', '-o', 'json'], { aheadMs: 31 * DAY_MS });
  expect([failed.code, failed.out, parseError(failed).Code]).toEqual([1, '', 'CannotUndo']);
});
