import { beforeEach, describe, expect, it } from 'vitest';
import {
  bindArgs,
  bindDevice,
  codeAt,
  createMfaWorld,
  createUnboundDevice,
  getMfaStatus,
  readDevices,
} from '../../support/mfa.ts';
import { decodePng } from '../../support/qr-reader.ts';
import type { TestWorld } from '../../support/test-world.ts';

const serials = async () =>
  ((await world.ramctl('mfa list -o json')).json as { SerialNumber: string }[]).map(({ SerialNumber }) => SerialNumber);
let world: TestWorld;

beforeEach(async () => {
  world = await createMfaWorld();
});

describe('mfa enable --no-bind', () => {
  it('prints the seed only in the result of this command', async () => {
    const { code, json, err } = await world.ramctl('mfa enable ALICE --no-bind -o json');
    expect([code, err]).toEqual([0, '']);
    expect(Object.keys(json)).toEqual(['UserName', 'SerialNumber', 'Base32StringSeed', 'OtpAuthUri']);
    const { UserName, SerialNumber, Base32StringSeed: seed, OtpAuthUri } = json as Record<string, string>;
    expect(UserName).toBe('alice');
    expect(SerialNumber).toMatch(/^acs:ram::\d{16}:mfa\/alice$/);
    expect(seed).toMatch(/^[A-Z2-7]{32}$/);
    expect(new URL(OtpAuthUri ?? '').searchParams.get('secret')).toBe(seed);
    for (const line of ['mfa get alice', 'mfa list', 'user get alice', 'user list', 'login get alice']) {
      for (const format of ['table', 'json', 'yaml', 'csv']) {
        const { out, err } = await world.ramctl(`${line} -o ${format} --debug`);
        expect(out + err).not.toContain(seed);
      }
    }
    expect(await getMfaStatus(world, 'alice')).toMatchObject({ MFA: 'none', SerialNumber: null });
  });

  it.each(['table', 'yaml', 'csv'])('prints the whole seed as %s', async (format) => {
    const { out } = await world.ramctl(`mfa enable alice --no-bind -o ${format}`, { width: 40 });
    expect(out.replace(/\s/g, '')).toMatch(/[^A-Z2-7][A-Z2-7]{32}[^A-Z2-7]/);
  });

  it('stores the seed in a JSON file and prints the result without it', async () => {
    const { code, json } = await world.ramctl('mfa enable alice --no-bind --secret-to file:x.json -o json');
    const file = JSON.parse(world.delivered.get('x.json') ?? '');
    expect([code, Object.keys(json)]).toEqual([0, ['UserName', 'SerialNumber']]);
    expect(file).toMatchObject({ ...(json as object), Base32StringSeed: expect.stringMatching(/^[A-Z2-7]{32}$/) });
    const now = world.clock.now();
    const codes = [codeAt(file.Base32StringSeed, now), codeAt(file.Base32StringSeed, now, 1)];
    expect((await world.ramctl(bindArgs('alice', codes))).code).toBe(0);
  });

  it.each(['--secret-to file:x.csv', '--secret-to file:x.env', '--secret-to file:x.ini', '--secret-to github'])(
    'refuses %s, which cannot hold a seed, and creates nothing',
    async (flags) => {
      const { code, out, error } = await world.ramctl(`mfa enable alice --no-bind ${flags} -o json`);
      expect([code, out, error.Field]).toEqual([2, '', '--secret-to']);
      expect([await readDevices(world), [...world.delivered], [...world.openPaths]]).toEqual([[], [], []]);
    },
  );

  it.each([
    ['SerialNumber', 2],
    ['Nothing', 2],
    ['Base32StringSeed', 0],
    ['[SerialNumber, Base32StringSeed]', 0],
    ['OtpAuthUri', 0],
  ])('with --query %s ends with exit code %i and creates a device only if the seed is printed', async (query, exit) => {
    const { code, out } = await world.ramctl(['mfa', 'enable', 'alice', '--no-bind', '-o', 'json', '--query', query]);
    expect([code, out === '', (await readDevices(world)).length]).toEqual([exit, exit !== 0, exit === 0 ? 1 : 0]);
  });

  it('deletes the device again when its seed cannot be delivered', async () => {
    for (const flags of ['', '--secret-to file:x.json']) {
      world.failingPaths.add('x.json');
      const { code, error } = await world.ramctl(`mfa enable alice --no-bind ${flags} -o json`, {
        brokenOutput: 'EPIPE',
      });
      expect([code, error.Code, await readDevices(world)]).toEqual([5, 'DeliveryFailed', []]);
    }
  });

  it('replaces an unbound device of the user, and the codes of the old device are refused', async () => {
    const old = await createUnboundDevice(world, 'alice');
    const { seed, codes } = await createUnboundDevice(world, 'alice');
    expect(seed).not.toBe(old.seed);
    expect(await readDevices(world)).toHaveLength(1);
    expect((await world.ramctl(bindArgs('alice', old.codes))).code).toBe(4);
    expect((await world.ramctl(bindArgs('alice', codes))).code).toBe(0);
  });

  it('refuses a user with a bound device and changes nothing', async () => {
    await bindDevice(world, 'alice');
    const before = await world.state();
    for (const flags of ['--no-bind', '--no-bind --secret-to file:x.json']) {
      const { code, error } = await world.ramctl(`mfa enable alice ${flags} -o json`);
      expect([code, error.Code]).toEqual([1, 'EntityAlreadyExists.User.MFADevice']);
      expect(error.Hint).toBe('ramctl mfa disable alice');
    }
    const asked = await world.ramctl('mfa enable alice -o json', { answers: [] });
    expect([asked.code, asked.error.Code]).toEqual([1, 'EntityAlreadyExists.User.MFADevice']);
    expect(await world.state()).toEqual(before);
  });

  it('chooses a device name that RAM allows and no other device has', async () => {
    const names = ['under_score', 'under-score', `${'u'.repeat(63)}_`, 'u'.repeat(64), '_', '.'];
    for (const name of names) await world.ramctl(['user', 'create', name]);
    for (const name of names) await bindDevice(world, name);
    // The device of a renamed user keeps its name, so a new user of the old name needs another one.
    await world.ramctl('user edit under-score --name renamed');
    await world.ramctl('user create under-score');
    await bindDevice(world, 'under-score');
    const created = await serials();
    expect(created).toHaveLength(names.length + 1);
    expect(new Set(created.map((serial) => serial.toLowerCase())).size).toBe(created.length);
    for (const serial of created) expect(serial).toMatch(/^acs:ram::\d{16}:mfa\/[A-Za-z0-9.-]{1,64}$/);
    for (const name of [...names, 'renamed']) expect(await getMfaStatus(world, name)).toMatchObject({ MFA: 'bound' });
    expect((await world.ramctl('directory check')).code).toBe(0);
  });
});

