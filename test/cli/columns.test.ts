import { beforeAll, describe, expect, it } from 'vitest';
import { TestWorld } from '../support/test-world.ts';
import { verbs } from '../support/verbs.ts';

const world = new TestWorld();
let userId: string;

beforeAll(async () => {
  await world.ramctl('user create alice --console --comments "on call"');
  await world.ramctl('user create bob --display-name "Bob Wu"');
  const ids = (await world.ramctl('user list -o json --query "[].UserId"')).json as string[];
  userId = ids[0] ?? '';
});

describe('--columns', () => {
  it.each<[line: string, out: string]>([
    ['user list --columns MFA,UserName', 'MFA   User\nnone  alice\nnone  bob\n'],
    ['user list --columns UserName,Comments', 'User   Comments\nalice  on call\nbob    -\n'],
    ['--columns username,display-name user list', 'User   Display name\nalice  -\nbob    Bob Wu\n'],
    ['user list bob --columns "Last logon, User"', 'Last logon  User\nnever       bob\n'],
    ['user list bob --columns Console,Console', 'Console\nno\n'],
    ['user list unknown --columns UserName', 'no users\n'],
    [
      'user get alice --columns Groups,UserName,"Console logon"',
      'Groups         -\nUser           alice\nConsole logon  Active\n',
    ],
    ['report --columns user,Keys', 'User   Keys\nalice  0\nbob    0\n'],
    ['user list --columns MFA,UserName -o csv', 'MFA,UserName\nnone,alice\nnone,bob\n'],
    ['user list unknown --columns MFA,UserName -o csv', 'MFA,UserName\n'],
    ['user get bob --columns Email,UserName -o yaml', 'Email: null\nUserName: bob\n'],
    ['user list --query "[].{n: UserName, c: Comments}" --columns c,n', 'c        n\non call  alice\n-        bob\n'],
    ['user list bob --query "[?Console]" --columns n -o csv', ''],
  ])('%s', async (line, out) => {
    expect(await world.ramctl(line)).toMatchObject({ code: 0, out, err: '' });
  });

  it('chooses the members of JSON results', async () => {
    const { json } = await world.ramctl('user list --columns UserId,UserName -o json --limit 1');
    expect(json).toEqual([{ UserId: userId, UserName: 'alice' }]);
    expect(Object.keys(json[0])).toEqual(['UserId', 'UserName']);
  });

  it.each([
    'user list --columns Nme',
    'user list unknown --columns Nme',
    'user list --columns Nme -o csv',
    'user get alice --columns UserName,Nme -o yaml',
    'user edit bob --comments changed --columns Nme',
    'user create carol --columns Nme',
  ])('refuses an unknown name, names the allowed ones and changes nothing: %s', async (line) => {
    const before = await world.state();
    const { code, out, err } = await world.ramctl(line);
    expect([code, out, err]).toEqual([2, '', expect.stringMatching(/"Nme".*allowed: .*UserName.*DisplayName/)]);
    expect(await world.state()).toEqual(before);
  });

  it.each([
    'user list --columns ""',
    'user list --columns UserName,',
    'user list --columns',
    'user list --query "[].UserName" --columns a',
  ])('is a usage error: %s', async (line) => {
    expect(await world.ramctl(line)).toMatchObject({ code: 2, out: '' });
  });
});

describe('--columns of a command that shows a secret', () => {
  it.each([
    'user create dora --console --columns UserName',
    'user create dora --access-key --columns UserName,AccessKeys -o csv',
    'ak create alice --columns AccessKeyId -o json',
    'login set alice --generate-password --columns UserName -o yaml',
    'mfa enable alice --no-bind --columns SerialNumber',
    'serve --bootstrap --columns Address',
  ])('is refused before anything is made if it leaves the secret out: %s', async (line) => {
    const subject = line.startsWith('serve') ? new TestWorld() : world;
    const before = await subject.state();
    const { code, out, err } = await subject.ramctl(line);
    expect([code, out, err]).toEqual([2, '', expect.stringContaining('--columns would remove a secret')]);
    expect(await subject.state()).toEqual(before);
  });

  it('prints the chosen secret, whole also on a narrow terminal', async () => {
    const { out } = await world.ramctl('user create erin --console --columns UserName,Password', { width: 20 });
    expect(out).toMatch(/^User +erin\nPassword\n\S{20}\n$/);
    const key = await world.ramctl('ak create bob --columns AccessKeySecret -o csv');
    expect(key.out).toMatch(/^AccessKeySecret\n\w{30}\n$/);
  });

  it('may leave out a secret that another sink receives', async () => {
    const line = 'ak create erin --secret-to file:key.env --columns AccessKeyId,Status -o csv';
    expect((await world.ramctl(line)).out).toMatch(/^AccessKeyId,Status\nLTAI\w+,Active\n$/);
    expect(world.delivered.get('key.env')).toContain('ALIBABA_CLOUD_ACCESS_KEY_SECRET=');
  });
});

/** For each list verb, a line with an empty list and a line with records. */
const LISTS: Record<string, [empty: string, filled: string]> = {
  'user list': ['', ''],
  'group list': ['', ''],
  'role list': ['', ''],
  'policy list': ['no-such-keyword', 'iot'],
  'mfa list': ['', ''],
  'ak list': ['bob', 'alice'],
  'ak rotation list': ['', ''],
  report: ['', ''],
};

describe('-o csv', () => {
  const filled = new TestWorld();
  beforeAll(async () => {
    for (const line of [
      'user create alice --access-key',
      'ak rotate alice --grace 2h',
      'group create ops',
      'role create auditor',
      'mfa enable alice --no-bind',
    ]) {
      expect((await filled.ramctl(line)).code).toBe(0);
    }
  });

  it.each(Object.entries(LISTS))('%s prints the same header for an empty list', async (verb, [empty, full]) => {
    const emptyWorld = new TestWorld();
    if (verb === 'ak list') await emptyWorld.ramctl('user create bob');
    const header = (await filled.ramctl(`${verb} ${full} -o csv`)).out.split('\n', 1)[0];
    expect(header).toMatch(/^\w+(,\w+)+$/);
    expect(await emptyWorld.ramctl(`${verb} ${empty} -o csv`)).toMatchObject({ code: 0, out: `${header}\n` });
    expect((await emptyWorld.ramctl(`${verb} ${empty} -o csv --query "[]"`)).out).toBe('');
  });

  it('every list verb is tested', () => {
    const lists = verbs.map(([name]) => name).filter((name) => / list$/.test(name));
    expect(Object.keys(LISTS)).toEqual(expect.arrayContaining(lists));
  });

  it('user import prints a header also if every user exists', async () => {
    const files = { 'users.csv': 'UserName\nfrank\n' };
    const { out } = await world.ramctl('user import users.csv -o csv', { files });
    const again = await world.ramctl('user import users.csv --skip-existing -o csv', { files });
    expect(again.out).toBe(`${out.split('\n', 1)[0]}\n`);
  });

  it('ak rotation finish prints a header if nothing is pending', async () => {
    const { out } = await world.ramctl('ak rotation finish -o csv');
    expect(out).toBe('UserName,RunId,State,OldAccessKeyId,NewAccessKeyId,DueDate\n');
  });
});
