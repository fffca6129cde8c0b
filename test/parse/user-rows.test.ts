import { expect, it } from 'vitest';
import { parseUserRows } from '../../src/parse/user-rows.ts';
import { failure } from '../support/failures.ts';
import { ALICE, CONSOLE_USER, findProblems, parseUsers } from './parse-users.ts';

const COMPLETE_USER = {
  UserName: 'alice',
  DisplayName: 'Alice, "Ali" Li',
  Comments: 'a;b',
  Email: 'alice@example.com',
  MobilePhone: '86-13800000000',
  Console: true,
  AccessKey: false,
  Password: ' s3cret; ',
  PasswordReset: false,
  MFA: true,
  Groups: ['devs', 'ops'],
  Policies: ['ReadOnlyAccess'],
};

it.each([
  [
    'users.csv',
    `UserName,DisplayName,Comments,Email,MobilePhone,Console,AccessKey,Password,PasswordReset,MFA,Groups,Policies
alice,"Alice, ""Ali"" Li",a;b,alice@example.com,86-13800000000,yes,no, s3cret; ,not-required,required,devs; ops;,ReadOnlyAccess`,
  ],
  ['users.json', JSON.stringify([COMPLETE_USER])],
  ['one.JSON', JSON.stringify(COMPLETE_USER, null, 2)],
  ['users.jsonl', `\n${JSON.stringify(COMPLETE_USER)}\n \n`],
  ['users.ndjson', JSON.stringify(COMPLETE_USER)],
  [
    'users.yaml',
    `- UserName: alice
  DisplayName: Alice, "Ali" Li
  Comments: a;b
  Email: alice@example.com
  MobilePhone: 86-13800000000
  Console: yes
  AccessKey: 0
  Password: ' s3cret; '
  PasswordReset: not-required
  MFA: true
  Groups: devs; ops
  Policies: [ReadOnlyAccess]`,
  ],
])('reads every column of a user from %s', async (name, text) => {
  expect(await parseUserRows(text, name)).toEqual({
    rows: [{ Row: name.endsWith('csv') ? 2 : 1, user: COMPLETE_USER }],
    problems: [],
    ignoredColumns: [],
  });
});

it.each([
  ['-', 'UserName\nalice', 'CSV'],
  ['-', '\ufeffUserName\r\nalice\r\n', 'CSV with a byte order mark'],
  ['users.txt', 'UserName\nalice', 'CSV with another extension'],
  ['users.csv.bak', ' username \n\n\nalice\n\n', 'CSV with blank lines and a header in lower case'],
  ['-', '\nEmail;USERNAME;Groups\n;alice;', 'CSV with semicolons'],
  ['a.json.txt', 'UserName\r\n\nalice\n', 'CSV with two kinds of line ends'],
  ['-', 'Email\tUserName\n\talice', 'CSV with tabs'],
  ['-', 'UserName\ralice\r', 'CSV with carriage returns only'],
  ['-', ' [{"UserName":"alice","Email":null,"Groups":[]}]', 'JSON'],
  ['-', '\n{"UserName":\n"alice","MFA":""}', 'one JSON object'],
  ['a.json', '\ufeff{"UserName":"alice"}', 'JSON with a byte order mark'],
  ['-', '{"UserName":"alice"}\r\n', 'JSON Lines'],
  ['-', '- UserName: alice', 'YAML'],
  ['-', '# who\n\n  # ever\n-\n  UserName: alice\n  Email:\n', 'YAML with comments'],
  ['-', '# who\n  - UserName: alice', 'YAML with an indent'],
  ['-', '---\nUserName: alice\nPassword: ~\n', 'one YAML object'],
  ['a.yml', '{"UserName": "alice"}', 'JSON as YAML'],
  ['a.yaml', '---\n---\n- UserName: alice\n', 'several YAML documents'],
])('reads a file named %s with the text %j as %s', async (name, text) => {
  expect(await parseUsers(text, name)).toEqual([ALICE]);
});

it('determines the format by the extension before the text', async () => {
  await expect(parseUserRows('[{"UserName":"alice"}]', 'A.CSV')).rejects.toEqual(failure('refused', 'MalformedFile'));
  await expect(parseUserRows('UserName\nalice', 'a.json')).rejects.toEqual(failure('refused', 'MalformedFile'));
});

