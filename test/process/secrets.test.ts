import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type Ended, Home } from '../support/process.ts';

interface Created {
  Password: string;
  AccessKey: { AccessKeyId: string; AccessKeySecret: string };
}

const USER_FOLDER = 0o700;
const USER_FILE = 0o600;

/** A secret as it is, and in the disguises in which it might be written down. */
function disguises(secret: string): string[] {
  const bytes = Buffer.from(secret);
  // Base64 of something longer that begins elsewhere: the characters that the secret alone decides.
  const inside = [0, 1, 2].map((shift) => {
    const start = Math.ceil((shift * 8) / 6);
    const end = Math.floor(((shift + bytes.length) * 8) / 6);
    return Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .slice(start, end);
  });
  const hex = bytes.toString('hex');
  const url = encodeURIComponent(secret);
  return [secret, ...inside, ...inside.map(urlSafe), hex, hex.toUpperCase(), url, encodeURIComponent(url)];
}

function urlSafe(base64: string): string {
  return base64.replaceAll('+', '-').replaceAll('/', '_');
}

function expectNone(secrets: string[], text: string): void {
  expect(secrets.flatMap(disguises).filter((disguise) => text.includes(disguise))).toEqual([]);
}

/** Every file below a folder, as bytes that can be searched like text. */
function contents(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return entries.map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'));
}

it('recognises a secret in every disguise', () => {
  for (const text of ['s3cret^Key', 'xs3cret^Key', 'xxs3cret^Keyx']) {
    const base64 = Buffer.from(text).toString('base64');
    expect(disguises('s3cret^Key').some((disguise) => base64.includes(disguise))).toBe(true);
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
    expectNone(secrets, ended.out + ended.err);
  }
  for (const content of contents(home.folder)) expectNone(secrets, content);
});

it('does not repeat a password that it refuses', async () => {
  const home = new Home();
  for (const password of ['sh0rt!x', `l0ng-${'x'.repeat(40)}`, 'c0ntrol\u0007Character']) {
    const words = ['user', 'create', 'alice', '--console', '--password-stdin', '--debug'];
    const ended = await home.ramctl(words, { input: password });
    expect([ended.code, ended.out]).toEqual([1, '']);
    expectNone([password], ended.err);
  }
  // Nor one that was mistaken for a word of the command line.
  const mistaken = ['--password=s3cret^Horse', '--password-stdin=s3cret^Horse'];
  const ended = await Promise.all(mistaken.map((word) => home.ramctl(['user', 'create', 'alice', '--console', word])));
  for (const { code, err } of ended as Ended[]) {
    expect(code).toBe(2);
    expectNone(['s3cret^Horse'], err);
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