describe('mfa enable --no-bind --qr file:', () => {
  it('also writes the QR code as an image', async () => {
    const { code, json } = await world.ramctl('mfa enable alice --no-bind --qr file:alice.png -o json');
    const uri = (json as { OtpAuthUri: string }).OtpAuthUri;
    expect([code, decodePng(world.images.get('alice.png') ?? Buffer.of())]).toEqual([0, uri]);
    expect(uri).toMatch(/^otpauth:\/\/totp\/Aliyun:alice@\d{16}\?secret=[A-Z2-7]{32}&issuer=Aliyun$/);
  });

  it('creates nothing if the file exists or belongs to the directory', async () => {
    await world.ramctl('mfa enable bob --no-bind --qr file:bob.png');
    const image = world.images.get('bob.png');
    const before = await world.state();
    const existing = await world.ramctl('mfa enable alice --no-bind --qr file:bob.png -o json');
    expect([existing.code, existing.error.Code]).toEqual([1, 'FileExists']);
    expect(existing.error.Hint).not.toContain('overwrite');
    const own = await world.ramctl('mfa enable alice --no-bind --qr file:/memory/directory.png -o json');
    expect([own.code, own.error.Field]).toEqual([2, '--qr']);
    expect([await world.state(), [...world.images]]).toEqual([before, [['bob.png', image]]]);
  });

  it.each([
    ['the image cannot be written', ['x.png'], ''],
    ['the seed cannot be delivered', ['x.json'], '--secret-to file:x.json'],
  ])('leaves neither image nor device if %s', async (_, failing, flags) => {
    for (const path of failing) world.failingPaths.add(path);
    const { code } = await world.ramctl(`mfa enable alice --no-bind --qr file:x.png ${flags}`);
    expect([code, [...world.images], await readDevices(world)]).toEqual([5, [], []]);
  });
});

describe('mfa enable --at-next-logon', () => {
  it('requires a device and creates none', async () => {
    const { code, json } = await world.ramctl('mfa enable alice --at-next-logon -o json');
    expect([code, json]).toMatchObject([0, { MFA: 'required', MFABindRequired: true, SerialNumber: null }]);
    expect(await readDevices(world)).toEqual([]);
    expect((await world.ramctl('login get alice -o json')).json).toMatchObject({ MFABindRequired: true });
    expect((await world.ramctl('mfa enable alice --at-next-logon')).code).toBe(0);
  });

  it('refuses a user without console logon', async () => {
    const { code, error } = await world.ramctl('mfa enable bob --at-next-logon -o json');
    expect([code, error.Code]).toEqual([3, 'EntityNotExist.User.LoginProfile']);
  });
});
