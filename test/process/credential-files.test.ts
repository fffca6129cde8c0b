// The key pairs that `ak rotate` writes for other programs: into a config.json of the Alibaba Cloud CLI, and into files that
// the SDKs read.
import { chmodSync, lstatSync, mkdirSync, readlinkSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Home } from '../support/process.ts';
import { createRobotHome, findFilesWithSecret, type KeyPair, readKeyPair, verifyKeyPair } from '../support/rotation.ts';

const CONFIG = '.aliyun/config.json';

let sampleHome: Home;
let old: KeyPair;
beforeAll(async () => {
  sampleHome = await createRobotHome();
  old = readKeyPair(sampleHome, 'old.env') as KeyPair;
  mkdirSync(join(sampleHome.folder, '.aliyun'));
});

/**
 * Rotates the AccessKey of robot. Expects that the new key pair is valid and in no other file than `name`. Returns the key
 * pair.
 */
async function rotateTo(home: Home, destination: string, name: string): Promise<KeyPair> {
  const result = await home.json<{ AccessKey: object }>('ak', 'rotate', 'robot', '--secret-to', destination);
  expect(result.AccessKey).not.toHaveProperty('AccessKeySecret');
  const pair = readKeyPair(home, name) as KeyPair;
  expect(await verifyKeyPair(home, pair)).toBe(0);
  expect(await verifyKeyPair(home, old)).toBe(4);
  expect(findFilesWithSecret(home, pair.AccessKeySecret, name)).toEqual([]);
  expect(statSync(join(home.folder, name)).mode & 0o777).toBe(0o600);
  return pair;
}

describe('the config.json of the Alibaba Cloud CLI', () => {
  /** The text of a config.json before, between and after the two values of the key pair. */
  const CONFIG_PARTS = [
    '{\n\t"current": "default",\n\t"profiles": [\n\t\t{\n\t\t\t"name": "default",\n\t\t\t"mode": "AK",\n\t\t\t"access_key_id": "LTAIx",\n\t\t\t"access_key_secret": "y"\n\t\t},\n\t\t{\n\t\t\t"name": "robot",\n\t\t\t"mode": "AK",\n\t\t\t"access_key_id": "',
    '",\n\t\t\t"access_key_secret": "',
    '",\n\t\t\t"region_id": "eu-central-1",\n\t\t\t"retry_count": 3\n\t\t}\n\t],\n\t"meta_path": "",\n\t"plugin": {"a":[ 1,2 ], "ü\\u00fc":1e3}}',
  ];

  it('keeps all other text unchanged, and is found through a symbolic link', async () => {
    const home = sampleHome.copy();
    mkdirSync(join(home.folder, 'dotfiles'));
    home.write('dotfiles/aliyun.json', CONFIG_PARTS.join('old'));
    chmodSync(join(home.folder, 'dotfiles/aliyun.json'), 0o644);
    symlinkSync('../dotfiles/aliyun.json', join(home.folder, CONFIG));
    const { AccessKeyId, AccessKeySecret } = await rotateTo(home, 'aliyun:robot', 'dotfiles/aliyun.json');
    const [head, middle, tail] = CONFIG_PARTS;
    expect(home.read('dotfiles/aliyun.json')).toBe(`${head}${AccessKeyId}${middle}${AccessKeySecret}${tail}`);
    expect([lstatSync(join(home.folder, CONFIG)).isSymbolicLink(), readlinkSync(join(home.folder, CONFIG))]).toEqual([
      true,
      '../dotfiles/aliyun.json',
    ]);
  });

  it.each([
    ['a new profile', 'other'],
    ['the key pair in a profile without one', 'robot'],
  ])('keeps what a user wrote by hand, and gets %s', async (_, name) => {
    const home = sampleHome.copy();
    const profile = { name, mode: 'AK', region_id: 'eu-central-1' };
    home.write(CONFIG, `{"current":"other", "profiles":[\n${JSON.stringify(profile)}],"plugins":{"x":[1,2]}}\n`);
    await rotateTo(home, 'aliyun:robot', CONFIG);
    expect(JSON.parse(home.read(CONFIG))).toMatchObject({ current: 'other', plugins: { x: [1, 2] } });
    expect(JSON.parse(home.read(CONFIG)).profiles[0]).toMatchObject(profile);
  });

  it('is created at the target of its symbolic link if that file does not exist', async () => {
    const home = sampleHome.copy();
    mkdirSync(join(home.folder, 'dotfiles'));
    symlinkSync('../dotfiles/aliyun.json', join(home.folder, CONFIG));
    await home.json('ak', 'rotate', 'robot', '--secret-to', 'aliyun:robot');
    expect(lstatSync(join(home.folder, CONFIG)).isSymbolicLink()).toBe(true);
    expect(await verifyKeyPair(home, readKeyPair(home, 'dotfiles/aliyun.json'))).toBe(0);
  });

  it('is created if it does not exist, and gets a second profile without changes to the first', async () => {
    const home = sampleHome.copy();
    rmSync(join(home.folder, '.aliyun'), { recursive: true });
    await rotateTo(home, 'aliyun:robot', CONFIG);
    expect(statSync(join(home.folder, '.aliyun')).mode & 0o777).toBe(0o700);
    const config = JSON.parse(home.read(CONFIG));
    expect(config).toMatchObject({ current: 'robot', profiles: [{ name: 'robot', mode: 'AK' }] });
    const text = home.read(CONFIG);
    await home.json('user', 'create', 'android', '--access-key', '--secret-to', 'aliyun:android');
    expect(JSON.parse(home.read(CONFIG))).toEqual({
      ...config,
      profiles: [...config.profiles, expect.objectContaining({ name: 'android' })],
    });
    expect(home.read(CONFIG).startsWith(text.slice(0, text.indexOf('\t\t}')))).toBe(true);
  });
});

