import { beforeEach, describe, expect, it } from 'vitest';
import type { Session } from '../../src/core/directory.ts';
import type { State, UserRecord } from '../../src/core/state.ts';
import { bindDevice, codeAt } from '../support/mfa.ts';
import { type Answers, type RunOptions, TestWorld } from '../support/test-world.ts';

const PASSWORD = 'Correct-Horse-9';
const NEW = 'Battery-Staple-7';
const HOUR = 3600;
const DAY = 24 * HOUR;

let world = new TestWorld();

/** `logon` with a password on stdin. */
const enter = (password: string, flags = '', name = 'alice@acme') =>
  world.ramctl(['logon', name, '--password-stdin', '-o', 'json', ...flags.split(' ').filter(Boolean)], {
    input: password,
    files: { new: `${NEW}\n`, weak: 'sh0rt', same: PASSWORD },
  });
/** `logon` with somebody to ask; without a password on the command line. */
const come = (answers: Answers, situation: RunOptions = {}) =>
  world.ramctl('logon alice@acme -o json', { answers, ...situation });
const setPassword = (password: string, flags = '--password-reset not-required') =>
  world.ramctl(`login set alice --password-stdin ${flags}`, { input: password });
const settings = (flags: string) => world.ramctl(`account settings set ${flags}`);
const alice = async () => (await world.state()).Users.get('alice') as UserRecord;
const stamp = () => world.clock.now().toISOString().replace('.000', '');
const code = (seed: string, steps = 0) => codeAt(seed, world.clock.now(), steps);
/** The key, which is shown in groups of four. */
const seedIn = (err: string) => (err.match(/\b[A-Z2-7]{4}\b/g) ?? []).join('');

/** Binds a device to alice, long ago; returns its seed. */
async function bound(): Promise<string> {
  await bindDevice(world, 'alice');
  world.clock.step(HOUR);
  return (await devices())[0]?.SealedSeed.split('|')[1] ?? '';
}

const devices = async () => [...(await world.state()).MFADevices.values()];

async function guessWrong(times: number): Promise<void> {
  for (let guess = 0; guess < times; guess++) expect((await enter('wrong')).code).toBe(4);
}

/** What a logon that failed may not have touched: everything but the step of the code that it used up. */
async function memory(): Promise<State> {
  const state = structuredClone(await world.state());
  for (const device of state.MFADevices.values()) delete device.LastTimeStep;
  return state;
}

beforeEach(async () => {
  world = new TestWorld();
  await world.ramctl('account alias acme');
  await world.ramctl('user create alice --console --password-stdin --password-reset not-required', { input: PASSWORD });
});

