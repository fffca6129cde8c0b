// Links, special files, files with permissions for others, and files of other users in the place of ramctl's files.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { createInitialState } from '../../src/core/state.ts';
import { encodeBody, encodeFile, parseHeader } from '../../src/store/file-format.ts';
import { systemClock } from '../../src/system/clock.ts';
import { systemRandom } from '../../src/system/random.ts';
import { clockAheadBy, Home, isSupported, PROGRAM, parseError } from '../support/process.ts';

const TIMEOUT = { limit: 20_000 };
const TAG = '0123456789abcdef';
const sampleHome = new Home();
beforeAll(async () => {
  await sampleHome.json('user', 'create', 'alice', '--access-key');
});

/** The exit codes of a read, a change and `directory check`. Opening a named pipe can block the process. */
async function exitCodes(home: Home, run: 'run' | 'ramctl' = 'run'): Promise<(number | null)[]> {
  const lines = [
    ['user', 'list'],
    ['user', 'create', 'bob', '-q'],
    ['directory', 'check'],
  ];
  const codes: (number | null)[] = [];
  for (const args of lines) codes.push((await home[run](args, TIMEOUT)).code);
  return codes;
}

/** The path of the claim file that commits the next revision of a directory. */
function nextClaimPath(home: Home): string {
  const revision = parseHeader(home.read('ramctl/directory.json'))?.revision ?? 0;
  return `${home.directory}.r${revision + 1}`;
}

describe.concurrent('symbolic links are followed and kept', () => {
  it('for the folder', async () => {
    const home = sampleHome.copy();
    renameSync(home.config, join(home.folder, 'real'));
    symlinkSync('real', home.config);
    expect(await exitCodes(home)).toEqual([0, 0, 0]);
    expect([readlinkSync(home.config), home.files()]).toEqual([
      'real',
      ['directory.history.jsonl', 'directory.json', 'directory.key'],
    ]);
  });

  it('for the directory file and the key file', async () => {
    const home = sampleHome.copy();
    mkdirSync(join(home.folder, 'real'));
    renameSync(join(home.config, 'directory.history.jsonl'), join(home.folder, 'real', 'directory.history.jsonl'));
    for (const name of ['directory.json', 'directory.key']) {
      renameSync(join(home.config, name), join(home.folder, 'real', name));
      symlinkSync(`../real/${name}`, join(home.config, name));
    }
    expect(await exitCodes(home)).toEqual([0, 0, 0]);
    expect([home.files().map((name) => readlinkSync(join(home.config, name)))]).toEqual([
      ['../real/directory.json', '../real/directory.key'],
    ]);
  });
});

describe.concurrent('a special file in the place of a file of ramctl', () => {
  it.each<[string, 'directory' | 'key', (path: string) => void]>([
    ['the directory file is a link to /dev/null', 'directory', (path) => symlinkSync('/dev/null', path)],
    ['the key file is a link to /dev/null', 'key', (path) => symlinkSync('/dev/null', path)],
    ['the key file is a link to a missing file', 'key', (path) => symlinkSync('../nowhere', path)],
    ['the key file is a folder', 'key', (path) => mkdirSync(path)],
    ['the key file is a named pipe', 'key', (path) => spawnSync('mkfifo', [path])],
  ])('causes exit code 6 and is not changed: %s', async (_, name, create) => {
    const home = sampleHome.copy();
    rmSync(home[name]);
    create(home[name]);
    const { mode, ino } = lstatSync(home[name]);
    expect(await exitCodes(home, lstatSync(home[name]).isFIFO() ? 'ramctl' : 'run')).toEqual([6, 6, 4]);
    expect(lstatSync(home[name])).toMatchObject({ mode, ino });
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
    expect(home.files()).toEqual(['directory.history.jsonl', 'directory.json', 'directory.key']);
  });
});

