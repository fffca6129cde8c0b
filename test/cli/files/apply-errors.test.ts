import { beforeEach, describe, expect, it } from 'vitest';
import { TestWorld } from '../../support/test-world.ts';

let world: TestWorld;
beforeEach(async () => {
  world = new TestWorld();
  await world.ramctl('user create alice');
});

interface Reported {
  Code: string;
  Message: string;
  Errors?: { Code: string; Message: string; Field: string; Row: number }[];
}

/** Applies a file that is refused. Returns its errors. */
async function refuse(text: string, name = 'd.yaml') {
  const before = await world.state();
  const { code, out, error } = await world.ramctl(['apply', name, '-o', 'json'], { files: { [name]: text } });
  expect([code, out, await world.state()]).toEqual([1, '', before]);
  const reported = error as Reported;
  return (reported.Errors ?? [reported]).map(({ Code, Message }) => [Code, Message]);
}

describe('an error of a description', () => {
  it.each([
    ['Users:\n  - UserName: bob\n    Emial: x', 3, 5, 'a user has no member "Emial"; did you mean "Email"?'],
    ['Users:\n  - user_name: bob', 2, 5, 'the user has no UserName'],
    ['Grups: []', 1, 1, 'a description file has no member "Grups"; did you mean "Groups"?'],
    ['Users: [{ UserName: bob, Xyz: 1 }]', 1, 26, 'a user has no member "Xyz"; allowed: UserName, DisplayName'],
    ['Users:\n- UserName: 12', 2, 13, 'UserName must be a text; write it in quotes'],
    ['Account: { AccountId: 1234567890123456 }', 1, 23, 'AccountId must be a text; write it in quotes'],
    ['Users: alice', 1, 8, 'Users must be a list'],
    ['Users: [alice]', 1, 9, 'an item of Users must be an object with members'],
    ['- UserName: bob', 1, 1, 'the file must be an object with members'],
    ['Users: [{ UserName: a b }]', 1, 21, 'UserName must be 1 to 64 of these characters: letters, digits, . _ and -'],
    ['Users: [{ UserName: b, MobilePhone: "1" }]', 1, 37, 'MobilePhone must be a number such as 86-13800000000'],
    ['Users: [{ UserName: b, LoginProfile: { Status: On } }]', 1, 48, 'Status must be Active or Inactive'],
    [
      'Users: [{ UserName: b, Tags: [{ TagKey: a, TagValue: b }, { TagKey: a, TagValue: c }] }]',
      1,
      59,
      'the tag a occurs twice',
    ],
    ['Roles: [{ RoleName: r, MaxSessionDuration: 1 }]', 1, 44, 'must be a number of seconds from 3600 to 43200'],
    ['{\n\t"Users": [\n\t\t{ "UserName": true }\n\t]\n}', 3, 17, 'UserName must be a text; write it in quotes'],
    ['{ "Users": [ { "UserName": "bob" }, ] ', 1, 37, 'this is not JSON: value expected'],
    ['Users:\n  - UserName: bob\n    UserName: carol', 3, 5, 'this member occurs twice'],
    ['Users:\n  - UserName: bob\n    Comments: a: b', 3, 15, 'a text that contains ": " must be in quotes'],
    ['Users:\n  - UserName: bob\n    Comments: @a', 3, 15, 'a text that starts with this character must be in quotes'],
    ['Users:\n  - UserName: bob\n    Comments: "a\n', 4, 1, 'the closing quote of a text is missing'],
    ['Users:\n  - UserName: bob\n   Comments: a', 3, 1, 'this is not "member: value" or "- item"'],
    ['Users: [{ UserName: bob }\nGroups: []', 2, 1, 'a ] or } is missing'],
    ['Users:\n\t- UserName: bob', 2, 1, 'the indentation must not contain tabs'],
    ['Users: &all [{ UserName: bob }]\nGroups: *all', 2, 9, 'YAML aliases are not supported'],
    ['Users: !list []', 1, 8, 'YAML tags are not supported'],
    ['Users: [{ UserName: bob, Groups: [none] }]', 1, 35, 'the group none does not exist'],
    ['Users: [{ UserName: bob, Policies: [None] }]', 1, 37, 'the policy None does not exist'],
    [
      'Groups: [{ GroupName: g, Policies: [{ PolicyName: None, PolicyType: Custom }] }]',
      1,
      37,
      'the custom policy None',
    ],
    ['Policies: [{ PolicyName: New }]', 1, 12, 'the policy New does not exist yet and needs a PolicyDocument'],
    ['Account: { AccountId: "9999999999999999" }', 1, 23, 'the file describes the account 9999999999999999, but'],
    ['Policies: [{ PolicyName: P, PolicyDocument: "{}" }]', 1, 45, 'line 1, column 1 of the document: Version must be'],
    ['Users: [{ UserName: bob, Email: a@b }]', 1, 9, 'user bob: Email must look like alice@example.com'],
    ['Users: [{ UserName: alice, Comments: "a\\u202eb" }]', 1, 9, 'user alice: NewComments must not contain'],
    ['Account: { SecurityPreference: { LoginNetworkMasks: x } }', 1, 10, 'account'],
  ])('is reported with its line and column: %s', async (text, line, column, message) => {
    const [[, Message = ''] = []] = await refuse(text);
    expect(Message).toContain(`d.yaml, line ${line}, column ${column}: `);
    expect(Message).toContain(message);
  });

  it('points into a policy document, also into one of a role', async () => {
    const text = `
Policies:
  - PolicyName: Own
    PolicyDocument:
      Version: 1
      Statement:
        - Effect: Maybe
          Action: [iot:Pub, 'iot Sub']
          Resource: '*'
Roles:
  - RoleName: auditor
    AssumeRolePolicyDocument:
      Version: '1'
      Statement: [{ Effect: Allow, Action: sts:AssumeRole }]
`;
    expect((await refuse(text)).map(([, message]) => message)).toEqual([
      'd.yaml, line 5, column 16: Version must be "1", in quotes',
      'd.yaml, line 7, column 19: Effect must be "Allow" or "Deny"',
      'd.yaml, line 8, column 29: an action must be "*" or <ramCode>:<name>, without spaces',
      'd.yaml, line 14, column 19: Principal must have at least one of the members RAM, Service, Federated',
    ]);
  });

  it('is listed in the order of the file, and once', async () => {
    const text = `
Users:
  - UserName: bob
    DisplayName: []
    Groups: ops
    Email: x
    AccessKey: 1
`;
    const places = (await refuse(text)).map(([, message]) => message?.split(':')[0]);
    expect(places).toEqual([4, 5, 6, 7].map((line) => expect.stringContaining(`d.yaml, line ${line}, `)));
    const indentation = 'Users:\n  - UserName: bob\n     DisplayName: x\n   Comments: y\n';
    expect(await refuse(indentation)).toHaveLength(2);
  });

  it('is reported together with all others of its kind, for a person and as JSON', async () => {
    const text = 'Users:\n  - UserName: bob\n    Groups: [a, b]\n  - UserName: carol\n    Policies: [None]\n';
    const { err } = await world.ramctl('apply d.yaml', { files: { 'd.yaml': text } });
    expect(err).toBe(`error: 3 errors were found
  d.yaml, line 3, column 14: the group a does not exist
  d.yaml, line 3, column 17: the group b does not exist
  d.yaml, line 5, column 16: the policy None does not exist
`);
    const { error } = await world.ramctl('apply d.yaml -o json', { files: { 'd.yaml': text } });
    expect((error as Reported).Errors?.at(-1)).toEqual({
      Code: 'EntityNotExist.Policy',
      Message: 'd.yaml, line 5, column 16: the policy None does not exist',
      Field: 'Users[1].Policies[0]',
      Row: 5,
    });
  });

  it('a group or policy that --prune deletes does not exist', async () => {
    await world.ramctl('group create ops');
    const text = '{ Groups: [], Users: [{ UserName: alice, Groups: [ops] }] }';
    const { code, err } = await world.ramctl('apply - --prune --yes', { input: text });
    expect([code, err]).toEqual([1, expect.stringContaining('the group ops does not exist')]);
  });

  it('a name that occurs twice names both places', async () => {
    expect(await refuse('Users:\n- UserName: bob\n---\nUsers:\n- UserName: BOB\n')).toEqual([
      ['DuplicateName', 'd.yaml, line 5, column 3: the user BOB is also described in d.yaml, line 2, column 3'],
    ]);
    expect(await refuse('Account: {}\n---\nAccount: {}\n')).toEqual([
      ['DuplicateName', 'd.yaml, line 3, column 10: the account is also described in d.yaml, line 1, column 10'],
    ]);
  });

  it.each(['', '# nothing\n', '---\n---\n'])('an empty file is refused: %j', async (text) => {
    expect(await refuse(text)).toEqual([['MalformedFile', 'd.yaml: there is nothing to apply']]);
  });

  it('survives hostile files', async () => {
    expect(await refuse('['.repeat(100_000))).toEqual([['MalformedFile', expect.stringContaining('nested too deep')]]);
    const wrong = Array.from({ length: 500 }, (_, index) => `{ UserName: u${index}, __proto__: 1 }`).join(',');
    const errors = await refuse(`Users: [${wrong}]`);
    expect(errors).toHaveLength(100);
    expect(errors[0]).toEqual(['UnknownMember', expect.stringContaining('a user has no member "__proto__"')]);
  });
});
