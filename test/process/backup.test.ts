import { rmSync, statSync } from 'node:fs';
import { expect, it } from 'vitest';
import { Home, killAtFileStep, parseError } from '../support/process.ts';

const restored = (home: Home, ...words: string[]) =>
  home.json<{ Kept: string | null; Users: number }>('directory', 'restore', ...words, '--yes');
const names = (home: Home) => home.json<string[]>('user', 'list', '--query', '[].UserName');
const mode = (path: string) => statSync(path).mode & 0o777;

async function furnished(): Promise<Home> {
  const home = new Home();
  await home.json('user', 'create', 'alice', '--access-key');
  return home;
}

it('a backup is the directory as it was, private, without the key', async () => {
  const home = await furnished();
  const made = await home.json('directory', 'backup', 'copy.json');
  expect(made).toMatchObject({
    Path: 'copy.json',
    KeyFile: null,
    AccountId: expect.stringMatching(/^\d{16}$/),
    Users: 1,
  });
  expect([home.read('copy.json'), mode(`${home.folder}/copy.json`)]).toEqual([
    home.read('ramctl/directory.json'),
    0o600,
  ]);
  const again = await home.ramctl(['directory', 'backup', 'copy.json', '-o', 'json']);
  expect([again.code, parseError(again).Code, parseError(again).Field]).toEqual([1, 'FileExists', 'copy.json']);
  for (const own of [home.key, home.directory, `${home.directory}.r9`]) {
    const refused = await home.ramctl(['directory', 'backup', own, '--overwrite', '-o', 'json']);
    expect([refused.code, parseError(refused).Code]).toEqual([2, 'Usage']);
  }
});

it('a backup comes back, and what it replaces is kept', async () => {
  const home = await furnished();
  await home.json('directory', 'backup', 'copy.json');
  await home.json('user', 'create', 'bob');
  const before = home.read('ramctl/directory.json');
  const { Kept, Users } = await restored(home, 'copy.json');
  expect([Users, await names(home), await home.json('directory', 'check')]).toMatchObject([
    1,
    ['alice'],
    { Whole: true },
  ]);
  expect(home.read(Kept?.slice(home.folder.length) ?? '')).toBe(before);
  await restored(home, Kept ?? '');
  expect(await names(home)).toEqual(['alice', 'bob']);
});

it.each(['', 'not a directory', '{"Format":"ramctl-directory","Version":9}', undefined])(
  'a backup takes the place of a directory that nobody can read: %j',
  async (content) => {
    const home = await furnished();
    await home.json('directory', 'backup', 'copy.json');
    if (content === undefined) rmSync(home.directory);
    else home.write('ramctl/directory.json', content);
    const { Kept } = await restored(home, 'copy.json');
    expect([await names(home), Kept && home.read(Kept.slice(home.folder.length))]).toEqual([
      ['alice'],
      content ?? null,
    ]);
    await home.json('user', 'create', 'bob');
  },
);

it('with its key a backup opens everything on another machine; without, it is refused there', async () => {
  const home = await furnished();
  const sealed = await home.json<{ AccessKeyId: string; AccessKeySecret: string }>('ak', 'create', 'alice');
  await home.json('directory', 'backup', 'copy.json', '--with-key');
  expect([home.read('copy.key'), mode(`${home.folder}/copy.key`)]).toEqual([home.read('ramctl/directory.key'), 0o600]);
  await home.json('directory', 'backup', 'bare.json');
  rmSync(home.config, { recursive: true });

  const bare = await home.ramctl(['directory', 'restore', 'bare.json', '--yes', '-o', 'json']);
  expect([bare.code, parseError(bare).Code, home.files()]).toEqual([6, 'BackupUnusable', []]);
  await restored(home, 'copy.json');
  const verify = ['ak', 'verify', sealed.AccessKeyId, '--secret-stdin'];
  expect((await home.ramctl(verify, { input: sealed.AccessKeySecret })).code).toBe(0);
  expect([home.files(), mode(home.key)]).toEqual([['directory.json', 'directory.key'], 0o600]);
});

it('a backup that is damaged, or made under another key, changes nothing', async () => {
  const home = await furnished();
  const other = await furnished();
  await home.json('directory', 'backup', 'copy.json');
  home.write('damaged.json', home.read('copy.json').replace('alice', 'malice'));
  home.write('other.json', other.read('ramctl/directory.json'));
  home.write('other.key', other.read('ramctl/directory.key'));
  const before = home.read('ramctl/directory.json');
  for (const [file, Code] of Object.entries({ 'damaged.json': 'DirectoryCorrupt', 'other.json': 'BackupUnusable' })) {
    const failed = await home.ramctl(['directory', 'restore', file, '--yes', '-o', 'json']);
    expect([failed.code, parseError(failed).Code]).toEqual([6, Code]);
  }
  expect([home.read('ramctl/directory.json'), home.files()]).toEqual([before, ['directory.json', 'directory.key']]);
});

it('goes through pipes, and asks before it replaces anything', async () => {
  const home = await furnished();
  const { code } = await home.sh('ramctl directory backup - > copy.json && ramctl user create bob -q > /dev/null');
  expect([code, home.read('copy.json').length > 100]).toEqual([0, true]);
  expect((await home.sh('ramctl directory restore - < copy.json')).code).toBe(2);
  expect(await names(home)).toEqual(['alice', 'bob']);
  expect((await home.sh('ramctl directory restore - --yes < copy.json')).code).toBe(0);
  expect(await names(home)).toEqual(['alice']);
  expect((await home.ramctl(['directory', 'backup', '-', '--with-key'])).code).toBe(2);
});

it('a restore that is killed at any of its steps leaves the old directory or the new one', {
  timeout: 60_000,
}, async () => {
  const origin = await furnished();
  await origin.json('directory', 'backup', 'copy.json');
  await origin.json('user', 'create', 'bob');
  const outcomes = await Promise.all(
    Array.from({ length: 14 }, async (_, step) => {
      const home = origin.copy();
      const before = killAtFileStep(step + 1, home.config);
      const { code } = await home.ramctl(['directory', 'restore', 'copy.json', '--yes', '-q'], { before });
      return { killed: code === null, names: (await names(home)).join(), whole: await home.json('directory', 'check') };
    }),
  );
  expect(outcomes.filter(({ killed }) => killed).length).toBeGreaterThan(5);
  expect(new Set(outcomes.map((each) => each.names))).toEqual(new Set(['alice', 'alice,bob']));
  for (const { whole } of outcomes) expect(whole).toMatchObject({ Whole: true });
});