describe.concurrent('an existing file with the name of a temporary file, a claim or a lock', () => {
  it.each<[string, (path: string, victim: string) => void]>([
    ['a link', (path, victim) => symlinkSync(victim, path)],
    ['a folder', (path) => mkdirSync(path)],
    ['a pipe', (path) => spawnSync('mkfifo', [path])],
    ['a file of another program', (path) => writeFileSync(path, 'other')],
  ])('is not changed, and a change ends with exit code 6: the next claim is %s', async (_, create) => {
    const home = sampleHome.copy();
    const victim = home.write('victim', 'untouched');
    const before = home.read('ramctl/directory.json');
    create(nextClaimPath(home), victim);
    const failed = await home.ramctl(['user', 'create', 'bob', '-o', 'json'], TIMEOUT);
    expect([failed.code, parseError(failed).Code]).toEqual([6, 'ClaimUnusable']);
    expect((await home.run(['directory', 'check'])).code).toBe(4);
    expect([home.read('victim'), home.read('ramctl/directory.json')]).toEqual(['untouched', before]);
  });

  it('does not affect commands: an earlier claim and temporary files are folders or links', async () => {
    const home = sampleHome.copy();
    const victim = home.write('victim', 'untouched');
    for (const name of ['json.r1', `json.${TAG}.tmp`, `key.${TAG}.tmp`]) mkdirSync(`${home.config}/directory.${name}`);
    symlinkSync(victim, `${home.directory}.${TAG.replace('0', 'f')}.tmp`);
    expect(await exitCodes(home)).toEqual([0, 0, 0]);
    expect(home.read('victim')).toBe('untouched');
  });

  it.each<[string, (path: string, folder: string) => void]>([
    ['a file', (path) => writeFileSync(path, '')],
    ['a link', (path, folder) => symlinkSync(folder, path)],
  ])('is not changed, and a change fails: the lock is %s', async (_, create) => {
    const home = sampleHome.copy();
    const before = home.read('ramctl/directory.json');
    const folder = join(home.folder, 'target');
    mkdirSync(folder);
    home.write('target/victim', 'untouched');
    create(`${home.directory}.lock`, folder);
    const past = new Date(Date.now() - 60_000);
    utimesSync(`${home.directory}.lock`, past, past);
    expect((await home.run(['user', 'list'])).code).toBe(0);
    expect([5, 6]).toContain((await home.ramctl(['user', 'create', 'bob'], TIMEOUT)).code);
    expect([home.read('target/victim'), home.read('ramctl/directory.json')]).toEqual(['untouched', before]);
  });
});

it('directory check reports files that other users can read or replace, with the command that fixes it', async () => {
  const home = sampleHome.copy();
  chmodSync(home.config, 0o777);
  chmodSync(home.key, 0o644);
  const { code, out } = await home.run(['directory', 'check', '-o', 'json', '--query', 'Findings[].Message']);
  expect([code, JSON.parse(out)]).toEqual([
    4,
    [expect.stringContaining(`chmod 600 ${home.key}`), expect.stringContaining(`chmod go-w ${home.config}`)],
  ]);
  expect(await exitCodes(home)).toEqual([0, 0, 4]);
});

/** The IDs of two unused operating system users. */
const [USER_ID, OTHER_USER_ID] = [65533, 65532];
const trialArgs = [`--reuid=${USER_ID}`, '--clear-groups', process.execPath, PROGRAM, '--version'];
const isPossible = process.getuid?.() === 0 && isSupported('run the program as another user', 'setpriv', ...trialArgs);

