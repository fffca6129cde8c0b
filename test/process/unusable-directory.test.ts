import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { Home, isSupported, PROGRAM, parseError, seededRandom } from '../support/process.ts';

const sampleHome = new Home();
beforeAll(async () => {
  await sampleHome.json('user', 'create', 'alice', '--access-key', '--comments', 'first');
  await sampleHome.json('user', 'create', 'bob', '--mobile-phone', '86-13800000000');
});

/**
 * Expects that a read and a change end with exit code 6, that `directory check` finds a problem, and that no file is
 * changed. Returns the error codes of the read and the change.
 */
async function expectUnusable(home: Home, environment: Record<string, string> = {}): Promise<string[]> {
  const before = home.files().map((name) => [name, readEntry(home, name)]);
  const [read, change, check] = [
    await home.run(['user', 'list', '-o', 'json'], { environment }),
    await home.run(['user', 'create', 'carol', '--access-key', '-o', 'json'], { environment }),
    await home.run(['directory', 'check', '-o', 'json'], { environment }),
  ];
  expect([read.code, read.out, change.code, change.out, check.code]).toEqual([6, '', 6, '', 4]);
  expect(JSON.parse(check.out)).toMatchObject({ Whole: false });
  expect(home.files().map((name) => [name, readEntry(home, name)])).toEqual(before);
  expect(read.err).not.toContain('first');
  return [parseError(read).Code, parseError(change).Code];
}

/** The content of a file in the configuration folder, or `a folder`. */
function readEntry(home: Home, name: string): string {
  const path = join(home.config, name);
  return statSync(path).isDirectory() ? 'a folder' : readFileSync(path, 'latin1');
}

describe.concurrent('a directory file', () => {
  it.each<[string, string, (content: string) => string]>([
    ['empty', 'DirectoryCorrupt', () => ''],
    ['blank', 'DirectoryCorrupt', () => ' \n'],
    ['an array', 'DirectoryForeign', () => '[]'],
    ['null', 'DirectoryForeign', () => 'null'],
    ['truncated', 'DirectoryCorrupt', (content) => content.slice(0, -20)],
    ['the file of another program', 'DirectoryForeign', () => '{"Users":[],"Account":{}}\n'],
    ['written by a newer version', 'DirectoryNewer', (content) => content.replace('"Version":4', '"Version":5')],
    ['edited by hand', 'DirectoryCorrupt', (content) => content.replace('"bob"', '"rob"')],
    ['formatted again', 'DirectoryCorrupt', (content) => JSON.stringify(JSON.parse(content), null, 2)],
    ['binary', 'DirectoryCorrupt', () => '\u0000\u0001\ufffd'],
  ])('that is %s is refused with exit code 6', async (_, code, damage) => {
    const home = sampleHome.copy();
    home.write('ramctl/directory.json', damage(home.read('ramctl/directory.json')));
    expect(await expectUnusable(home)).toEqual([code, code]);
  });

  it('that is a folder is refused with exit code 6', async () => {
    const home = sampleHome.copy();
    rmSync(home.directory);
    mkdirSync(home.directory);
    expect(await expectUnusable(home)).toEqual(['DirectoryUnusable', 'DirectoryUnusable']);
  });

  it.skipIf(!existsSync('/proc/self'))('in a folder of /proc, where nothing can be created, is refused', async () => {
    const args = ['-d', '/proc/ramctl/sub/directory.json', 'init'];
    const { code, err } = await new Home().ramctl(args, { killAfter: 10_000 });
    expect([code, err]).toEqual([6, expect.stringContaining('/proc/ramctl/sub/directory.json')]);
  });

  it('with one changed bit at any position is refused with exit code 6', async () => {
    const original = readFileSync(sampleHome.directory);
    const random = seededRandom(3986);
    const positions = Array.from({ length: 12 }, (_, part) => Math.floor(((part + random()) / 12) * original.length));
    const results = positions.map(async (position) => {
      const home = sampleHome.copy();
      const flipped = Buffer.from(original);
      flipped[position] = (flipped[position] ?? 0) ^ (1 << Math.floor(random() * 7));
      home.write('ramctl/directory.json', flipped.toString('latin1'));
      const { code } = await home.run(['user', 'list']);
      return [position, code, readFileSync(home.directory).equals(flipped)];
    });
    expect(await Promise.all(results)).toEqual(positions.map((position) => [position, 6, true]));
  });
});

