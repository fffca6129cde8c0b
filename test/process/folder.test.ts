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

const LIMIT = { limit: 20_000 };
const TAG = '0123456789abcdef';
const furnished = new Home();
beforeAll(async () => {
  await furnished.json('user', 'create', 'alice', '--access-key');
});

/** The exit codes of a look, a change and the check. */
async function codes(home: Home): Promise<(number | null)[]> {
  const lines = [
    ['user', 'list'],
    ['user', 'create', 'bob', '-q'],
    ['directory', 'check'],
  ];
  const ended: (number | null)[] = [];
  for (const words of lines) ended.push((await home.run(words)).code);
  return ended;
}

/** The name of the claim that stands between a directory and its next revision. */
function nextClaim(home: Home): string {
  const revision = parseHeader(home.read('ramctl/directory.json'))?.revision ?? 0;
  return `${home.directory}.r${revision + 1}`;
}

describe.concurrent('links that somebody set on purpose are followed, and stay:', () => {
  it('the folder', async () => {
    const home = furnished.copy();
    renameSync(home.config, join(home.folder, 'real'));
    symlinkSync('real', home.config);
    expect(await codes(home)).toEqual([0, 0, 0]);
    expect([readlinkSync(home.config), home.files()]).toEqual(['real', ['directory.json', 'directory.key']]);
  });

  it('the directory and the key', async () => {
    const home = furnished.copy();
    mkdirSync(join(home.folder, 'real'));
    for (const name of ['directory.json', 'directory.key']) {
      renameSync(join(home.config, name), join(home.folder, 'real', name));
      symlinkSync(`../real/${name}`, join(home.config, name));
    }
    expect(await codes(home)).toEqual([0, 0, 0]);
    expect([home.files().map((name) => readlinkSync(join(home.config, name)))]).toEqual([
      ['../real/directory.json', '../real/directory.key'],
    ]);
  });
});

describe.concurrent('what is no directory or no key needs a person, and is left as it is:', () => {
  it.each<[string, 'directory' | 'key', (path: string) => void]>([
    ['a directory that is /dev/null', 'directory', (path) => symlinkSync('/dev/null', path)],
    ['a key that is /dev/null', 'key', (path) => symlinkSync('/dev/null', path)],
    ['a key that leads nowhere', 'key', (path) => symlinkSync('../nowhere', path)],
    ['a key that is a folder', 'key', (path) => mkdirSync(path)],
    ['a key that is a pipe', 'key', (path) => spawnSync('mkfifo', [path])],
  ])('%s', async (_, name, make) => {
    const home = furnished.copy();
    rmSync(home[name]);
    make(home[name]);
    const { mode, ino } = lstatSync(home[name]);
    expect(await codes(home)).toEqual([6, 6, 4]);
    expect(lstatSync(home[name])).toMatchObject({ mode, ino });
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
    expect(home.files()).toEqual(['directory.json', 'directory.key']);
  });
});

describe.concurrent('names that somebody made beforehand lead nobody astray:', () => {
  it.each<[string, (path: string, victim: string) => void]>([
    ['a link', (path, victim) => symlinkSync(victim, path)],
    ['a folder', (path) => mkdirSync(path)],
    ['a pipe', (path) => spawnSync('mkfifo', [path])],
    ['some other file', (path) => writeFileSync(path, 'theirs')],
  ])('%s in the place of the next claim', async (_, make) => {
    const home = furnished.copy();
    const victim = home.write('victim', 'untouched');
    const before = home.read('ramctl/directory.json');
    make(nextClaim(home), victim);
    const failed = await home.run(['user', 'create', 'bob', '-o', 'json']);
    expect([failed.code, parseError(failed).Code]).toEqual([6, 'ClaimUnusable']);
    expect((await home.run(['directory', 'check'])).code).toBe(4);
    expect([home.read('victim'), home.read('ramctl/directory.json')]).toEqual(['untouched', before]);
  });

  it('an earlier claim and temporary files that are folders or links', async () => {
    const home = furnished.copy();
    const victim = home.write('victim', 'untouched');
    for (const name of ['json.r1', `json.${TAG}.tmp`, `key.${TAG}.tmp`]) mkdirSync(`${home.config}/directory.${name}`);
    symlinkSync(victim, `${home.directory}.${TAG.replace('0', 'f')}.tmp`);
    expect(await codes(home)).toEqual([0, 0, 0]);
    expect(home.read('victim')).toBe('untouched');
  });

  it.each<[string, (path: string, folder: string) => void]>([
    ['a file', (path) => writeFileSync(path, '')],
    ['a link', (path, folder) => symlinkSync(folder, path)],
  ])('a lock that is %s', async (_, make) => {
    const home = furnished.copy();
    const before = home.read('ramctl/directory.json');
    const folder = join(home.folder, 'theirs');
    mkdirSync(folder);
    home.write('theirs/victim', 'untouched');
    make(`${home.directory}.lock`, folder);
    const past = new Date(Date.now() - 60_000);
    utimesSync(`${home.directory}.lock`, past, past);
    expect((await home.run(['user', 'list'])).code).toBe(0);
    expect([5, 6]).toContain((await home.run(['user', 'create', 'bob'])).code);
    expect([home.read('theirs/victim'), home.read('ramctl/directory.json')]).toEqual(['untouched', before]);
  });
});

