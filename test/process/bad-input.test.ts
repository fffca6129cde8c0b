import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  cpSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { Home, isSupported, PROGRAM, parseError, seededRandom } from '../support/process.ts';

const furnished = new Home();
beforeAll(async () => {
  await furnished.json('user', 'create', 'alice', '--access-key', '--comments', 'first');
  await furnished.json('user', 'create', 'bob', '--mobile-phone', '86-13800000000');
});

/** Expects exit 6 of a read and of a change, a verdict of `directory check`, and not a byte different afterwards. */
async function needsAPerson(home: Home, environment: Record<string, string> = {}): Promise<string[]> {
  const before = home.files().map((name) => [name, contentOf(home, name)]);
  const [read, change, check] = [
    await home.ramctl(['user', 'list', '-o', 'json'], { environment }),
    await home.ramctl(['user', 'create', 'carol', '--access-key', '-o', 'json'], { environment }),
    await home.ramctl(['directory', 'check', '-o', 'json'], { environment }),
  ];
  expect([read.code, read.out, change.code, change.out, check.code]).toEqual([6, '', 6, '', 4]);
  expect(JSON.parse(check.out)).toMatchObject({ Whole: false });
  expect(home.files().map((name) => [name, contentOf(home, name)])).toEqual(before);
  expect(read.err).not.toContain('first');
  return [parseError(read).Code, parseError(change).Code];
}

function contentOf(home: Home, name: string): string {
  const path = join(home.config, name);
  return statSync(path).isDirectory() ? 'a folder' : readFileSync(path, 'latin1');
}

describe.concurrent('a directory file that is', () => {
  it.each<[string, string, (whole: string) => string]>([
    ['empty', 'DirectoryCorrupt', () => ''],
    ['blank', 'DirectoryCorrupt', () => ' \n'],
    ['an array', 'DirectoryForeign', () => '[]'],
    ['null', 'DirectoryForeign', () => 'null'],
    ['truncated', 'DirectoryCorrupt', (whole) => whole.slice(0, -20)],
    ['somebody else’s', 'DirectoryForeign', () => '{"Users":[],"Account":{}}\n'],
    ['made by a newer version', 'DirectoryNewer', (whole) => whole.replace('"Version":2', '"Version":3')],
    ['edited by hand', 'DirectoryCorrupt', (whole) => whole.replace('"bob"', '"rob"')],
    ['put into another order', 'DirectoryCorrupt', (whole) => JSON.stringify(JSON.parse(whole), null, 2)],
    ['binary', 'DirectoryCorrupt', () => '\u0000\u0001\ufffd'],
  ])('%s needs a person', async (_, code, damage) => {
    const home = furnished.copy();
    home.write('ramctl/directory.json', damage(home.read('ramctl/directory.json')));
    expect(await needsAPerson(home)).toEqual([code, code]);
  });

  it('a folder needs a person', async () => {
    const home = furnished.copy();
    rmSync(home.directory);
    mkdirSync(home.directory);
    expect(await needsAPerson(home)).toEqual(['DirectoryUnusable', 'DirectoryUnusable']);
  });

  it('different in one bit is noticed, wherever that is', async () => {
    const whole = readFileSync(furnished.directory);
    const chance = seededRandom(3986);
    const places = Array.from({ length: 12 }, (_, part) => Math.floor(((part + chance()) / 12) * whole.length));
    const ended = places.map(async (place) => {
      const home = furnished.copy();
      const flipped = Buffer.from(whole);
      flipped[place] = (flipped[place] ?? 0) ^ (1 << Math.floor(chance() * 7));
      home.write('ramctl/directory.json', flipped.toString('latin1'));
      const { code } = await home.ramctl(['user', 'list']);
      return [place, code, readFileSync(home.directory).equals(flipped)];
    });
    expect(await Promise.all(ended)).toEqual(places.map((place) => [place, 6, true]));
  });
});