describe.skipIf(!isPossible)('with files of several users', () => {
  const asUser = { ...TIMEOUT, uid: USER_ID };

  /** A home of the user, in which the other user owns the named files. */
  function createUserHome(...othersFiles: string[]): Home {
    const home = sampleHome.copy();
    spawnSync('chown', ['-R', `${USER_ID}:${USER_ID}`, home.folder]);
    for (const name of othersFiles) chownSync(join(home.folder, name), OTHER_USER_ID, OTHER_USER_ID);
    return home;
  }

  it('a key file that another user owns is refused, because that user knows the key', async () => {
    const home = createUserHome('ramctl/directory.key');
    chmodSync(home.key, 0o644);
    const failed = await home.ramctl(['user', 'list', '-o', 'json'], asUser);
    expect([failed.code, parseError(failed).Code]).toEqual([6, 'KeyFileForeign']);
  });

  it('directory check reports a folder that another user owns', async () => {
    const home = createUserHome('ramctl');
    chmodSync(home.config, 0o755);
    const { code, out } = await home.ramctl(['directory', 'check', '-o', 'json', '--query', 'Findings[].Code'], asUser);
    expect([code, JSON.parse(out)]).toEqual([4, ['Owner']]);
  });

  it('a claim that another user owns is refused, also by root', async () => {
    const home = sampleHome.copy();
    chmodSync(home.config, 0o1777);
    const before = home.read('ramctl/directory.json');
    const revision = Number(nextClaimPath(home).split('.r').at(-1));
    const forged = encodeFile(revision, encodeBody(createInitialState(systemClock, systemRandom)), TAG);
    writeFileSync(`${home.directory}.${TAG}.tmp`, forged);
    linkSync(`${home.directory}.${TAG}.tmp`, nextClaimPath(home));
    chownSync(nextClaimPath(home), OTHER_USER_ID, OTHER_USER_ID);
    const failed = await home.ramctl(['user', 'create', 'bob', '-o', 'json'], TIMEOUT);
    expect([failed.code, parseError(failed).Code]).toEqual([6, 'ClaimUnusable']);
    expect(readFileSync(home.directory, 'utf8')).toBe(before);
  });

  it('temporary files that another user owns and that cannot be removed do not affect commands', async () => {
    const home = createUserHome();
    const tempFiles = ['ramctl/directory.json', 'a.env'].map((name) =>
      home.write(name.replace('a.env', `.a.env.99999999.${TAG}.tmp`).replace('.json', `.json.${TAG}.tmp`), ''),
    );
    for (const path of tempFiles) chownSync(path, OTHER_USER_ID, OTHER_USER_ID);
    for (const folder of [home.folder, home.config]) chownSync(folder, OTHER_USER_ID, OTHER_USER_ID);
    for (const folder of [home.folder, home.config]) chmodSync(folder, 0o1777);
    const args = ['ak', 'create', 'alice', '--secret-to', 'file:a.env', '-q'];
    expect((await home.ramctl(args, { ...asUser, before: clockAheadBy(120_000) })).code).toBe(0);
    expect(tempFiles.map((path) => lstatSync(path).uid)).toEqual([OTHER_USER_ID, OTHER_USER_ID]);
  });

  it('a change by root keeps the owner of the directory file, and a change by another user makes that user the owner', async () => {
    const home = createUserHome();
    expect((await home.ramctl(['user', 'create', 'bob', '-q'], TIMEOUT)).code).toBe(0);
    expect([statSync(home.directory).uid, statSync(home.directory).mode & 0o777]).toEqual([USER_ID, 0o600]);
    const shared = createUserHome('ramctl/directory.json');
    chmodSync(shared.directory, 0o644);
    expect((await shared.ramctl(['user', 'create', 'bob', '-q'], asUser)).code).toBe(0);
    expect(statSync(shared.directory).uid).toBe(USER_ID);
  });

  it('a user without a home directory can use --directory', async () => {
    const home = createUserHome();
    const script = 'unset HOME XDG_CONFIG_HOME; ramctl -d ramctl/directory.json user list --query "[].UserName"';
    expect(await home.sh(script, asUser)).toMatchObject({ code: 0, out: 'alice\n', err: '' });
    const withoutTarget = await home.sh('unset HOME XDG_CONFIG_HOME; ramctl user create bob', asUser);
    expect([withoutTarget.code, withoutTarget.err]).toEqual([6, expect.stringContaining('/.config/ramctl')]);
  });
});
