import { beforeEach, describe, expect, it } from 'vitest';
import { TestWorld } from '../../support/test-world.ts';

let world = new TestWorld();
const settings = async (): Promise<Record<string, unknown>> =>
  (await world.ramctl('account settings get -o json')).json;

beforeEach(() => {
  world = new TestWorld();
});

describe('account alias', () => {
  it('takes the place of the account id in every logon name and URL, until it is cleared', async () => {
    await world.ramctl('user create alice --console');
    const { AccountId } = (await world.state()).Account;
    const names = (domain: string) => ({
      AccountId,
      AccountAlias: domain === AccountId ? null : domain,
      DefaultDomain: `${domain}.onaliyun.com`,
      LogonUrl: `https://signin.alibabacloud.com/${domain}.onaliyun.com/login.htm`,
    });
    const follows = async (domain: string) => {
      const upn = `alice@${domain}.onaliyun.com`;
      const shown = async (line: string) => (await world.ramctl(`${line} -o json`)).json;
      expect(await shown('login get alice')).toMatchObject({
        UserPrincipalName: upn,
        LogonUrl: `https://signin.alibabacloud.com/login.htm?username=${upn}`,
      });
      expect(await shown('user get alice')).toMatchObject({ UserPrincipalName: upn });
      expect(await shown('report')).toMatchObject([{ user: upn }]);
      expect(await shown('overview')).toMatchObject(names(domain));
      expect(await shown('account alias')).toEqual(names(domain));
    };
    await follows(AccountId);
    for (const alias of ['acme', 'acme-cloud-2']) {
      const set = await world.ramctl(`account alias ${alias} -o json`);
      expect([set.code, set.json, set.err]).toEqual([
        0,
        names(alias),
        expect.stringContaining(`@${alias}.onaliyun.com`),
      ]);
      await follows(alias);
    }
    for (let n = 0; n < 2; n += 1) {
      const cleared = await world.ramctl('account alias --clear -o json');
      expect([cleared.code, cleared.json]).toEqual([0, names(AccountId)]);
    }
    await follows(AccountId);
  });

  it.each([
    ['ab', 1, 'InvalidParameter.AccountAlias.Length'],
    ['x'.repeat(33), 1, 'InvalidParameter.AccountAlias.Length'],
    ['""', 1, 'InvalidParameter.AccountAlias.Length'],
    ['Acme', 1, 'InvalidParameter.AccountAlias.Format'],
    ['acme--cloud', 1, 'InvalidParameter.AccountAlias.Format'],
    ['acme-', 1, 'InvalidParameter.AccountAlias.Format'],
    ['acme.cloud', 1, 'InvalidParameter.AccountAlias.Format'],
    ['acme --clear', 2, 'Usage'],
    ['acme cloud', 2, 'Usage'],
  ])('%s is refused', async (words, exit, Code) => {
    await world.ramctl('account alias before');
    const before = await world.state();
    expect(await world.ramctl(`account alias ${words} -o json`)).toMatchObject({
      code: exit,
      out: '',
      error: { Code },
    });
    expect(await world.state()).toEqual(before);
  });

  it.each(['abc', 'x'.repeat(32), '0-0'])('%s is one', async (alias) => {
    expect((await world.ramctl(`account alias ${alias}`)).code).toBe(0);
  });
});

