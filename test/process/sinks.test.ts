// Where an AccessKey pair may go: files, the official CLI's profiles, outputs of GitHub Actions; and what reads it there.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { Home, isSupported, PROGRAM, parseError } from '../support/process.ts';
import {
  createRobotHome,
  findFilesWithSecret,
  type KeyPair,
  listFiles,
  readKeyPair,
  readRobot,
  verifyKeyPair,
} from '../support/rotation.ts';

const CONFIG = '.aliyun/config.json';

let furnished: Home;
let old: KeyPair;
beforeAll(async () => {
  furnished = await createRobotHome();
  old = readKeyPair(furnished, 'old.env') as KeyPair;
  mkdirSync(join(furnished.folder, '.aliyun'));
});

const rotate = (...words: string[]) => ['ak', 'rotate', 'robot', '-o', 'json', ...words];
const bytesOf = (home: Home) => readFileSync(home.directory, 'utf8');

/** The pair that a rotation leaves in a file; it works, and no other file holds it. */
async function pairTo(home: Home, sink: string, name: string): Promise<KeyPair> {
  const result = await home.json<{ AccessKey: object }>('ak', 'rotate', 'robot', '--secret-to', sink);
  expect(result.AccessKey).not.toHaveProperty('AccessKeySecret');
  const pair = readKeyPair(home, name) as KeyPair;
  expect(await verifyKeyPair(home, pair)).toBe(0);
  expect(await verifyKeyPair(home, old)).toBe(4);
  expect(findFilesWithSecret(home, pair.AccessKeySecret, name)).toEqual([]);
  expect(statSync(join(home.folder, name)).mode & 0o777).toBe(0o600);
  return pair;
}

describe('a sink that cannot take the pair is found before anything is made', () => {
  const lay: Record<string, (home: Home) => void> = {
    'a file that is there': (home) => home.write('new.env', 'precious'),
    'a link': (home) => symlinkSync('old.env', join(home.folder, 'new.env')),
    'a link to nothing': (home) => symlinkSync('nothing', join(home.folder, 'new.env')),
    'a folder': (home) => mkdirSync(join(home.folder, 'new.env')),
    nothing: () => {},
    'no JSON': (home) => home.write(CONFIG, 'current: default'),
    'half a JSON': (home) => home.write(CONFIG, '{"current":"robot","profiles":[{"name":"robot"'),
    'JSON without profiles': (home) => home.write(CONFIG, '{"profiles":{}}'),
    'a profile that gets its pair elsewhere': (home) =>
      home.write(CONFIG, '{"profiles":[{"name":"robot","mode":"EcsRamRole","ram_role_name":"r"}]}'),
    'a folder for a profile': (home) => mkdirSync(join(home.folder, CONFIG)),
  };

  it.each([
    ['file:new.env', 'a file that is there', 1],
    ['file:new.env', 'a link', 1],
    ['file:new.env', 'a link to nothing', 1],
    ['file:new.env', 'a folder', 1],
    ['file:none/new.env', 'nothing', 5],
    ['file:old.env/new.env', 'nothing', 5],
    ['file:new.txt', 'nothing', 2],
    ['file:ramctl/directory.json', 'nothing', 2],
    ['aliyun:', 'nothing', 2],
    ['aliyun:robot', 'no JSON', 5],
    ['aliyun:robot', 'half a JSON', 5],
    ['aliyun:robot', 'JSON without profiles', 5],
    ['aliyun:robot', 'a profile that gets its pair elsewhere', 5],
    ['aliyun:robot', 'a folder for a profile', 5],
    ['github', 'nothing', 2],
  ])('%s, where there is %s: exit code %i', async (sink, what, exit) => {
    const home = furnished.copy();
    lay[what]?.(home);
    const before = listFiles(home).map((name) => [name, home.read(name)]);
    const failed = await home.run(rotate('--secret-to', sink, '--check', 'touch checked'));
    expect([failed.code, failed.out, parseError(failed).Code]).toEqual([exit, '', expect.any(String)]);
    expect(listFiles(home).map((name) => [name, home.read(name)])).toEqual(before);
  });

  const isRoot = process.getuid?.() === 0;
  const trial = ['--reuid=65534', process.execPath, PROGRAM, '--version'];
  const isPossible = !isRoot || isSupported('run the program as another user', 'setpriv', ...trial);

  it.skipIf(!isPossible)('nor a folder that is closed', async () => {
    const home = furnished.copy();
    const closed = join(home.folder, 'closed');
    mkdirSync(closed);
    if (isRoot) spawnSync('chown', ['-R', '65534', home.folder]);
    chmodSync(closed, 0o500);
    onTestFinished(() => chmodSync(closed, 0o700));
    for (const sink of [
      ['--secret-to', 'file:closed/new.env'],
      ['--secret-to', 'aliyun:robot', '--config-path', 'closed/config.json'],
    ]) {
      const failed = await home.ramctl(rotate(...sink), isRoot ? { uid: 65534 } : {});
      expect([failed.code, failed.out, parseError(failed).Message]).toEqual([5, '', expect.stringContaining('denied')]);
    }
    expect([bytesOf(home), listFiles(home)]).toEqual([bytesOf(furnished), listFiles(furnished)]);
  });
});

