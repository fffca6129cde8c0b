import { existsSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Home, seededRandom } from '../support/process.ts';
import { encodingsOf, expectNoSecrets, findSecrets, readAllFiles } from '../support/secrets.ts';

interface Created {
  Password: string;
  AccessKey: { AccessKeyId: string; AccessKeySecret: string };
}

const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;

it('encodingsOf finds a secret in base64 at each offset', () => {
  for (const text of ['s3cret^Key', 'xs3cret^Key', 'xxs3cret^Keyx']) {
    const base64 = Buffer.from(text).toString('base64');
    expect(encodingsOf('s3cret^Key').some((encoding) => base64.includes(encoding))).toBe(true);
  }
});

it('a secret is printed once and stored in no file', { timeout: 120_000 }, async () => {
  const home = new Home();
  const created = await home.json<Created>('user', 'create', 'alice', '--console', '--access-key', '--debug');
  const { AccessKeyId: id, AccessKeySecret } = created.AccessKey;
  const changed = await home.json<{ Password: string }>('login', 'set', 'alice', '--generate-password');
  const secrets = [created.Password, AccessKeySecret, changed.Password];
  expect(secrets.every((secret) => secret?.length >= 20)).toBe(true);
  expect(new Set(secrets).size).toBe(3);

  const laterCommands: [number, string][] = [
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
  for (const [code, line] of laterCommands) {
    const result = await home.run([...line.split(' '), '--debug']);
    expect([line, result.code]).toEqual([line, code]);
    expectNoSecrets(secrets, result.out + result.err);
  }
  for (const content of readAllFiles(home.folder)) expectNoSecrets(secrets, content);
});

const PASSWORD = 'Correct-Horse-9';
/** A shell command that appends the command lines of all processes to a file. */
const LIST_PROCESSES = '{ ps -A -o args || cat /proc/[0-9]*/cmdline; } 2>/dev/null >> processes';
const CREATE = ['user', 'create', 'USER', '--console', '--access-key'];
const ROTATE = ['ak', 'rotate', 'USER', '--check', LIST_PROCESSES];
const COMMANDS = [
  CREATE,
  ROTATE,
  ['user', 'create', 'USER', '--console', '--password-stdin', '--access-key', '--secret-to', 'file:secrets.json'],
  ['user', 'import', 'rows.csv', '--secret-to', 'file:secrets.json'],
  ['user', 'delete', 'USER', '--cascade', '--yes'],
  ['user', 'get', 'USER'],
  ['login', 'set', 'USER', '--generate-password'],
  ['login', 'set', 'USER', '--password-stdin'],
  ['ak', 'create', 'USER'],
  ['ak', 'create', 'USER', '--secret-to', 'aliyun:USER', '--config-path', 'secrets.json'],
  [
    'ak',
    'rotate',
    'USER',
    '--run-id',
    '1',
    '--grace',
    '1h',
    '--check',
    LIST_PROCESSES,
    '--secret-to',
    'file:secrets.json',
  ],
  ['ak', 'rotate', 'USER', '--check', `${LIST_PROCESSES}; false`],
  ['ak', 'rotation', 'rollback', 'USER', '--yes'],
  ['mfa', 'enable', 'USER', '--no-bind'],
  ['mfa', 'enable', 'USER', '--no-bind', '--secret-to', 'file:secrets.json'],
  ['directory', 'backup', 'copy.json', '--with-key', '--overwrite'],
  ['directory', 'restore', 'copy.json', '--yes'],
];

it('in random sequences of commands, each secret is printed once and stored in no file', {
  timeout: 120_000,
}, async () => {
  const sequences = [11, 12, 13].map(async (seed) => {
    const random = seededRandom(seed);
    const pick = <T>(choices: T[]) => choices[Math.floor(random() * choices.length)] as T;
    const home = new Home();
    home.write('rows.csv', `UserName,Console,Password,AccessKey\ncarol,yes,${PASSWORD},yes\ndave,yes,,no\n`);
    const secrets = new Set([PASSWORD]);
    const run = async (line: string[]) => {
      const user = pick(['alice', 'bob']);
      const args = line.map((word) => word.replace('USER', user));
      // The command lines of processes matter only to the commands that list them.
      const isListing = line.some((word) => word.includes(LIST_PROCESSES));
      const all = [...args, '--debug', '-o', 'json'];
      const { code, out, err } = await (isListing ? home.ramctl : home.run).call(home, all, { input: PASSWORD });
      expect([args, code]).not.toEqual([args, 70]);
      expectNoSecrets(secrets, out);
      const secretFile = join(home.folder, 'secrets.json');
      const shown = findSecrets(out + (existsSync(secretFile) ? home.read('secrets.json') : ''));
      for (const secret of shown) secrets.add(secret);
      expectNoSecrets(secrets, err);
      rmSync(secretFile, { force: true });
    };
    for (const line of [CREATE, CREATE, ROTATE, ROTATE, ...Array.from({ length: 14 }, () => pick(COMMANDS))])
      await run(line);
    rmSync(join(home.folder, 'rows.csv'));
    for (const content of readAllFiles(home.folder)) expectNoSecrets(secrets, content);
    return { secrets: secrets.size, isListed: home.read('processes').includes('rotate') };
  });
  for (const { secrets, isListed } of await Promise.all(sequences))
    expect([secrets > 5, isListed]).toEqual([true, true]);
});

it('a refused password is not repeated in the error', async () => {
  const home = new Home();
  for (const password of ['sh0rt!x', `l0ng-${'x'.repeat(40)}`, 'c0ntrol\u0007Character']) {
    const args = ['user', 'create', 'alice', '--console', '--password-stdin', '--debug'];
    const result = await home.run(args, { input: password });
    expect([result.code, result.out]).toEqual([1, '']);
    expectNoSecrets([password], result.err);
  }
  // The same is true for a password that was given as an option value by mistake.
  const invalidOptions = ['--password=s3cret^Horse', '--password-stdin=s3cret^Horse'];
  const results = await Promise.all(
    invalidOptions.map((option) => home.run(['user', 'create', 'alice', '--console', option])),
  );
  for (const { code, err } of results) {
    expect(code).toBe(2);
    expectNoSecrets(['s3cret^Horse'], err);
  }
});

it('files have mode 0600 and folders mode 0700 with any umask', async () => {
  const home = new Home();
  const args = ['user', 'create', 'alice', '--console', '--access-key', '--secret-to', 'file:alice.csv'];
  expect((await home.ramctl(args, { before: 'process.umask(0)' })).code).toBe(0);
  const mode = (path: string) => statSync(path).mode & 0o777;
  expect(mode(home.config)).toBe(FOLDER_MODE);
  for (const name of home.files()) expect([name, mode(join(home.config, name))]).toEqual([name, FILE_MODE]);
  expect(mode(join(home.folder, 'alice.csv'))).toBe(FILE_MODE);
});
