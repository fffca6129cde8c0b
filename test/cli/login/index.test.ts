import { beforeEach, describe, expect, it } from 'vitest';
import { TestWorld } from '../../support/test-world.ts';

let world = new TestWorld();
const readProfile = async () => (await world.state()).Users.get('alice')?.LoginProfile;

beforeEach(async () => {
  world = new TestWorld();
  await world.ramctl('user create alice');
});

describe('login', () => {
  it('set enables console logon like user create, and later changes only the given settings', async () => {
    const first = await world.ramctl('login set alice --mfa required -o json');
    expect(first.json).toMatchObject({ Status: 'Active', PasswordResetRequired: true, MFABindRequired: true });
    expect(first.json).toHaveProperty('Password', expect.stringMatching(/^\S{20}$/));
    const before = await readProfile();
    const second = await world.ramctl('login set alice --password-reset not-required -o json');
    expect(second.json).not.toHaveProperty('Password');
    expect(await readProfile()).toEqual({ ...before, PasswordResetRequired: false });
    await world.ramctl('login set alice --password-stdin', { input: 'Correct-Horse-9' });
    expect(await readProfile()).toMatchObject({ PasswordResetRequired: false, MFABindRequired: true });
    expect((await readProfile())?.PasswordHash).not.toBe(before?.PasswordHash);
  });

  it('get prints the logon settings with the URL of the logon page', async () => {
    await world.ramctl('login set alice --generate-password');
    const { json } = await world.ramctl('login get ALICE -o json');
    expect(Object.keys(json).join(' ')).toBe(
      'UserName UserPrincipalName Status PasswordResetRequired MFABindRequired CreateDate LogonUrl',
    );
    expect(json).toMatchObject({ LogonUrl: expect.stringMatching(/^https:\/\/.*alice@\d{16}\.onaliyun\.com$/) });
  });

  it('disable keeps password and settings, enable reactivates them, and both can be repeated', async () => {
    await world.ramctl('login set alice --generate-password --mfa required');
    const before = await readProfile();
    for (const [word, Status] of [
      ['disable', 'Inactive'],
      ['disable', 'Inactive'],
      ['enable', 'Active'],
    ] as const) {
      expect((await world.ramctl(`login ${word} alice -o json`)).json).toMatchObject({ Status });
      expect(await readProfile()).toEqual({ ...before, Status });
    }
  });

  it('delete removes console logon and password', async () => {
    await world.ramctl('login set alice --generate-password');
    const { json } = await world.ramctl('login delete ALICE --yes -o json');
    expect(json).toEqual({ UserName: 'alice', UserId: expect.stringMatching(/^\d{18}$/) });
    expect(await readProfile()).toBeUndefined();
  });

  it.each(['get alice', 'enable alice', 'disable alice', 'delete alice --yes', 'set bob --generate-password'])(
    '%s ends with exit code 3 if console logon does not exist',
    async (line) => expect((await world.ramctl(`login ${line}`)).code).toBe(3),
  );

  it.each(['set', 'set alice', 'set alice --generate-password --password-stdin', 'set alice --password-file'])(
    'login %s is a usage error',
    async (line) => expect((await world.ramctl(`login ${line}`, { input: 'x' })).code).toBe(2),
  );
});