describe.concurrent('the key file', () => {
  it.each<[string, string, string | undefined]>([
    ['missing', 'KeyFileMissing', undefined],
    ['another one', 'KeyFileMismatch', `${randomBytes(32).toString('base64')}\n`],
    ['no key at all', 'KeyFileInvalid', 'not a key\n'],
    ['empty', 'KeyFileInvalid', ''],
  ])('needs a person when it is %s', async (_, code, content) => {
    const home = furnished.copy();
    if (content === undefined) rmSync(home.key);
    else home.write('ramctl/directory.key', content);
    expect(await needsAPerson(home)).toEqual([code, code]);
  });

  it('may be somewhere else', async () => {
    const home = new Home();
    const environment = { RAMCTL_KEY_FILE: join(home.folder, 'elsewhere.key') };
    const create = (name: string) => home.ramctl(['user', 'create', name, '--access-key'], { environment });
    expect([(await create('alice')).code, (await create('bob')).code]).toEqual([0, 0]);
    expect(home.files()).toEqual(['directory.json']);
    expect(await needsAPerson(home)).toEqual(['KeyFileMissing', 'KeyFileMissing']);
    expect((await home.ramctl(['directory', 'check'], { environment })).code).toBe(0);
    expect((await furnished.ramctl(['user', 'list'], { environment: { RAMCTL_KEY_FILE: '' } })).code).toBe(0);
    expect((await furnished.ramctl(['user', 'list'], { environment })).code).toBe(6);
  });

  it('is not left behind by a first command that made nothing', async () => {
    const home = new Home();
    expect((await home.ramctl(['user', 'create', 'not a name'])).code).toBe(1);
    expect(home.files()).toEqual([]);
  });

  it('is not needed for a dry run', async () => {
    const home = new Home();
    expect((await home.ramctl(['user', 'create', 'alice', '--access-key', '--dry-run'])).code).toBe(0);
    expect(home.files()).toEqual([]);
  });
});

describe.concurrent('words', () => {
  const emoji = '\u{1f511}';
  const carol = ['user', 'create', 'carol'];
  it.each<[Code: string, code: number, words: string[]]>([
    ['InvalidParameter.UserName.Length', 1, ['user', 'create', '']],
    ['InvalidParameter.UserName.Length', 1, ['user', 'create', 'a'.repeat(65)]],
    ['InvalidParameter.UserName.Length', 1, ['user', 'get', '']],
    ['InvalidParameter.UserName.InvalidChars', 1, ['user', 'create', 'a b']],
    ['InvalidParameter.UserName.InvalidChars', 1, ['user', 'create', 'alice\u001b[2J']],
    ['InvalidParameter.UserName.InvalidChars', 1, ['user', 'create', '../alice']],
    ['InvalidParameter.DisplayName.Length', 1, [...carol, '--display-name', '']],
    ['InvalidParameter.DisplayName.InvalidChars', 1, [...carol, '--display-name', 'x\u001b[31m']],
    ['InvalidParameter.DisplayName.InvalidChars', 1, [...carol, '--display-name', 'x\u202ey']],
    ['InvalidParameter.Comments.InvalidChars', 1, [...carol, '--comments', 'two\nlines']],
    ['InvalidParameter.Comments.Length', 1, [...carol, '--comments', emoji.repeat(129)]],
    ['InvalidParameter.PolicyName.Length', 1, [...carol, '--policy', '']],
    ['FileNotFound', 3, [...carol, '--console', '--password-file', 'none.txt']],
    ['NotAFile', 1, [...carol, '--console', '--password-file', '.']],
    ['EntityNotExist.User', 3, ['user', 'get', 'constructor']],
    ['EntityNotExist.User', 3, ['user', 'get', '__proto__']],
    ['EntityNotExist.Policy', 3, ['policy', 'get', 'constructor']],
    ['EntityNotExist.Policy', 3, ['policy', 'attach', 'toString', '--user', 'alice']],
    ['Usage', 2, ['user', 'list', '--sort-by', 'constructor']],
    ['Usage', 2, ['constructor']],
    ['Usage', 2, ['user', '__proto__']],
    ['Usage', 2, ['help', 'toString']],
  ])('are refused: %s, exit %i', async (Code, code, words) => {
    const failed = await furnished.copy().ramctl(['-o', 'json', ...words]);
    expect([words, failed.code, failed.out, parseError(failed).Code]).toEqual([words, code, '', Code]);
    expect(failed.err).not.toMatch(/[\u001b\u202e]/);
  });

  it('that mean something to JavaScript are names like any', async () => {
    const home = new Home();
    const names = ['__proto__', 'constructor', 'hasOwnProperty', 'a'.repeat(64)];
    for (const name of names) {
      await home.json('user', 'create', name, '--comments', emoji.repeat(128), '--policy', 'AdministratorAccess');
      expect(await home.json('user', 'get', name)).toMatchObject({ UserName: name, Comments: emoji.repeat(128) });
    }
    expect((await home.json<unknown[]>('user', 'list', '--policy', 'AdministratorAccess')).length).toBe(names.length);
    expect(await home.json('directory', 'check')).toMatchObject({ Whole: true });
    await home.json('user', 'delete', ...names, '--cascade', '--yes');
    expect(await home.json('user', 'list')).toEqual([]);
  });
});