describe.concurrent('the key file', () => {
  it.each<[string, string, string | undefined]>([
    ['missing', 'KeyFileMissing', undefined],
    ['the key of another directory', 'KeyFileMismatch', `${randomBytes(32).toString('base64')}\n`],
    ['not a key', 'KeyFileInvalid', 'not a key\n'],
    ['empty', 'KeyFileInvalid', ''],
  ])('that is %s causes exit code 6', async (_, code, content) => {
    const home = sampleHome.copy();
    if (content === undefined) rmSync(home.key);
    else home.write('ramctl/directory.key', content);
    expect(await expectUnusable(home)).toEqual([code, code]);
  });

  it('can be at the path in RAMCTL_KEY_FILE', async () => {
    const home = new Home();
    const environment = { RAMCTL_KEY_FILE: join(home.folder, 'elsewhere.key') };
    const create = (name: string) => home.run(['user', 'create', name, '--access-key'], { environment });
    expect([(await create('alice')).code, (await create('bob')).code]).toEqual([0, 0]);
    expect(home.files()).toEqual(['directory.history.jsonl', 'directory.json']);
    expect(await expectUnusable(home)).toEqual(['KeyFileMissing', 'KeyFileMissing']);
    expect((await home.run(['directory', 'check'], { environment })).code).toBe(0);
    expect((await sampleHome.run(['user', 'list'], { environment: { RAMCTL_KEY_FILE: '' } })).code).toBe(0);
    expect((await sampleHome.run(['user', 'list'], { environment })).code).toBe(6);
  });
});

describe('without permission', () => {
  const home = new Home();
  const isRoot = process.getuid?.() === 0;
  // File modes do not restrict root, so root runs the commands as another user.
  const options = isRoot ? { uid: 65534, limit: 5_000 } : { limit: 5_000 };
  const trialArgs = ['--reuid=65534', process.execPath, PROGRAM, '--version'];
  const isPossible = !isRoot || isSupported('run the program as another user', 'setpriv', ...trialArgs);

  function prepareHome(): void {
    cpSync(sampleHome.folder, home.folder, { recursive: true });
    if (isRoot) spawnSync('chown', ['-R', `${options.uid}`, home.folder]);
  }

  it.skipIf(!isPossible)(
    'to write to the folder, a change ends with exit code 6 without waiting, and a read succeeds',
    async () => {
      prepareHome();
      chmodSync(home.config, 0o500);
      onTestFinished(() => chmodSync(home.config, 0o700));
      const failed = await home.ramctl(['user', 'create', 'carol', '-o', 'json'], options);
      expect([failed.code, failed.out, parseError(failed).Code]).toEqual([6, '', 'DirectoryUnusable']);
      expect((await home.ramctl(['user', 'get', 'alice'], options)).code).toBe(0);
      expect(home.files()).toEqual(sampleHome.files());
    },
  );

  it.skipIf(!isPossible)('to list the folder, commands end with exit code 6 and directory check with 4', async () => {
    prepareHome();
    chmodSync(home.config, 0);
    onTestFinished(() => chmodSync(home.config, 0o700));
    const codes = async (...lines: string[]) =>
      Promise.all(lines.map(async (line) => (await home.ramctl(line.split(' '), options)).code));
    expect(await codes('user list', 'user create carol', 'directory check')).toEqual([6, 6, 4]);
  });

  it.skipIf(!isPossible).each(['directory.json', 'directory.key'])(
    'to read %s, commands end with exit code 6',
    async (name) => {
      prepareHome();
      chmodSync(join(home.config, name), 0);
      onTestFinished(() => chmodSync(join(home.config, name), 0o600));
      const read = await home.ramctl(['user', 'list'], options);
      const change = await home.ramctl(['user', 'create', 'carol'], options);
      expect([read.code, read.out, change.code, change.out]).toEqual([6, '', 6, '']);
    },
  );
});