describe('a logon', () => {
  it.each(['alice@acme', 'alice@acme.onaliyun.com', 'alice@ID', 'alice@ID.onaliyun.com', 'ALICE@Acme.OnAliyun.COM'])(
    'as %s opens a session',
    async (name) => {
      const { AccountId } = (await world.state()).Account;
      const { code, json, err } = await enter(PASSWORD, '', name.replace('ID', AccountId));
      expect([code, err]).toEqual([0, '']);
      expect(json).toEqual({
        UserName: 'alice',
        UserPrincipalName: 'alice@acme.onaliyun.com',
        Arn: `acs:ram::${AccountId}:user/alice`,
        MFAPresent: false,
        SessionExpires: new Date(world.clock.now().getTime() + 6 * HOUR * 1000).toISOString().replace('.000', ''),
      });
    },
  );

  it('whose result cannot be printed is none', async () => {
    const before = await world.state();
    expect((await enter(PASSWORD, '--query length(MFAPresent)')).code).toBe(2);
    expect(await world.state()).toEqual(before);
  });

  it('is the last one that user get and the report tell of', async () => {
    expect((await world.ramctl('user get alice -o json')).json).toMatchObject({ LastLoginDate: null });
    await enter(PASSWORD);
    const LastLoginDate = stamp();
    await enter('wrong');
    expect((await world.ramctl('user get alice -o json')).json).toMatchObject({ LastLoginDate });
    expect((await world.ramctl('report -o json')).json).toMatchObject([{ user_last_logon: LastLoginDate }]);
  });

  it.each([1, 24])('lasts for LoginSessionDuration: %i h', async (hours) => {
    await settings(`--login-session-duration ${hours}`);
    const { SessionExpires } = (await enter(PASSWORD)).json as Session;
    expect(Date.parse(SessionExpires) - world.clock.now().getTime()).toBe(hours * HOUR * 1000);
  });

  it('with the account id keeps working when the alias is another one', async () => {
    const { AccountId } = (await world.state()).Account;
    await world.ramctl('account alias initech');
    expect((await enter(PASSWORD)).code).toBe(4);
    expect((await enter(PASSWORD, '', 'alice@initech')).code).toBe(0);
    expect((await enter(PASSWORD, '', `alice@${AccountId}`)).code).toBe(0);
    await world.ramctl('account alias --clear');
    expect((await enter(PASSWORD, '', 'alice@initech')).code).toBe(4);
    expect((await enter(PASSWORD, '', `alice@${AccountId}`)).code).toBe(0);
  });

  it('works under the new name of a renamed user only', async () => {
    await world.ramctl('user edit alice --name alicia');
    expect((await enter(PASSWORD)).code).toBe(4);
    expect((await enter(PASSWORD, '', 'alicia@acme')).json).toMatchObject({ UserName: 'alicia' });
  });

  it('reads the password from a file as well, and asks for it where there is somebody', async () => {
    const { code } = await world.ramctl('logon alice@acme --password-file p', { files: { p: `${PASSWORD}\n` } });
    expect(code).toBe(0);
    expect(await come([['Password', PASSWORD]])).toMatchObject({ code: 0, questions: ['Password'] });
  });

  it.each([
    ['logon alice@acme', '--password-stdin'],
    ['logon alice@acme --password-stdin --password-file p', '--password-file'],
    ['logon alice@acme --password-stdin --new-password-file -', '-'],
  ])('%s is a usage error about %s', async (line, Field) => {
    const before = await world.state();
    const { code, out, error } = await world.ramctl(`${line} -o json`, { input: PASSWORD });
    expect([code, out, error.Code, error.Field]).toEqual([2, '', 'Usage', Field]);
    expect(await world.state()).toEqual(before);
  });
});

describe('a refusal', () => {
  const refused = (outcome: { code: number; out: string; err: string }) => [outcome.code, outcome.out, outcome.err];

  it('reads the same whatever the reason', async () => {
    await world.ramctl('user create bob');
    await world.ramctl('user create carol --console --password-stdin', { input: PASSWORD });
    await world.ramctl('login disable carol');
    await world.ramctl('user create dave --console --password-stdin', { input: PASSWORD });
    for (let guess = 0; guess < 5; guess++) await enter('wrong', '', 'dave@acme');
    const wrong = await enter('wrong');
    expect(wrong).toMatchObject({ code: 4, out: '', error: { Code: 'LogonRefused' } });
    for (const [name, password = PASSWORD] of [
      ['nobody@acme'],
      ['bob@acme'],
      ['carol@acme'],
      ['carol@acme', 'wrong'],
      ['dave@acme'],
      ['dave@acme', 'wrong'],
      ['alice@initech'],
      ['alice@initech.onaliyun.com'],
      ['alice@acme', ''],
      ['alice@acme', `${PASSWORD} `],
      ['alice'],
      ['alice@'],
      ['@acme'],
      [''],
      ['alice@acme@acme'],
      ['alice@acme.example.com'],
      ['alice@acme.onaliyun.com.onaliyun.com'],
      [' alice@acme'],
      ['alice\u0000@acme'],
      ['__proto__@acme'],
    ] as [string, string?][]) {
      const outcome = await enter(password, '--code 123456 --new-password-file new', name);
      expect([name, ...refused(outcome)]).toEqual([name, ...refused(wrong)]);
    }
  });

  it('does not say that a password was right while the logon is locked or disabled', async () => {
    await guessWrong(5);
    const locked = [await enter('wrong'), await enter(PASSWORD)].map(refused);
    expect(locked[1]).toEqual(locked[0]);
    await world.ramctl('login disable alice');
    expect(refused(await enter(PASSWORD))).toEqual(locked[0]);
  });

  it('leaves the user as it was, apart from the count', async () => {
    const { LoginProfile, ...before } = await alice();
    await enter('wrong');
    const { LoginProfile: after, ...rest } = await alice();
    expect(rest).toEqual(before);
    expect(after).toEqual({ ...LoginProfile, Attempts: [stamp()] });
  });
});

