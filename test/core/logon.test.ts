import { expect, it } from 'vitest';
import { localDirectory } from '../../src/core/local.ts';
import { createInitialState } from '../../src/core/state.ts';
import { systemRandom as random } from '../../src/system/random.ts';
import { MemoryStore } from '../support/memory-store.ts';
import { createPlainVault, SteppingClock, TEST_HASH_COST } from '../support/test-world.ts';

const PASSWORD = 'Correct-Horse-9';

it('a correct password is not counted as a failed attempt, even if a second passes while it is counted', async () => {
  const clock = new SteppingClock('2026-01-01T00:00:00Z');
  const movingClock = {
    now() {
      clock.step(1);
      return clock.now();
    },
  };
  const store = new MemoryStore(createInitialState(clock, random));
  const vault = createPlainVault();
  const directory = localDirectory({ store, clock: movingClock, random, vault, hashCost: TEST_HASH_COST });
  await directory.createUser({ UserName: 'alice' });
  const Password = await directory.hashPassword(PASSWORD);
  await directory.createLoginProfile({ UserName: 'alice', Password, PasswordResetRequired: false });
  const { AccountAlias } = await directory.getAccountAlias();
  const { AccountId } = await directory.getCallerIdentity();
  const logon = await directory.logOn(`alice@${AccountAlias ?? AccountId}`, PASSWORD);
  await logon.finish(undefined, () => {});
  await store.read(async ({ Users }) => {
    expect(Users.get('alice')?.LoginProfile).not.toHaveProperty('Attempts');
  });
});