describe('access that is denied', () => {
  const home = new Home();
  const isRoot = process.getuid?.() === 0;
  // Modes do not bind root: it lends its processes to somebody else.
  const situation = isRoot ? { uid: 65534, limit: 5_000 } : { limit: 5_000 };
  const trial = ['--reuid=65534', process.execPath, PROGRAM, '--version'];
  const isPossible = !isRoot || isSupported('run the program as another user', 'setpriv', ...trial);

  function lend(): void {
    cpSync(furnished.folder, home.folder, { recursive: true });
    if (isRoot) spawnSync('chown', ['-R', `${situation.uid}`, home.folder]);
  }

  it.skipIf(!isPossible)('to the folder: it stays as it is, and nobody waits', async () => {
    lend();
    chmodSync(home.config, 0o500);
    onTestFinished(() => chmodSync(home.config, 0o700));
    const failed = await home.ramctl(['user', 'create', 'carol', '-o', 'json'], situation);
    expect([failed.code, failed.out, parseError(failed).Code]).toEqual([6, '', 'DirectoryUnusable']);
    expect((await home.ramctl(['user', 'get', 'alice'], situation)).code).toBe(0);
    expect(home.files()).toEqual(furnished.files());
  });

  it.skipIf(!isPossible)('to look into the folder: it needs a person', async () => {
    lend();
    chmodSync(home.config, 0);
    onTestFinished(() => chmodSync(home.config, 0o700));
    const codes = async (...lines: string[]) =>
      Promise.all(lines.map(async (line) => (await home.ramctl(line.split(' '), situation)).code));
    expect(await codes('user list', 'user create carol', 'directory check')).toEqual([6, 6, 4]);
  });

  it.skipIf(!isPossible).each(['directory.json', 'directory.key'])('to %s: it needs a person', async (name) => {
    lend();
    chmodSync(join(home.config, name), 0);
    onTestFinished(() => chmodSync(join(home.config, name), 0o600));
    const read = await home.ramctl(['user', 'list'], situation);
    const change = await home.ramctl(['user', 'create', 'carol'], situation);
    expect([read.code, read.out, change.code, change.out]).toEqual([6, '', 6, '']);
  });
});

describe('a full disk', () => {
  const home = new Home();
  const disk = join(home.folder, 'disk');
  const filler = join(disk, 'filler');
  mkdirSync(disk);
  const mount = () => isSupported('mount a small disk', 'mount', '-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', disk);
  const unmount = () => isSupported('unmount it', 'umount', disk);
  const isPossible = mount() && unmount();

  it.skipIf(!isPossible)('is exit 5, with the directory whole and secrets withdrawn', async () => {
    mount();
    onTestFinished(() => void unmount());
    const target = ['--directory', join(disk, 'directory.json')];
    const create = (...words: string[]) => home.ramctl(['user', 'create', ...words, ...target, '-o', 'json']);
    expect((await create('user-0')).code).toBe(0);
    fill();
    let made = 1;
    let failed = await create(`user-${made}`, '--comments', '\u{1f511}'.repeat(128));
    for (; failed.code === 0 && made < 50; made++) {
      failed = await create(`user-${made + 1}`, '--comments', '\u{1f511}'.repeat(128));
    }
    expect([failed.code, failed.out, parseError(failed).Code]).toEqual([5, '', 'DirectoryUnavailable']);
    expect(await home.json('user', 'list', ...target)).toHaveLength(made);
    expect(await home.json('directory', 'check', ...target)).toMatchObject({ Whole: true });

    const sink = await home.ramctl(['ak', 'create', 'user-0', ...target, '--secret-to', `file:${join(disk, 'a.env')}`]);
    expect([sink.code, sink.out]).toEqual([5, '']);
    rmSync(filler);
    expect(await home.json('ak', 'list', 'user-0', ...target)).toEqual([]);
    expect((await create('after')).code).toBe(0);
    expect(await home.json('user', 'list', ...target)).toHaveLength(made + 1);
    expect(await home.json('directory', 'check', ...target)).toMatchObject({ Whole: true });
  });

  it.skipIf(!isPossible)('does not swallow half a secret', async () => {
    mount();
    onTestFinished(() => void unmount());
    const out = openSync(join(disk, 'out.json'), 'w');
    writeSync(out, 'x'.repeat(4000));
    fill(0);
    const { code } = await home.ramctl(['user', 'create', 'carol', '--console', '-o', 'json'], { stdout: out });
    closeSync(out);
    expect(code).toBe(5);
    expect((await home.ramctl(['user', 'get', 'carol'])).code).toBe(3);
  });

  /** Fills the disk, but for so many bytes. */
  function fill(free = 8192): void {
    const file = openSync(filler, 'w');
    try {
      for (;;) writeSync(file, Buffer.alloc(4096));
    } catch {
      ftruncateSync(file, statSync(filler).size - free);
    }
    closeSync(file);
  }
});
