import { verify } from '@node-rs/argon2';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Problem } from '../../../src/core/failure.ts';
import type { CreatedUser } from '../../../src/core/workflows/provision.ts';
import { type RunOptions, TestWorld } from '../../support/test-world.ts';

const files: Record<string, string> = {
  'users.csv':
    'UserName,DisplayName,Comments,Email,MobilePhone,Console,AccessKey,Password,PasswordReset,MFA,Groups,Policies\n' +
    'zoe,"Li, Zoe",on call,zoe@example.com,86-13800000000,yes,,,not-required,required,ops;dev,ReadOnlyAccess;Own\n' +
    'Adam,,,,,,true,,,,OPS,\n' +
    '\n' +
    'mia,,,,,1,no,Correct-Horse-9,,,,\n',
  'users.json': JSON.stringify([
    {
      UserName: 'zoe',
      DisplayName: 'Li, Zoe',
      Comments: 'on call',
      Email: 'zoe@example.com',
      MobilePhone: '86-13800000000',
      Console: true,
      PasswordReset: false,
      MFA: true,
      Groups: ['ops', 'dev'],
      Policies: ['ReadOnlyAccess', 'Own'],
    },
    { UserName: 'Adam', AccessKey: true, Groups: ['OPS'] },
    { UserName: 'mia', Console: true, AccessKey: false, Password: 'Correct-Horse-9' },
  ]),
  'users.yaml': `
- UserName: zoe
  DisplayName: Li, Zoe
  Comments: on call
  Email: zoe@example.com
  MobilePhone: 86-13800000000
  Console: yes
  PasswordReset: not-required
  MFA: required
  Groups: [ops, dev]
  Policies: ReadOnlyAccess;Own
- { UserName: Adam, AccessKey: true, Groups: OPS }
- UserName: mia
  Console: true
  Password: Correct-Horse-9
`,
  'keys.csv': 'UserName,AccessKey\nzoe,true\nAdam,true\n',
  'names.csv': 'UserName,Groups\nzoe,ops\nAdam,\n',
};
files['users.jsonl'] = (JSON.parse(files['users.json'] ?? '') as object[])
  .map((user) => JSON.stringify(user))
  .join('\n');

let world = new TestWorld();
const ramctl = (line: string, situation: RunOptions = {}) => world.ramctl(line, { files, ...situation });
const names = async () => Array.from((await world.state()).Users.values(), ({ UserName }) => UserName);
const findSecrets = (users: CreatedUser[]) =>
  users
    .flatMap(({ Password, AccessKey }) => [Password, AccessKey?.AccessKeySecret])
    .filter((text) => text !== undefined);

beforeEach(async () => {
  world = new TestWorld();
  for (const line of ['user create bob', 'group create ops', 'group create dev']) await ramctl(line);
  const input = '{"Version":"1","Statement":[{"Effect":"Allow","Action":"iot:*","Resource":"*"}]}';
  await ramctl('policy create Own --document -', { input });
});

