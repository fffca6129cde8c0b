import { expect, it } from 'vitest';
import { parseUserRows } from '../../src/parse/user-rows.ts';
import { failure } from '../support/failures.ts';

const ALICE = { UserName: 'alice', Console: false, AccessKey: false, Groups: [], Policies: [] };
const MOST_USERS = 5000;

/** The users of a text that has nothing wrong with it. */
async function users(text: string, name = 'users.csv') {
  const { rows, problems } = await parseUserRows(text, name);
  expect(problems).toEqual([]);
  return rows.map(({ user }) => user);
}

/** What is wrong with a text: for each problem its row and code. */
async function problems(text: string, name = 'users.csv') {
  return (await parseUserRows(text, name)).problems.map(({ Row, Code }) => `${Row} ${Code}`);
}

const EVERYTHING = {
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
  ['users.json', JSON.stringify([EVERYTHING])],
  ['one.JSON', JSON.stringify(EVERYTHING, null, 2)],
  ['users.jsonl', `\n${JSON.stringify(EVERYTHING)}\n \n`],
  ['users.ndjson', JSON.stringify(EVERYTHING)],
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
])('%s: a user with everything', async (name, text) => {
  expect(await parseUserRows(text, name)).toEqual({
    rows: [{ Row: name.endsWith('csv') ? 2 : 1, user: EVERYTHING }],
    problems: [],
  });
});

it.each([
  ['-', 'UserName\nalice', 'CSV'],
  ['-', '\ufeffUserName\r\nalice\r\n', 'CSV with a byte order mark'],
  ['users.txt', 'UserName\nalice', 'CSV under another name'],
  ['users.csv.bak', ' username \n\n\nalice\n\n', 'CSV with blank lines and a header in its own case'],
  ['-', '\nEmail;USERNAME;Groups\n;alice;', 'semicolons'],
  ['a.json.txt', 'UserName\r\n\nalice\n', 'line ends of two kinds'],
  ['-', 'Email\tUserName\n\talice', 'tabs'],
  ['-', 'UserName\ralice\r', 'lone carriage returns'],
  ['-', ' [{"UserName":"alice","Email":null,"Groups":[]}]', 'JSON'],
  ['-', '\n{"UserName":\n"alice","MFA":""}', 'one object'],
  ['a.json', '\ufeff{"UserName":"alice"}', 'JSON with a byte order mark'],
  ['-', '{"UserName":"alice"}\r\n', 'JSON Lines'],
  ['-', '- UserName: alice', 'YAML'],
  ['-', '# who\n\n  # ever\n-\n  UserName: alice\n  Email:\n', 'YAML with remarks'],
  ['-', '# who\n  - UserName: alice', 'YAML with an indent'],
  ['-', '---\nUserName: alice\nPassword: ~\n', 'one YAML object'],
  ['a.yml', '{"UserName": "alice"}', 'JSON as YAML'],
  ['a.yaml', '---\n---\n- UserName: alice\n', 'a stream of YAML'],
])('%s: %j is %s', async (name, text) => {
  expect(await users(text, name)).toEqual([ALICE]);
});

it('the name of a file goes before its look', async () => {
  await expect(parseUserRows('[{"UserName":"alice"}]', 'A.CSV')).rejects.toEqual(failure('refused', 'MalformedFile'));
  await expect(parseUserRows('UserName\nalice', 'a.json')).rejects.toEqual(failure('refused', 'MalformedFile'));
});

const ON = { ...ALICE, Console: true };
it.each([
  ['Console', ['true', 'YES', '1', ' True '], ON],
  ['Console', ['false', 'No', '0', ''], ALICE],
  ['AccessKey', ['true', 'yes', '1'], { ...ALICE, AccessKey: true }],
  ['Console,PasswordReset', ['1,required', '1,yes', '1,TRUE'], { ...ON, PasswordReset: true }],
  ['Console,PasswordReset', ['1,not-required', '1,no', '1,0'], { ...ON, PasswordReset: false }],
  ['Console,MFA', ['1,Required', '1,1'], { ...ON, MFA: true }],
  ['Console,MFA', ['1,Not-Required', '1,false'], { ...ON, MFA: false }],
  ['Console,MFA,PasswordReset,Password', ['1,,,'], ON],
])('%s in %j', async (columns, cells, user) => {
  for (const cell of cells) expect(await users(`UserName,${columns}\nalice,${cell}`)).toEqual([user]);
});

