import { beforeEach, describe, expect, it } from 'vitest';
import type { CreatedUser } from '../../../src/core/workflows/provision.ts';
import { TestWorld } from '../../support/test-world.ts';

let world = new TestWorld();
const userNames = async () => Array.from((await world.state()).Users.values(), ({ UserName }) => UserName);

beforeEach(() => {
  world = new TestWorld();
});

describe('user create', () => {
  it.each([
    ['', false, false],
    ['--console', true, false],
    ['--access-key', false, true],
    ['--console --access-key', true, true],
    ['--console --access-key --policy ReadOnlyAccess --policy adminiSTRATORaccess --mfa required', true, true],
  ])('with "%s" creates what the options name and shows its secrets once', async (flags, logon, key) => {
    const { code, json, err } = await world.ramctl(`user create alice ${flags} -o json`);
    const created: CreatedUser = json;
    expect(code).toBe(0);
    expect(created.Policies.map(({ PolicyName }) => PolicyName)).toEqual(
      flags.includes('--policy') ? ['ReadOnlyAccess', 'AdministratorAccess'] : [],
    );
    const settings = { Status: 'Active', PasswordResetRequired: true, MFABindRequired: flags.includes('--mfa') };
    expect(created.LoginProfile).toEqual(logon ? { ...settings, CreateDate: created.CreateDate } : null);
    expect(created.Password ?? '').toMatch(logon ? /^[A-Za-z][A-Za-z0-9!@%^*_]{19}$/ : /^$/);
    expect(created.AccessKeys).toHaveLength(key ? 1 : 0);
    expect(Object.keys(created.AccessKey ?? {})).toEqual(
      key ? ['AccessKeyId', 'AccessKeySecret', 'Status', 'CreateDate'] : [],
    );
    expect(err.includes('recommends one access mode')).toBe(logon && key);
    const { Password, AccessKey, LogonUrl, ...rest } = created;
    const url = `https://signin.alibabacloud.com/login.htm?username=${created.UserPrincipalName}`;
    expect(LogonUrl).toBe(logon ? url : undefined);
    expect((await world.ramctl('user get ALICE -o json')).json).toEqual(rest);
    for (const line of ['user get alice', 'user list', 'login get alice', 'ak list alice']) {
      for (const format of ['table', 'json', 'yaml', 'csv']) {
        const { out } = await world.ramctl(`${line} -o ${format}`);
        for (const secret of [Password, AccessKey?.AccessKeySecret]) if (secret) expect(out).not.toContain(secret);
      }
    }
  });

  it('prints every member in a fixed order, and null for absent values', async () => {
    const { json } = await world.ramctl('user create alice --comments "on call" -o json');
    expect(Object.keys(json)).toEqual(
      (
        'UserId UserName UserPrincipalName DisplayName Comments Email MobilePhone CreateDate UpdateDate LastLoginDate ' +
        'Tags LoginProfile MFADevice AccessKeys Groups Policies'
      ).split(' '),
    );
    expect(json).toMatchObject({ Comments: 'on call', Email: null, LoginProfile: null, MFADevice: null, Groups: [] });
  });

  it.each([
    ['--password-stdin', { input: 'Correct-Horse-9\r\n' }, 'Correct-Horse-9'],
    ['--password-file pw', { files: { pw: 'Correct-Horse-9 \n' } }, 'Correct-Horse-9 '],
    ['--password-file -', { input: 'Correct-Horse-9' }, 'Correct-Horse-9'],
  ])('reads a password with %s, removes one line end and never shows it', async (flags, situation, password) => {
    const line = `user create alice --console ${flags} --password-reset not-required`;
    const { code, out, err } = await world.ramctl(line, situation);
    expect([code, err]).toEqual([0, '']);
    expect(out).not.toContain('Correct-Horse-9');
    const { verify } = await import('@node-rs/argon2');
    const login = (await world.state()).Users.get('alice')?.LoginProfile;
    expect(login?.PasswordResetRequired).toBe(false);
    expect(await verify(login?.PasswordHash ?? '', password)).toBe(true);
  });

  it('remarks on a password file that others can read and on a weak password', async () => {
    const situation = { files: { pw: 'onlylowercase\n' }, isReadableByOthers: true };
    const { code, err } = await world.ramctl('user create alice --console --password-file pw', situation);
    expect([code, err]).toEqual([
      0,
      expect.stringMatching(/^remark: others can read pw.*\nremark: The password is weak. .*\n$/),
    ]);
  });

  it.each([
    ['a weak password', '--console --password-stdin', 1, 'InvalidParameter.Password.TooWeak'],
    ['an unknown policy', '--access-key --policy Nope', 3, 'EntityNotExist.Policy'],
    ['a bad address', '--access-key --email nobody', 1, 'InvalidParameter.Email.Format'],
    ['a missing password file', '--console --password-file gone', 3, 'FileNotFound'],
    ['two passwords', '--console --password-stdin --password-file pw', 2, 'Usage'],
    ['settings without console logon', '--mfa required', 2, 'Usage'],
    ['a password without console logon', '--password-stdin', 2, 'Usage'],
    ['an unknown requirement', '--console --mfa maybe', 2, 'Usage'],
    ['two names', 'bob', 2, 'Usage'],
  ])('with %s creates nothing', async (_, flags, exit, Code) => {
    const { code, out, error } = await world.ramctl(`user create alice ${flags} -o json`, { input: 'weak' });
    expect([code, out, error.Code]).toEqual([exit, '', Code]);
    expect(await userNames()).toEqual([]);
  });

  it('refuses a name that exists; with --if-not-exists it prints the existing user', async () => {
    await world.ramctl('user create Alice --access-key');
    const before = await world.state();
    expect((await world.ramctl('user create alice -o json')).error.Code).toBe('EntityAlreadyExists.User');
    const again = await world.ramctl('user create alice --console --access-key --if-not-exists -o json');
    expect([again.code, again.err]).toEqual([0, '']);
    expect(again.json).toEqual((await world.ramctl('user get Alice -o json')).json);
    expect(await world.state()).toEqual(before);
    const line = 'user create bob --access-key --if-not-exists --secret-to file:bob.env';
    for (let n = 0; n < 2; n += 1) expect(await world.ramctl(line)).toMatchObject({ code: 0, err: '' });
    expect(await userNames()).toEqual(['Alice', 'bob']);
  });

  it('with --dry-run prints the user without secrets and ids, and creates nothing', async () => {
    await world.ramctl('user create bob');
    const before = await world.state();
    const line = 'user create alice --console --access-key --policy ReadOnlyAccess --dry-run -o';
    const { code, out, json, err } = await world.ramctl(`${line} json`);
    expect([code, err]).toEqual([0, 'remark: This was a dry run. Nothing was created.\n']);
    expect(json).toMatchObject({
      UserName: 'alice',
      LoginProfile: { Status: 'Active' },
      AccessKeys: [{ Status: 'Active' }],
    });
    expect(out).not.toMatch(/"(UserId|AccessKeyId|AccessKeySecret|Password)"|LTAI/);
    for (const format of ['table', 'yaml', 'csv']) {
      const { code, out } = await world.ramctl(`${line} ${format}`);
      expect([format, code, out]).toEqual([format, 0, expect.not.stringMatching(/LTAI|Secret/)]);
    }
    expect(await world.state()).toEqual(before);
    expect((await world.ramctl('user create BOB --dry-run')).code).toBe(1);
    expect((await world.ramctl('user create alice --policy Nope --dry-run')).code).toBe(3);
    expect((await world.ramctl('user create alice --access-key --dry-run --secret-to file:x.txt')).code).toBe(2);
    expect((await world.ramctl('user create alice --access-key --dry-run --secret-to file:x.env')).code).toBe(0);
    expect([...world.delivered, ...world.openPaths]).toEqual([]);
    expect((await world.ramctl('user create bob --if-not-exists --dry-run')).code).toBe(0);
    expect(await world.state()).toEqual(before);
  });

  it('adds the user to each group once, in the same transaction', async () => {
    for (const name of ['ops', 'Dev']) await world.ramctl(`group create ${name}`);
    const { code, json } = await world.ramctl('user create alice --group OPS --group dev --group ops -o json');
    expect([code, json]).toMatchObject([0, { Groups: ['Dev', 'ops'], Policies: [] }]);
    expect((await world.ramctl('group get ops -o json')).json).toMatchObject({ Users: [{ UserName: 'alice' }] });
    expect((await world.ramctl('user get alice')).out).toMatch(/^Groups +Dev\n +ops\n/m);
    const before = await world.state();
    const dry = await world.ramctl('user create bob --group ops --dry-run -o json');
    expect([dry.code, dry.json]).toMatchObject([0, { Groups: ['ops'] }]);
    const failed = await world.ramctl('user create bob --access-key --group ops --group nothing -o json');
    expect([failed.code, failed.out, failed.error.Code]).toEqual([3, '', 'EntityNotExist.Group']);
    const again = await world.ramctl('user create alice --group nothing --if-not-exists -o json');
    expect([again.code, again.json]).toMatchObject([0, { Groups: ['Dev', 'ops'] }]);
    expect(await world.state()).toEqual(before);
  });

  it('refuses an eleventh group', async () => {
    const flags: string[] = [];
    for (let n = 1; n <= 11; n += 1) {
      await world.ramctl(`group create g${n}`);
      flags.push(`--group g${n}`);
    }
    const line = (name: string, count: number) => `user create ${name} ${flags.slice(0, count).join(' ')} -o json`;
    expect((await world.ramctl(line('alice', 11))).error).toMatchObject({ Code: 'LimitExceeded.User.Group' });
    expect(await userNames()).toEqual([]);
    expect((await world.ramctl(line('alice', 10))).code).toBe(0);
    const { code, error } = await world.ramctl('group add g11 alice -o json');
    expect([code, error.Code, error.Hint]).toEqual([1, 'LimitExceeded.User.Group', expect.stringContaining('alice')]);
  });

  it.each(['__proto__', 'constructor'])('creates, shows and deletes a user with the name %s', async (name) => {
    expect((await world.ramctl(`user create ${name} --access-key`)).code).toBe(0);
    expect((await world.ramctl('user list -o json')).json).toMatchObject([{ UserName: name, AccessKeys: 1 }]);
    expect((await world.ramctl(`user delete ${name} --cascade --yes`)).code).toBe(0);
    expect(await userNames()).toEqual([]);
  });
});
