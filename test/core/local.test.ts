import { expect, it } from 'vitest';
import { localDirectory } from '../../src/core/local.ts';
import { failure } from '../support/failures.ts';
import { TestWorld } from '../support/test-world.ts';

const UserName = 'alice';

it('dryRun discards changes but returns the same results and errors as the directory', async () => {
  const { directory } = new TestWorld();
  await directory.createUser({ UserName });
  const dryRun = directory.dryRun();
  await dryRun.reading((operations) => operations.createUser({ UserName: 'bob' }));
  const { value } = await dryRun.atomically(async (operations) => {
    await operations.createUser({ UserName: 'bob' });
    return operations.listUsers();
  });
  expect(value).toHaveLength(2);
  await expect(dryRun.createUser({ UserName })).rejects.toThrow(failure('refused', 'EntityAlreadyExists.User'));
  await dryRun.deleteUser({ UserName });
  expect(await directory.listUsers()).toMatchObject([{ UserName }]);
});

it('the first change stores the fingerprint of the vault key', async () => {
  const world = new TestWorld();
  await world.directory.createUser({ UserName });
  expect((await world.state()).Account.KeyFingerprint).toBe('test-key');
});

it('a dryRun works without a vault key and does not create one', async () => {
  const throwUnexpected = () => {
    throw new Error('a dry run must not use the vault');
  };
  const vault = {
    ensureKey: throwUnexpected,
    verifyKey: throwUnexpected,
    encrypt: throwUnexpected,
    decrypt: throwUnexpected,
    removeTempFiles: throwUnexpected,
  };
  const { store, clock, random } = new TestWorld();
  await localDirectory({ store, clock, random, vault })
    .dryRun()
    .atomically(async (operations) => {
      await operations.createUser({ UserName });
      expect(await operations.createAccessKey({ UserName })).toMatchObject({ Status: 'Active' });
    });
});

it('with HardExpiry only an administrator can change an expired password', async () => {
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
