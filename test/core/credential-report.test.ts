import { beforeEach, expect, it } from 'vitest';
import type { CredentialReportRow, Directory } from '../../src/core/directory.ts';
import { TestWorld } from '../support/test-world.ts';

const UserName = 'alice';
const Password = { plaintext: 'Correct-Horse-9', hash: '$argon2id$x' };
let world: TestWorld;
let directory: Directory;
const row = async () => (await directory.getCredentialReport())[0] as CredentialReportRow;

beforeEach(async () => {
  world = new TestWorld();
  ({ directory } = world);
  await directory.createUser({ UserName });
});

it.each([
  [0, null],
  [1, '2026-01-02T00:00:00Z'],
  [90, '2026-04-01T00:00:00Z'],
])('with a MaxPasswordAge of %i the password is to change: %s', async (MaxPasswordAge, date) => {
  await directory.setPasswordPolicy({ MaxPasswordAge });
  expect((await row()).password_next_rotation).toBeNull();
  await directory.createLoginProfile({ UserName, Password });
  expect((await row()).password_next_rotation).toBe(date);
});

it('a password counts from when it was set, other settings aside', async () => {
  await directory.createLoginProfile({ UserName, Password });
  world.clock.step(60);
  await directory.updateLoginProfile({ UserName, Status: 'Inactive' });
  const first = { password_exist: true, password_active: false, password_last_changed: '2026-01-01T00:00:00Z' };
  expect(await row()).toMatchObject(first);
  await directory.updateLoginProfile({ UserName, Password, Status: 'Active' });
  await directory.setPasswordPolicy({ MaxPasswordAge: 1 });
  expect(await row()).toMatchObject({
    password_active: true,
    password_last_changed: '2026-01-01T00:01:00Z',
    password_next_rotation: '2026-01-02T00:01:00Z',
  });
});

it('keys have two places in the order of creation; when the first goes the second takes its place', async () => {
  const { AccessKeyId } = await directory.createAccessKey({ UserName });
  world.clock.step(60);
  await directory.createAccessKey({ UserName });
  await directory.updateAccessKey({ UserName, UserAccessKeyId: AccessKeyId, Status: 'Inactive' });
  const [first, second] = ['2026-01-01T00:00:00Z', '2026-01-01T00:01:00Z'];
  const one = { access_key_1_active: false, access_key_1_last_rotated: first };
  expect(await row()).toMatchObject({ ...one, access_key_2_active: true, access_key_2_last_rotated: second });
  await directory.deleteAccessKey({ UserName, UserAccessKeyId: AccessKeyId });
  const left = { access_key_1_active: true, access_key_1_last_rotated: second };
  expect(await row()).toMatchObject({ ...left, access_key_2_exist: false, access_key_2_last_rotated: null });
});

it('a device counts for whom it is bound to', async () => {
  await directory.createUser({ UserName: 'bob' });
  await directory.createVirtualMFADevice({ VirtualMFADeviceName: 'alice' });
  expect(await row()).toMatchObject({ mfa_active: false });
  const { UserId } = await directory.getUser({ UserName: 'bob' });
  await world.store.change(async ({ MFADevices }) => {
    Object.assign(MFADevices.get('alice') ?? {}, { Binding: { UserId, ActivateDate: '2026-01-01T00:00:00Z' } });
  });
  expect((await directory.getCredentialReport()).map(({ mfa_active }) => mfa_active)).toEqual([false, true]);
});