describe('MaxLoginAttemps', () => {
  const lockedUntil = async () => (await world.ramctl('login get alice -o json')).json as { LockedUntil?: string };
  const expectCode = async (expected: number, password = PASSWORD) =>
    expect((await enter(password)).code).toBe(expected);

  it('wrong passwords lock for an hour, for the right one too', async () => {
    await guessWrong(4);
    await expectCode(0);
    await guessWrong(1);
    const LockedUntil = new Date(world.clock.now().getTime() + HOUR * 1000).toISOString().replace('.000', '');
    await expectCode(4);
    expect(await lockedUntil()).toMatchObject({ Status: 'Active', LockedUntil });
    expect((await world.ramctl('user get alice -o json')).json).toMatchObject({ LoginProfile: { LockedUntil } });
    expect((await world.ramctl('login get alice')).out).toMatch(/[Ll]ocked/);
    world.clock.step((Date.parse(LockedUntil) - world.clock.now().getTime()) / 1000 - 2);
    await expectCode(4);
    await expectCode(0);
    expect(await lockedUntil()).not.toHaveProperty('LockedUntil');
  });

  it('guesses at a locked logon do not make it last longer', async () => {
    await guessWrong(5);
    world.clock.step(HOUR - 10);
    await guessWrong(3);
    world.clock.step(10);
    await expectCode(0);
  });

  it('guesses of more than an hour ago are forgotten', async () => {
    await guessWrong(4);
    world.clock.step(HOUR);
    await guessWrong(4);
    await expectCode(0);
    await guessWrong(1);
    await expectCode(4);
  });

  it.each([1, 2])('is what the account says: %i', async (limit) => {
    await settings(`--max-login-attemps ${limit}`);
    await guessWrong(limit - 1);
    await expectCode(0);
    await guessWrong(1);
    await expectCode(4);
  });

  it('0 never locks, and opens what was locked', async () => {
    await guessWrong(5);
    await expectCode(4);
    await settings('--max-login-attemps 0');
    await expectCode(0);
    await guessWrong(12);
    await expectCode(0);
    expect(await lockedUntil()).not.toHaveProperty('LockedUntil');
  });

  it('one user’s guesses lock nobody else out', async () => {
    await world.ramctl('user create bob --console --password-stdin --password-reset not-required', { input: NEW });
    await guessWrong(5);
    expect((await enter(NEW, '', 'bob@acme')).code).toBe(0);
  });

  it('a new password by an admin unlocks, other settings do not', async () => {
    await guessWrong(5);
    await world.ramctl('login set alice --mfa not-required');
    await expectCode(4);
    await setPassword(NEW);
    expect(await lockedUntil()).not.toHaveProperty('LockedUntil');
    await expectCode(4, PASSWORD);
    await expectCode(0, NEW);
  });

  it('leaves AccessKeys alone', async () => {
    await world.ramctl('ak create alice');
    await guessWrong(5);
    expect((await world.ramctl('ak create alice')).code).toBe(0);
    expect((await world.ramctl('ak list alice -o json')).json).toMatchObject([
      { Status: 'Active' },
      { Status: 'Active' },
    ]);
  });

  it('counts wrong codes like wrong passwords, but no right password in front of them', async () => {
    const seed = await bound();
    await guessWrong(2);
    for (let guess = 0; guess < 3; guess++) {
      const { error } = await enter(PASSWORD, `--code ${code(seed, 30 + guess)}`);
      expect(error.Code).toBe('CheckAuthenticationCodeFail');
    }
    expect((await enter(PASSWORD, `--code ${code(seed)}`)).error.Code).toBe('LogonRefused');
    world.clock.step(HOUR);
    expect((await enter(PASSWORD, `--code ${code(seed)}`)).code).toBe(0);
  });

  it('counts no code that is none', async () => {
    await bound();
    const { code, error } = await enter(PASSWORD, '--code 12345');
    expect([code, error.Code]).toEqual([1, 'InvalidParameter.AuthenticationCode.Format']);
    expect((await alice()).LoginProfile).not.toHaveProperty('Attempts');
  });
});

