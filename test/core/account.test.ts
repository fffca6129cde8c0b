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

it('settings change where they are named; what is undefined stays', async () => {
  const policy = await directory.getPasswordPolicy();
  expect(await directory.setPasswordPolicy({ RequireNumbers: true, MaxPasswordAge: undefined })).toEqual({
    ...policy,
    RequireNumbers: true,
  });
  const preference = await directory.getSecurityPreference();
  await directory.setSecurityPreference({ LoginNetworkMasks: '192.0.2.1', LoginSessionDuration: 1 });
  const changed = { ...preference, LoginNetworkMasks: '192.0.2.1', LoginSessionDuration: 1 };
  expect(await directory.setSecurityPreference({ EnableSaveMFATicket: undefined })).toEqual(changed);
  expect(await directory.setSecurityPreference({ LoginNetworkMasks: '' })).toEqual({
    ...changed,
    LoginNetworkMasks: '',
  });
  expect(await directory.getPasswordPolicy()).toEqual({ ...policy, RequireNumbers: true });
});

it.each([
  ['MinimumPasswordLength', 8, 32],
  ['MaxPasswordAge', 0, 1095],
  ['PasswordReusePrevention', 0, 24],
  ['MaxLoginAttemps', 0, 32],
] as const)('%s is a whole number from %i to %i', async (member, least, most) => {
  const set = (value: unknown) => directory.setPasswordPolicy({ [member]: value } as Partial<PasswordPolicy>);
  for (const value of [least, most]) expect(await set(value)).toMatchObject({ [member]: value });
  for (const value of [least - 1, most + 1, least + 0.5, Number.NaN, String(least), null]) {
    await expect(set(value)).rejects.toThrow(failure('refused', `InvalidParameter.${member}.Range`));
  }
  expect(await directory.getPasswordPolicy()).toMatchObject({ [member]: most });
});

it('with a bad value none of the good ones beside it is taken', async () => {
  const before = await world.state();
  const bad = directory.setSecurityPreference({ LoginSessionDuration: 2, LoginNetworkMasks: 'here' });
  await expect(bad).rejects.toThrow(failure('refused', 'InvalidParameter.LoginNetworkMasks.Format'));
  expect(await world.state()).toEqual(before);
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