describe('a delivery that fails', () => {
  /** Nothing but the revision tells that there was a new AccessKey. */
  async function expectWithdrawn(home: Home): Promise<void> {
    expect(readRobot(home)).toEqual({ keys: { [old.AccessKeyId]: 'Active' }, rotations: {} });
    expect(await verifyKeyPair(home, old)).toBe(0);
    expect(home.files()).toEqual(furnished.files());
  }

  it('for its reader has gone, withdraws the new AccessKey', async () => {
    const home = furnished.copy();
    for (const words of [[], ['--grace', '2h'], ['--check', 'true', '--run-id', '7']]) {
      const failed = await home.ramctl(rotate(...words), { stdout: 'gone' });
      expect([failed.code, parseError(failed).Code]).toEqual([5, 'DeliveryFailed']);
      await expectWithdrawn(home);
    }
    // The same token again is a new rotation, for nothing was handed over.
    expect((await home.run(rotate('--check', 'true', '--run-id', '7'))).code).toBe(0);
  });

  it('is none when the pair is in a file and only the reader of the rest has gone', async () => {
    const home = furnished.copy();
    const { code } = await home.ramctl(rotate('--secret-to', 'file:new.env'), { stdout: 'gone' });
    expect([code, Object.values(readRobot(home).rotations)]).toEqual([0, ['Done']]);
    expect(await verifyKeyPair(home, readKeyPair(home, 'new.env'))).toBe(0);
  });

  it.skipIf(!existsSync('/dev/full'))('behind stdout, withdraws it as well', async () => {
    const home = furnished.copy();
    const full = openSync('/dev/full', 'w');
    const failed = await home.ramctl(rotate(), { stdout: full });
    closeSync(full);
    expect([failed.code, parseError(failed).Code]).toEqual([5, 'DeliveryFailed']);
    await expectWithdrawn(home);
  });

  describe('for the disk is full', () => {
    const home = new Home();
    const disk = join(home.folder, 'disk');
    mkdirSync(disk);
    const mount = () => isSupported('mount a small disk', 'mount', '-t', 'tmpfs', '-o', 'size=128k', 'tmpfs', disk);
    const unmount = () => isSupported('unmount it', 'umount', disk);
    const isPossible = mount() && unmount();
    const fill = 'cat /dev/zero >disk/filler 2>filled; true';
    const PADDING = `{"profiles":[{"name":"keepsake","mode":"AK"}]}${' '.repeat(4000)}\n`;

    it.skipIf(!isPossible).each([
      ['file:disk/new.env', []],
      ['aliyun:robot', ['--config-path', 'disk/config.json']],
      ['github', []],
    ])('%s is as it was, and the new AccessKey is withdrawn', async (sink, words) => {
      mount();
      onTestFinished(() => void unmount());
      const robot = furnished.copy();
      home.write('disk/config.json', PADDING);
      home.write('disk/output', `before=1\n${'#'.repeat(4078)}\n`);
      const environment = { GITHUB_ACTIONS: 'true', GITHUB_OUTPUT: 'disk/output', XDG_CONFIG_HOME: robot.folder };
      const failed = await home.ramctl(rotate('--secret-to', sink, ...words, '--check', fill), { environment });
      expect([failed.code, failed.out, failed.err]).toEqual([5, '', expect.stringContaining('DeliveryFailed')]);
      await expectWithdrawn(robot);
      expect(listFiles(home).filter((name) => name.startsWith('disk/'))).toEqual([
        'disk/config.json',
        'disk/filler',
        'disk/output',
      ]);
      expect([home.read('disk/config.json'), home.read('disk/output').length]).toEqual([PADDING, 4088]);
    });

    it.skipIf(!isPossible)(
      'below the directory: the pair stands, and the same command disables the old one later',
      async () => {
        mount();
        onTestFinished(() => void unmount());
        const target = ['-d', join(disk, 'directory.json')];
        await home.json('user', 'create', 'robot', '--access-key', '--secret-to', 'file:first.env', ...target);
        const words = rotate('--run-id', '7', '--secret-to', 'file:second.env', '--check', fill, ...target);
        const failed = await home.run(words);
        expect([failed.code, failed.out]).toEqual([5, '']);
        expect(parseError(failed).Message).toContain('the new AccessKey was delivered');
        expect([await verdictIn('first.env'), await verdictIn('second.env')]).toEqual([5, 5]);
        rmSync(join(disk, 'filler'));
        expect([await verdictIn('first.env'), await verdictIn('second.env')]).toEqual([0, 0]);
        const pair = readKeyPair(home, 'second.env');
        expect(await home.run(words)).toMatchObject({ code: 0, err: '' });
        expect(readKeyPair(home, 'second.env')).toEqual(pair);
        expect([await verdictIn('first.env'), await verdictIn('second.env')]).toEqual([4, 0]);

        async function verdictIn(name: string) {
          const { AccessKeyId, AccessKeySecret } = readKeyPair(home, name) as KeyPair;
          return (
            await home.run(['ak', 'verify', AccessKeyId, '--secret-stdin', ...target], { input: AccessKeySecret })
          ).code;
        }
      },
    );
  });
});

