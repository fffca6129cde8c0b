import { beforeEach, describe, expect, it } from 'vitest';
import { TestWorld } from '../../support/test-world.ts';

let world = new TestWorld();
const login = async () => (await world.state()).Users.get('alice')?.LoginProfile;

beforeEach(async () => {
  world = new TestWorld();
  await world.ramctl('user create alice');
});

describe('login', () => {
  it('set enables console logon as user create would, and then changes only what is named', async () => {
    const first = await world.ramctl('login set alice --mfa required -o json');
    expect(first.json).toMatchObject({ Status: 'Active', PasswordResetRequired: true, MFABindRequired: true });
    expect(first.json).toHaveProperty('Password', expect.stringMatching(/^\S{20}$/));
    const before = await login();
    const second = await world.ramctl('login set alice --password-reset not-required -o json');
    expect(second.json).not.toHaveProperty('Password');
    expect(await login()).toEqual({ ...before, PasswordResetRequired: false });
    await world.ramctl('login set alice --password-stdin', { input: 'Correct-Horse-9' });
    expect(await login()).toMatchObject({ PasswordResetRequired: false, MFABindRequired: true });
    expect((await login())?.PasswordHash).not.toBe(before?.PasswordHash);
  });

  it('get has the contract’s members, the page to log on at among them', async () => {
    await world.ramctl('login set alice --generate-password');
    const { json } = await world.ramctl('login get ALICE -o json');
    expect(Object.keys(json).join(' ')).toBe(
      'UserName UserPrincipalName Status PasswordResetRequired MFABindRequired CreateDate LogonUrl',
    );
    expect(json).toMatchObject({ LogonUrl: expect.stringMatching(/^https:\/\/.*alice@\d{16}\.onaliyun\.com$/) });
  });

  it('disable keeps password and settings, enable brings them back, repeatedly', async () => {
    await world.ramctl('login set alice --generate-password --mfa required');
    const before = await login();
    for (const [word, Status] of [
      ['disable', 'Inactive'],
      ['disable', 'Inactive'],
      ['enable', 'Active'],
    ] as const) {
      expect((await world.ramctl(`login ${word} alice -o json`)).json).toMatchObject({ Status });
      expect(await login()).toEqual({ ...before, Status });
    }
  });

  it('delete removes logon and password', async () => {
    await world.ramctl('login set alice --generate-password');
    const { json } = await world.ramctl('login delete ALICE --yes -o json');
    expect(json).toEqual({ UserName: 'alice', UserId: expect.stringMatching(/^\d{18}$/) });
    expect(await login()).toBeUndefined();
  });

  it.each(['get alice', 'enable alice', 'disable alice', 'delete alice --yes', 'set bob --generate-password'])(
    '%s is exit 3 when there is none',
    async (line) => expect((await world.ramctl(`login ${line}`)).code).toBe(3),
  );

  it.each(['set', 'set alice', 'set alice --generate-password --password-stdin', 'set alice --password-file'])(
    '%s is a usage error',
    async (line) => expect((await world.ramctl(`login ${line}`, { input: 'x' })).code).toBe(2),
  );
});