describe('with a device', () => {
  let seed = '';
  beforeEach(async () => {
    seed = await bound();
  });

  it('needs a code, also when no device is required', async () => {
    const before = await world.state();
    const { code: exit, out, error } = await enter(PASSWORD);
    expect([exit, out, error.Code, error.Field]).toEqual([2, '', 'Usage', '--code']);
    expect(error.Hint).toContain('--code');
    expect(await world.state()).toEqual(before);
    expect((await enter(PASSWORD, `--code ${code(seed)}`)).json).toMatchObject({ MFAPresent: true });
  });

  it.each([-1, 0, 1])('takes the code of %i steps away, typed with a blank as the app shows it', async (steps) => {
    const digits = code(seed, steps);
    const words = ['logon', 'alice@acme', '--password-stdin', '--code', `${digits.slice(0, 3)} ${digits.slice(3)}`];
    expect((await world.ramctl(words, { input: PASSWORD })).code).toBe(0);
  });

  it.each([
    [-10, /about 300 seconds ago: a clock is off/],
    [-2, /about 60 seconds ago: a clock is off/],
    [2, /about 60 seconds from now: a clock is off/],
    [10, /about 300 seconds from now: a clock is off/],
    [-11, /is wrong/],
    [11, /is wrong/],
  ])('refuses the code of %i steps away, saying why', async (steps, why) => {
    const { code: exit, out, error } = await enter(PASSWORD, `--code ${code(seed, steps)}`);
    expect([exit, out, error.Code]).toEqual([4, '', 'CheckAuthenticationCodeFail']);
    expect(error.Message).toMatch(why);
    expect(await alice()).not.toHaveProperty('LastLoginDate');
    expect((await alice()).LoginProfile?.Attempts).toHaveLength(1);
  });

  it('takes no code twice, nor one of an earlier step', async () => {
    const [earlier, now] = [code(seed, -1), code(seed)];
    expect((await enter(PASSWORD, `--code ${now}`)).code).toBe(0);
    for (const used of [now, earlier]) {
      const { code: exit, error } = await enter(PASSWORD, `--code ${used}`);
      expect([exit, error.Message]).toEqual([4, expect.stringContaining('used already')]);
    }
    world.clock.step(30);
    expect((await enter(PASSWORD, `--code ${code(seed)}`)).code).toBe(0);
  });

  it.each(['--new-password-file weak', '--new-password-file same', ''])(
    'a right code is used up by a logon that fails later: %s',
    async (flags) => {
      await world.ramctl('login set alice --password-reset required');
      const before = await memory();
      const digits = code(seed);
      expect((await enter(PASSWORD, `--code ${digits} ${flags}`)).code).not.toBe(0);
      expect(await memory()).toEqual(before);
      const { code: exit, error } = await enter(PASSWORD, `--code ${digits} --new-password-file new`);
      expect([exit, error.Message]).toEqual([4, expect.stringContaining('used already')]);
    },
  );

  it('looks at no code behind a wrong password', async () => {
    const digits = code(seed);
    expect((await enter('wrong', `--code ${digits}`)).error.Code).toBe('LogonRefused');
    expect((await enter(PASSWORD, `--code ${digits}`)).code).toBe(0);
  });

  it('asks for no new password before the code is right', async () => {
    await world.ramctl('login set alice --password-reset required');
    const before = await alice();
    const wrong = code(seed, 40);
    expect((await enter(PASSWORD, `--code ${wrong} --new-password-file new`)).error.Code).toBe(
      'CheckAuthenticationCodeFail',
    );
    expect((await enter(PASSWORD, '--new-password-file new')).error.Field).toBe('--code');
    const { Attempts: _, ...login } = (await alice()).LoginProfile ?? {};
    expect(login).toEqual(before.LoginProfile);
  });

  it('explains wrong codes and asks again, three times in all', async () => {
    const told: string[] = [];
    const wrong = (steps: number) => (err: string) => {
      told.push(err);
      return code(seed, steps);
    };
    const answers: Answers = [
      ['Password', PASSWORD],
      ['MFA code', '12 34'],
      ['MFA code', wrong(40)],
      ['MFA code', wrong(5)],
      ['MFA code', wrong(0)],
    ];
    const outcome = await come(answers);
    expect([outcome.code, outcome.json]).toMatchObject([0, { MFAPresent: true }]);
    expect(outcome.questions).toContain('(an MFA code has six digits)');
    expect(told[1]).toContain('wrong');
    expect(told[2]).toMatch(/about 150 seconds from now[\s\S]*clock/);
    expect((await alice()).LoginProfile?.Attempts).toHaveLength(2);

    world.clock.step(HOUR);
    const three = [40, 41, 42].map((steps): [string, unknown] => ['MFA code', wrong(steps)]);
    expect(await come([['Password', PASSWORD], ...three])).toMatchObject({ code: 4, out: '' });
    expect((await alice()).LoginProfile?.Attempts).toHaveLength(3);
  });

  it('is refused like anybody once wrong codes have locked it', async () => {
    await settings('--max-login-attemps 2');
    const wrong: Answers = [40, 41].map((steps) => ['MFA code', code(seed, steps)]);
    const { code: exit, err } = await come([['Password', PASSWORD], ...wrong, ['MFA code', () => code(seed)]]);
    expect([exit, err]).toEqual([4, expect.stringContaining('LogonRefused')]);
  });

  it('that is exchanged for another one in the meantime does not count', async () => {
    await world.ramctl('login set alice --password-reset required');
    const exchange = async () => {
      await world.ramctl('mfa disable alice --yes');
      await bindDevice(world, 'alice');
      return NEW;
    };
    const { code: exit, error } = await world.ramctl(['logon', 'alice@acme', '-o', 'json'], {
      answers: [
        ['Password', PASSWORD],
        ['MFA code', () => code(seed)],
        ['New password', exchange],
        ['New password again', NEW],
      ],
    });
    expect([exit, error.Code]).toEqual([4, 'MFARequired']);
  });

  it('that an admin takes away stays away', async () => {
    await world.ramctl('mfa disable alice --yes');
    expect((await enter(PASSWORD)).json).toMatchObject({ MFAPresent: false });
  });
});

