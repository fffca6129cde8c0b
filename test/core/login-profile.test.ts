import { beforeEach, expect, it } from 'vitest';
import type { Directory } from '../../src/core/directory.ts';
import { failure } from '../support/failures.ts';
import { TestWorld } from '../support/test-world.ts';

const UserName = 'alice';
const Password = { plaintext: 'Correct-Horse-9', hash: '$argon2id$first' };
let world: TestWorld;
let directory: Directory;
const record = async () => (await world.state()).Users.get('alice')?.LoginProfile;

beforeEach(async () => {
  world = new TestWorld();
  ({ directory } = world);
  await directory.createUser({ UserName });
});

it('an update changes only the given members', async () => {
  await directory.createLoginProfile({ UserName, Password, PasswordResetRequired: true });
  const before = await record();
  world.clock.step(60);
  await directory.updateLoginProfile({ UserName, MFABindRequired: true });
  await directory.updateLoginProfile({ UserName, Status: 'Inactive' });
  const changed = { ...before, MFABindRequired: true, Status: 'Inactive' };
  expect(await record()).toEqual(changed);
  await directory.updateLoginProfile({
    UserName,
    Password: { plaintext: 'Another-Horse-9', hash: '$argon2id$second' },
  });
  expect(await record()).toEqual({
    ...changed,
    PasswordHash: '$argon2id$second',
    PasswordDate: '2026-01-01T00:01:00Z',
  });
});

it('a weak password is rejected when logon is created and when it is updated', async () => {
  const tooWeak = failure('refused', 'InvalidParameter.Password.TooWeak');
  const weak = { plaintext: 'short', hash: '$argon2id$weak' };
  await expect(directory.createLoginProfile({ UserName, Password: weak })).rejects.toThrow(tooWeak);
  await directory.createLoginProfile({ UserName, Password });
  await expect(directory.updateLoginProfile({ UserName, Password: weak })).rejects.toThrow(tooWeak);
  expect(await record()).toMatchObject({ PasswordHash: Password.hash });
});
