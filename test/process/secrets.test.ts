import { existsSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Home, type ProcessResult, seededRandom } from '../support/process.ts';
import { encodingsOf, expectNoSecrets, findSecrets, readAllFiles } from '../support/secrets.ts';

interface Created {
  Password: string;
  AccessKey: { AccessKeyId: string; AccessKeySecret: string };
}

const USER_FOLDER = 0o700;
const USER_FILE = 0o600;

it('recognises a secret in every disguise', () => {
  for (const text of ['s3cret^Key', 'xs3cret^Key', 'xxs3cret^Keyx']) {
    const base64 = Buffer.from(text).toString('base64');
    expect(encodingsOf('s3cret^Key').some((disguise) => base64.includes(disguise))).toBe(true);
  }
});

it('shows secrets once and keeps none of them', { timeout: 120_000 }, async () => {
  const home = new Home();
  const created = await home.json<Created>('user', 'create', 'alice', '--console', '--access-key', '--debug');
  const { AccessKeyId: id, AccessKeySecret } = created.AccessKey;
  const renewed = await home.json<{ Password: string }>('login', 'set', 'alice', '--generate-password');
  const secrets = [created.Password, AccessKeySecret, renewed.Password];
  expect(secrets.every((secret) => secret?.length >= 20)).toBe(true);
  expect(new Set(secrets).size).toBe(3);

  const later: [number, string][] = [
    [0, 'user get alice'],
    [0, 'user get alice -o yaml'],
    [0, 'user list -o csv'],
    [0, 'user create alice --console --access-key --if-not-exists -o json'],
    [1, 'user create alice --console --access-key'],
    [0, 'user edit alice --comments x'],
    [0, 'login get alice -o json'],
    [0, 'login set alice --mfa required'],
    [0, 'ak list alice -o json'],
    [0, `ak last-used alice ${id}`],
    [0, `ak disable alice ${id}`],
    [1, 'user delete alice --yes -o json'],
    [0, 'user delete alice --cascade --dry-run'],
    [0, 'directory check -o json'],
    [2, 'user get alice --query ['],
  ];
  for (const [code, line] of later) {
    const ended = await home.ramctl([...line.split(' '), '--debug']);
    expect([line, ended.code]).toEqual([line, code]);
    expectNoSecrets(secrets, ended.out + ended.err);
  }
  for (const content of readAllFiles(home.folder)) expectNoSecrets(secrets, content);
});

const PASSWORD = 'Correct-Horse-9';
/** Leaves the command lines of all processes in a file. */
const LISTING = '{ ps -A -o args || cat /proc/[0-9]*/cmdline; } 2>/dev/null >> processes';
const CREATE = ['user', 'create', 'USER', '--console', '--access-key'];
const ROTATE = ['ak', 'rotate', 'USER', '--check', LISTING];
const LINES = [
  CREATE,
  ROTATE,
  ['user', 'create', 'USER', '--console', '--password-stdin', '--access-key', '--secret-to', 'file:sink.json'],
  ['user', 'import', 'rows.csv', '--secret-to', 'file:sink.json'],
  ['user', 'delete', 'USER', '--cascade', '--yes'],
  ['user', 'get', 'USER'],
  ['login', 'set', 'USER', '--generate-password'],
  ['login', 'set', 'USER', '--password-stdin'],
  ['ak', 'create', 'USER'],
  ['ak', 'create', 'USER', '--secret-to', 'aliyun:USER', '--config-path', 'sink.json'],
  ['ak', 'rotate', 'USER', '--run-id', '1', '--grace', '1h', '--check', LISTING, '--secret-to', 'file:sink.json'],
  ['ak', 'rotate', 'USER', '--check', `${LISTING}; false`],
  ['ak', 'rotation', 'rollback', 'USER', '--yes'],
  ['mfa', 'enable', 'USER', '--no-bind'],
  ['mfa', 'enable', 'USER', '--no-bind', '--secret-to', 'file:sink.json'],
  ['directory', 'backup', 'copy.json', '--with-key', '--overwrite'],
  ['directory', 'restore', 'copy.json', '--yes'],
];

it('tells a secret once, whatever comes before and after, and leaves it nowhere', { timeout: 120_000 }, async () => {
  const sequences = [11, 12, 13].map(async (seed) => {
    const chance = seededRandom(seed);
    const one = <T>(choices: T[]) => choices[Math.floor(chance() * choices.length)] as T;
    const home = new Home();
    home.write('rows.csv', `UserName,Console,Password,AccessKey\ncarol,yes,${PASSWORD},yes\ndave,yes,,no\n`);
    const known = new Set([PASSWORD]);
    const run = async (line: string[]) => {
      const user = one(['alice', 'bob']);
      const words = line.map((word) => word.replace('USER', user));
      const { code, out, err } = await home.ramctl([...words, '--debug', '-o', 'json'], { input: PASSWORD });
      expect([words, code]).not.toEqual([words, 70]);
      expectNoSecrets(known, out);
      const sink = join(home.folder, 'sink.json');
      const shown = findSecrets(out + (existsSync(sink) ? home.read('sink.json') : ''));
      for (const secret of shown) known.add(secret);
      expectNoSecrets(known, err);
      rmSync(sink, { force: true });
    };
    for (const line of [CREATE, CREATE, ROTATE, ROTATE, ...Array.from({ length: 14 }, () => one(LINES))])
      await run(line);
    rmSync(join(home.folder, 'rows.csv'));
    for (const content of readAllFiles(home.folder)) expectNoSecrets(known, content);
    return { known: known.size, processes: home.read('processes').includes('rotate') };
  });
  for (const { known, processes } of await Promise.all(sequences)) expect([known > 5, processes]).toEqual([true, true]);
});

it('does not repeat a password that it refuses', async () => {
  const home = new Home();
  for (const password of ['sh0rt!x', `l0ng-${'x'.repeat(40)}`, 'c0ntrol\u0007Character']) {
    const words = ['user', 'create', 'alice', '--console', '--password-stdin', '--debug'];
    const ended = await home.ramctl(words, { input: password });
    expect([ended.code, ended.out]).toEqual([1, '']);
    expectNoSecrets([password], ended.err);
  }
  // Nor one that was mistaken for a word of the command line.
  const mistaken = ['--password=s3cret^Horse', '--password-stdin=s3cret^Horse'];
  const ended = await Promise.all(mistaken.map((word) => home.ramctl(['user', 'create', 'alice', '--console', word])));
  for (const { code, err } of ended as ProcessResult[]) {
    expect(code).toBe(2);
    expectNoSecrets(['s3cret^Horse'], err);
  }
});

it('keeps everything to the user, whatever the umask', async () => {
  const home = new Home();
  const words = ['user', 'create', 'alice', '--console', '--access-key', '--secret-to', 'file:alice.csv'];
  expect((await home.ramctl(words, { before: 'process.umask(0)' })).code).toBe(0);
  const mode = (path: string) => statSync(path).mode & 0o777;
  expect(mode(home.config)).toBe(USER_FOLDER);
  for (const name of home.files()) expect([name, mode(join(home.config, name))]).toEqual([name, USER_FILE]);
  expect(mode(join(home.folder, 'alice.csv'))).toBe(USER_FILE);
});