describe('where a device is required and none is bound', () => {
  const FIRST = 'The code that the app shows now';
  const NEXT = 'The next code';
  const shown =
    (steps = 0) =>
    (err: string) =>
      code(seedIn(err), steps);
  const both: Answers = [
    [FIRST, shown()],
    [NEXT, shown(1)],
  ];
  beforeEach(async () => {
    await world.ramctl('login set alice --mfa required');
  });

  it('a script is told how to bind one', async () => {
    const before = await world.state();
    for (const flags of ['', '--code 123456']) {
      const { code: exit, out, error } = await enter(PASSWORD, flags);
      expect([exit, out, error.Code]).toEqual([2, '', 'Usage']);
      expect(error.Hint).toContain('ramctl mfa enable alice');
    }
    expect(await world.state()).toEqual(before);
  });

  it('it is bound first, and its code is needed from then on', async () => {
    const { code: exit, json, err } = await come([['Password', PASSWORD], ...both]);
    expect([exit, json]).toMatchObject([0, { MFAPresent: true }]);
    expect(err).toContain('alice@acme.onaliyun.com');
    expect((await world.ramctl('mfa get alice -o json')).json).toMatchObject({ MFA: 'bound' });
    expect((await enter(PASSWORD)).error.Field).toBe('--code');
    world.clock.step(60);
    expect((await enter(PASSWORD, `--code ${code(seedIn(err))}`)).code).toBe(0);
  });

  it.each([
    ['the password', [['Password', '^C']]],
    [
      'the first code',
      [
        ['Password', PASSWORD],
        [FIRST, '^C'],
      ],
    ],
    [
      'the second code',
      [
        ['Password', PASSWORD],
        [FIRST, shown()],
        [NEXT, '^C'],
      ],
    ],
  ] as [string, Answers][])('cancelled at %s there is no device', async (_, answers) => {
    const before = await world.state();
    const { code: exit, out } = await come(answers);
    expect([exit, out]).toEqual([130, '']);
    expect(await world.state()).toEqual(before);
  });

  it('cancelled at the new password there is no device either', async () => {
    await world.ramctl('login set alice --password-reset required');
    const before = await world.state();
    const { code: exit } = await come([['Password', PASSWORD], ...both, ['New password', '^C']]);
    expect([exit, await world.state()]).toEqual([130, before]);
  });

  it('after three wrong tries there is none either, and they count', async () => {
    const wrong: Answers = [
      [FIRST, shown(1)],
      [NEXT, shown(0)],
    ];
    const { code: exit, out } = await come([['Password', PASSWORD], ...wrong, ...wrong, ...wrong]);
    expect([exit, out]).toEqual([4, '']);
    const { Users, MFADevices } = await world.state();
    expect([MFADevices.size, Users.get('alice')?.LoginProfile?.Attempts?.length]).toEqual([0, 3]);
  });

  it('password, device and new password follow each other', async () => {
    await world.ramctl('login set alice --password-reset required');
    const fresh: Answers = [
      ['New password', NEW],
      ['New password again', NEW],
    ];
    const { code: exit, questions } = await come([['Password', PASSWORD], ...both, ...fresh]);
    expect([exit, questions.length]).toEqual([0, 5]);
    expect((await world.ramctl('login get alice -o json')).json).toMatchObject({ PasswordResetRequired: false });
  });
});