it('directory check names what others can reach, and what to do about it', async () => {
  const home = furnished.copy();
  chmodSync(home.config, 0o777);
  chmodSync(home.key, 0o644);
  const { code, out } = await home.run(['directory', 'check', '-o', 'json', '--query', 'Findings[].Message']);
  expect([code, JSON.parse(out)]).toEqual([
    4,
    [expect.stringContaining(`chmod 600 ${home.key}`), expect.stringContaining(`chmod go-w ${home.config}`)],
  ]);
  expect(await codes(home)).toEqual([0, 0, 4]);
});

/** Two users of the machine who are nobody else here. */
const [OURS, THEIRS] = [65533, 65532];
const trial = [`--reuid=${OURS}`, '--clear-groups', process.execPath, PROGRAM, '--version'];
const isPossible = process.getuid?.() === 0 && isSupported('run the program as another user', 'setpriv', ...trial);

describe.skipIf(!isPossible)('between users of one machine', () => {
  const ours = { ...LIMIT, uid: OURS };

  /** A home of ours, in which a file or the folder is theirs. */
  function lent(...names: string[]): Home {
    const home = furnished.copy();
    spawnSync('chown', ['-R', `${OURS}:${OURS}`, home.folder]);
    for (const name of names) chownSync(join(home.folder, name), THEIRS, THEIRS);
    return home;
  }

  it('a key that somebody else put there is not used: they know it', async () => {
    const home = lent('ramctl/directory.key');
    chmodSync(home.key, 0o644);
    const failed = await home.ramctl(['user', 'list', '-o', 'json'], ours);
    expect([failed.code, parseError(failed).Code]).toEqual([6, 'KeyFileForeign']);
  });

  it('directory check names what belongs to somebody else', async () => {
    const home = lent('ramctl');
    chmodSync(home.config, 0o755);
    const { code, out } = await home.ramctl(['directory', 'check', '-o', 'json', '--query', 'Findings[].Code'], ours);
    expect([code, JSON.parse(out)]).toEqual([4, ['Owner']]);
  });

  it('a claim that somebody else made moves nothing on, not even for root', async () => {
    const home = furnished.copy();
    chmodSync(home.config, 0o1777);
    const before = home.read('ramctl/directory.json');
    const revision = Number(nextClaim(home).split('.r').at(-1));
    const forged = encodeFile(revision, encodeBody(createInitialState(systemClock, systemRandom)), TAG);
    writeFileSync(`${home.directory}.${TAG}.tmp`, forged);
    linkSync(`${home.directory}.${TAG}.tmp`, nextClaim(home));
    chownSync(nextClaim(home), THEIRS, THEIRS);
    const failed = await home.ramctl(['user', 'create', 'bob', '-o', 'json'], LIMIT);
    expect([failed.code, parseError(failed).Code]).toEqual([6, 'ClaimUnusable']);
    expect(readFileSync(home.directory, 'utf8')).toBe(before);
  });

  it('temporary files that somebody else left, and that we cannot remove, hold nobody up', async () => {
    const home = lent();
    const left = ['ramctl/directory.json', 'a.env'].map((name) =>
      home.write(name.replace('a.env', `.a.env.99999999.${TAG}.tmp`).replace('.json', `.json.${TAG}.tmp`), ''),
    );
    for (const path of left) chownSync(path, THEIRS, THEIRS);
    for (const folder of [home.folder, home.config]) chownSync(folder, THEIRS, THEIRS);
    for (const folder of [home.folder, home.config]) chmodSync(folder, 0o1777);
    const words = ['ak', 'create', 'alice', '--secret-to', 'file:a.env', '-q'];
    expect((await home.ramctl(words, { ...ours, before: clockAheadBy(120_000) })).code).toBe(0);
    expect(left.map((path) => lstatSync(path).uid)).toEqual([THEIRS, THEIRS]);
  });

  it('root changes a directory without taking it from its owner; others who may change it take it over', async () => {
    const home = lent();
    expect((await home.ramctl(['user', 'create', 'bob', '-q'], LIMIT)).code).toBe(0);
    expect([statSync(home.directory).uid, statSync(home.directory).mode & 0o777]).toEqual([OURS, 0o600]);
    const shared = lent('ramctl/directory.json');
    chmodSync(shared.directory, 0o644);
    expect((await shared.ramctl(['user', 'create', 'bob', '-q'], ours)).code).toBe(0);
    expect(statSync(shared.directory).uid).toBe(OURS);
  });

  it('somebody without a home can name a directory', async () => {
    const home = lent();
    const script = 'unset HOME XDG_CONFIG_HOME; ramctl -d ramctl/directory.json user list --query "[].UserName"';
    expect(await home.sh(script, ours)).toMatchObject({ code: 0, out: 'alice\n', err: '' });
    const lost = await home.sh('unset HOME XDG_CONFIG_HOME; ramctl user create bob', ours);
    expect([lost.code, lost.err]).toEqual([6, expect.stringContaining('/.config/ramctl')]);
  });
});
