import { beforeEach, expect, it } from 'vitest';
import { secretLabel } from '../../src/core/access-key.ts';
import type { Directory } from '../../src/core/directory.ts';
import { failure } from '../support/failures.ts';
import { createPlainVault, TestWorld } from '../support/test-world.ts';

const UserName = 'alice';
let world: TestWorld;
let directory: Directory;

beforeEach(async () => {
  world = new TestWorld();
  ({ directory } = world);
  for (const name of [UserName, 'bob']) await directory.createUser({ UserName: name });
});

it('a new AccessKey is active, and its secret is returned once and stored encrypted for this user and key', async () => {
  const created = await directory.createAccessKey({ UserName });
  expect(created).toMatchObject({ Status: 'Active', CreateDate: '2026-01-01T00:00:00Z' });
  expect(`${created.AccessKeyId} ${created.AccessKeySecret}`).toMatch(/^LTAI[A-Za-z0-9]{20} [A-Za-z0-9]{30}$/);
  const { Users } = await world.state();
  const [alice, bob] = [Users.get('alice'), Users.get('bob')];
  const [key] = alice?.AccessKeys ?? [];
  if (!alice || !bob || !key) throw new Error('the users or the key are missing');
  const decrypt = (label: string) => createPlainVault().decrypt(key.SealedSecret, label);
  expect(decrypt(secretLabel(alice, created.AccessKeyId))).toBe(created.AccessKeySecret);
  expect(() => decrypt(secretLabel(bob, created.AccessKeyId))).toThrow(failure('broken', 'SealBroken'));
  expect(() => decrypt(secretLabel(alice, 'LTAIother'))).toThrow(failure('broken', 'SealBroken'));
  const [listed] = await directory.listAccessKeys({ UserName });
  expect(listed).toEqual({
    AccessKeyId: key.AccessKeyId,
    Status: 'Active',
    CreateDate: key.CreateDate,
    LastUsedDate: null,
  });
});

it('a third AccessKey is refused, and the hint deletes the key that is needed least', async () => {
  const ids: string[] = [];
  for (let n = 0; n < 2; n += 1) ids.push((await directory.createAccessKey({ UserName })).AccessKeyId);
  const [first, second = ''] = ids;
  await directory.updateAccessKey({ UserName, UserAccessKeyId: second, Status: 'Inactive' });
  const third = directory.createAccessKey({ UserName });
  await expect(third).rejects.toThrow(failure('refused', 'LimitExceeded.User.AccessKey'));
  const { Hint } = (await third.catch((error) => error)).details;
  expect(Hint).toContain(`ramctl ak delete alice ${second}`);
  expect(Hint).not.toContain(`ramctl ak delete alice ${first}`);
  await directory.createAccessKey({ UserName: 'bob' });
  await directory.deleteAccessKey({ UserName, UserAccessKeyId: second });
  expect(ids).not.toContain((await directory.createAccessKey({ UserName })).AccessKeyId);
});
