import { beforeEach, describe, expect, it } from 'vitest';
import { failure } from '../../support/failures.ts';
import { SUBJECTS, type Subject, today, withoutSetup } from './subjects.ts';

const Password = { plaintext: 'Correct-Horse-9', hash: '$argon2id$x' };

describe.each(SUBJECTS)('the account in %s', (_, open) => {
  let subject: Subject;
  let operations: Subject['operations'];
  beforeEach(async () => {
    subject = await open();
    ({ operations } = subject);
  });

  it('the alias is part of the logon names as soon as it is set, and until it is cleared', async () => {
    const { AccountId, DefaultDomain } = await operations.getAccount();
    expect([AccountId, DefaultDomain]).toEqual([expect.stringMatching(/^\d{16}$/), `${AccountId}.onaliyun.com`]);
    expect(await operations.getCallerIdentity()).toMatchObject({ AccountId });
    expect(await operations.getAccountAlias()).toEqual({ AccountAlias: null });
    const { UserPrincipalName } = await operations.createUser({ UserName: 'alice' });
    expect(UserPrincipalName).toBe(`alice@${DefaultDomain}`);
    await operations.setAccountAlias({ AccountAlias: 'acme' });
    expect(await operations.getAccountAlias()).toEqual({ AccountAlias: 'acme' });
    expect((await operations.getUser({ UserName: 'alice' })).UserPrincipalName).toBe('alice@acme.onaliyun.com');
    expect((await operations.createUser({ UserName: 'carol' })).UserPrincipalName).toBe('carol@acme.onaliyun.com');
    await expect(operations.setAccountAlias({ AccountAlias: '-' })).rejects.toThrow(
      failure('refused', 'InvalidParameter.AccountAlias.Length'),
    );
    await operations.clearAccountAlias();
    expect((await operations.getUser({ UserName: 'alice' })).UserPrincipalName).toBe(`alice@${DefaultDomain}`);
  });

  it('an update changes only the settings that are not undefined', async () => {
    const policy = await operations.getPasswordPolicy();
    expect(policy).toMatchObject({ MinimumPasswordLength: 8, RequireNumbers: false, MaxLoginAttemps: 5 });
    const update = { RequireNumbers: true, MaxPasswordAge: undefined };
    expect(await operations.setPasswordPolicy(update)).toEqual({ ...policy, RequireNumbers: true });
    const preference = await operations.getSecurityPreference();
    await operations.setSecurityPreference({ LoginNetworkMasks: '192.0.2.1', LoginSessionDuration: 1 });
    const changed = { ...preference, LoginNetworkMasks: '192.0.2.1', LoginSessionDuration: 1 };
    expect(await operations.setSecurityPreference({ EnableSaveMFATicket: undefined })).toEqual(changed);
    expect(await operations.setSecurityPreference({ LoginNetworkMasks: '' })).toEqual({
      ...changed,
      LoginNetworkMasks: '',
    });
    expect(await operations.getPasswordPolicy()).toEqual({ ...policy, RequireNumbers: true });
  });

  it('one invalid setting rejects all settings of the request', async () => {
    const before = await operations.getSecurityPreference();
    const change = operations.setSecurityPreference({ LoginSessionDuration: 2, LoginNetworkMasks: 'here' });
    await expect(change).rejects.toThrow(failure('refused', 'InvalidParameter.LoginNetworkMasks.Format'));
    expect(await operations.getSecurityPreference()).toEqual(before);
    await expect(operations.setPasswordPolicy({ MinimumPasswordLength: 7 })).rejects.toThrow(
      failure('refused', 'InvalidParameter.MinimumPasswordLength.Range'),
    );
  });

  it('the summary counts the entities and has the quotas', async () => {
    const before = await operations.getAccountSummary();
    expect(before).toMatchObject({ UsersQuota: 5000, AccessKeysPerUserQuota: 2, MFADevicesInUse: 0 });
    await operations.createUser({ UserName: 'alice' });
    await operations.createGroup({ GroupName: 'ops' });
    const { Users, Groups } = before;
    expect(await operations.getAccountSummary()).toEqual({ ...before, Users: Users + 1, Groups: Groups + 1 });
  });

  it('the credential report has one row for each user, sorted by name', async () => {
    for (const UserName of ['Zoe', 'alice', 'Carol']) await operations.createUser({ UserName });
    await operations.createLoginProfile({ UserName: 'alice', Password });
    await operations.createAccessKey({ UserName: 'Zoe' });
    const { DefaultDomain } = await operations.getAccount();
    const rows = await operations.getCredentialReport();
    const names = rows.map(({ user }) => user.replace(`@${DefaultDomain}`, ''));
    expect(withoutSetup(names)).toEqual(['alice', 'Carol', 'Zoe']);
    const date = today(subject);
    const empty = {
      user: `Carol@${DefaultDomain}`,
      user_creation_time: date,
      user_last_logon: null,
      password_exist: false,
      password_active: false,
      password_last_changed: null,
      password_next_rotation: null,
      mfa_active: false,
      access_key_1_exist: false,
      access_key_1_active: false,
      access_key_1_last_rotated: null,
      access_key_1_last_used: null,
      access_key_2_exist: false,
      access_key_2_active: false,
      access_key_2_last_rotated: null,
      access_key_2_last_used: null,
    };
    const password = { password_exist: true, password_active: true, password_last_changed: date };
    const key = { access_key_1_exist: true, access_key_1_active: true, access_key_1_last_rotated: date };
    const own = withoutSetup(names).map((name) => rows[names.indexOf(name)]);
    expect(own).toEqual([
      { ...empty, user: `alice@${DefaultDomain}`, ...password },
      empty,
      { ...empty, user: `Zoe@${DefaultDomain}`, ...key },
    ]);
  });
});