describe('the credentials library of the SDKs finds the key pair', () => {
  const require = createRequire(import.meta.url);
  const library = require.resolve('@alicloud/credentials');

  /** The credentials that the library finds for a program without settings. */
  async function findCredentials(home: Home, environment: Record<string, string>, prelude = ''): Promise<KeyPair> {
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

  it('in the profile of ALIBABA_CLOUD_PROFILE and in the current profile', async () => {
    const home = sampleHome.copy();
    home.write(
      CONFIG,
      '{"current":"other","profiles":[{"name":"other","mode":"AK","access_key_id":"a","access_key_secret":"b"}]}',
    );
    const pair = await rotateTo(home, 'aliyun:robot', CONFIG);
    expect(await findCredentials(home, { ALIBABA_CLOUD_PROFILE: 'robot' })).toEqual(pair);
    expect(await findCredentials(home, {})).toEqual({ AccessKeyId: 'a', AccessKeySecret: 'b' });
    const homeWithoutConfig = sampleHome.copy();
    expect(await findCredentials(homeWithoutConfig, {}).catch(() => 'nothing')).toBe('nothing');
    expect(await rotateTo(homeWithoutConfig, 'aliyun:robot', CONFIG)).toEqual(
      await findCredentials(homeWithoutConfig, {}),
    );
  });

  it('in the .ini file of ALIBABA_CLOUD_CREDENTIALS_FILE', async () => {
    const home = sampleHome.copy();
    await home.json('ak', 'rotate', 'robot', '--secret-to', 'file:new.ini');
    const pair = await findCredentials(home, { ALIBABA_CLOUD_CREDENTIALS_FILE: join(home.folder, 'new.ini') });
    expect(await verifyKeyPair(home, pair)).toBe(0);
  });

  it('in the variables of an .env file', async () => {
    const home = sampleHome.copy();
    const pair = await rotateTo(home, 'file:new.env', 'new.env');
    expect(await findCredentials(home, {}, 'set -a; . ./new.env')).toEqual(pair);
  });
});
