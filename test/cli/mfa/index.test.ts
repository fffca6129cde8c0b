import { beforeEach, describe, expect, it } from 'vitest';
import type { MfaStatus } from '../../../src/core/workflows/mfa.ts';
import { bindDevice, codeAt, createUnboundDevice } from '../../support/mfa.ts';
import { type Answers, TestWorld } from '../../support/test-world.ts';

const FIRST = 'The code that the app shows now';
const NEXT = 'The next code';

let world = new TestWorld();
const devices = async () => [...(await world.state()).MFADevices.values()];
const serials = async () =>
  ((await world.ramctl('mfa list -o json')).json as { SerialNumber: string }[]).map(({ SerialNumber }) => SerialNumber);
const status = async (user: string): Promise<MfaStatus> => (await world.ramctl(`mfa get ${user} -o json`)).json;
/** The key, which is shown in groups of four. */
const seedIn = (err: string) => (err.match(/\b[A-Z2-7]{4}\b/g) ?? []).join('');
const bindLine = (user: string, codes: string[]) => [
  ...['mfa', 'bind', user, '-o', 'json'],
  ...codes.flatMap((code) => ['--code', code]),
];

beforeEach(async () => {
  world = new TestWorld();
  await world.ramctl('user create alice --console');
  await world.ramctl('user create bob');
});

