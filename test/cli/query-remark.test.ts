import { beforeAll, describe, expect, it } from 'vitest';
import { TestWorld } from '../support/test-world.ts';

const world = new TestWorld();

beforeAll(async () => {
  await world.ramctl('user create alice --console --comments x');
  await world.ramctl('user create bob --access-key');
});

describe('A query with a member that does not exist gives a remark', () => {
  it.each([
    ['user get alice', 'Usernme', 'null', /no member Usernme here; the members are UserId, UserName, /],
    [
      'user get alice',
      'LoginProfile.Statuss',
      'null',
      /no member Statuss here; the members are Status, PasswordResetRequired/,
    ],
    ['user get bob', 'AccessKeys[0].Id', 'null', /no member Id here; the members are AccessKeyId, /],
    ['user get bob', 'AccessKeys[].Id', '[]', /no member Id here; the members are AccessKeyId, /],
    ['user get alice', '{Name: Usernme, Id: UserId}', '"Name": null', /no member Usernme/],
    ['user get alice', '[Usernme, UserId]', 'null', /no member Usernme/],
    ['user get alice', 'Usernme.x', 'null', /no member Usernme/],
    ['user list', '[].Usernme', '[]', /no member Usernme here; the members are UserId, UserName, /],
    ['user list', '[*].Usernme | [0]', 'null', /no member Usernme/],
    ['user list', '[].{Name: Usernme}', 'null', /no member Usernme/],
    ['user list', "[?Usernme=='alice'].UserName", '[]', /no member Usernme/],
    ['user list', "[?UserName=='alice'].Usernme", '[]', /no member Usernme/],
    ['user list', 'UserName', 'null', /UserName is a member of the elements of a list; write \[\]\.UserName/],
    ['user list', 'Users', 'null', /no member Users here; the elements of the list have the members UserId, /],
  ])('%s --query %s', async (line, query, out, remark) => {
    const args = [...line.split(' '), '--query', query];
    for (const options of [['-o', 'json'], ['-o', 'yaml'], []]) {
      const result = await world.ramctl([...args, ...options]);
      expect([result.code, result.err]).toEqual([0, expect.stringMatching(remark)]);
      expect(result.err.match(/\n/g)).toHaveLength(1);
    }
    expect((await world.ramctl([...args, '-o', 'json'])).out).toContain(out);
    expect(await world.ramctl([...args, '-q'])).toMatchObject({ code: 0, err: '' });
  });

  it('once, also if the command changes something', async () => {
    const { code, err } = await world.ramctl('user edit alice --comments y --query Usernme');
    expect([code, err]).toEqual([0, expect.stringMatching(/^remark: [^\n]*Usernme[^\n]*\n$/)]);
  });

  it('that is lost if the command fails with -o json', async () => {
    const { code, error } = await world.ramctl('user edit alice --comments y --query Usernme -o json', {
      brokenOutput: 'ENOSPC',
    });
    expect([code, error.Code]).toEqual([5, 'OutputFailed']);
  });
});

describe('A query gives no remark', () => {
  it.each([
    ['user get alice', 'UserName'],
    ['user get alice', 'Email'],
    ['user get alice', 'MFADevice.SerialNumber'],
    ['user get bob', 'LoginProfile.Status'],
    ['user get alice', 'AccessKeys[0].AccessKeyId'],
    ['user get alice', 'AccessKeys[].AccessKeyId'],
    ['user get alice', 'Password || UserName'],
    ['user get alice', 'not_null(Password, UserName)'],
    ['user get alice', 'length(AccessKeys)'],
    ['user get alice', '@'],
    ['user get alice', '*'],
    ['user list', '[].UserName'],
    ['user list', '[].LastLoginDate'],
    ['user list', '[10].UserName'],
    ['user list', "[?UserName=='nobody'].UserName"],
    ['user list', "[?UserName=='nobody'] | [0].UserName"],
    ['user list', '[?!Password].UserName'],
    ['user list', "[?contains(UserName, 'z')].UserName"],
    ['user list', 'sort_by([], &UserName)[].UserName'],
    ['user list', '[?AccessKeys > `0`].{Name: UserName, Keys: AccessKeys}'],
    ['user list', '[].[UserName, MFA]'],
    ['user list', 'length([])'],
    ['user list zzz', '[].Usernme'],
    ['user list', 'let $name = [0].UserName in [?UserName == $name].UserName'],
    ['user list', '[?UserName == $[0].UserName].UserName'],
    ['user get alice', 'LoginProfile.LockedUntil == null'],
    ['user get alice', 'LoginProfile.LockedUntil == `null`'],
    ['user list', '[?Console == null].UserName'],
    ['user list', 'group_by(@, &MFA).bound[].UserName'],
    ['user list', 'group_by([?Console], &MFA) | bound[].UserName'],
    ['user list', 'from_items([].[UserName, UserId]).carol'],
    ['user list', "[0].UserName == 'x' && `true` || `false`"],
  ])('%s --query %s', async (line, query) => {
    expect(await world.ramctl([...line.split(' '), '--query', query])).toMatchObject({ code: 0, err: '' });
  });
});

it('The error for a literal in backticks that is not JSON names single quotes', async () => {
  const { code, error } = await world.ramctl(['user', 'list', '-o', 'json', '--query', '[?MFA==`none`]']);
  expect([code, error.Hint]).toEqual([2, "write a text in single quotes, such as 'alice'"]);
});
