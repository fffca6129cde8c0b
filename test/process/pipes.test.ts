import { closeSync, existsSync, openSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { verify } from '@node-rs/argon2';
import { beforeAll, describe, expect, it } from 'vitest';
import { Home, parseError, signalBeforeHashing } from '../support/process.ts';

const furnished = new Home();
beforeAll(async () => {
  await furnished.json('user', 'create', 'alice', '--console', '--display-name', 'Alice Li');
});
const everything = () => readFileSync(furnished.directory, 'utf8');

describe('a reader that closes early', () => {
  it('ends a listing quietly', async () => {
    // More than a pipe holds, so that the writer does meet the closed end.
    const script = '{ ramctl policy list -o json; echo $? >status; } | head -1; cat status';
    expect(await furnished.copy().sh(script)).toMatchObject({ code: 0, out: '[\n0\n', err: '' });
    for (const words of [['user', 'list'], ['policy', 'list', '-o', 'json'], ['--help'], ['user', 'create', 'carol']]) {
      const home = furnished.copy();
      expect(await home.ramctl(words, { stdout: 'gone' })).toMatchObject({ code: 0, err: '' });
    }
  });

  it.each([
    'user create bob --console',
    'user create bob --access-key',
    'ak create alice',
    'login set alice --generate-password',
  ])('withdraws the secret of: %s', async (line) => {
    const home = furnished.copy();
    const failed = await home.ramctl([...line.split(' '), '-o', 'json'], { stdout: 'gone' });
    expect([failed.code, parseError(failed).Code]).toEqual([5, 'DeliveryFailed']);
    expect(usersOf(home)).toEqual(usersOf(furnished));
    expect(await home.json('directory', 'check')).toMatchObject({ Whole: true });
  });
});

it.skipIf(!existsSync('/dev/full'))('a full disk behind stdout is exit 5, and withdraws a secret', async () => {
  const home = furnished.copy();
  const full = openSync('/dev/full', 'w');
  const list = await home.ramctl(['user', 'list', '-o', 'json'], { stdout: full });
  expect([list.code, parseError(list).Code]).toEqual([5, 'OutputFailed']);
  const create = await home.ramctl(['user', 'create', 'bob', '--console', '-o', 'json'], { stdout: full });
  expect([create.code, parseError(create).Code]).toEqual([5, 'DeliveryFailed']);
  closeSync(full);
  expect(usersOf(home)).toEqual(usersOf(furnished));
});

describe.concurrent('without a terminal', () => {
  it.each([
    ['user create', 'name'],
    ['user edit', 'name'],
    ['user edit alice', '--comments'],
    ['user get', 'name'],
    ['login set', 'user'],
    ['login set alice', '--generate-password'],
    ['ak create', 'user'],
    ['ak delete alice', 'id'],
    ['policy attach AdministratorAccess', '--user'],
    ['policy attach --user alice', 'policy'],
    ['user delete nobody', '--yes'],
    ['user delete alice --cascade', '--yes'],
    ['login delete alice', '--yes'],
    ['ak delete alice LTAI', '--yes'],
  ])('ramctl %s ends at once and asks for %s', async (line, missing) => {
    const { code, out, err } = await furnished.ramctl(line.split(' '), { input: null, limit: 5_000 });
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(missing);
  });

  it('a destructive verb is refused before the directory is looked at', async () => {
    const { code, err } = await furnished.ramctl(['user', 'delete', 'alice', '-d', furnished.folder], { input: null });
    expect([code, err]).toEqual([2, expect.stringContaining('--yes')]);
  });
});

describe('a password from stdin', () => {
  const create = (...words: string[]) => ['user', 'create', 'bob', '--console', ...words, '-o', 'json'];

  it.each([
    ['R1ght-Horse', 'R1ght-Horse'],
    ['R1ght-Horse\n', 'R1ght-Horse'],
    ['R1ght-Horse\r\n', 'R1ght-Horse'],
    [' R1ght Hörse ', ' R1ght Hörse '],
  ])('%j is the password %j', async (input, password) => {
    const home = new Home();
    const { code, out } = await home.ramctl(create('--password-stdin'), { input });
    expect([code, out]).toEqual([0, expect.not.stringContaining('orse')]);
    expect(JSON.parse(out)).not.toHaveProperty('Password');
    const hash = /\$argon2id\$[^"]+/.exec(readFileSync(home.directory, 'utf8'))?.[0] ?? '';
    expect(await verify(hash, password)).toBe(true);
  });

  it.each([
    ['', 1, 'InvalidParameter.Password.TooWeak'],
    ['R1ght-Horse\n\n', 1, 'InvalidParameter.Password.TooWeak'],
    ['sh0rt', 1, 'InvalidParameter.Password.TooWeak'],
  ])('%j is refused', async (input, code, Code) => {
    const home = new Home();
    const failed = await home.ramctl(create('--password-stdin'), { input });
    expect([failed.code, failed.out, parseError(failed).Code]).toEqual([code, '', Code]);
  });

  it('and from a file exclude each other; without console logon it is a mistake', async () => {
    const home = new Home();
    const both = create('--password-stdin', '--password-file', '-');
    expect((await home.ramctl(both, { input: 'R1ght-Horse' })).code).toBe(2);
    expect((await home.ramctl(['user', 'create', 'bob', '--password-stdin'], { input: null })).code).toBe(2);
  });

  it('from a file that others can read comes with a remark', async () => {
    const home = new Home();
    const path = home.write('password.txt', 'R1ght-Horse\n');
    const { code, err } = await home.ramctl(['user', 'create', 'bob', '--console', '--password-file', path]);
    expect([code, err]).toEqual([0, expect.stringContaining(path)]);
  });
});

describe('--secret-to file:', () => {
  const ID = /LTAI[A-Za-z0-9]{20}/;
  const SECRET = '[A-Za-z0-9]{30}';
  const forms: Record<string, RegExp> = {
    json: new RegExp(`"Password": ".{20}"[^]*"AccessKeyId": "${ID.source}",\\s*"AccessKeySecret": "${SECRET}"`),
    csv: new RegExp(
      `^UserPrincipalName,Password,LogonUrl,AccessKeyId,AccessKeySecret\r?\nbob@[^,]+,.{20},https:[^,]+,${ID.source},${SECRET}\r?\n$`,
    ),
    env: new RegExp(`^ALIBABA_CLOUD_ACCESS_KEY_ID=.?${ID.source}.?\nALIBABA_CLOUD_ACCESS_KEY_SECRET=.?${SECRET}.?\n`),
  };

  it.each(Object.entries(forms))(
    'writes .%s, complete, 0600, and nothing secret elsewhere',
    async (extension, form) => {
      const home = new Home();
      const words = ['user', 'create', 'bob', '--console', '--access-key', '--secret-to', `file:bob.${extension}`];
      const { code, out } = await home.ramctl([...words, '-o', 'json']);
      expect([code, Object.keys(JSON.parse(out))]).toEqual([0, expect.not.arrayContaining(['Password'])]);
      expect(JSON.parse(out).AccessKey).not.toHaveProperty('AccessKeySecret');
      expect(home.read(`bob.${extension}`)).toMatch(form);
      expect(statSync(join(home.folder, `bob.${extension}`)).mode & 0o777).toBe(0o600);
      expect(readdirSync(home.folder).sort()).toEqual([`bob.${extension}`, 'ramctl']);
    },
  );

  it('writes .ini for an AccessKey', async () => {
    const home = furnished.copy();
    expect((await home.ramctl(['ak', 'create', 'alice', '--secret-to', 'file:alice.ini'])).code).toBe(0);
    expect(home.read('alice.ini')).toMatch(new RegExp(`^\\[default\\]\n[^]*${ID.source}\n[^]*${SECRET}\n`));
  });

  it.each([
    ['file:bob.txt', 2],
    ['file:bob', 2],
    ['file:', 2],
    ['file:bob.ini', 2],
    ['nowhere', 2],
    ['file:there.json', 1],
    ['file:link.json', 1],
    ['file:none/bob.json', 5],
  ])('%s makes nothing and is exit %i', async (sink, code) => {
    const home = furnished.copy();
    home.write('there.json', 'precious');
    symlinkSync('there.json', join(home.folder, 'link.json'));
    const before = readdirSync(home.folder);
    const failed = await home.ramctl(['user', 'create', 'bob', '--console', '--secret-to', sink, '-o', 'json']);
    expect([failed.code, failed.out, parseError(failed).Code]).toEqual([code, '', expect.any(String)]);
    expect(home.read('ramctl/directory.json')).toBe(everything());
    expect([readdirSync(home.folder), home.read('there.json')]).toEqual([before, 'precious']);
  });

  it('with --overwrite replaces the name, never what a link points to', async () => {
    const home = furnished.copy();
    home.write('there.json', 'precious');
    symlinkSync('there.json', join(home.folder, 'link.json'));
    const words = ['user', 'create', 'bob', '--console', '--secret-to', 'file:link.json', '--overwrite'];
    expect((await home.ramctl(words)).code).toBe(0);
    expect(home.read('there.json')).toBe('precious');
    expect(JSON.parse(home.read('link.json'))).toMatchObject({ UserName: 'bob', Password: expect.any(String) });
  });
});

describe.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s while a password is hashed', (signal, code) => {
  const words = ['user', 'create', 'bob', '--console', '--secret-to', 'file:bob.csv'];

  it('says that nothing was written, and is right', async () => {
    const home = furnished.copy();
    const ended = await home.ramctl(words, { before: signalBeforeHashing(signal) });
    expect([ended.code, ended.out, ended.err]).toEqual([code, '', expect.stringContaining('nothing was written')]);
    expect(home.read('ramctl/directory.json')).toBe(everything());
    expect(home.files()).toEqual(furnished.files());
  });

  it('says so in JSON when asked for that', async () => {
    const ended = await furnished.copy().ramctl([...words, '-o', 'json'], { before: signalBeforeHashing(signal) });
    expect([ended.code, parseError(ended).Message]).toEqual([code, expect.stringContaining('nothing was written')]);
  });

  it('leaves no file where the secret would have gone', async () => {
    const home = furnished.copy();
    await home.ramctl(words, { before: signalBeforeHashing(signal) });
    expect(readdirSync(home.folder)).toEqual(['ramctl']);
  });
});

/** The records of a directory, whatever its revision. */
function usersOf(home: Home): unknown {
  return JSON.parse(readFileSync(home.directory, 'utf8')).Users;
}
