import { expect, it } from 'vitest';
import { parseUserRows } from '../../src/parse/user-rows.ts';
import { failure } from '../support/failures.ts';
import { ALICE, findProblems } from './parse-users.ts';

it.each(['maybe', 'required', 'on', '2', 'true;', '0.0'])('refuses %j in the column Console', async (cell) => {
  expect(await findProblems(`UserName,Console,MFA\nalice,${cell},yes`)).toEqual(['2 InvalidParameter.Console']);
});

it.each([
  ['a missing name', 'UserName,Email\n,a@b.co', ['2 InvalidParameter.UserName']],
  ['rows with missing or additional cells', 'UserName,Email\na\nb,,\nc,', ['2 MalformedRow', '3 MalformedRow']],
  [
    'unknown and repeated columns',
    'UserName,Foo,username,\na,x,y,z\n,,,w',
    ['1 UnknownColumn', '1 InvalidParameter.UserName', '1 UnknownColumn', '3 InvalidParameter.UserName'],
  ],
  ['a column name with a semicolon', 'UserName,a;b\na,', ['1 UnknownColumn']],
  [
    'several invalid values',
    'UserName,AccessKey,Console,MFA\n,2,3,4',
    [
      '2 InvalidParameter.AccessKey',
      '2 InvalidParameter.Console',
      '2 InvalidParameter.MFA',
      '2 InvalidParameter.UserName',
    ],
  ],
  [
    'console settings without Console',
    'UserName,Console,Password,MFA,PasswordReset\na,,p,0,no\nb,no,,,',
    ['2 InvalidParameter.Password', '2 InvalidParameter.PasswordReset', '2 InvalidParameter.MFA'],
  ],
  [
    'numbers where text is required',
    '[{"UserName":123,"MobilePhone":8613800000000,"Console":1,"Password":12345678}]',
    ['1 InvalidParameter.UserName', '1 InvalidParameter.MobilePhone', '1 InvalidParameter.Password'],
  ],
  [
    'values of other types where text is required',
    '[{"UserName":true,"DisplayName":{},"Comments":["a"],"Email":[]}]',
    [
      '1 InvalidParameter.UserName',
      '1 InvalidParameter.DisplayName',
      '1 InvalidParameter.Comments',
      '1 InvalidParameter.Email',
    ],
  ],
  [
    'invalid lists',
    '[{"UserName":"a","Groups":[1],"Policies":{}},{"UserName":"b","Groups":7,"Policies":[["x"]]}]',
    [
      '1 InvalidParameter.Groups',
      '1 InvalidParameter.Policies',
      '2 InvalidParameter.Groups',
      '2 InvalidParameter.Policies',
    ],
  ],
  [
    'invalid flags',
    '[{"UserName":"a","Console":["yes"],"AccessKey":{}},{"UserName":"b","AccessKey":1.5}]',
    ['1 InvalidParameter.Console', '1 InvalidParameter.AccessKey', '2 InvalidParameter.AccessKey'],
  ],
  [
    'repeated members',
    '[{"UserName":"a","UserName":"b","email":"x","Email":"y"}]',
    ['1 InvalidParameter.UserName', '1 InvalidParameter.Email'],
  ],
  [
    'records that are not objects',
    '[null,"a",[],{"UserName":"a","Foo":1}]',
    ['1 MalformedRow', '2 MalformedRow', '3 MalformedRow', '4 UnknownColumn'],
  ],
  [
    'invalid JSON Lines',
    '{"UserName":"a"}\n[]\n{UserName:"c"}\n{"UserName":""}',
    ['2 MalformedRow', '3 MalformedRow', '4 InvalidParameter.UserName'],
  ],
  [
    'YAML values of other types',
    '- {UserName: 1e5, Console: yes, Password: 0x10}\n- {UserName: no, Comments: true, Email: .inf}',
    [
      '1 InvalidParameter.UserName',
      '1 InvalidParameter.Password',
      '2 InvalidParameter.Comments',
      '2 InvalidParameter.Email',
    ],
  ],
  [
    'YAML 1.1 values of other types',
    '%YAML 1.1\n---\n- {UserName: no, Comments: 2001-12-14, Email: 1:30}',
    ['1 InvalidParameter.UserName', '1 InvalidParameter.Comments', '1 InvalidParameter.Email'],
  ],
  [
    'repeated and invalid YAML names',
    '- UserName: a\n  UserName: b\n  7: c\n  ? [x]\n  : d',
    ['1 InvalidParameter.UserName', '1 UnknownColumn', '1 UnknownColumn'],
  ],
  [
    'names of the object prototype in JSON',
    '[{"UserName":"a","__proto__":{"Console":true},"constructor":1}]',
    ['1 UnknownColumn', '1 UnknownColumn'],
  ],
  [
    'names of the object prototype in YAML',
    '- UserName: a\n  __proto__: {Console: true}\n  toString: 1',
    ['1 UnknownColumn', '1 UnknownColumn'],
  ],
  [
    'names of the object prototype in CSV',
    'UserName,__proto__,constructor\na,b,c',
    ['1 UnknownColumn', '1 UnknownColumn'],
  ],
])('reports every problem of a file with %s', async (_, text, expected) => {
  expect(await findProblems(text, text.startsWith('%') ? 'a.yaml' : '-')).toEqual(expected);
});

