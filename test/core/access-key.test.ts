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

it('a new AccessKey is active, its secret handed out once and kept under a seal bound to user and key', async () => {
  const made = await directory.createAccessKey({ UserName });
  expect(made).toMatchObject({ Status: 'Active', CreateDate: '2026-01-01T00:00:00Z' });
  expect(`${made.AccessKeyId} ${made.AccessKeySecret}`).toMatch(/^LTAI[A-Za-z0-9]{20} [A-Za-z0-9]{30}$/);
  const { Users } = await world.state();
  const [alice, bob] = [Users.get('alice'), Users.get('bob')];
  const [key] = alice?.AccessKeys ?? [];
  if (!alice || !bob || !key) throw new Error('they were made above');
  const open = (label: string) => createPlainVault().decrypt(key.SealedSecret, label);
  expect(open(secretLabel(alice, made.AccessKeyId))).toBe(made.AccessKeySecret);
  expect(() => open(secretLabel(bob, made.AccessKeyId))).toThrow(failure('broken', 'SealBroken'));
  expect(() => open(secretLabel(alice, 'LTAIother'))).toThrow(failure('broken', 'SealBroken'));
  const [shown] = await directory.listAccessKeys({ UserName });
  expect(shown).toEqual({
    AccessKeyId: key.AccessKeyId,
    Status: 'Active',
    CreateDate: key.CreateDate,
    LastUsedDate: null,
  });
});

it('a user has at most two, and the refusal names the one that is missed least', async () => {
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

it('a key of somebody else is as absent as one that never was', async () => {
  const { AccessKeyId } = await directory.createAccessKey({ UserName });
  const absent = failure('missing', 'EntityNotExist.User.AccessKey');
  for (const [name, UserAccessKeyId] of [
    ['bob', AccessKeyId],
    [UserName, AccessKeyId.slice(0, -1)],
  ] as const) {
    const ref = { UserName: name, UserAccessKeyId };
    await expect(directory.updateAccessKey({ ...ref, Status: 'Inactive' })).rejects.toThrow(absent);
    await expect(directory.deleteAccessKey(ref)).rejects.toThrow(absent);
    await expect(directory.getAccessKeyLastUsed(ref)).rejects.toThrow(absent);
  }
  expect(await directory.listAccessKeys({ UserName })).toMatchObject([{ Status: 'Active' }]);
});