describe('a reset that is due', () => {
  beforeEach(async () => {
    await world.ramctl('login set alice --password-reset required');
  });

  it('sets the new password and is over', async () => {
    expect(await enter(PASSWORD, '--new-password-file new')).toMatchObject({ code: 0, err: '' });
    expect((await enter(PASSWORD)).code).toBe(4);
    expect((await enter(NEW)).code).toBe(0);
    expect((await world.ramctl('user get alice -o json')).json).toMatchObject({
      LoginProfile: { PasswordResetRequired: false },
    });
  });

  it('is due even where users may not change their passwords', async () => {
    await settings('--allow-user-to-change-password false');
    expect((await enter(PASSWORD, '--new-password-file new')).code).toBe(0);
  });

  it.each([
    ['', 2, 'Usage', '--new-password-file'],
    ['--new-password-file weak', 1, 'InvalidParameter.NewPassword.TooWeak', 'NewPassword'],
    ['--new-password-file same', 1, 'InvalidParameter.NewPassword.ReusePrevention', 'NewPassword'],
    ['--new-password-file nowhere', 3, 'FileNotFound', undefined],
  ])('with "%s" is exit %i, and nothing changes', async (flags, exit, Code, Field) => {
    const before = await world.state();
    const { code, out, error } = await enter(PASSWORD, flags);
    expect([code, out, error.Code, error.Field]).toEqual([exit, '', Code, Field]);
    expect(await world.state()).toEqual(before);
  });

  it('asks for the new password twice, and explains what is wrong with one', async () => {
    await settings('--require-symbols true');
    let told = '';
    const answers: Answers = [
      ['Password', PASSWORD],
      ['New password', 'NoSymbols99'],
      ['New password', NEW],
      ['New password again', `${NEW}!`],
      ['differ', PASSWORD],
      ['New password again', PASSWORD],
      [
        'New password',
        (err: string) => {
          told = err;
          return NEW;
        },
      ],
      ['New password again', NEW],
    ];
    const { code, questions } = await come(answers);
    expect([code, questions[2]]).toEqual([0, expect.stringContaining('RequireSymbols')]);
    expect(told).toContain('is the present one, or was used before');
    expect((await enter(NEW)).code).toBe(0);
  });

  it('gives up after three passwords that were used before', async () => {
    const before = await world.state();
    const again: Answers = [
      ['New password', PASSWORD],
      ['New password again', PASSWORD],
    ];
    const { code, out } = await come([['Password', PASSWORD], ...again, ...again, ...again]);
    expect([code, out, await world.state()]).toEqual([1, '', before]);
  });
});

