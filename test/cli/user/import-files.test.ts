import { beforeEach, describe, expect, it } from 'vitest';
import type { Problem } from '../../../src/core/failure.ts';
import type { CreatedUser } from '../../../src/core/workflows/provision.ts';
import { TestWorld } from '../../support/test-world.ts';

let world: TestWorld;
const ALL = '[].[UserName,DisplayName,Comments,Email,MobilePhone]';

beforeEach(async () => {
  world = new TestWorld();
  for (const line of ['account alias acme', 'group create ops', 'group create dev']) await world.ramctl(line);
});

/** Imports a file and returns its users. */
async function importFile(content: string | Uint8Array, ...args: string[]) {
  const command = ['user', 'import', 'users.csv', '-o', 'json', ...args];
  const result = await world.ramctl(command, { files: { 'users.csv': content } });
  if (result.code !== 0) throw new Error(result.err);
  return result.json as CreatedUser[];
}

/** Returns the problems of a file that must not be imported. */
async function findErrors(content: string | Uint8Array, ...args: string[]) {
  const before = await world.state();
  const command = ['user', 'import', '-', '-o', 'json', ...args];
  const { code, error } = await world.ramctl(command, { input: content });
  expect([code, await world.state()]).toEqual([1, before]);
  const { Errors = [] } = error as unknown as { Errors?: Problem[] };
  return Errors.map(({ Row, Field, Code }) => [Row, Field, Code]);
}

