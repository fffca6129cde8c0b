import { beforeEach, expect, it } from 'vitest';
import type { Directory } from '../../src/core/directory.ts';
import type { PasswordPolicy } from '../../src/core/state.ts';
import { failure } from '../support/failures.ts';
import { TestWorld } from '../support/test-world.ts';

let world: TestWorld;
let directory: Directory;

beforeEach(() => {
  world = new TestWorld();
  ({ directory } = world);
});

it.each([
  ['MinimumPasswordLength', 8, 32],
  ['MaxPasswordAge', 0, 1095],
  ['PasswordReusePrevention', 0, 24],
  ['MaxLoginAttemps', 0, 32],
] as const)('%s is a whole number from %i to %i', async (setting, min, max) => {
  const set = (value: unknown) => directory.setPasswordPolicy({ [setting]: value } as Partial<PasswordPolicy>);
  for (const value of [min, max]) expect(await set(value)).toMatchObject({ [setting]: value });
  for (const value of [min - 1, max + 1, min + 0.5, Number.NaN, String(min), null]) {
    await expect(set(value)).rejects.toThrow(failure('refused', `InvalidParameter.${setting}.Range`));
  }
  expect(await directory.getPasswordPolicy()).toMatchObject({ [setting]: max });
});

it('the caller is the owner of the account', async () => {
  const { AccountId } = (await world.state()).Account;
  expect(AccountId).toMatch(/^1\d{15}$/);
  expect(await directory.getCallerIdentity()).toEqual({
    AccountId,
    IdentityType: 'Account',
    Arn: `acs:ram::${AccountId}:root`,
  });
});
