import { beforeEach, describe, expect, it } from 'vitest';
import { createUnboundDevice } from '../../support/mfa.ts';
import {
  type Answers,
  createLogonWorld,
  HOUR,
  type LogonWorld,
  NEW_PASSWORD,
  PASSWORD,
  readShownSeed,
} from './fixture.ts';

let world: LogonWorld;
beforeEach(async () => {
  world = await createLogonWorld();
});

describe('With a bound MFA device, a logon', () => {
  let seed = '';
  beforeEach(async () => {
    seed = await world.bindDeviceAnHourAgo();
  });

  it('needs a code, also if the settings require no device', async () => {
    const before = await world.state();
    const { code: exit, out, error } = await world.logOn(PASSWORD);
    expect([exit, out, error.Code, error.Field]).toEqual([2, '', 'Usage', '--code']);
    expect(error.Hint).toContain('--code');
    expect(await world.state()).toEqual(before);
    expect((await world.logOn(PASSWORD, `--code ${world.codeAt(seed)}`)).json).toMatchObject({ MFAPresent: true });
  });

  it.each([-1, 0, 1])(
    'accepts the code that is %i steps away, also with a space as the app shows it',
    async (steps) => {
      const digits = world.codeAt(seed, steps);
      const words = ['logon', 'alice@acme', '--password-stdin', '--code', `${digits.slice(0, 3)} ${digits.slice(3)}`];
      expect((await world.ramctl(words, { input: PASSWORD })).code).toBe(0);
    },
  );

  it.each([
    [-10, /about 300 seconds ago: a clock is wrong/],
    [-2, /about 60 seconds ago: a clock is wrong/],
    [2, /about 60 seconds from now: a clock is wrong/],
    [10, /about 300 seconds from now: a clock is wrong/],
    [-11, /is wrong/],
    [11, /is wrong/],
  ])('refuses the code that is %i steps away and explains why', async (steps, why) => {
    const { code: exit, out, error } = await world.logOn(PASSWORD, `--code ${world.codeAt(seed, steps)}`);
    expect([exit, out, error.Code]).toEqual([4, '', 'CheckAuthenticationCodeFail']);
    expect(error.Message).toMatch(why);
    expect(await world.alice()).not.toHaveProperty('LastLoginDate');
    expect((await world.alice()).LoginProfile?.Attempts).toHaveLength(1);
  });

  it('refuses a used code and the codes of earlier steps', async () => {
    const [earlier, now] = [world.codeAt(seed, -1), world.codeAt(seed)];
    expect((await world.logOn(PASSWORD, `--code ${now}`)).code).toBe(0);
    for (const used of [now, earlier]) {
      const { code: exit, error } = await world.logOn(PASSWORD, `--code ${used}`);
      expect([exit, error.Message]).toEqual([4, expect.stringContaining('used already')]);
    }
    world.clock.step(30);
    expect((await world.logOn(PASSWORD, `--code ${world.codeAt(seed)}`)).code).toBe(0);
  });

  it.each(['--new-password-file weak', '--new-password-file same', ''])(
    'uses up a correct code even if the logon fails later: %s',
    async (flags) => {
      await world.ramctl('login set alice --password-reset required');
      const before = await world.stateWithoutUsedCodes();
      const digits = world.codeAt(seed);
      expect((await world.logOn(PASSWORD, `--code ${digits} ${flags}`)).code).not.toBe(0);
      expect(await world.stateWithoutUsedCodes()).toEqual(before);
      const { code: exit, error } = await world.logOn(PASSWORD, `--code ${digits} --new-password-file new`);
      expect([exit, error.Message]).toEqual([4, expect.stringContaining('used already')]);
    },
  );

  it('does not check the code after a wrong password', async () => {
    const digits = world.codeAt(seed);
    expect((await world.logOn('wrong', `--code ${digits}`)).error.Code).toBe('LogonRefused');
    expect((await world.logOn(PASSWORD, `--code ${digits}`)).code).toBe(0);
  });

  it('asks for a new password only after a correct code', async () => {
    await world.ramctl('login set alice --password-reset required');
    const before = await world.alice();
    const wrong = world.codeAt(seed, 40);
    expect((await world.logOn(PASSWORD, `--code ${wrong} --new-password-file new`)).error.Code).toBe(
      'CheckAuthenticationCodeFail',
    );
    expect((await world.logOn(PASSWORD, '--new-password-file new')).error.Field).toBe('--code');
    const { Attempts: _, ...login } = (await world.alice()).LoginProfile ?? {};
    expect(login).toEqual(before.LoginProfile);
  });

  it('explains wrong codes and asks up to three times', async () => {
    const stderrAtQuestions: string[] = [];
    const wrong = (steps: number) => (err: string) => {
      stderrAtQuestions.push(err);
      return world.codeAt(seed, steps);
    };
    const answers: Answers = [
      ['Password', PASSWORD],
      ['MFA code', '12 34'],
      ['MFA code', wrong(40)],
      ['MFA code', wrong(5)],
      ['MFA code', wrong(0)],
    ];
    const { code: exit, json, questions } = await world.logOnAtTerminal(answers);
    expect([exit, json]).toMatchObject([0, { MFAPresent: true }]);
    expect(questions).toContain('(an MFA code has six digits)');
    expect(stderrAtQuestions[1]).toContain('wrong');
    expect(stderrAtQuestions[2]).toMatch(/about 150 seconds from now[\s\S]*clock/);
    expect((await world.alice()).LoginProfile?.Attempts).toHaveLength(2);

    world.clock.step(HOUR);
    const three = [40, 41, 42].map((steps): [string, unknown] => ['MFA code', wrong(steps)]);
    expect(await world.logOnAtTerminal([['Password', PASSWORD], ...three])).toMatchObject({ code: 4, out: '' });
    expect((await world.alice()).LoginProfile?.Attempts).toHaveLength(3);
  });

  it('prints the usual refusal after wrong codes have locked it', async () => {
    await world.changeSettings('--max-login-attemps 2');
    const wrong: Answers = [40, 41].map((steps) => ['MFA code', world.codeAt(seed, steps)]);
    const { code: exit, err } = await world.logOnAtTerminal([
      ['Password', PASSWORD],
      ...wrong,
      ['MFA code', () => world.codeAt(seed)],
    ]);
    expect([exit, err]).toEqual([4, expect.stringContaining('LogonRefused')]);
  });

  it('is refused if an admin replaces the device meanwhile', async () => {
    await world.ramctl('login set alice --password-reset required');
    const replaceDevice = async () => {
      await world.ramctl('mfa disable alice --yes');
      await world.bindDevice();
      return NEW_PASSWORD;
    };
    const { code: exit, error } = await world.ramctl(['logon', 'alice@acme', '-o', 'json'], {
      answers: [
        ['Password', PASSWORD],
        ['MFA code', () => world.codeAt(seed)],
        ['New password', replaceDevice],
        ['New password again', NEW_PASSWORD],
      ],
    });
    expect([exit, error.Code]).toEqual([4, 'MFARequired']);
  });

  it('needs no code after an admin has removed the device', async () => {
    await world.ramctl('mfa disable alice --yes');
    expect((await world.logOn(PASSWORD)).json).toMatchObject({ MFAPresent: false });
  });
});