describe('mfa enable --no-bind', () => {
  it('prints the seed this once', async () => {
    const { code, json, err } = await world.ramctl('mfa enable ALICE --no-bind -o json');
    expect([code, err]).toEqual([0, '']);
    expect(Object.keys(json)).toEqual(['UserName', 'SerialNumber', 'Base32StringSeed', 'OtpAuthUri']);
    const { UserName, SerialNumber, Base32StringSeed: seed, OtpAuthUri } = json as Record<string, string>;
    expect(UserName).toBe('alice');
    expect(SerialNumber).toMatch(/^acs:ram::\d{16}:mfa\/alice$/);
    expect(seed).toMatch(/^[A-Z2-7]{64}$/);
    expect(new URL(OtpAuthUri ?? '').searchParams.get('secret')).toBe(seed);
    for (const line of ['mfa get alice', 'mfa list', 'user get alice', 'user list', 'login get alice']) {
      for (const format of ['table', 'json', 'yaml', 'csv']) {
        const { out, err } = await world.ramctl(`${line} -o ${format} --debug`);
        expect(out + err).not.toContain(seed);
      }
    }
    expect(await status('alice')).toMatchObject({ MFA: 'none', SerialNumber: null });
  });

  it.each(['table', 'yaml', 'csv'])('gives the whole seed as %s', async (format) => {
    const { out } = await world.ramctl(`mfa enable alice --no-bind -o ${format}`, { width: 40 });
    expect(out.replace(/\s/g, '')).toMatch(/[^A-Z2-7][A-Z2-7]{64}[^A-Z2-7]/);
  });

  it('takes a seed to a JSON file, and prints the rest', async () => {
    const { code, json } = await world.ramctl('mfa enable alice --no-bind --secret-to file:x.json -o json');
    const file = JSON.parse(world.delivered.get('x.json') ?? '');
    expect([code, Object.keys(json)]).toEqual([0, ['UserName', 'SerialNumber']]);
    expect(file).toMatchObject({ ...(json as object), Base32StringSeed: expect.stringMatching(/^[A-Z2-7]{64}$/) });
    const now = world.clock.now();
    const codes = [codeAt(file.Base32StringSeed, now), codeAt(file.Base32StringSeed, now, 1)];
    expect((await world.ramctl(bindLine('alice', codes))).code).toBe(0);
  });

  it.each(['--secret-to file:x.csv', '--secret-to file:x.env', '--secret-to file:x.ini', '--secret-to github'])(
    'with %s, which cannot hold a seed, makes nothing',
    async (flags) => {
      const { code, out, error } = await world.ramctl(`mfa enable alice --no-bind ${flags} -o json`);
      expect([code, out, error.Field]).toEqual([2, '', '--secret-to']);
      expect([await devices(), [...world.delivered], [...world.openPaths]]).toEqual([[], [], []]);
    },
  );

  it.each([
    ['SerialNumber', 2],
    ['Nothing', 2],
    ['Base32StringSeed', 0],
    ['[SerialNumber, Base32StringSeed]', 0],
    ['OtpAuthUri', 0],
  ])('with --query %s is exit %i: the seed is kept or nothing is made', async (query, exit) => {
    const { code, out } = await world.ramctl(['mfa', 'enable', 'alice', '--no-bind', '-o', 'json', '--query', query]);
    expect([code, out === '', (await devices()).length]).toEqual([exit, exit !== 0, exit === 0 ? 1 : 0]);
  });

  it('withdraws the device when its seed cannot be delivered', async () => {
    for (const flags of ['', '--secret-to file:x.json']) {
      world.failingPaths.add('x.json');
      const { code, error } = await world.ramctl(`mfa enable alice --no-bind ${flags} -o json`, {
        brokenOutput: 'EPIPE',
      });
      expect([code, error.Code, await devices()]).toEqual([5, 'DeliveryFailed', []]);
    }
  });

  it('replaces a device that was left unbound, whose codes are then worthless', async () => {
    const old = await createUnboundDevice(world, 'alice');
    const { seed, codes } = await createUnboundDevice(world, 'alice');
    expect(seed).not.toBe(old.seed);
    expect(await devices()).toHaveLength(1);
    expect((await world.ramctl(bindLine('alice', old.codes))).code).toBe(4);
    expect((await world.ramctl(bindLine('alice', codes))).code).toBe(0);
  });

  it('refuses a user whose device is bound, and keeps that', async () => {
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

  it('finds a device name that RAM allows and nobody has', async () => {
    const names = ['under_score', 'under-score', `${'u'.repeat(63)}_`, 'u'.repeat(64), '_', '.'];
    for (const name of names) await world.ramctl(['user', 'create', name]);
    for (const name of names) await bindDevice(world, name);
    // Whoever takes a name over finds its device in use.
    await world.ramctl('user edit under-score --name renamed');
    await world.ramctl('user create under-score');
    await bindDevice(world, 'under-score');
    const made = await serials();
    expect(made).toHaveLength(names.length + 1);
    expect(new Set(made.map((serial) => serial.toLowerCase())).size).toBe(made.length);
    for (const serial of made) expect(serial).toMatch(/^acs:ram::\d{16}:mfa\/[A-Za-z0-9.-]{1,64}$/);
    for (const name of [...names, 'renamed']) expect(await status(name)).toMatchObject({ MFA: 'bound' });
    expect((await world.ramctl('directory check')).code).toBe(0);
  });

  it.each([
    ['mfa enable carol --no-bind', 3],
    ['mfa enable carol --at-next-logon', 3],
    ['mfa enable --no-bind', 2],
    ['mfa enable alice --no-bind --at-next-logon', 2],
    ['mfa enable alice', 2],
    ['mfa enable', 2],
    ['mfa bind alice --code 123456', 2],
    ['mfa bind alice --code 123456 --code 123456 --code 123456', 2],
    ['mfa bind alice', 2],
    ['mfa bind alice --code 123456 --code 654321', 3],
    ['mfa bind carol --code 123456 --code 654321', 3],
    ['mfa disable alice', 2],
    ['mfa disable alice --yes', 3],
    ['mfa disable carol --yes', 3],
    ['mfa get carol', 3],
    ['mfa get', 2],
  ])('%s is exit %i and changes nothing', async (line, exit) => {
    const before = await world.state();
    const { code, out } = await world.ramctl(line);
    expect([code, out]).toEqual([exit, '']);
    expect(await world.state()).toEqual(before);
  });
});

describe('mfa bind', () => {
  it('binds with two codes in a row', async () => {
    const { codes } = await createUnboundDevice(world, 'alice');
    const { code, json } = await world.ramctl(
      bindLine('Alice', [`${codes[0].slice(0, 3)} ${codes[0].slice(3)}`, codes[1]]),
    );
    expect([code, json]).toEqual([
      0,
      {
        UserName: 'alice',
        MFA: 'bound',
        MFABindRequired: false,
        SerialNumber: expect.stringMatching(/:mfa\/alice$/),
        Type: 'VMFA',
        ActivateDate: world.clock.now().toISOString().replace('.000', ''),
      },
    ]);
    expect(await status('alice')).toEqual(json);
    const { json: user } = await world.ramctl('user get alice -o json');
    const { SerialNumber, Type, ActivateDate } = json as MfaStatus;
    expect((user as { MFADevice: unknown }).MFADevice).toEqual({ SerialNumber, Type, ActivateDate });
  });

  it.each([
    ['in the wrong order', 1, 0, 4],
    ['that are the same', 0, 0, 4],
    ['not in a row', -1, 1, 4],
    ['too late', -4, -3, 4],
    ['plainly wrong', 40, 41, 4],
  ])('refuses codes %s', async (_, first, second, exit) => {
    const { seed } = await createUnboundDevice(world, 'alice');
    const before = await world.state();
    const codes = [first, second].map((steps) => codeAt(seed, world.clock.now(), steps));
    const { code, out, err, error } = await world.ramctl(bindLine('alice', codes));
    expect([code, out, error.Code]).toEqual([exit, '', 'CheckAuthenticationCodeFail']);
    for (const digits of codes) expect(err).not.toContain(digits);
    expect(await world.state()).toEqual(before);
  });

  it.each(['12345', '1234567', 'abcdef', ''])('refuses the malformed code "%s" with exit 1', async (malformed) => {
    const { codes } = await createUnboundDevice(world, 'alice');
    for (const pair of [
      [malformed, codes[1]],
      [codes[0], malformed],
    ]) {
      const { code, error } = await world.ramctl(bindLine('alice', pair));
      expect([code, error.Code]).toEqual([1, 'InvalidParameter.AuthenticationCode.Format']);
    }
  });

  it('never takes codes a second time, also after unbinding', async () => {
    const { seed, codes } = await createUnboundDevice(world, 'alice');
    expect((await world.ramctl(bindLine('alice', codes))).code).toBe(0);
    const again = await world.ramctl(bindLine('alice', codes));
    expect([again.code, again.error.Code]).toEqual([1, 'EntityAlreadyExists.User.MFADevice']);
    const { SerialNumber } = await world.directory.unbindMFADevice({ UserName: 'alice' });
    const rebind = (pair: string[]) =>
      world.directory.bindMFADevice({
        UserName: 'alice',
        SerialNumber,
        AuthenticationCode1: pair[0] ?? '',
        AuthenticationCode2: pair[1] ?? '',
      });
    const used = expect.objectContaining({ kind: 'denied', message: expect.stringContaining('used already') });
    await expect(rebind(codes)).rejects.toEqual(used);
    world.clock.step(30);
    await expect(rebind([codes[1], codeAt(seed, world.clock.now(), 1)])).rejects.toEqual(used);
    world.clock.step(30);
    await rebind([codeAt(seed, world.clock.now()), codeAt(seed, world.clock.now(), 1)]);
    expect(await status('alice')).toMatchObject({ MFA: 'bound' });
  });
});

describe('mfa enable --at-next-logon', () => {
  it('only requires a device', async () => {
    const { code, json } = await world.ramctl('mfa enable alice --at-next-logon -o json');
    expect([code, json]).toMatchObject([0, { MFA: 'required', MFABindRequired: true, SerialNumber: null }]);
    expect(await devices()).toEqual([]);
    expect((await world.ramctl('login get alice -o json')).json).toMatchObject({ MFABindRequired: true });
    expect((await world.ramctl('mfa enable alice --at-next-logon')).code).toBe(0);
  });

  it('needs console logon', async () => {
    const { code, error } = await world.ramctl('mfa enable bob --at-next-logon -o json');
    expect([code, error.Code]).toEqual([3, 'EntityNotExist.User.LoginProfile']);
  });
});

describe('mfa disable', () => {
  it('takes device and requirement away, after asking', async () => {
    await world.ramctl('mfa enable alice --at-next-logon');
    await bindDevice(world, 'alice');
    const before = await world.state();
    expect((await world.ramctl('mfa disable alice', { answers: [['Disable MFA for alice', false]] })).code).toBe(130);
    expect((await world.ramctl('mfa disable alice', { answers: [['Disable MFA for alice', '^C']] })).code).toBe(130);
    expect(await world.state()).toEqual(before);
    const { code, json } = await world.ramctl('mfa disable alice -o json', { answers: [['Disable MFA', true]] });
    expect([code, json]).toEqual([0, { UserName: 'alice', SerialNumber: expect.stringMatching(/:mfa\/alice$/) }]);
    expect(await devices()).toEqual([]);
    expect(await status('alice')).toMatchObject({ MFA: 'none', MFABindRequired: false, ActivateDate: null });
    expect((await world.ramctl('mfa disable alice --yes')).code).toBe(3);
  });

  it('takes the requirement away where no device is bound', async () => {
    await world.ramctl('mfa enable alice --at-next-logon');
    expect((await world.ramctl('mfa disable alice --yes')).code).toBe(0);
    expect(await status('alice')).toMatchObject({ MFA: 'none', MFABindRequired: false });
  });

  it('works on a user without console logon', async () => {
    await bindDevice(world, 'bob');
    expect((await world.ramctl('mfa disable bob --yes')).code).toBe(0);
    expect(await status('bob')).toMatchObject({ MFA: 'none' });
  });
});

describe('what others say of MFA', () => {
  it('mfa list tells devices and whose they are', async () => {
    expect((await world.ramctl('mfa list -o json')).json).toEqual([]);
    await bindDevice(world, 'bob');
    await createUnboundDevice(world, 'alice');
    expect((await world.ramctl('mfa list -o json')).json).toEqual([
      { SerialNumber: expect.stringMatching(/:mfa\/alice$/), UserName: null, Status: 'unbound', ActivateDate: null },
      {
        SerialNumber: expect.stringMatching(/:mfa\/bob$/),
        UserName: 'bob',
        Status: 'bound',
        ActivateDate: expect.stringMatching(/^2026-01-01T00:0\d:\d\dZ$/),
      },
    ]);
    expect((await world.ramctl('mfa list')).out).toMatch(/alice.*unbound[\s\S]*bob.*bound/);
  });

  it('user list says bound, required or none', async () => {
    await world.ramctl('user create carol --console --mfa required');
    await world.ramctl('user create dave --console --mfa required');
    await bindDevice(world, 'alice');
    await bindDevice(world, 'carol');
    await createUnboundDevice(world, 'bob');
    const { json } = await world.ramctl('user list -o json');
    expect((json as { UserName: string; MFA: string }[]).map(({ UserName, MFA }) => [UserName, MFA])).toEqual([
      ['alice', 'bound'],
      ['bob', 'none'],
      ['carol', 'bound'],
      ['dave', 'required'],
    ]);
    const without = (await world.ramctl('user list --without-mfa -o json')).json as { UserName: string }[];
    expect(without.map(({ UserName }) => UserName)).toEqual(['bob', 'dave']);
  });

  it('user delete is blocked by a device, whose command removes it', async () => {
    await bindDevice(world, 'bob');
    const { code, error } = await world.ramctl('user delete bob --yes -o json');
    expect([code, error.Code]).toEqual([1, 'DeleteConflict.User.MFADevice']);
    expect(error.Blockers).toEqual([
      { Kind: 'MFADevice', Name: (await status('bob')).SerialNumber, Command: 'ramctl mfa disable bob' },
    ]);
    expect((await world.ramctl('mfa disable bob --yes')).code).toBe(0);
    expect((await world.ramctl('user delete bob --yes')).code).toBe(0);
  });

  it('user delete --cascade takes the device along', async () => {
    await bindDevice(world, 'alice');
    const { json } = await world.ramctl('user delete alice --cascade --yes -o json');
    const [gone] = json as { Removed: { Kind: string }[] }[];
    expect(gone?.Removed.map(({ Kind }) => Kind).sort()).toEqual(['LoginProfile', 'MFADevice']);
    expect(await devices()).toEqual([]);
    expect((await world.ramctl('directory check')).code).toBe(0);
  });
});

describe('mfa enable with somebody to ask', () => {
  /** A code as the app shows it, made from the key on the screen; time passes until the next one is shown. */
  const code =
    (steps = 0) =>
    (err: string) =>
      codeAt(seedIn(err), world.clock.now(), steps);
  const nextCode = (err: string) => {
    world.clock.step(30);
    return code()(err);
  };
  const wrong = (): Answers => [
    [FIRST, code(40)],
    [NEXT, code(41)],
  ];

  it('shows account, issuer and key, and binds by two codes', async () => {
    const answers: Answers = [
      [FIRST, code()],
      [NEXT, nextCode],
    ];
    const outcome = await world.ramctl('mfa enable alice -o json', { answers });
    expect([outcome.code, outcome.json]).toMatchObject([0, { UserName: 'alice', MFA: 'bound' }]);
    const seed = seedIn(outcome.err);
    expect(seed).toMatch(/^[A-Z2-7]{64}$/);
    expect(outcome.err).toMatch(/alice@\d{16}\.onaliyun\.com/);
    expect(outcome.err).toContain('Alibaba Cloud');
    expect(outcome.out + outcome.questions.join()).not.toContain(seed.slice(0, 4));
    const [device] = await devices();
    expect(device?.SealedSeed).toContain(seed);
  });

  it('lets the user be found when none is named', async () => {
    const answers: Answers = [
      ['User', 'bob'],
      [FIRST, code()],
      [NEXT, nextCode],
    ];
    expect((await world.ramctl('mfa enable', { answers })).code).toBe(0);
    expect(await status('bob')).toMatchObject({ MFA: 'bound' });
    for (const flags of ['--no-bind', '--at-next-logon']) {
      const { code } = await world.ramctl(`mfa enable ${flags}`, { answers: [['User', 'alice']] });
      expect(code).toBe(0);
    }
  });

  it('explains a malformed code at once, and wrong ones before it asks again', async () => {
    let told = '';
    const answers: Answers = [
      [FIRST, '12345'],
      [FIRST, code(1)],
      [NEXT, code(0)],
      [
        FIRST,
        (err: string) => {
          told = err;
          return code()(err);
        },
      ],
      [NEXT, nextCode],
    ];
    const { code: exit, questions } = await world.ramctl('mfa enable alice', { answers });
    expect(exit).toBe(0);
    expect(questions[1]).toBe('(an MFA code has six digits)');
    expect(told).toContain('wrong order');
  });

  it.each(['-o json', '--quiet'])('explains wrong codes before it asks again, also with %s', async (flags) => {
    let told = '';
    const answers: Answers = [
      [FIRST, code(1)],
      [NEXT, code(0)],
      [
        FIRST,
        (err: string) => {
          told = err;
          return '^C';
        },
      ],
    ];
    expect((await world.ramctl(`mfa enable alice ${flags}`, { answers })).code).toBe(130);
    expect(told).toContain('wrong order');
  });

  it('gives up after three wrong tries, and no device stays', async () => {
    const before = await world.state();
    const {
      code: exit,
      out,
      err,
    } = await world.ramctl('mfa enable alice', { answers: [wrong(), wrong(), wrong()].flat() });
    expect([exit, out]).toEqual([4, '']);
    expect(err).toMatch(/error: the first MFA code is wrong/);
    expect(await world.state()).toEqual(before);
  });

  it.each([
    ['the first code', [[FIRST, '^C']]],
    [
      'the second code',
      [
        [FIRST, code()],
        [NEXT, '^C'],
      ],
    ],
    ['the first code of the second try', [...wrong(), [FIRST, '^C']]],
    ['the second code of the third try', [...wrong(), ...wrong(), [FIRST, code()], [NEXT, '^C']]],
  ] as [string, Answers][])('cancelled at %s takes the device away', async (_, answers) => {
    const before = await world.state();
    const { code: exit, out, err } = await world.ramctl('mfa enable alice', { answers });
    expect([exit, out]).toEqual([130, '']);
    expect(err).toContain('nothing was written');
    expect(await world.state()).toEqual(before);
  });

  it('cancelled at the choice of a user makes nothing', async () => {
    const before = await world.state();
    expect((await world.ramctl('mfa enable', { answers: [['User', '^C']] })).code).toBe(130);
    expect(await world.state()).toEqual(before);
  });

  it('cancelled after somebody else replaced the device leaves theirs alone, and is exit 130 all the same', async () => {
    const leave = async () => {
      await createUnboundDevice(world, 'alice');
      return '^C';
    };
    const { code: exit } = await world.ramctl('mfa enable alice', { answers: [[FIRST, leave]] });
    expect(await devices()).toHaveLength(1);
    expect(exit).toBe(130);
  });

  it('finds the device gone when somebody else deleted the user meanwhile', async () => {
    const answers: Answers = [
      [FIRST, code()],
      [
        NEXT,
        async (err: string) => {
          await world.ramctl('user delete alice --cascade --yes');
          return nextCode(err);
        },
      ],
    ];
    expect((await world.ramctl('mfa enable alice', { answers })).code).toBe(3);
    expect(await devices()).toEqual([]);
  });

  it('refuses a sink or a query that it would not use', async () => {
    const before = await world.state();
    const { code: exit } = await world.ramctl('mfa enable alice --secret-to file:x.json', { answers: [] });
    expect(exit).toBe(2);
    expect(await world.state()).toEqual(before);
  });
});

describe('a query that cannot be applied', () => {
  const query = ['--query', 'sum(UserName)'];

  it.each(['disable alice --yes', 'enable bob --at-next-logon'])(
    'refuses mfa %s before anything changes',
    async (line) => {
      await world.ramctl('login set bob --generate-password');
      await bindDevice(world, 'alice');
      const before = await world.state();
      const { code } = await world.ramctl(['mfa', ...line.split(' '), ...query]);
      expect([code, await world.state()]).toEqual([2, before]);
    },
  );

  it('refuses mfa bind before anything changes', async () => {
    const { codes } = await createUnboundDevice(world, 'alice');
    const before = await world.state();
    const { code } = await world.ramctl([...bindLine('alice', codes), ...query]);
    expect([code, await world.state()]).toEqual([2, before]);
  });

  it('refuses mfa enable, too, and leaves no device', async () => {
    const before = await world.state();
    const { code } = await world.ramctl(['mfa', 'enable', 'alice', ...query], {
      answers: [
        [FIRST, (err: string) => codeAt(seedIn(err), world.clock.now())],
        [NEXT, (err: string) => codeAt(seedIn(err), world.clock.now(), 1)],
      ],
    });
    expect([code, await world.state()]).toEqual([2, before]);
  });
});

it.each(['disable alice --yes', 'enable bob --at-next-logon'])(
  'mfa %s says that the change was made when its result cannot be written',
  async (line) => {
    await world.ramctl('login set bob --generate-password');
    await bindDevice(world, 'alice');
    const { code, err } = await world.ramctl(`mfa ${line}`, { brokenOutput: 'ENOSPC' });
    expect([code, err]).toEqual([5, expect.stringContaining('the change was made')]);
  },
);
