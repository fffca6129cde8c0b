// `ak rotate` with a destination that cannot receive the key pair, found before the rotation or at the delivery.
import { spawnSync } from 'node:child_process';
import { chmodSync, closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { Home, isSupported, PROGRAM, parseError } from '../support/process.ts';
import {
  createRobotHome,
  type KeyPair,
  listFiles,
  readKeyPair,
  readRobot,
  verifyKeyPair,
} from '../support/rotation.ts';

const CONFIG = '.aliyun/config.json';

let sampleHome: Home;
let old: KeyPair;
beforeAll(async () => {
  sampleHome = await createRobotHome();
  old = readKeyPair(sampleHome, 'old.env') as KeyPair;
  mkdirSync(join(sampleHome.folder, '.aliyun'));
});

const rotate = (...args: string[]) => ['ak', 'rotate', 'robot', '-o', 'json', ...args];
const readDirectory = (home: Home) => readFileSync(home.directory, 'utf8');

describe('a destination that cannot receive the key pair', () => {
  /** Prepares a home, by the name of the obstacle. */
  const obstacles: Record<string, (home: Home) => void> = {
    'an existing file': (home) => home.write('new.env', 'precious'),
    'a link': (home) => symlinkSync('old.env', join(home.folder, 'new.env')),
    'a link to a missing file': (home) => symlinkSync('nothing', join(home.folder, 'new.env')),
    'a folder': (home) => mkdirSync(join(home.folder, 'new.env')),
    nothing: () => {},
    'a config.json that is not JSON': (home) => home.write(CONFIG, 'current: default'),
    'a truncated config.json': (home) => home.write(CONFIG, '{"current":"robot","profiles":[{"name":"robot"'),
    'a config.json without profiles': (home) => home.write(CONFIG, '{"profiles":{}}'),
    'a profile of another mode': (home) =>
      home.write(CONFIG, '{"profiles":[{"name":"robot","mode":"EcsRamRole","ram_role_name":"r"}]}'),
    'a folder instead of config.json': (home) => mkdirSync(join(home.folder, CONFIG)),
  };

  it.each([
    ['file:new.env', 'an existing file', 1],
    ['file:new.env', 'a link', 1],
    ['file:new.env', 'a link to a missing file', 1],
    ['file:new.env', 'a folder', 1],
    ['file:none/new.env', 'nothing', 5],
    ['file:old.env/new.env', 'nothing', 5],
    ['file:new.txt', 'nothing', 2],
    ['file:ramctl/directory.json', 'nothing', 2],
    ['aliyun:', 'nothing', 2],
    ['aliyun:robot', 'a config.json that is not JSON', 5],
    ['aliyun:robot', 'a truncated config.json', 5],
    ['aliyun:robot', 'a config.json without profiles', 5],
    ['aliyun:robot', 'a profile of another mode', 5],
    ['aliyun:robot', 'a folder instead of config.json', 5],
    ['github', 'nothing', 2],
  ])('is found before the rotation starts: %s, obstacle: %s, exit code %i', async (destination, obstacle, exit) => {
    const home = sampleHome.copy();
    obstacles[obstacle]?.(home);
    const before = listFiles(home).map((name) => [name, home.read(name)]);
    const failed = await home.run(rotate('--secret-to', destination, '--check', 'touch checked'));
    expect([failed.code, failed.out, parseError(failed).Code]).toEqual([exit, '', expect.any(String)]);
    expect(listFiles(home).map((name) => [name, home.read(name)])).toEqual(before);
  });

  const isRoot = process.getuid?.() === 0;
  const trialArgs = ['--reuid=65534', process.execPath, PROGRAM, '--version'];
  const isPossible = !isRoot || isSupported('run the program as another user', 'setpriv', ...trialArgs);

  it.skipIf(!isPossible)('is found before the rotation starts: a folder without write permission', async () => {
    const home = sampleHome.copy();
    const closedFolder = join(home.folder, 'closed');
    mkdirSync(closedFolder);
    if (isRoot) spawnSync('chown', ['-R', '65534', home.folder]);
    chmodSync(closedFolder, 0o500);
    onTestFinished(() => chmodSync(closedFolder, 0o700));
    for (const options of [
      ['--secret-to', 'file:closed/new.env'],
      ['--secret-to', 'aliyun:robot', '--config-path', 'closed/config.json'],
    ]) {
      const failed = await home.ramctl(rotate(...options), isRoot ? { uid: 65534 } : {});
      expect([failed.code, failed.out, parseError(failed).Message]).toEqual([5, '', expect.stringContaining('denied')]);
    }
    expect([readDirectory(home), listFiles(home)]).toEqual([readDirectory(sampleHome), listFiles(sampleHome)]);
  });
});

describe('a delivery that fails', () => {
  /** Expects that the new AccessKey was removed and that the old one is active. */
  async function expectRolledBack(home: Home): Promise<void> {
    expect(readRobot(home)).toEqual({ keys: { [old.AccessKeyId]: 'Active' }, rotations: {} });
    expect(await verifyKeyPair(home, old)).toBe(0);
    expect(home.files()).toEqual(sampleHome.files());
  }

  it('because stdout is closed removes the new AccessKey', async () => {
    const home = sampleHome.copy();
    for (const args of [[], ['--grace', '2h'], ['--check', 'true', '--run-id', '7']]) {
      const failed = await home.ramctl(rotate(...args), { stdout: 'gone' });
      expect([failed.code, parseError(failed).Code]).toEqual([5, 'DeliveryFailed']);
      await expectRolledBack(home);
    }
    // A command with the same run ID starts a new rotation, because nothing was delivered.
    expect((await home.run(rotate('--check', 'true', '--run-id', '7'))).code).toBe(0);
  });

  it('is not reported if the key pair was written to a file and only stdout is closed', async () => {
    const home = sampleHome.copy();
    const { code } = await home.ramctl(rotate('--secret-to', 'file:new.env'), { stdout: 'gone' });
    expect([code, Object.values(readRobot(home).rotations)]).toEqual([0, ['Done']]);
    expect(await verifyKeyPair(home, readKeyPair(home, 'new.env'))).toBe(0);
  });

  it.skipIf(!existsSync('/dev/full'))('because stdout is on a full disk removes the new AccessKey', async () => {
    const home = sampleHome.copy();
    const fullDevice = openSync('/dev/full', 'w');
    const failed = await home.ramctl(rotate(), { stdout: fullDevice });
    closeSync(fullDevice);
    expect([failed.code, parseError(failed).Code]).toEqual([5, 'DeliveryFailed']);
    await expectRolledBack(home);
  });

  describe('because the disk is full', () => {
    const home = new Home();
    const disk = join(home.folder, 'disk');
    mkdirSync(disk);
    const mount = () => isSupported('mount a small disk', 'mount', '-t', 'tmpfs', '-o', 'size=128k', 'tmpfs', disk);
    const unmount = () => isSupported('unmount it', 'umount', disk);
    const isPossible = mount() && unmount();
    const fill = 'cat /dev/zero >disk/filler 2>filled; true';
    const FULL_CONFIG = `{"profiles":[{"name":"other","mode":"AK"}]}${' '.repeat(4000)}\n`;

    it.skipIf(!isPossible).each([
      ['file:disk/new.env', []],
      ['aliyun:robot', ['--config-path', 'disk/config.json']],
      ['github', []],
    ])('leaves the file of %s unchanged and removes the new AccessKey', async (destination, options) => {
      mount();
      onTestFinished(() => void unmount());
      const robot = sampleHome.copy();
      home.write('disk/config.json', FULL_CONFIG);
      home.write('disk/output', `before=1\n${'#'.repeat(4078)}\n`);
      const environment = { GITHUB_ACTIONS: 'true', GITHUB_OUTPUT: 'disk/output', XDG_CONFIG_HOME: robot.folder };
      const failed = await home.ramctl(rotate('--secret-to', destination, ...options, '--check', fill), {
        environment,
      });
      expect([failed.code, failed.out, failed.err]).toEqual([5, '', expect.stringContaining('DeliveryFailed')]);
      await expectRolledBack(robot);
      expect(listFiles(home).filter((name) => name.startsWith('disk/'))).toEqual([
        'disk/config.json',
        'disk/filler',
        'disk/output',
      ]);
      expect([home.read('disk/config.json'), home.read('disk/output').length]).toEqual([FULL_CONFIG, 4088]);
    });

    it.skipIf(!isPossible)(
      'keeps the delivered key pair if the directory is on that disk, and the next run disables the old AccessKey',
      async () => {
        mount();
        onTestFinished(() => void unmount());
        const target = ['-d', join(disk, 'directory.json')];
        await home.json('init', ...target);
        await home.json('user', 'create', 'robot', '--access-key', '--secret-to', 'file:first.env', ...target);
        const args = rotate('--run-id', '7', '--secret-to', 'file:second.env', '--check', fill, ...target);
        const failed = await home.run(args);
        expect([failed.code, failed.out]).toEqual([5, '']);
        expect(parseError(failed).Message).toContain('the new AccessKey was delivered');
        expect([await verifyPairIn('first.env'), await verifyPairIn('second.env')]).toEqual([5, 5]);
        rmSync(join(disk, 'filler'));
        expect([await verifyPairIn('first.env'), await verifyPairIn('second.env')]).toEqual([0, 0]);
        const pair = readKeyPair(home, 'second.env');
        expect(await home.run(args)).toMatchObject({ code: 0, err: '' });
        expect(readKeyPair(home, 'second.env')).toEqual(pair);
        expect([await verifyPairIn('first.env'), await verifyPairIn('second.env')]).toEqual([4, 0]);

        async function verifyPairIn(name: string) {
          const { AccessKeyId, AccessKeySecret } = readKeyPair(home, name) as KeyPair;
          return (
            await home.run(['ak', 'verify', AccessKeyId, '--secret-stdin', ...target], { input: AccessKeySecret })
          ).code;
        }
      },
    );
  });
});