it.each([
  ['Console', ['true', 'YES', '1', ' True '], CONSOLE_USER],
  ['Console', ['false', 'No', '0', ''], ALICE],
  ['AccessKey', ['true', 'yes', '1'], { ...ALICE, AccessKey: true }],
  ['Console,PasswordReset', ['1,required', '1,yes', '1,TRUE'], { ...CONSOLE_USER, PasswordReset: true }],
  ['Console,PasswordReset', ['1,not-required', '1,no', '1,0'], { ...CONSOLE_USER, PasswordReset: false }],
  ['Console,MFA', ['1,Required', '1,1'], { ...CONSOLE_USER, MFA: true }],
  ['Console,MFA', ['1,Not-Required', '1,false'], { ...CONSOLE_USER, MFA: false }],
  ['Console,MFA,PasswordReset,Password', ['1,,,'], CONSOLE_USER],
])('reads the columns %s from the cells %j', async (columns, cells, user) => {
  for (const cell of cells) expect(await parseUsers(`UserName,${columns}\nalice,${cell}`)).toEqual([user]);
});

it('reads booleans and numbers of JSON and YAML as flags', async () => {
  const json = '[{"UserName":"alice","Console":true,"AccessKey":1,"MFA":0},{"UserName":"alice","Console":false}]';
  const alice = { ...CONSOLE_USER, AccessKey: true, MFA: false };
  expect(await parseUsers(json, 'a.json')).toEqual([alice, ALICE]);
  expect(await parseUsers(json, 'a.yaml')).toEqual([alice, ALICE]);
});

it.each(['" a "', '"a\n"', '"\r\n"', '"a\r\nb\n\n"', '""""', ' a', '\u00a0', '"a,b"', "'a'", 'ä😀'])(
  'keeps every character of the password in %j',
  async (cell) => {
    const Password = cell.replace(/^"|"$/g, '').replaceAll('""', '"');
    expect(await parseUsers(`Password,Console,UserName\n${cell},1,alice\n`)).toEqual([{ ...CONSOLE_USER, Password }]);
  },
);

it('numbers the records of CSV by the line on which they start', async () => {
  const lines = ['', 'UserName,Comments', 'a,"1', '2"', '', 'b,"\r\n\r\n"', ',', ' , ', 'c,"x""', '', '"', 'ü', 'd,'];
  for (const end of ['\n', '\r\n', '\r']) {
    const { rows, problems } = await parseUserRows(lines.join(end), 'users.csv');
    expect(rows.map(({ Row, user }) => [Row, user.UserName])).toEqual([
      [3, 'a'],
      [6, 'b'],
      [11, 'c'],
      [15, 'd'],
    ]);
    expect(problems).toEqual([
      { Code: 'MalformedRow', Message: 'the header has 2 columns, but the row has 1', Row: 14 },
    ]);
  }
});

it('numbers the records of JSON Lines and YAML by their index', async () => {
  expect(await findProblems('{"UserName":"a"}\n\n \n{"UserName":""}\n{"User', 'a.jsonl')).toEqual([
    '2 InvalidParameter.UserName',
    '3 MalformedRow',
  ]);
  expect(await findProblems('- UserName: a\n- 7\n---\n\n- Email: b\n', '-')).toEqual([
    '2 MalformedRow',
    '3 InvalidParameter.UserName',
  ]);
});

it('reads the columns of a list of users', async () => {
  const header = 'UserId,UserPrincipalName,UserName,Console,MFA,AccessKeys';
  const { rows, problems, ignoredColumns } = await parseUserRows(
    `${header}\n1,a@acme.onaliyun.com,a,true,bound,2\n2,,b,true,none,0\n3,,c,false,bound,0\n`,
    'users.csv',
  );
  expect(problems).toEqual([]);
  expect(rows.map(({ user }) => user)).toEqual([
    { ...CONSOLE_USER, UserName: 'a', MFA: true },
    { ...CONSOLE_USER, UserName: 'b', MFA: false },
    { ...ALICE, UserName: 'c' },
  ]);
  expect(ignoredColumns).toEqual(['UserId', 'UserPrincipalName', 'AccessKeys']);
});

it('reads the user name from UserPrincipalName if there is no UserName', async () => {
  const users = await parseUsers('UserPrincipalName,Password,Console\nalice@acme.onaliyun.com,secret,1\n');
  expect(users).toEqual([{ ...CONSOLE_USER, UserName: 'alice@acme.onaliyun.com', Password: 'secret' }]);
});