describe('the file of the official CLI', () => {
  /** As the CLI writes it, and as people do. */
  const AROUND = [
    '{\n\t"current": "default",\n\t"profiles": [\n\t\t{\n\t\t\t"name": "default",\n\t\t\t"mode": "AK",\n\t\t\t"access_key_id": "LTAIx",\n\t\t\t"access_key_secret": "y"\n\t\t},\n\t\t{\n\t\t\t"name": "robot",\n\t\t\t"mode": "AK",\n\t\t\t"access_key_id": "',
    '",\n\t\t\t"access_key_secret": "',
    '",\n\t\t\t"region_id": "eu-central-1",\n\t\t\t"retry_count": 3\n\t\t}\n\t],\n\t"meta_path": "",\n\t"plugin": {"a":[ 1,2 ], "ü\\u00fc":1e3}}',
  ];

  it('keeps everything but the pair to the letter, at the end of its link', async () => {
    const home = furnished.copy();
    mkdirSync(join(home.folder, 'dotfiles'));
    home.write('dotfiles/aliyun.json', AROUND.join('old'));
    chmodSync(join(home.folder, 'dotfiles/aliyun.json'), 0o644);
    symlinkSync('../dotfiles/aliyun.json', join(home.folder, CONFIG));
    const { AccessKeyId, AccessKeySecret } = await pairTo(home, 'aliyun:robot', 'dotfiles/aliyun.json');
    const [head, middle, tail] = AROUND;
    expect(home.read('dotfiles/aliyun.json')).toBe(`${head}${AccessKeyId}${middle}${AccessKeySecret}${tail}`);
    expect([lstatSync(join(home.folder, CONFIG)).isSymbolicLink(), readlinkSync(join(home.folder, CONFIG))]).toEqual([
      true,
      '../dotfiles/aliyun.json',
    ]);
  });

  it.each([
    ['a profile more', 'other'],
    ['the pair in a profile without one', 'robot'],
  ])('keeps what somebody wrote by hand, and gets %s', async (_, name) => {
    const home = furnished.copy();
    const profile = { name, mode: 'AK', region_id: 'eu-central-1' };
    home.write(CONFIG, `{"current":"other", "profiles":[\n${JSON.stringify(profile)}],"plugins":{"x":[1,2]}}\n`);
    await pairTo(home, 'aliyun:robot', CONFIG);
    expect(JSON.parse(home.read(CONFIG))).toMatchObject({ current: 'other', plugins: { x: [1, 2] } });
    expect(JSON.parse(home.read(CONFIG)).profiles[0]).toMatchObject(profile);
  });

  it('comes to be where its link leads, when that is nowhere yet', async () => {
    const home = furnished.copy();
    mkdirSync(join(home.folder, 'dotfiles'));
    symlinkSync('../dotfiles/aliyun.json', join(home.folder, CONFIG));
    await home.json('ak', 'rotate', 'robot', '--secret-to', 'aliyun:robot');
    expect(lstatSync(join(home.folder, CONFIG)).isSymbolicLink()).toBe(true);
    expect(await verifyKeyPair(home, readKeyPair(home, 'dotfiles/aliyun.json'))).toBe(0);
  });

  it('gets a profile that it did not have, and is made when it is not there', async () => {
    const home = furnished.copy();
    rmSync(join(home.folder, '.aliyun'), { recursive: true });
    await pairTo(home, 'aliyun:robot', CONFIG);
    expect(statSync(join(home.folder, '.aliyun')).mode & 0o777).toBe(0o700);
    const made = JSON.parse(home.read(CONFIG));
    expect(made).toMatchObject({ current: 'robot', profiles: [{ name: 'robot', mode: 'AK' }] });
    const text = home.read(CONFIG);
    await home.json('user', 'create', 'android', '--access-key', '--secret-to', 'aliyun:android');
    expect(JSON.parse(home.read(CONFIG))).toEqual({
      ...made,
      profiles: [...made.profiles, expect.objectContaining({ name: 'android' })],
    });
    expect(home.read(CONFIG).startsWith(text.slice(0, text.indexOf('\t\t}')))).toBe(true);
  });
});

