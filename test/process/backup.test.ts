import { rmSync, statSync } from 'node:fs';
import { expect, it } from 'vitest';
import { Home, parseError } from '../support/process.ts';

const restoreBackup = (home: Home, ...args: string[]) =>
  home.json<{ Kept: string | null; Users: number }>('directory', 'restore', ...args, '--yes');
const userNames = (home: Home) => home.json<string[]>('user', 'list', '--query', '[].UserName');
const fileMode = (path: string) => statSync(path).mode & 0o777;

async function createSampleHome(): Promise<Home> {
  const home = new Home();
  await home.json('user', 'create', 'alice', '--access-key');
  return home;
}

/** The part of a directory file between its first line and the history. */
const recordsIn = (text: string) => text.slice(text.indexOf('\n'), text.indexOf('"History"'));

it('a backup contains the directory file without its history, has mode 0600 and does not contain the key', async () => {
  const home = await createSampleHome();
  const result = await home.json('directory', 'backup', 'copy.json');
  expect(result).toMatchObject({
    Path: 'copy.json',
    KeyFile: null,
    AccountId: expect.stringMatching(/^\d{16}$/),
    Users: 1,
  });
  const copy = home.read('copy.json');
  expect([recordsIn(copy), fileMode(`${home.folder}/copy.json`)]).toEqual([
    recordsIn(home.read('ramctl/directory.json')),
    0o600,
  ]);
  expect([copy.includes('user create'), home.read('ramctl/directory.json').includes('user create')]).toEqual([
    false,
    true,
  ]);
  const again = await home.run(['directory', 'backup', 'copy.json', '-o', 'json']);
  expect([again.code, parseError(again).Code, parseError(again).Field]).toEqual([1, 'FileExists', 'copy.json']);
  for (const ownPath of [home.key, home.directory, `${home.directory}.r9`]) {
    const refused = await home.run(['directory', 'backup', ownPath, '--overwrite', '-o', 'json']);
    expect([refused.code, parseError(refused).Code]).toEqual([2, 'Usage']);
  }
});

it('a restore replaces the directory and keeps a copy of the replaced file', async () => {
  const home = await createSampleHome();
  await home.json('directory', 'backup', 'copy.json');
  await home.json('user', 'create', 'bob');
  const before = home.read('ramctl/directory.json');
  const { Kept, Users } = await restoreBackup(home, 'copy.json');
  expect([Users, await userNames(home), await home.json('directory', 'check')]).toMatchObject([
    1,
    ['alice'],
    { Whole: true },
  ]);
  expect(home.read(Kept?.slice(home.folder.length) ?? '')).toBe(before);
  await restoreBackup(home, Kept ?? '');
  expect(await userNames(home)).toEqual(['alice', 'bob']);
});

it.each(['', 'not a directory', '{"Format":"ramctl-directory","Version":9}', undefined])(
  'a restore replaces a directory file that is missing or cannot be read: %j',
  async (content) => {
    const home = await createSampleHome();
    await home.json('directory', 'backup', 'copy.json');
    if (content === undefined) rmSync(home.directory);
    else home.write('ramctl/directory.json', content);
    const { Kept } = await restoreBackup(home, 'copy.json');
    expect([await userNames(home), Kept && home.read(Kept.slice(home.folder.length))]).toEqual([
      ['alice'],
      content ?? null,
    ]);
    await home.json('user', 'create', 'bob');
  },
);

it('a backup with its key can be restored on another machine; a backup without its key is refused there', async () => {
  const home = await createSampleHome();
  const pair = await home.json<{ AccessKeyId: string; AccessKeySecret: string }>('ak', 'create', 'alice');
  await home.json('directory', 'backup', 'copy.json', '--with-key');
  expect([home.read('copy.key'), fileMode(`${home.folder}/copy.key`)]).toEqual([
    home.read('ramctl/directory.key'),
    0o600,
  ]);
  await home.json('directory', 'backup', 'without-key.json');
  rmSync(home.config, { recursive: true });

  const refused = await home.run(['directory', 'restore', 'without-key.json', '--yes', '-o', 'json']);
  expect([refused.code, parseError(refused).Code, home.files()]).toEqual([6, 'BackupUnusable', []]);
  await restoreBackup(home, 'copy.json');
  const verify = ['ak', 'verify', pair.AccessKeyId, '--secret-stdin'];
  expect((await home.run(verify, { input: pair.AccessKeySecret })).code).toBe(0);
  expect([home.files(), fileMode(home.key)]).toEqual([
    ['directory.history.jsonl', 'directory.json', 'directory.key'],
    0o600,
  ]);
});

it('a damaged backup and a backup of another key are refused, and the directory is unchanged', async () => {
  const home = await createSampleHome();
  const other = await createSampleHome();
  await home.json('directory', 'backup', 'copy.json');
  home.write('damaged.json', home.read('copy.json').replace('alice', 'malice'));
  home.write('other.json', other.read('ramctl/directory.json'));
  home.write('other.key', other.read('ramctl/directory.key'));
  const before = home.read('ramctl/directory.json');
  for (const [file, Code] of Object.entries({ 'damaged.json': 'DirectoryCorrupt', 'other.json': 'BackupUnusable' })) {
    const failed = await home.run(['directory', 'restore', file, '--yes', '-o', 'json']);
    expect([failed.code, parseError(failed).Code]).toEqual([6, Code]);
  }
  expect([home.read('ramctl/directory.json'), home.files()]).toEqual([
    before,
    ['directory.history.jsonl', 'directory.json', 'directory.key'],
  ]);
});

it('backup writes to stdout, and restore reads from stdin and requires --yes', async () => {
  const home = await createSampleHome();
  const { code } = await home.sh('ramctl directory backup - > copy.json && ramctl user create bob -q > /dev/null');
  expect([code, home.read('copy.json').length > 100]).toEqual([0, true]);
  expect((await home.sh('ramctl directory restore - < copy.json')).code).toBe(2);
  expect(await userNames(home)).toEqual(['alice', 'bob']);
  expect((await home.sh('ramctl directory restore - --yes < copy.json')).code).toBe(0);
  expect(await userNames(home)).toEqual(['alice']);
  expect((await home.run(['directory', 'backup', '-', '--with-key'])).code).toBe(2);
});

it('a restore that is killed at any file step leaves the old directory or the restored one', {
  timeout: 60_000,
}, async () => {
  const original = await createSampleHome();
  await original.json('directory', 'backup', 'copy.json');
  await original.json('user', 'create', 'bob');
  const outcomes = await Promise.all(
    Array.from({ length: 24 }, async (_, step) => {
      const home = original.copy();
      const stopAt = { step: step + 1, folder: home.config };
      const { wasStopped } = await home.run(['directory', 'restore', 'copy.json', '--yes', '-q'], { stopAt });
      return {
        killed: wasStopped,
        names: (await userNames(home)).join(),
        check: await home.json('directory', 'check'),
      };
    }),
  );
  expect(outcomes.filter(({ killed }) => killed).length).toBeGreaterThan(5);
  expect(new Set(outcomes.map(({ names }) => names))).toEqual(new Set(['alice', 'alice,bob']));
  for (const { check } of outcomes) expect(check).toMatchObject({ Whole: true });
});