it('JSON and YAML have flags of their own', async () => {
  const json = '[{"UserName":"alice","Console":true,"AccessKey":1,"MFA":0},{"UserName":"alice","Console":false}]';
  const alice = { ...ON, AccessKey: true, MFA: false };
  expect(await users(json, 'a.json')).toEqual([alice, ALICE]);
  expect(await users(json, 'a.yaml')).toEqual([alice, ALICE]);
});

it.each(['maybe', 'required', 'on', '2', 'true;', '0.0'])('Console cannot be %j', async (cell) => {
  expect(await problems(`UserName,Console,MFA\nalice,${cell},yes`)).toEqual(['2 InvalidParameter.Console']);
});

it.each(['" a "', '"a\n"', '"\r\n"', '"a\r\nb\n\n"', '""""', ' a', '\u00a0', '"a,b"', "'a'", 'ä😀'])(
  'the password in %j keeps every character',
  async (cell) => {
    const Password = cell.replace(/^"|"$/g, '').replaceAll('""', '"');
    expect(await users(`Password,Console,UserName\n${cell},1,alice\n`)).toEqual([{ ...ON, Password }]);
  },
);

it('records of CSV are numbered by the line on which they begin', async () => {
  const lines = ['', 'UserName,Comments', 'a,"1', '2"', '', 'b,"\r\n\r\n"', ',', ' , ', 'c,"x""', '', '"', 'ü', 'd,'];
  for (const end of ['\n', '\r\n', '\r']) {
    const { rows, problems } = await parseUserRows(lines.join(end), 'users.csv');
    expect(rows.map(({ Row, user }) => [Row, user.UserName])).toEqual([
      [3, 'a'],
      [6, 'b'],
      [11, 'c'],
      [15, 'd'],
    ]);
    expect(problems).toEqual([{ Code: 'MalformedRow', Message: '1 cells under 2 columns', Row: 14 }]);
  }
});

it('records of JSON Lines and YAML are counted', async () => {
  expect(await problems('{"UserName":"a"}\n\n \n{"UserName":""}\n{"User', 'a.jsonl')).toEqual([
    '2 InvalidParameter.UserName',
    '3 MalformedRow',
  ]);
  expect(await problems('- UserName: a\n- 7\n---\n\n- Email: b\n', '-')).toEqual([
    '2 MalformedRow',
    '3 InvalidParameter.UserName',
  ]);
});