describe("the SDKs' own chain finds the pair", () => {
  const require = createRequire(import.meta.url);
  const library = require.resolve('@alicloud/credentials');

  /** What a program gets that says nothing about credentials. */
  async function found(home: Home, environment: Record<string, string>, prelude = ''): Promise<KeyPair> {
    const program = `const { default: Credential } = require(${JSON.stringify(library)});
      new Credential().getCredential().then(({ accessKeyId: AccessKeyId, accessKeySecret: AccessKeySecret }) =>
        console.log(JSON.stringify({ AccessKeyId, AccessKeySecret })));`;
    home.write('program.cjs', program);
    const { code, out, err } = await home.sh(`${prelude}\n"${process.execPath}" program.cjs`, {
      environment: { ALIBABA_CLOUD_ECS_METADATA_DISABLED: 'true', ...environment },
    });
    expect([code, err]).toEqual([0, '']);
    return JSON.parse(out);
  }

  it('in a profile that is named, and in the current one', async () => {
    const home = furnished.copy();
    home.write(
      CONFIG,
      '{"current":"other","profiles":[{"name":"other","mode":"AK","access_key_id":"a","access_key_secret":"b"}]}',
    );
    const pair = await pairTo(home, 'aliyun:robot', CONFIG);
    expect(await found(home, { ALIBABA_CLOUD_PROFILE: 'robot' })).toEqual(pair);
    expect(await found(home, {})).toEqual({ AccessKeyId: 'a', AccessKeySecret: 'b' });
    const fresh = furnished.copy();
    expect(await found(fresh, {}).catch(() => 'nothing')).toBe('nothing');
    expect(await pairTo(fresh, 'aliyun:robot', CONFIG)).toEqual(await found(fresh, {}));
  });

  it('in an .ini file that is named', async () => {
    const home = furnished.copy();
    await home.json('ak', 'rotate', 'robot', '--secret-to', 'file:new.ini');
    const pair = await found(home, { ALIBABA_CLOUD_CREDENTIALS_FILE: join(home.folder, 'new.ini') });
    expect(await verifyKeyPair(home, pair)).toBe(0);
  });

  it('in the variables of an .env file', async () => {
    const home = furnished.copy();
    const pair = await pairTo(home, 'file:new.env', 'new.env');
    expect(await found(home, {}, 'set -a; . ./new.env')).toEqual(pair);
  });
});