describe('user import', () => {
  it.each([
    ...['users.csv', 'users.json', 'users.jsonl', 'users.yaml'].map((path) => [path, {}] as const),
    ...['users.csv', 'users.json', 'users.jsonl', 'users.yaml'].map(
      (path) => [`- # ${path}`, { input: files[path]?.trimStart() ?? '' }] as const,
    ),
  ])('of %s creates every user with all named values, in the order of the file', async (path, situation) => {
    const { code, json } = await ramctl(`user import ${path.replace(/ #.*/, '')} -o json`, situation);
    const created = json as CreatedUser[];
    expect(code).toBe(0);
    expect(created).toMatchObject([
      {
        UserName: 'zoe',
        DisplayName: 'Li, Zoe',
        Comments: 'on call',
        Email: 'zoe@example.com',
        MobilePhone: '86-13800000000',
        LoginProfile: { Status: 'Active', PasswordResetRequired: false, MFABindRequired: true },
        Password: expect.stringMatching(/^[A-Za-z][A-Za-z0-9!@%^*_]{19}$/),
        AccessKeys: [],
        Groups: ['dev', 'ops'],
        Policies: [{ PolicyName: 'ReadOnlyAccess' }, { PolicyName: 'Own' }],
      },
      {
        UserName: 'Adam',
        DisplayName: null,
        Comments: null,
        LoginProfile: null,
        AccessKeys: [{ Status: 'Active' }],
        Groups: ['ops'],
        AccessKey: { AccessKeySecret: expect.stringMatching(/^[A-Za-z0-9]{30}$/), Status: 'Active' },
      },
      { UserName: 'mia', LoginProfile: { PasswordResetRequired: true, MFABindRequired: false }, Groups: [] },
    ]);
    expect(created[2]).not.toHaveProperty('Password');
    expect(findSecrets(created)).toHaveLength(2);
    for (const { Password, AccessKey, LogonUrl, ...rest } of created) {
      expect(LogonUrl !== undefined).toBe(rest.LoginProfile !== null);
      expect((await ramctl(`user get ${rest.UserName} -o json`)).json).toEqual(rest);
    }
    const hash = async (name: string) => (await world.state()).Users.get(name)?.LoginProfile?.PasswordHash ?? '';
    expect(await verify(await hash('zoe'), created[0]?.Password ?? '')).toBe(true);
    expect(await verify(await hash('mia'), 'Correct-Horse-9')).toBe(true);
  });

  it.each(['-o json', '-o yaml', '-o csv'])('prints a list also for one row with "%s"', async (format) => {
    const { code, out } = await ramctl(`user import - --secret-to stdout ${format}`, { input: 'UserName\neve\n' });
    const { out: got } = await ramctl(`user get eve ${format}`);
    if (format === '-o json') expect(JSON.parse(out)).toEqual([JSON.parse(got)]);
    else if (format === '-o yaml') expect(out).toMatch(/^- UserId: /);
    else expect(out).toBe(got);
    expect(code).toBe(0);
  });

  it('lists the errors of every row and creates no user', async () => {
    const rows = [
      'UserName,Email,Console,Password,Groups,Policies',
      'fine,,,,,',
      'x1,nobody,,,,',
      '"a b",,,,,',
      'x2,,,,nothing,',
      'x3,,,,,Nope',
      'x4,,maybe,,,',
      'x5,,true,pw-1,,',
      'BOB,,,,,',
      'FINE,,,,,',
      ',x@example.com,,,,',
      'x6,,',
      'x7,nobody,maybe,,nothing,',
    ];
    const before = await world.state();
    const { code, out, error } = await ramctl('user import - -o json', { input: rows.join('\n') });
    const { Errors } = error as unknown as { Errors: Problem[] };
    expect([code, out, error.Code]).toEqual([1, '', 'InvalidRows']);
    expect(Errors.map(({ Row, Field, Code }) => [Row, Field, Code])).toEqual([
      [3, 'Email', 'InvalidParameter.Email.Format'],
      [4, 'UserName', 'InvalidParameter.UserName.InvalidChars'],
      [5, 'Groups', 'EntityNotExist.Group'],
      [6, 'Policies', 'EntityNotExist.Policy'],
      [7, 'Console', 'InvalidParameter.Console'],
      [8, 'Password', 'InvalidParameter.Password.TooWeak'],
      [9, 'UserName', 'EntityAlreadyExists.User'],
      [10, 'UserName', 'DuplicateRow'],
      [11, 'UserName', 'InvalidParameter.UserName'],
      [12, undefined, 'MalformedRow'],
      [13, 'Email', 'InvalidParameter.Email.Format'],
      [13, 'Console', 'InvalidParameter.Console'],
      [13, 'Groups', 'EntityNotExist.Group'],
    ]);
    expect(await world.state()).toEqual(before);
    const { err } = await ramctl('user import - --secret-to file:new.csv', { input: rows.join('\n') });
    expect(err.match(/^ {2}row \d+/gm)).toHaveLength(13);
    expect(err).not.toContain('pw-1');
    expect([...world.openPaths, ...world.delivered]).toEqual([]);
  });

  it('numbers the rows of other formats from one', async () => {
    const { error } = await ramctl('user import - -o json', { input: '[{"UserName":"eve"},{"UserName":"bob"}]' });
    expect(error.Hint).toContain('--skip-existing');
    expect(error).toMatchObject({ Errors: [{ Row: 2, Field: 'UserName', Code: 'EntityAlreadyExists.User' }] });
  });

  it('--skip-existing skips existing users and refuses a name that occurs twice in the file', async () => {
    const input = 'UserName,Groups\nBOB,nothing\neve,\n';
    const skipped = await ramctl('user import - --skip-existing -o json --query [].UserName', { input });
    expect([skipped.code, skipped.json, await names()]).toEqual([0, ['eve'], ['bob', 'eve']]);
    const before = await world.state();
    const again = await ramctl('user import - --skip-existing -o json', { input });
    expect([again.code, again.json]).toEqual([0, []]);
    for (const twice of ['UserName\nmia\nMIA\n', 'UserName\nbob\nbob\n']) {
      const { code, error } = await ramctl('user import - --skip-existing -o json', { input: twice });
      expect([code, error]).toMatchObject([
        1,
        { Errors: [{ Row: 3, Code: 'DuplicateRow', Message: expect.stringContaining('row 2') }] },
      ]);
    }
    expect(await world.state()).toEqual(before);
  });

  it('--dry-run checks every row and creates no ids, secrets or files', async () => {
    const before = await world.state();
    const { code, json, out, err } = await ramctl('user import users.csv --dry-run --secret-to file:new.csv -o json');
    expect([code, err]).toEqual([0, 'remark: This was a dry run. Nothing was created.\n']);
    expect(json).toMatchObject([
      { UserName: 'zoe', Groups: ['dev', 'ops'] },
      { UserName: 'Adam' },
      { UserName: 'mia' },
    ]);
    expect(out).not.toMatch(/"(UserId|AccessKeyId|AccessKeySecret|Password)"|LTAI/);
    expect((await ramctl('user import - --dry-run -o json', { input: 'UserName\nbob\n' })).error.Code).toBe(
      'InvalidRows',
    );
    const skipped = await ramctl('user import - --dry-run --skip-existing -o json', { input: 'UserName\nbob\n' });
    expect([skipped.code, skipped.json]).toEqual([0, []]);
    expect(await world.state()).toEqual(before);
    expect([...world.openPaths, ...world.delivered]).toEqual([]);
  });

  it('delivers the secrets of all users to one file and prints none', async () => {
    const { code, json, out, err } = await ramctl('user import users.csv --secret-to file:new.csv -o json');
    expect(code).toBe(0);
    expect(json).toMatchObject([{ UserName: 'zoe' }, { AccessKey: { Status: 'Active' } }, { UserName: 'mia' }]);
    const [header, zoe = '', adam = '', mia = '', ...rest] = (world.delivered.get('new.csv') ?? '').split('\n');
    expect([header, rest]).toEqual(['UserPrincipalName,Password,LogonUrl,AccessKeyId,AccessKeySecret', ['']]);
    expect(zoe).toMatch(/^zoe@\d{16}\.onaliyun\.com,\S{20},https:\/\/\S+,,$/);
    expect(adam).toMatch(/^Adam@\d{16}\.onaliyun\.com,,,LTAI\w{20},\w{30}$/);
    expect(mia).toMatch(/^mia@\d{16}\.onaliyun\.com,,https:\/\/[^,]+,,$/);
    for (const secret of [zoe.split(',')[1] ?? '', adam.split(',')[4] ?? '', 'Correct-Horse-9']) {
      expect(out + err).not.toContain(secret);
    }
  });

  it('delivers the whole result to a .json file', async () => {
    const { json } = await ramctl('user import keys.csv --secret-to file:new.json -o json');
    const delivered = JSON.parse(world.delivered.get('new.json') ?? '') as CreatedUser[];
    expect(delivered).toMatchObject(json as object[]);
    expect([findSecrets(delivered).length, findSecrets(json as CreatedUser[]).length]).toEqual([2, 0]);
  });

  it.each([
    ['keys.csv --secret-to file:new.env', 2, 'Usage'],
    ['keys.csv --secret-to file:new.ini', 2, 'Usage'],
    ['keys.csv --secret-to file:new.txt', 2, 'Usage'],
    ['keys.csv --query [].UserName', 2, 'Usage'],
    ['keys.csv --query [0]', 2, 'Usage'],
    ['keys.csv --overwrite', 2, 'Usage'],
    ['', 2, 'Usage'],
    ['gone.csv', 3, 'FileNotFound'],
  ])('%s creates nothing', async (words, exit, Code) => {
    const before = await world.state();
    const { code, out, error } = await ramctl(`user import ${words} -o json`);
    expect([code, out, error.Code]).toEqual([exit, '', Code]);
    expect(await world.state()).toEqual(before);
    expect([...world.openPaths, ...world.delivered]).toEqual([]);
  });

  it.each(['', 'Name\nzoe\n', 'UserName\n', '[]'])('refuses the whole file %j', async (input) => {
    const { code, out, error } = await ramctl('user import - -o json', { input });
    expect([code, out, error.Code]).toEqual([1, '', 'MalformedFile']);
  });

  it('deletes all new users if their secrets cannot be delivered', async () => {
    const before = await world.state();
    world.failingPaths.add('new.csv');
    const failed = await ramctl('user import users.csv --secret-to file:new.csv -o json');
    expect([failed.code, failed.out, failed.error.Code]).toEqual([5, '', 'DeliveryFailed']);
    expect(await world.state()).toEqual(before);
    expect((await ramctl('user import users.csv -o json', { brokenOutput: 'EPIPE' })).code).toBe(5);
    expect(await world.state()).toEqual(before);
  });

  it('names the command that deletes all new users if the rollback fails', async () => {
    const meanwhile = () => world.ramctl('user edit zoe --comments mine');
    const { code, error } = await ramctl('user import keys.csv -o json', { brokenOutput: 'ENOSPC', meanwhile });
    expect([code, error.Hint, await names()]).toEqual([
      5,
      'ramctl user delete zoe Adam --cascade',
      ['bob', 'zoe', 'Adam'],
    ]);
  });

  it('remarks on passwords that others can read and on users with two access modes', async () => {
    expect((await ramctl('user import names.csv', { isReadableByOthers: true })).err).toBe('');
    const input = 'UserName,Console,AccessKey\neve,true,true\n';
    expect((await ramctl('user import -', { input })).err).toMatch(/^remark: RAM recommends one access mode/m);
    await ramctl('user delete zoe Adam --cascade --yes');
    expect((await ramctl('user import users.csv', { isReadableByOthers: true })).err).toMatch(
      /^remark: others can read the passw/m,
    );
  });

  it('applies --query to a list, also for one row', async () => {
    const one = ['user', 'import', 'one.csv', '-o', 'json', '--query', '[].[UserName, Password]'];
    const { code, json } = await world.ramctl(one, { files: { 'one.csv': 'UserName,Console\nsolo,yes\n' } });
    expect([code, json]).toEqual([0, [['solo', expect.any(String)]]]);
  });

  it('allows a query that prints all secrets in another order', async () => {
    const query = 'reverse([].AccessKey.[AccessKeySecret, AccessKeyId])';
    const { code, json } = await world.ramctl(['user', 'import', 'keys.csv', '-o', 'json', '--query', query], {
      files,
    });
    expect([code, json]).toEqual([0, Array(2).fill([expect.stringMatching(/^\w{30}$/), expect.any(String)])]);
  });

  it('allows a query without secrets for a dry run', async () => {
    const dry = ['user', 'import', 'users.csv', '--dry-run', '--query', '[].UserName', '-o', 'json'];
    expect(await world.ramctl(dry, { files })).toMatchObject({ code: 0, out: expect.stringContaining('zoe') });
  });

  it('refuses only the rows that exceed the quota of users', async () => {
    await world.store.change(async ({ Users }) => {
      const bob = Users.get('bob');
      for (let n = 2; bob && n < 5000; n += 1) Users.set(`u${n}`, { ...bob, UserName: `u${n}`, UserId: `2${n}` });
    });
    const { error } = await ramctl('user import names.csv -o json');
    expect(error).toMatchObject({ Code: 'InvalidRows', Errors: [{ Row: 3, Code: 'LimitExceeded.User' }] });
    expect((await world.state()).Users.size).toBe(4999);
    expect((await ramctl('user create last')).code).toBe(0);
    expect((await ramctl('user create more -o json')).error.Code).toBe('LimitExceeded.User');
  });
});