it.each([
  ['a missing name', 'UserName,Email\n,a@b.co', ['2 InvalidParameter.UserName']],
  ['cells', 'UserName,Email\na\nb,,\nc,', ['2 MalformedRow', '3 MalformedRow']],
  [
    'columns',
    'UserName,Foo,username,\na,x,y,z\n,,,w',
    ['1 UnknownColumn', '1 InvalidParameter.UserName', '1 UnknownColumn', '3 InvalidParameter.UserName'],
  ],
  ['a column with a semicolon', 'UserName,a;b\na,', ['1 UnknownColumn']],
  [
    'several at once',
    'UserName,AccessKey,Console,MFA\n,2,3,4',
    [
      '2 InvalidParameter.AccessKey',
      '2 InvalidParameter.Console',
      '2 InvalidParameter.MFA',
      '2 InvalidParameter.UserName',
    ],
  ],
  [
    'logon',
    'UserName,Console,Password,MFA,PasswordReset\na,,p,0,no\nb,no,,,',
    ['2 InvalidParameter.Password', '2 InvalidParameter.PasswordReset', '2 InvalidParameter.MFA'],
  ],
  [
    'numbers',
    '[{"UserName":123,"MobilePhone":8613800000000,"Console":1,"Password":12345678}]',
    ['1 InvalidParameter.UserName', '1 InvalidParameter.MobilePhone', '1 InvalidParameter.Password'],
  ],
  [
    'other things',
    '[{"UserName":true,"DisplayName":{},"Comments":["a"],"Email":[]}]',
    [
      '1 InvalidParameter.UserName',
      '1 InvalidParameter.DisplayName',
      '1 InvalidParameter.Comments',
      '1 InvalidParameter.Email',
    ],
  ],
  [
    'lists',
    '[{"UserName":"a","Groups":[1],"Policies":{}},{"UserName":"b","Groups":7,"Policies":[["x"]]}]',
    [
      '1 InvalidParameter.Groups',
      '1 InvalidParameter.Policies',
      '2 InvalidParameter.Groups',
      '2 InvalidParameter.Policies',
    ],
  ],
  [
    'flags',
    '[{"UserName":"a","Console":["yes"],"AccessKey":{}},{"UserName":"b","AccessKey":1.5}]',
    ['1 InvalidParameter.Console', '1 InvalidParameter.AccessKey', '2 InvalidParameter.AccessKey'],
  ],
  [
    'members twice',
    '[{"UserName":"a","UserName":"b","email":"x","Email":"y"}]',
    ['1 InvalidParameter.UserName', '1 InvalidParameter.Email'],
  ],
  [
    'no objects',
    '[null,"a",[],{"UserName":"a","Foo":1}]',
    ['1 MalformedRow', '2 MalformedRow', '3 MalformedRow', '4 UnknownColumn'],
  ],
  [
    'lines',
    '{"UserName":"a"}\n[]\n{UserName:"c"}\n{"UserName":""}',
    ['2 MalformedRow', '3 MalformedRow', '4 InvalidParameter.UserName'],
  ],
  [
    'YAML numbers',
    '- {UserName: 1e5, Console: yes, Password: 0x10}\n- {UserName: no, Comments: true, Email: .inf}',
    [
      '1 InvalidParameter.UserName',
      '1 InvalidParameter.Password',
      '2 InvalidParameter.Comments',
      '2 InvalidParameter.Email',
    ],
  ],
  [
    'YAML of old',
    '%YAML 1.1\n---\n- {UserName: no, Comments: 2001-12-14, Email: 1:30}',
    ['1 InvalidParameter.UserName', '1 InvalidParameter.Comments', '1 InvalidParameter.Email'],
  ],
  [
    'YAML names',
    '- UserName: a\n  UserName: b\n  7: c\n  ? [x]\n  : d',
    ['1 InvalidParameter.UserName', '1 UnknownColumn', '1 UnknownColumn'],
  ],
  [
    'prototypes',
    '[{"UserName":"a","__proto__":{"Console":true},"constructor":1}]',
    ['1 UnknownColumn', '1 UnknownColumn'],
  ],
  [
    'prototypes in YAML',
    '- UserName: a\n  __proto__: {Console: true}\n  toString: 1',
    ['1 UnknownColumn', '1 UnknownColumn'],
  ],
  ['prototypes in CSV', 'UserName,__proto__,constructor\na,b,c', ['1 UnknownColumn', '1 UnknownColumn']],
])('%s: every mistake is told', async (_, text, expected) => {
  expect(await problems(text, text.startsWith('%') ? 'a.yaml' : '-')).toEqual(expected);
});

it('a record with a mistake is not among the rows, the others are', async () => {
  const { rows } = await parseUserRows('[{"UserName":"a","Foo":1},{"UserName":"b"}]', '-');
  expect(rows).toEqual([{ Row: 2, user: { ...ALICE, UserName: 'b' } }]);
});

it('a problem says what would be right', async () => {
  const { problems } = await parseUserRows('[{"UserName":7,"Console":"on","Foo":1}]', '-');
  expect(problems).toEqual([
    { Row: 1, Code: 'UnknownColumn', Field: 'Foo', Message: expect.stringMatching(/^"Foo" .*UserName, .*Policies$/) },
    { Row: 1, Code: 'InvalidParameter.UserName', Field: 'UserName', Message: expect.stringMatching('quotes') },
    { Row: 1, Code: 'InvalidParameter.Console', Field: 'Console', Message: expect.stringMatching(/true.*no/) },
  ]);
});