describe.each([
  [0, ['p3']],
  [1, ['p3']],
  [3, ['p3', 'p2', 'p1']],
])('PasswordReusePrevention %i', (count, kept) => {
  it(`refuses ${kept.join(', ')} of p0 to p3`, async () => {
    const password = (name: string) => `${name}-Correct-Horse`;
    await settings(`--password-reuse-prevention ${count}`);
    await setPassword(password('p0'));
    const change = (from: string, to: string) =>
      world.ramctl('logon alice@acme --password-stdin --new-password-file f -o json', {
        input: password(from),
        files: { f: password(to) },
      });
    expect((await change('p0', 'p1')).code).toBe(0);
    await setPassword(password('p2'));
    expect((await change('p2', 'p3')).code).toBe(0);
    for (const name of kept) {
      const { code, error } = await change('p3', name);
      expect([name, code, error.Code]).toEqual([name, 1, 'InvalidParameter.NewPassword.ReusePrevention']);
    }
    const free = ['p0', 'p1', 'p2'].find((name) => !kept.includes(name)) ?? '';
    expect((await change('p3', free)).code).toBe(0);
  });
});

describe('a change that is not due', () => {
  it('is up to the user', async () => {
    expect((await enter(PASSWORD, '--new-password-file new')).code).toBe(0);
    expect((await enter(PASSWORD)).code).toBe(4);
    expect((await enter(NEW)).code).toBe(0);
  });

  it('is not, where AllowUserToChangePassword is false', async () => {
    await settings('--allow-user-to-change-password false');
    const before = await world.state();
    const { code, out, error } = await enter(PASSWORD, '--new-password-file new');
    expect([code, out, error.Code]).toEqual([4, '', 'NoPermission']);
    expect(await world.state()).toEqual(before);
    expect((await enter(PASSWORD)).code).toBe(0);
  });

  it('is not asked for', async () => {
    expect((await come([['Password', PASSWORD]])).questions).toEqual(['Password']);
  });

  it('obeys the password policy, and comes with its remark', async () => {
    const before = await world.state();
    expect((await enter(PASSWORD, '--new-password-file weak')).error.Code).toBe('InvalidParameter.NewPassword.TooWeak');
    expect(await world.state()).toEqual(before);
    const words = 'logon alice@acme --password-stdin --new-password-file plain';
    const { code, err } = await world.ramctl(words, { input: PASSWORD, files: { plain: 'onlyletters' } });
    expect([code, err]).toEqual([0, expect.stringContaining('at least three')]);
  });
});

describe('MaxPasswordAge', () => {
  beforeEach(async () => {
    await settings('--max-password-age 30');
  });

  it('asks for a new password when it is over, and starts again with that', async () => {
    world.clock.step(30 * DAY - 60);
    expect((await enter(PASSWORD)).code).toBe(0);
    world.clock.step(60);
    const { code, error } = await enter(PASSWORD);
    expect([code, error.Field]).toEqual([2, '--new-password-file']);
    expect((await enter(PASSWORD, '--new-password-file same')).code).toBe(1);
    expect((await enter(PASSWORD, '--new-password-file new')).code).toBe(0);
    world.clock.step(29 * DAY);
    expect((await enter(NEW)).code).toBe(0);
    world.clock.step(2 * DAY);
    expect((await enter(NEW)).code).toBe(2);
  });

  it('is due even where users may not change their passwords', async () => {
    await settings('--allow-user-to-change-password false');
    world.clock.step(31 * DAY);
    expect((await enter(PASSWORD, '--new-password-file new')).code).toBe(0);
  });

  it('with HardExpiry leaves it to an admin', async () => {
    await settings('--hard-expiry true');
    world.clock.step(29 * DAY);
    expect((await enter(PASSWORD)).code).toBe(0);
    world.clock.step(2 * DAY);
    const before = await world.state();
    for (const flags of ['', '--new-password-file new']) {
      const { code, out, error } = await enter(PASSWORD, flags);
      expect([code, out, error.Code]).toEqual([4, '', 'PasswordExpired']);
      expect(error.Hint).toBe('ramctl login set alice --generate-password');
    }
    expect(await come([['Password', PASSWORD]])).toMatchObject({ code: 4, out: '' });
    expect(await world.state()).toEqual(before);
    expect((await enter('wrong')).error.Code).toBe('LogonRefused');
    const { json } = await world.ramctl('login set alice --generate-password -o json');
    expect((await enter((json as { Password: string }).Password)).code).toBe(0);
  });

  it('0 means for ever', async () => {
    await settings('--max-password-age 0 --hard-expiry true');
    world.clock.step(5000 * DAY);
    expect((await enter(PASSWORD)).code).toBe(0);
  });
});