describe('account settings', () => {
  const POLICY = {
    MinimumPasswordLength: 8,
    RequireLowercaseCharacters: false,
    RequireUppercaseCharacters: false,
    RequireNumbers: false,
    RequireSymbols: false,
    HardExpiry: false,
    MaxPasswordAge: 0,
    PasswordReusePrevention: 0,
    MaxLoginAttemps: 5,
  };
  const PREFERENCE = {
    EnableSaveMFATicket: false,
    AllowUserToChangePassword: true,
    AllowUserToManageAccessKeys: false,
    AllowUserToManageMFADevices: true,
    LoginSessionDuration: 6,
  };

  it('of a new account are RAM’s, with guessing limited', async () => {
    expect(await settings()).toMatchObject({ ...POLICY, ...PREFERENCE });
    expect((await world.ramctl('account settings get')).out).toMatch(/^MaxLoginAttemps +5$/m);
  });

  it.each([
    ['--minimum-password-length 32', { MinimumPasswordLength: 32 }],
    ['--require-lowercase-characters true', { RequireLowercaseCharacters: true }],
    ['--require-uppercase-characters yes', { RequireUppercaseCharacters: true }],
    ['--require-numbers 1', { RequireNumbers: true }],
    ['--require-symbols TRUE', { RequireSymbols: true }],
    ['--hard-expiry true', { HardExpiry: true }],
    ['--max-password-age 1095', { MaxPasswordAge: 1095 }],
    ['--password-reuse-prevention 24', { PasswordReusePrevention: 24 }],
    ['--max-login-attemps 0', { MaxLoginAttemps: 0 }],
    ['--enable-save-mfa-ticket true', { EnableSaveMFATicket: true }],
    ['--allow-user-to-change-password false', { AllowUserToChangePassword: false }],
    ['--allow-user-to-manage-access-keys true', { AllowUserToManageAccessKeys: true }],
    ['--allow-user-to-manage-mfa-devices no', { AllowUserToManageMFADevices: false }],
    ['--login-session-duration 24', { LoginSessionDuration: 24 }],
    ['--login-network-masks 192.0.2.0/24', { LoginNetworkMasks: '192.0.2.0/24' }],
    ['--require-numbers true --login-session-duration 1', { RequireNumbers: true, LoginSessionDuration: 1 }],
  ])('set %s changes that and nothing else', async (flags, changed) => {
    const before = await settings();
    const { code, json, err } = await world.ramctl(`account settings set ${flags} -o json`);
    expect([code, json, err]).toEqual([0, { ...before, ...changed }, '']);
    expect(await settings()).toEqual(json);
  });

  it.each([
    ['--minimum-password-length', [7, 33], 'MinimumPasswordLength'],
    ['--max-password-age', [1096], 'MaxPasswordAge'],
    ['--password-reuse-prevention', [25], 'PasswordReusePrevention'],
    ['--max-login-attemps', [33], 'MaxLoginAttemps'],
    ['--login-session-duration', [0, 25], 'LoginSessionDuration'],
  ])('%s beyond its range (%j) is refused, and what is named beside it', async (flag, values, Field) => {
    const before = await world.state();
    for (const value of values) {
      const line = `account settings set --require-numbers true ${flag} ${value} -o json`;
      const Code = `InvalidParameter.${Field}.Range`;
      expect(await world.ramctl(line)).toMatchObject({ code: 1, out: '', error: { Code, Field } });
    }
    expect(await world.state()).toEqual(before);
  });

  it.each(['', '--require-numbers maybe', '--minimum-password-length many', '--no-such-setting 1', 'excess'])(
    'set "%s" is a usage error',
    async (flags) => {
      expect(await world.ramctl(`account settings set ${flags} -o json`)).toMatchObject({ code: 2, out: '' });
    },
  );

  it.each([
    '192.0.2.1',
    '192.0.2.0/24;2001:db8::/32;::1',
    '0.0.0.0/0',
    Array.from({ length: 40 }, (_, n) => `10.0.0.${n}`).join(';'),
  ])('login network masks may be %s', async (masks) => {
    const { code } = await world.ramctl(['account', 'settings', 'set', '--login-network-masks', masks]);
    expect([code, await settings()]).toMatchObject([0, { LoginNetworkMasks: masks }]);
    expect((await world.ramctl('account settings set --login-network-masks ""')).code).toBe(0);
    expect((await settings()).LoginNetworkMasks || null).toBeNull();
  });

  it.each([
    ['192.0.2.0/33', 'Format'],
    ['2001:db8::/129', 'Format'],
    ['192.0.2', 'Format'],
    ['192.0.2.0/24;', 'Format'],
    ['192.0.2.0/', 'Format'],
    ['192.0.2.0/24/8', 'Format'],
    ['192.0.2.0/-1', 'Format'],
    ['192.0.2.0, 192.0.2.1', 'Format'],
    ['example.com', 'Format'],
    [Array.from({ length: 41 }, (_, n) => `10.0.0.${n}`).join(';'), 'Length'],
    [Array(14).fill('2001:db8:1111:2222:3333:4444:5555:6666').join(';'), 'Length'],
  ])('login network masks must not be %s', async (masks, complaint) => {
    const { code, error } = await world.ramctl([
      ...['account', 'settings', 'set', '--login-network-masks', masks, '-o', 'json'],
    ]);
    expect([code, error.Code]).toEqual([1, `InvalidParameter.LoginNetworkMasks.${complaint}`]);
  });

  it('bind generated passwords and those that are given', async () => {
    await world.ramctl('account settings set --minimum-password-length 32');
    const { json } = await world.ramctl('user create alice --console -o json --query Password');
    expect(json).toHaveLength(32);
    const weak = await world.ramctl('user create bob --console --password-stdin -o json', { input: 'x'.repeat(31) });
    expect([weak.code, weak.error.Code]).toEqual([1, 'InvalidParameter.Password.TooWeak']);
    expect((await world.ramctl('login set alice --password-stdin', { input: 'x'.repeat(32) })).code).toBe(0);
  });
});