describe('the encoding of an imported file', () => {
  const text = '登录名称,显示名称\r\nalice,李\r\n';
  const gb18030 = Buffer.from('b5c7c2bcc3fbb3c62ccfd4cabec3fbb3c60d0a616c6963652cc0ee0d0a', 'hex');
  const utf16 = Buffer.from(`\ufeff${text.replaceAll(',', '\t')}`, 'utf16le');

  it.each([
    ['UTF-8', Buffer.from(text), []],
    ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${text}`), []],
    ['"Unicode text" of Excel', utf16, []],
    ['UTF-16 without a byte order mark', utf16.subarray(2), ['--encoding', 'utf-16']],
    ['GB18030', gb18030, ['--encoding', 'gb18030']],
  ])('can be %s', async (_, bytes, args) => {
    expect(await importFile(bytes, ...args)).toMatchObject([{ UserName: 'alice', DisplayName: '李' }]);
    await world.ramctl('user delete alice --yes');
    const { code } = await world.ramctl(['user', 'import', '-', ...args], { input: bytes });
    expect([code, (await world.ramctl('user get alice -o json')).json]).toMatchObject([0, { DisplayName: '李' }]);
  });

  it('is named in the hint of the error about other bytes', async () => {
    const { code, out, error } = await world.ramctl('user import users.csv -o json', {
      files: { 'users.csv': gb18030 },
    });
    expect([code, out, error]).toMatchObject([1, '', { Code: 'InputNotText', Field: '--encoding' }]);
    expect(error.Hint).toMatch(/^ramctl user import users.csv --encoding gb18030( |$)/);
    const files = { 'users.csv': utf16.subarray(2) };
    const { error: other } = await world.ramctl('user import users.csv -o json', { files });
    expect(other.Hint).toMatch(/^ramctl user import users.csv --encoding utf-16 /);
    expect((await world.ramctl('user import users.csv --encoding latin1')).code).toBe(2);
  });

  it('is UTF-8 for other files', async () => {
    const { code, error } = await world.ramctl('policy validate p.json -o json', {
      files: { 'p.json': utf16 },
    });
    expect([code, error.Code, error.Hint]).toEqual([1, 'InputNotText', undefined]);
  });
});

describe('the header of an imported file', () => {
  it.each([
    'user name,DISPLAY_NAME,comments,e-mail,Mobile Phone',
    'User-Name;Display Name;COMMENTS;Email;mobilephone',
    'username\tdisplayname\tcomments\temail\tmobile_phone',
    '登录名称,显示名称,备注,电子邮箱,手机号码',
    '用户登录名称,显示名称,备注,邮箱,手机号',
    '登录名;显示名;备注;邮箱;手机',
    '账号,姓名,描述,电子邮件,移动电话',
    'sep=;\r\nUserName;DisplayName;Comments;Email;MobilePhone',
    'sep=|\nUserName|DisplayName|Comments|Email|MobilePhone',
    ' UserName ,"DisplayName",Comments,Email,MobilePhone,,',
  ])('can be %s', async (header) => {
    const separator = /[;\t|]/.exec(header)?.[0] ?? ',';
    const row = ['alice', '"Li, A; B"', 'x', 'a@example.com', '86-13800000000'];
    if (header.endsWith(',,')) row.push('', '');
    const text = `${header}\r\n${row.join(separator)}\r\n${separator}\r\n\r\n`;
    expect(await importFile(text.replace(/\r\n[;\t|,]\r\n/, '\r\n'), '--query', ALL)).toEqual([
      ['alice', 'Li, A; B', 'x', 'a@example.com', '86-13800000000'],
    ]);
  });

  it('can name access modes and permissions as the console does', async () => {
    const header =
      '登录名称,控制台访问,控制台登录密码,密码重置策略,多因素认证(MFA)策略,OpenAPI调用访问,用户组,权限策略';
    const row = 'alice,是,Correct-Horse-9,否,required,no,ops；dev,ReadOnlyAccess';
    const [alice] = await importFile(`${header}\n${row}\n`);
    expect(alice).toMatchObject({
      LoginProfile: { PasswordResetRequired: false, MFABindRequired: true },
      Groups: ['dev', 'ops'],
      Policies: [{ PolicyName: 'ReadOnlyAccess' }],
    });
    expect(alice).not.toHaveProperty('AccessKey');
  });

  it.each([
    ['UserName,user_name', [[1, 'UserName', 'InvalidParameter.UserName']]],
    ['登录名称,Email,邮箱', [[1, 'Email', 'InvalidParameter.Email']]],
    ['UserName,Colour', [[1, 'Colour', 'UnknownColumn']]],
    ['UserName,AccessKey Secret', [[1, 'AccessKey Secret', 'UnknownColumn']]],
  ])('cannot be %s', async (header, errors) => {
    const row = `x${header.replaceAll(/[^,]+/g, '')}`;
    expect(await findErrors(`${header}\n${row}\n`)).toEqual(errors);
  });
});

it('a logon name may have the domain of this account, and no other domain', async () => {
  const { AccountId } = (await world.ramctl('overview -o json')).json as { AccountId: string };
  const names = ['alice@acme.onaliyun.com', `bob@${AccountId}.onaliyun.com`, 'carol@ACME.onaliyun.com', 'dan'];
  const users = await importFile(`用户登录名称\n${names.join('\n')}\n`);
  expect(users.map(({ UserName }) => UserName)).toEqual(['alice', 'bob', 'carol', 'dan']);
  const { err } = await world.ramctl('user import -', { input: 'UserName\neve@example.com\n' });
  expect(err).toContain(
    'row 2, UserName: UserName has a domain that is not the domain of this account, acme.onaliyun.com',
  );
  const invalid = 'UserName\neve@example.com\n@acme.onaliyun.com\nmia\nMIA@acme.onaliyun.com\n';
  expect(await findErrors(invalid)).toEqual([
    [2, 'UserName', 'InvalidParameter.UserName.InvalidChars'],
    [3, 'UserName', 'InvalidParameter.UserName.Length'],
    [5, 'UserName', 'DuplicateRow'],
  ]);
});

describe('the errors of a file', () => {
  it('include every error of a row, sorted by row and column', async () => {
    const rows = [
      'UserName,Policies,Groups,Email,Console,Password',
      'fine,,,,,',
      '"a b",Nope;None,nothing;ops,nobody,yes,short',
      'x,,,,maybe,',
      'y,,"nothing; nothing",nobody,,',
    ];
    expect(await findErrors(rows.join('\n'))).toEqual([
      [3, 'UserName', 'InvalidParameter.UserName.InvalidChars'],
      [3, 'Email', 'InvalidParameter.Email.Format'],
      [3, 'Password', 'InvalidParameter.Password.TooWeak'],
      [3, 'Groups', 'EntityNotExist.Group'],
      [3, 'Policies', 'EntityNotExist.Policy'],
      [3, 'Policies', 'EntityNotExist.Policy'],
      [4, 'Console', 'InvalidParameter.Console'],
      [5, 'Email', 'InvalidParameter.Email.Format'],
      [5, 'Groups', 'EntityNotExist.Group'],
    ]);
  });

  it('include the other errors of a row whose name exists or occurs twice', async () => {
    await world.ramctl('user create bob');
    expect(await findErrors('UserName,Email\nBOB,x\nbob,y\n')).toEqual([
      [2, 'UserName', 'EntityAlreadyExists.User'],
      [2, 'Email', 'InvalidParameter.Email.Format'],
      [3, 'UserName', 'DuplicateRow'],
      [3, 'Email', 'InvalidParameter.Email.Format'],
    ]);
    expect(await findErrors('UserName,Email\nbob,\nBob,\nmia,\nmia,y\n', '--skip-existing')).toEqual([
      [3, 'UserName', 'DuplicateRow'],
      [5, 'UserName', 'DuplicateRow'],
      [5, 'Email', 'InvalidParameter.Email.Format'],
    ]);
  });

  it('are limited for a list with very many names', async () => {
    const names = Array.from({ length: 150_000 }, (_, index) => `g${index}`);
    expect(await findErrors(`UserName,Groups\na,${names.join(';')}\n`)).toHaveLength(200);
  });

  it('name the quota of users once', async () => {
    await world.store.change(async ({ Users }) => {
      for (let n = 1; n < 5000; n += 1) {
        const UserName = `u${n}`;
        const dates = { CreateDate: '2026-01-01T00:00:00Z', UpdateDate: '2026-01-01T00:00:00Z' };
        Users.set(UserName, { UserName, UserId: `2${n}`, ...dates, AccessKeys: [], Groups: [], Policies: [] });
      }
    });
    expect(await findErrors('UserName,Groups\na,\nb,\nc,none\nd,\n')).toEqual([
      [3, undefined, 'LimitExceeded.User'],
      [4, 'Groups', 'EntityNotExist.Group'],
    ]);
  });
});

describe('a list of users', () => {
  it.each(['csv', 'json', 'yaml'])('can be imported as -o %s prints it', async (format) => {
    await importFile(
      'UserName,DisplayName,Comments,Console,MFA,AccessKey\n' +
        `alice,=1+1,"a, ""b""",yes,required,no\nbob,,,no,,yes\ncarol,'x,@y,yes,required,\n`,
    );
    await world.ramctl('login disable carol');
    const { out: list } = await world.ramctl(`user list -o ${format}`);
    const before = (await world.ramctl('user list -o json')).json as object[];
    await world.ramctl('user delete alice bob carol --cascade --yes');
    const { code, err } = await world.ramctl(`user import users.${format}`, { files: { [`users.${format}`]: list } });
    expect([code, err]).toEqual([
      0,
      'remark: These columns are ignored: UserId, UserPrincipalName, AccessKeys, CreateDate, LastLoginDate. ' +
        'The column AccessKey creates AccessKeys.\n',
    ]);
    const after = (await world.ramctl('user list -o json')).json as object[];
    const kept = ({ UserName, DisplayName, Comments, Console }: CreatedUser & { Console: boolean }) => [
      [UserName, DisplayName, Comments, Console],
    ];
    expect(after.map((user) => kept(user as never))).toEqual(before.map((user) => kept(user as never)));
    expect(after).toMatchObject([
      { UserName: 'alice', DisplayName: '=1+1', MFA: 'required', AccessKeys: 0 },
      { UserName: 'bob', DisplayName: null, MFA: 'none' },
      { UserName: 'carol', DisplayName: "'x", Comments: '@y', Console: false, MFA: 'none' },
    ]);
    const skipped = await world.ramctl(`user import - --skip-existing -o json`, { input: list });
    expect([skipped.code, skipped.json]).toEqual([0, []]);
  });

  it('keeps a password that looks like a guarded cell', async () => {
    const [alice] = await importFile(`UserName,Console,Password\nalice,yes,'=Correct-9\n`);
    expect(alice).not.toHaveProperty('Password');
    const logon = await world.ramctl('logon alice@acme --password-stdin -o json', { input: "'=Correct-9" });
    expect(logon.err).not.toContain('wrong');
  });
});

describe('a mobile phone number', () => {
  it.each([
    ['+86-13800000000', '86-13800000000'],
    ['+86 13800000000', '86-13800000000'],
    ["'+8613800000000", '86-13800000000'],
    ['8613800000000', '86-13800000000'],
    ['+1-5550100', '1-5550100'],
  ])('can be %s', async (cell, MobilePhone) => {
    expect(await importFile(`UserName,MobilePhone\nalice,${cell}\n`)).toMatchObject([{ MobilePhone }]);
  });

  it.each(['8.61E+12', '8,61E+12', '8.6138E12'])('cannot be %s, and the error explains why', async (cell) => {
    const text = `UserName,MobilePhone\nalice,"${cell}"\n`;
    expect(await findErrors(text)).toEqual([[2, 'MobilePhone', 'InvalidParameter.MobilePhone.Format']]);
    const { err } = await world.ramctl('user import -', { input: text });
    expect(err).toMatch(/scientific notation.*loses digits.*format the column as text/);
  });
});