it.each([
  ['nothing', '-', '', /no users/],
  ['blanks', 'a.json', ' \r\n\t', /no users/],
  ['a header alone', 'a.csv', 'UserName,Email\n', /no users/],
  ['an empty list', '-', '[]', /no users/],
  ['an empty document', 'a.yaml', '---\n# nobody\n', /no users/],
  ['no header', 'a.csv', 'alice,hunter2\nbob,hunter2', /first line.*UserName, .*Policies/],
  ['another separator', '-', 'UserName|Password\nalice|hunter2', /first line/],
  ['an open quote', 'a.csv', 'UserName,Password\na,"\r\n"\nb,"hunter2\n', /line 4$/],
  ['a quote inside a cell', 'a.csv', 'UserName,Password\n\nb,hunter2"', /line 3$/],
  ['text after a quote', 'a.csv', 'UserName,Password\nb,"hunter2"x', /line 2$/],
  ['half of JSON', '-', '[{"UserName":"alice",\n "Password":"hunter2"', /line 2, column 22/],
  ['a comma too many', 'a.json', '[{"Password":"hunter2"},]', /line 1, column 25/],
  ['a comment', 'a.json', '// hunter2\n[]', /line 1/],
  ['two values', 'a.json', '{}\n{"Password":"hunter2"}', /line 2, column 1/],
  ['bad YAML', 'a.yaml', '- UserName: a\n  Password: "hunter2"x', /line 2, column/],
  ['a foreign tag', 'a.yaml', '- UserName: a\n  Password: !vault hunter2', /line 2, column 13/],
  ['an alias', '-', '- &a {UserName: hunter2}\n- *a', /aliases.*line 2, column 3/],
  ['an alias of nothing', '-', '- *hunter2', /line 1/],
])('%s is refused as a whole', async (_, name, text, message) => {
  const error = await parseUserRows(text, name).catch((error) => error);
  expect(error).toEqual(failure('refused', 'MalformedFile'));
  expect(error.message).toMatch(message);
  expect(error.message).not.toContain('hunter2');
});

it('problems hold no values', async () => {
  const texts = [
    'UserName,Password,Email,AccessKey,MFA\n,hunter2,hunter2,hunter2,hunter2\nhunter2',
    '[{"Password":"hunter2","Console":"hunter2","Comments":["hunter2"],"Groups":{"hunter2":1}},"hunter2"]',
    '{"Password":"hunter2"}\n{"Password":"hunter2',
    '- {Password: hunter2, Groups: [[hunter2]], Email: {hunter2: 1}}\n- hunter2',
  ];
  for (const text of texts) {
    const { problems } = await parseUserRows(text, '-');
    expect(problems.length).toBeGreaterThan(1);
    expect(JSON.stringify(problems)).not.toContain('hunter2');
  }
});

it.each([
  ['a.csv', (count: number) => `UserName\n${'a\n\n'.repeat(count)}`],
  ['a.json', (count: number) => `[${'{"UserName":"a"},'.repeat(count).slice(0, -1)}]`],
  ['a.jsonl', (count: number) => '{"UserName":"a"}\n'.repeat(count)],
  ['a.yaml', (count: number) => '- UserName: a\n'.repeat(count)],
  ['b.yaml', (count: number) => '---\nUserName: a\n'.repeat(count)],
])('%s may hold as many users as an account', async (name, text) => {
  expect((await users(text(MOST_USERS), name)).length).toBe(MOST_USERS);
  await expect(parseUserRows(text(MOST_USERS + 1), name)).rejects.toEqual(failure('refused', 'LimitExceeded.User'));
});

const BOMB = Array.from({ length: 30 }, (_, level) => `- &a${level} [${`*a${level - 1},`.repeat(level && 9)}]`).join(
  '\n',
);
it.each([
  ['lists in JSON', '-', '['.repeat(1e6), /deep/],
  ['objects in JSON', 'a.json', '{"a":'.repeat(1e6), /deep/],
  ['lists in YAML', 'a.yaml', '['.repeat(1e6), /deep/],
  ['blocks in YAML', '-', '- '.repeat(1e6), /deep/],
  [
    'indents in YAML',
    'a.yaml',
    Array.from({ length: 2000 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'),
    /deep/,
  ],
  ['aliases in YAML', '-', BOMB, /aliases/],
  ['pieces in YAML', 'a.yaml', `[${'1,'.repeat(2e6)}]`, /5000/],
  ['lines of JSON', 'a.jsonl', '{\n'.repeat(5e6), /5000/],
  ['blank lines', 'a.csv', '\n'.repeat(3e5), /5000/],
  ['characters', '-', '#'.repeat(11e6), /5000/],
])('too many %s are refused before long', async (_, name, text, message) => {
  const start = performance.now();
  await expect(parseUserRows(text, name)).rejects.toThrow(message);
  expect(performance.now() - start).toBeLessThan(15_000);
});

it('a record of far too many members has its say in few words', async () => {
  const { problems } = await parseUserRows(`{${'"a":1,'.repeat(1e5)}"UserName":"a"}`, '-');
  expect(problems.length).toBe(50);
});

it('a long unknown name is cut', async () => {
  const { problems } = await parseUserRows(`UserName,${'x'.repeat(1e5)}\na,b`, '-');
  expect(problems[0]?.Message.length).toBeLessThan(250);
});
