import { beforeEach, describe, expect, it } from 'vitest';
import { TestWorld } from '../support/test-world.ts';

let world: TestWorld;
const files = { 'users.csv': 'UserName,Console,AccessKey\nalice,yes,\nBob,,yes\ncarol,,\n' };
const paths = () => [...world.delivered.keys()].sort();
const ramctl = (line: string) => world.ramctl(line, { files });

beforeEach(() => {
  world = new TestWorld();
});

describe('--secret-to file:PATH with {user}', () => {
  it.each([
    ['csv', /^alice@[^,]+,\S{20},https:[^,]+,,$/m, /^Bob@[^,]+,,,LTAI\w+,\w{30}$/m],
    ['env', /^RAMCTL_PASSWORD=\S{20}\n$/, /^ALIBABA_CLOUD_ACCESS_KEY_ID=\w+\nALIBABA_CLOUD_ACCESS_KEY_SECRET=\w+\n$/],
    [
      'json',
      /^\{\n {2}"UserId"[\s\S]*"UserName": "alice"[\s\S]*"Password": "\S{20}"\n\}\n$/,
      /"AccessKeySecret": "\w{30}"/,
    ],
  ])('writes one .%s file for each imported user who has a secret', async (extension, alice, bob) => {
    const { code, out } = await ramctl(`user import users.csv --secret-to file:out/{user}.${extension} -o json`);
    expect([code, paths()]).toEqual([0, [`out/Bob.${extension}`, `out/alice.${extension}`]]);
    expect(world.delivered.get(`out/alice.${extension}`)).toMatch(alice);
    expect(world.delivered.get(`out/Bob.${extension}`)).toMatch(bob);
    expect(world.delivered.get(`out/alice.${extension}`)).not.toContain('Bob');
    expect(out).not.toMatch(/"(Password|AccessKeySecret)"/);
  });

  it('writes .ini files of users who have an AccessKey', async () => {
    expect((await ramctl('user import users.csv --secret-to file:{user}.ini -o json')).code).toBe(2);
    expect((await world.state()).Users.size).toBe(0);
    const input = 'UserName,AccessKey\nalice,yes\nbob,1\n';
    expect((await world.ramctl('user import - --secret-to file:{user}.ini', { input })).code).toBe(0);
    expect(paths()).toEqual(['alice.ini', 'bob.ini']);
  });

  it.each([
    'user create alice --console --secret-to file:{user}.env',
    'ak create ALICE --secret-to file:{user}.env',
    'login set ALICE --generate-password --secret-to file:{user}.env',
    'ak rotate ALICE --secret-to file:{user}.env',
    'ak rotate ALICE --run-id 7 --secret-to file:{user}.env',
    'mfa enable ALICE --no-bind --secret-to file:{user}.json',
  ])('is the name of the user also for %s', async (line) => {
    if (!line.startsWith('user')) await ramctl('user create alice');
    if (line.startsWith('ak rotate')) await ramctl('ak create alice');
    const { code } = await ramctl(line);
    expect([code, paths()]).toEqual([0, [line.startsWith('mfa') ? 'alice.json' : 'alice.env']]);
    if (line.includes('--run-id')) expect((await ramctl(line)).code).toBe(0);
  });

  it.each([
    ['file:{user}', 2, 'Usage'],
    ['file:{user}.txt', 2, 'Usage'],
    ['file:x.{user}', 2, 'Usage'],
    ['file:/memory/directory.{user}.json', 2, 'Usage'],
    ['file:old/{user}.csv', 1, 'FileExists'],
  ])('%s is refused before anything is made', async (sink, exit, Code) => {
    world.delivered.set('old/Bob.csv', 'old');
    for (const option of ['', ' --dry-run']) {
      const { code, out, error } = await ramctl(`user import users.csv -o json --secret-to ${sink}${option}`);
      expect([code, out, error.Code]).toEqual([exit, '', Code]);
    }
    expect([(await world.state()).Users.size, paths()]).toEqual([0, ['old/Bob.csv']]);
  });

  it.each(['.', '..'])('is refused for the user name %s', async (name) => {
    const create = ['user', 'create', name, '--access-key', '--secret-to', 'file:{user}/key.env', '-o', 'json'];
    expect(await world.ramctl(create)).toMatchObject({ code: 2, out: '' });
    expect((await world.state()).Users.size).toBe(0);
  });

  it('leaves no file and no user if one file cannot be written', async () => {
    world.failingPaths.add('Bob.csv');
    const { code, out, error } = await ramctl('user import users.csv -o json --secret-to file:{user}.csv');
    expect([code, out, error.Code]).toEqual([5, '', 'DeliveryFailed']);
    expect([(await world.state()).Users.size, paths()]).toEqual([0, []]);
  });

  it('is suggested if a format holds one user only', async () => {
    const { error } = await ramctl('user import users.csv -o json --secret-to file:users.env');
    expect(error.Hint).toContain('file:{user}.env');
  });

  it('is not replaced in other sinks', async () => {
    await ramctl('user create alice');
    expect((await ramctl('ak create alice --secret-to aliyun:{user}')).code).toBe(0);
    expect(world.delivered.get('~/.aliyun/config.json')).toContain('"{user}"');
  });
});
