import { expect, it } from 'vitest';
import { localDirectory } from '../../src/core/local.ts';
import { failure } from '../support/failures.ts';
import { TestWorld } from '../support/test-world.ts';

const UserName = 'alice';

it('neither reading nor a dryRun keeps anything, though both answer and refuse like the directory', async () => {
  const { directory } = new TestWorld();
  await directory.createUser({ UserName });
  const dryRun = directory.dryRun();
  for (const attempt of [directory.reading, dryRun.reading]) {
    await attempt((operations) => operations.createUser({ UserName: 'bob' }));
  }
  const { value } = await dryRun.atomically(async (operations) => {
    await operations.createUser({ UserName: 'bob' });
    return operations.listUsers();
  });
  expect(value).toHaveLength(2);
  await expect(dryRun.createUser({ UserName })).rejects.toThrow(failure('refused', 'EntityAlreadyExists.User'));
  await dryRun.deleteUser({ UserName });
  expect(await directory.listUsers()).toMatchObject([{ UserName }]);
});

it('the first change notes which key the directory is sealed with', async () => {
  const world = new TestWorld();
  await world.directory.createUser({ UserName });
  expect((await world.state()).Account.KeyFingerprint).toBe('test-key');
});

it('a dryRun works before there is a key, and makes none', async () => {
  const untouched = () => {
    throw new Error('nothing is sealed in a dryRun');
  };
  const vault = {
    ensureKey: untouched,
    verifyKey: untouched,
    encrypt: untouched,
    decrypt: untouched,
    removeTempFiles: untouched,
  };
  const { store, clock, random } = new TestWorld();
  await localDirectory({ store, clock, random, vault })
    .dryRun()
    .atomically(async (operations) => {
      await operations.createUser({ UserName });
      expect(await operations.createAccessKey({ UserName })).toMatchObject({ Status: 'Active' });
    });
});

it('an own password that has expired for good is changed by nobody but an administrator', async () => {
  const world = new TestWorld();
  const input = 'Correct-Horse-9';
  await world.ramctl('user create alice --console --password-stdin --password-reset not-required', { input });
  await world.ramctl('account settings set --hard-expiry true --max-password-age 1');
  world.clock.step(2 * 24 * 60 * 60);
  const change = { UserName: 'alice', OldPassword: input, NewPassword: 'Battery-Staple-8' };
  await expect(world.directory.changePassword(change)).rejects.toThrow(failure('denied', 'NoPermission'));
  await world.ramctl('account settings set --hard-expiry false');
  await world.directory.changePassword(change);
});