describe('a step of GitHub Actions', () => {
  const step = { GITHUB_ACTIONS: 'true', GITHUB_OUTPUT: 'output' };
  /** As the runner reads its outputs. */
  const outputsOf = (text: string) =>
    Object.fromEntries(
      Array.from(text.matchAll(/^(\w+)<<(.+)\n([\s\S]*?)\n\2\n/gm), ([, name, , value]) => [name, value] as const),
    );

  it('gets the pair in its outputs, after it was told to mask the secret', async () => {
    const home = furnished.copy();
    home.write('output', 'before=1\n');
    // What the file holds when stderr is written to.
    const before = `import fs from 'node:fs';
      const { write } = process.stderr;
      process.stderr.write = (text, ...rest) => {
        fs.appendFileSync('witness', JSON.stringify([text, fs.readFileSync('output', 'utf8')]) + '\\n');
        return write.call(process.stderr, text, ...rest);
      };`;
    const { code, out, err } = await home.ramctl(rotate('--secret-to', 'github', '-q'), { environment: step, before });
    const { before: first, ...outputs } = {
      before: home.read('output').split('\n')[0],
      ...outputsOf(home.read('output')),
    };
    const pair = { AccessKeyId: outputs.access_key_id, AccessKeySecret: outputs.access_key_secret } as KeyPair;
    expect([code, first, Object.keys(outputs)]).toEqual([0, 'before=1', ['access_key_id', 'access_key_secret']]);
    expect(await verifyKeyPair(home, pair)).toBe(0);
    expect(err).toBe(`::add-mask::${pair.AccessKeySecret}\n`);
    expect(home.read('witness')).toBe(`${JSON.stringify([err, 'before=1\n'])}\n`);
    expect([JSON.parse(out).NewAccessKeyId, out.includes(pair.AccessKeySecret)]).toEqual([pair.AccessKeyId, false]);
  });

  it('masks each secret by a line of its own, and gets outputs whose delimiter nobody can guess', async () => {
    const home = furnished.copy();
    home.write('output', '');
    for (const name of ['android', 'automaton']) {
      const words = ['user', 'create', name, '--console', '--access-key', '--secret-to', 'github'];
      const { code, err } = await home.ramctl(words, { environment: step });
      expect([code, err.match(/^::add-mask::/gm)?.length]).toEqual([0, 2]);
    }
    const delimiters = Array.from(home.read('output').matchAll(/<<(\w+)$/gm), ([, delimiter]) => delimiter);
    expect([delimiters.length, new Set(delimiters).size]).toEqual([6, 2]);
    expect(outputsOf(home.read('output'))).toMatchObject({ password: expect.stringMatching(/^[A-Za-z].{19}$/) });
  });

  it.each([
    ['outside of one', { GITHUB_OUTPUT: 'output' }],
    ['without the file', { ...step, GITHUB_OUTPUT: 'nowhere' }],
    ['without its name', { GITHUB_ACTIONS: 'true' }],
    ['with an empty name', { ...step, GITHUB_OUTPUT: '' }],
    ['that is none', { ...step, GITHUB_ACTIONS: 'false' }],
  ])('%s: exit code 2, and nothing is made', async (_, environment) => {
    const home = furnished.copy();
    home.write('output', 'before=1\n');
    const failed = await home.run(rotate('--secret-to', 'github', '--check', 'touch checked'), { environment });
    expect([failed.code, failed.out, parseError(failed).Code]).toEqual([2, '', 'Usage']);
    expect([bytesOf(home), home.read('output')]).toEqual([bytesOf(furnished), 'before=1\n']);
    expect(listFiles(home)).toEqual([...listFiles(furnished), 'output'].sort());
  });
});