describe('With a required MFA device that is not bound, a logon', () => {
  const FIRST_CODE = 'The code that the app shows now';
  const SECOND_CODE = 'The next code';
  const codeOfShownSeed =
    (steps = 0) =>
    (err: string) =>
      world.codeAt(readShownSeed(err), steps);
  const correctCodes: Answers = [
    [FIRST_CODE, codeOfShownSeed()],
    [SECOND_CODE, codeOfShownSeed(1)],
  ];
  beforeEach(async () => {
    await world.ramctl('login set alice --mfa required');
  });

  it('prints to a script how to bind a device', async () => {
    const before = await world.state();
    for (const flags of ['', '--code 123456']) {
      const { code: exit, out, error } = await world.logOn(PASSWORD, flags);
      expect([exit, out, error.Code]).toEqual([2, '', 'Usage']);
      expect(error.Hint).toContain('ramctl mfa enable alice');
    }
    expect(await world.state()).toEqual(before);
  });

  it('binds a device, and later logons need its code', async () => {
    const { code: exit, json, err } = await world.logOnAtTerminal([['Password', PASSWORD], ...correctCodes]);
    expect([exit, json]).toMatchObject([0, { MFAPresent: true }]);
    expect(err).toMatch(/alice@acme$/m);
    expect((await world.ramctl('mfa get alice -o json')).json).toMatchObject({ MFA: 'bound' });
    expect((await world.logOn(PASSWORD)).error.Field).toBe('--code');
    world.clock.step(60);
    expect((await world.logOn(PASSWORD, `--code ${world.codeAt(readShownSeed(err))}`)).code).toBe(0);
  });

  it.each([
    ['the password', [['Password', '^C']]],
    [
      'the first code',
      [
        ['Password', PASSWORD],
        [FIRST_CODE, '^C'],
      ],
    ],
    [
      'the second code',
      [
        ['Password', PASSWORD],
        [FIRST_CODE, codeOfShownSeed()],
        [SECOND_CODE, '^C'],
      ],
    ],
  ] as [string, Answers][])('leaves no device if the person cancels at %s', async (_, answers) => {
    const before = await world.state();
    const { code: exit, out } = await world.logOnAtTerminal(answers);
    expect([exit, out]).toEqual([130, '']);
    expect(await world.state()).toEqual(before);
  });

  it('leaves no device if the person cancels at the new password', async () => {
    await world.ramctl('login set alice --password-reset required');
    const before = await world.state();
    const { code: exit } = await world.logOnAtTerminal([
      ['Password', PASSWORD],
      ...correctCodes,
      ['New password', '^C'],
    ]);
    expect([exit, await world.state()]).toEqual([130, before]);
  });

  it('stores no device before the logon is complete, and replaces an unbound one then', async () => {
    await createUnboundDevice(world, 'alice');
    const before = await world.stateWithoutUsedCodes();
    const states: unknown[] = [];
    const answers = correctCodes.map(([question, answer]): [string, unknown] => [
      question,
      async (err: string) => {
        states.push(await world.stateWithoutUsedCodes());
        return (answer as (err: string) => string)(err);
      },
    ]);
    const { code: exit } = await world.logOnAtTerminal([['Password', PASSWORD], ...answers]);
    expect([exit, states]).toEqual([0, [before, before]]);
    expect([...(await world.state()).MFADevices.values()]).toMatchObject([{ Binding: {} }]);
  });

  it('counts a wrong first code at once and asks for the first code again', async () => {
    let attempts: number | undefined;
    const readAttempts = async (err: string) => {
      attempts = (await world.alice()).LoginProfile?.Attempts?.length;
      return codeOfShownSeed()(err);
    };
    const answers: Answers = [
      [FIRST_CODE, codeOfShownSeed(40)],
      [FIRST_CODE, readAttempts],
      [SECOND_CODE, codeOfShownSeed(1)],
    ];
    expect(await world.logOnAtTerminal([['Password', PASSWORD], ...answers])).toMatchObject({ code: 0 });
    expect(attempts).toBe(1);
  });

  it('is refused if another process binds a device meanwhile', async () => {
    const bindMeanwhile = async (err: string) => {
      await world.bindDevice();
      return codeOfShownSeed(1)(err);
    };
    const answers: Answers = [
      [FIRST_CODE, codeOfShownSeed()],
      [SECOND_CODE, bindMeanwhile],
    ];
    const { code: exit, err } = await world.logOnAtTerminal([['Password', PASSWORD], ...answers]);
    expect([exit, err]).toEqual([4, expect.stringContaining('"MFARequired"')]);
    expect((await world.state()).MFADevices.size).toBe(1);
    expect((await world.alice()).LastLoginDate).toBeUndefined();
  });

  it('leaves no device after three wrong pairs of codes, and counts them', async () => {
    const wrong: Answers = [
      [FIRST_CODE, codeOfShownSeed(1)],
      [SECOND_CODE, codeOfShownSeed(0)],
    ];
    const { code: exit, out } = await world.logOnAtTerminal([['Password', PASSWORD], ...wrong, ...wrong, ...wrong]);
    expect([exit, out]).toEqual([4, '']);
    const { Users, MFADevices } = await world.state();
    expect([MFADevices.size, Users.get('alice')?.LoginProfile?.Attempts?.length]).toEqual([0, 3]);
  });

  it('asks for password, codes and new password in this order', async () => {
    await world.ramctl('login set alice --password-reset required');
    const newPassword: Answers = [
      ['New password', NEW_PASSWORD],
      ['New password again', NEW_PASSWORD],
    ];
    const { code: exit, questions } = await world.logOnAtTerminal([
      ['Password', PASSWORD],
      ...correctCodes,
      ...newPassword,
    ]);
    expect([exit, questions.length]).toEqual([0, 5]);
    expect((await world.ramctl('login get alice -o json')).json).toMatchObject({ PasswordResetRequired: false });
  });
});