it('returns what is valid of a record with a problem, and no row for a malformed record', async () => {
  const { rows } = await parseUserRows('[{"UserName":"a","Foo":1,"MFA":"x"},7,{"UserName":"b"}]', '-');
  expect(rows).toEqual([
    { Row: 1, user: { ...ALICE, UserName: 'a' } },
    { Row: 3, user: { ...ALICE, UserName: 'b' } },
  ]);
});

it('says in the message of a problem what is allowed', async () => {
  const { problems } = await parseUserRows('[{"UserName":7,"Console":"on","Foo":1}]', '-');
  expect(problems).toEqual([
    { Row: 1, Code: 'UnknownColumn', Field: 'Foo', Message: expect.stringMatching(/^"Foo" .*UserName, .*Policies$/) },
    { Row: 1, Code: 'InvalidParameter.UserName', Field: 'UserName', Message: expect.stringMatching('quotes') },
    { Row: 1, Code: 'InvalidParameter.Console', Field: 'Console', Message: expect.stringMatching(/true.*no/) },
  ]);
});

it.each([
  ['an empty text', '-', '', /no users/],
  ['only white space', 'a.json', ' \r\n\t', /no users/],
  ['only a header', 'a.csv', 'UserName,Email\n', /no users/],
  ['an empty list', '-', '[]', /no users/],
  ['an empty document', 'a.yaml', '---\n# no users\n', /no users/],
  ['no header', 'a.csv', 'alice,hunter2\nbob,hunter2', /first line.*UserName, .*Policies/],
  ['an unsupported separator', '-', 'UserName|Password\nalice|hunter2', /first line/],
  ['an unclosed quote', 'a.csv', 'UserName,Password\na,"\r\n"\nb,"hunter2\n', /line 4$/],
  ['a quote inside a cell', 'a.csv', 'UserName,Password\n\nb,hunter2"', /line 3$/],
  ['text after a quote', 'a.csv', 'UserName,Password\nb,"hunter2"x', /line 2$/],
  ['incomplete JSON', '-', '[{"UserName":"alice",\n "Password":"hunter2"', /line 2, column 22/],
  ['a trailing comma in JSON', 'a.json', '[{"Password":"hunter2"},]', /line 1, column 25/],
  ['a comment in JSON', 'a.json', '// hunter2\n[]', /line 1/],
  ['two JSON values', 'a.json', '{}\n{"Password":"hunter2"}', /line 2, column 1/],
  ['invalid YAML', 'a.yaml', '- UserName: a\n  Password: "hunter2"x', /line 2, column/],
  ['an unknown YAML tag', 'a.yaml', '- UserName: a\n  Password: !vault hunter2', /line 2, column 13/],
  ['a YAML alias', '-', '- &a {UserName: hunter2}\n- *a', /aliases.*line 2, column 3/],
  ['a YAML alias without an anchor', '-', '- *hunter2', /line 1/],
])('refuses a file with %s', async (_, name, text, message) => {
  const error = await parseUserRows(text, name).catch((error) => error);
  expect(error).toEqual(failure('refused', 'MalformedFile'));
  expect(error.message).toMatch(message);
  expect(error.message).not.toContain('hunter2');
});

it('never repeats a value in a problem', async () => {
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