describe('at the questions', () => {
  let seed = '';
  const script = (): Answers => [
    ['Password', PASSWORD],
    ['MFA code', () => code(seed)],
    ['New password', NEW],
    ['New password again', NEW],
  ];
  beforeEach(async () => {
    seed = await bound();
    await world.ramctl('login set alice --password-reset required');
  });

  it('password, code and new password follow each other', async () => {
    const { code: exit, json, questions } = await come(script());
    expect([exit, json]).toMatchObject([0, { MFAPresent: true }]);
    expect(questions).toEqual(['Password', 'MFA code', 'New password', 'New password again']);
  });

  it.each(['Password', 'MFA code', 'New password', 'New password again'])(
    'Ctrl-C at %s changes nothing',
    async (last) => {
      const before = await memory();
      const at = script().findIndex(([question]) => question === last);
      const { code: exit, out } = await come([...script().slice(0, at), [last, '^C']]);
      expect([exit, out]).toEqual([130, '']);
      expect(await memory()).toEqual(before);
    },
  );

  it('Ctrl-C after wrong codes leaves them counted', async () => {
    const wrong: Answers = [40, 41].map((steps) => ['MFA code', code(seed, steps)]);
    const { code: exit } = await come([['Password', PASSWORD], ...wrong, ['MFA code', '^C']]);
    expect([exit, (await alice()).LoginProfile?.Attempts?.length]).toEqual([130, 2]);
  });

  it.each([
    'login disable alice',
    'login set alice --generate-password',
    'login delete alice --yes',
    'user delete alice --cascade --yes',
  ])('an admin’s "%s" meanwhile ends the logon', async (line) => {
    const meanwhile = async () => {
      await world.ramctl(line);
      return NEW;
    };
    const answers = script().with(3, ['New password again', meanwhile]);
    const { code: exit, out, err } = await come(answers);
    expect([exit, out, err]).toEqual([4, '', expect.stringContaining('LogonRefused')]);
    expect((await enter(NEW)).code).toBe(4);
  });

  it('a device that an admin binds meanwhile is not passed by', async () => {
    await world.ramctl('mfa disable alice --yes');
    const meanwhile = async () => {
      await bindDevice(world, 'alice');
      return NEW;
    };
    const { code: exit, out } = await come([script()[0], script()[2], ['New password again', meanwhile]] as Answers);
    expect([exit, out]).toEqual([4, '']);
    expect(await alice()).not.toHaveProperty('LastLoginDate');
  });
});

it('no secret is shown or kept', async () => {
  const seed = await bound();
  await world.ramctl('login set alice --password-reset required');
  const guess = 'Wrong-Guess-5';
  const secrets = [PASSWORD, NEW, guess, 'sh0rt'];
  const told: string[] = [];
  for (const format of ['json', 'yaml', 'csv', 'table']) {
    for (const [password, flags] of [
      [guess, ''],
      [PASSWORD, `--code ${code(seed, 40)}`],
      [PASSWORD, `--code ${code(seed)} --new-password-file weak`],
    ] as const) {
      const outcome = await enter(password, `${flags} --debug -o ${format}`);
      told.push(outcome.out, outcome.err);
    }
    world.clock.step(HOUR);
  }
  const done = await enter(PASSWORD, `--code ${code(seed)} --new-password-file new --debug`);
  const asked = await come([
    ['Password', NEW],
    ['MFA code', () => code(seed, 1)],
  ]);
  expect([done.code, asked.code]).toEqual([0, 0]);
  told.push(done.out, done.err, asked.out, asked.err, JSON.stringify([...(await world.state()).Users]));
  for (const secret of [...secrets, seed]) expect(told.join('')).not.toContain(secret);
});
