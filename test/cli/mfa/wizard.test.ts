import { beforeEach, describe, expect, it } from 'vitest';
import {
  bindDevice,
  codeAt,
  createMfaWorld,
  createUnboundDevice,
  getMfaStatus,
  readDevices,
} from '../../support/mfa.ts';
import type { Answers, TestWorld } from '../../support/test-world.ts';

const FIRST = 'The code that the app shows now';
const NEXT = 'The next code';
/** The seed on the screen, where it is shown in groups of four characters. */
const seedIn = (err: string) => (err.match(/\b[A-Z2-7]{4}\b/g) ?? []).join('');
let world: TestWorld;

beforeEach(async () => {
  world = await createMfaWorld();
});

describe('mfa enable at a terminal', () => {
  /** The code that the app computes from the seed on the screen, the given number of steps from now. */
  const code =
    (steps = 0) =>
    (err: string) =>
      codeAt(seedIn(err), world.clock.now(), steps);
  /** The code that the app shows 30 seconds later. */
  const nextCode = (err: string) => {
    world.clock.step(30);
    return code()(err);
  };
  const wrongFirst = (): Answers => [[FIRST, code(40)]];
  const wrongSecond = (): Answers => [
    [FIRST, code()],
    [NEXT, code(40)],
  ];

  it('shows account, issuer and key, and binds the device with two codes', async () => {
    const answers: Answers = [
      [FIRST, code()],
      [NEXT, nextCode],
    ];
    const outcome = await world.ramctl('mfa enable alice -o json', { answers });
    expect([outcome.code, outcome.json]).toMatchObject([0, { UserName: 'alice', MFA: 'bound' }]);
    const seed = seedIn(outcome.err);
    expect(seed).toMatch(/^[A-Z2-7]{32}$/);
    expect(outcome.err).toMatch(/alice@\d{16}$/m);
    expect(outcome.err).toContain('Aliyun');
    expect(outcome.out + outcome.questions.join()).not.toContain(seed.slice(0, 4));
    const [device] = await readDevices(world);
    expect(device?.SealedSeed).toContain(seed);
  });

  it('keeps the image of --qr file: after success, and says that it contains the key', async () => {
    const answers: Answers = [
      [FIRST, code()],
      [NEXT, nextCode],
    ];
    const { code: exit, err } = await world.ramctl('mfa enable alice --qr file:alice.png', { answers });
    expect([exit, [...world.images.keys()]]).toEqual([0, ['alice.png']]);
    expect(err).toContain('alice.png contains the key');
  });

  it('asks for the user if none is given', async () => {
    const answers: Answers = [
      ['User', 'bob'],
      [FIRST, code()],
      [NEXT, nextCode],
    ];
    expect((await world.ramctl('mfa enable', { answers })).code).toBe(0);
    expect(await getMfaStatus(world, 'bob')).toMatchObject({ MFA: 'bound' });
    for (const flags of ['--no-bind', '--at-next-logon']) {
      const { code } = await world.ramctl(`mfa enable ${flags}`, { answers: [['User', 'alice']] });
      expect(code).toBe(0);
    }
  });

  it('rejects a malformed code immediately, and explains wrong codes before it asks again', async () => {
    let shownText = '';
    const answers: Answers = [
      [FIRST, '12345'],
      [FIRST, code(1)],
      [NEXT, code(0)],
      [
        FIRST,
        (err: string) => {
          shownText = err;
          return code()(err);
        },
      ],
      [NEXT, nextCode],
    ];
    const { code: exit, questions } = await world.ramctl('mfa enable alice', { answers });
    expect(exit).toBe(0);
    expect(questions[1]).toBe('(an MFA code has six digits)');
    expect(shownText).toContain('wrong order');
  });

  it.each(['-o json', '--quiet'])('explains wrong codes before it asks again with %s', async (flags) => {
    let shownText = '';
    const answers: Answers = [
      [FIRST, code(1)],
      [NEXT, code(0)],
      [
        FIRST,
        (err: string) => {
          shownText = err;
          return '^C';
        },
      ],
    ];
    expect((await world.ramctl(`mfa enable alice ${flags}`, { answers })).code).toBe(130);
    expect(shownText).toContain('wrong order');
  });

  it.each([
    ['first', wrongFirst],
    ['second', wrongSecond],
  ])('fails after the %s code was wrong three times and stores no device', async (position, wrong) => {
    const before = await world.state();
    const {
      code: exit,
      out,
      err,
    } = await world.ramctl('mfa enable alice', { answers: [wrong(), wrong(), wrong()].flat() });
    expect([exit, out]).toEqual([4, '']);
    expect(err).toContain(`error: the ${position} MFA code is wrong`);
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
    ['the first code of the second try', [...wrongFirst(), [FIRST, '^C']]],
    ['the second code of the third try', [...wrongFirst(), ...wrongSecond(), [FIRST, code()], [NEXT, '^C']]],
  ] as [string, Answers][])('stores no device when the command is cancelled at %s', async (_, answers) => {
    const before = await world.state();
    const { code: exit, out, err } = await world.ramctl('mfa enable alice', { answers });
    expect([exit, out]).toEqual([130, '']);
    expect(err).toContain('nothing was written');
    expect(await world.state()).toEqual(before);
  });

  it('stores nothing before the second code', async () => {
    await createUnboundDevice(world, 'alice');
    const before = await world.state();
    const states: unknown[] = [];
    const recordState = (answer: (err: string) => string) => async (err: string) => {
      states.push(await world.state());
      return answer(err);
    };
    const answers: Answers = [
      [FIRST, recordState(code())],
      [NEXT, recordState(nextCode)],
    ];
    expect((await world.ramctl('mfa enable alice', { answers })).code).toBe(0);
    expect(states).toEqual([before, before]);
    expect(await readDevices(world)).toEqual([expect.objectContaining({ Binding: expect.anything() })]);
  });

  it.each([-1, 0, 1])(
    'accepts both codes of a phone whose clock is %i steps off, each when it is entered',
    async (off) => {
      const answers: Answers = [
        [FIRST, code(off)],
        [
          NEXT,
          (err: string) => {
            world.clock.step(30);
            return code(off)(err);
          },
        ],
      ];
      expect((await world.ramctl('mfa enable alice', { answers })).code).toBe(0);
    },
  );

  it('accepts no code again that was used to bind', async () => {
    const answers: Answers = [
      [FIRST, code()],
      [NEXT, nextCode],
    ];
    await world.ramctl('mfa enable alice', { answers });
    const [device] = await readDevices(world);
    expect(device?.LastTimeStep).toBe(Math.floor(world.clock.now().getTime() / 30_000));
  });

  it('explains the first code typed again and does not count it', async () => {
    const answers: Answers = [
      [FIRST, code()],
      [NEXT, code()],
      [NEXT, (err: string) => code()(err).replace(/(...)/, '$1 ')],
      [NEXT, nextCode],
    ];
    const { code: exit, questions } = await world.ramctl('mfa enable alice', { answers });
    expect([exit, questions.filter((line) => line.includes('first code again')).length]).toEqual([0, 2]);
  });

  it('is refused and changes nothing if another process binds a device meanwhile', async () => {
    let stateOfOther: unknown;
    const bindMeanwhile = async (err: string) => {
      await bindDevice(world, 'alice');
      stateOfOther = await world.state();
      return nextCode(err);
    };
    const answers: Answers = [
      [FIRST, code()],
      [NEXT, bindMeanwhile],
    ];
    const { code: exit, out, err } = await world.ramctl('mfa enable alice', { answers });
    expect([exit, out]).toEqual([1, '']);
    expect(err).toMatch(/error: alice already has an MFA device[\s\S]*hint: ramctl mfa disable alice/);
    expect(await world.state()).toEqual(stateOfOther);
  });

  it('creates nothing when the command is cancelled at the choice of a user', async () => {
    const before = await world.state();
    expect((await world.ramctl('mfa enable', { answers: [['User', '^C']] })).code).toBe(130);
    expect(await world.state()).toEqual(before);
  });

  it('keeps a device that another process has created meanwhile, and ends with exit code 130', async () => {
    const leave = async () => {
      await createUnboundDevice(world, 'alice');
      return '^C';
    };
    const { code: exit } = await world.ramctl('mfa enable alice', { answers: [[FIRST, leave]] });
    expect(await readDevices(world)).toHaveLength(1);
    expect(exit).toBe(130);
  });

  it.each([
    ['deleted the user', []],
    ['replaced the user', ['user create alice']],
  ])('fails when another process has %s meanwhile', async (_, lines) => {
    const answers: Answers = [
      [FIRST, code()],
      [
        NEXT,
        async (err: string) => {
          await world.ramctl('user delete alice --cascade --yes');
          for (const line of lines) await world.ramctl(line);
          return nextCode(err);
        },
      ],
    ];
    expect((await world.ramctl('mfa enable alice', { answers })).code).toBe(3);
    expect(await readDevices(world)).toEqual([]);
  });

  it('refuses --secret-to without --no-bind and changes nothing', async () => {
    const before = await world.state();
    const { code: exit } = await world.ramctl('mfa enable alice --secret-to file:x.json', { answers: [] });
    expect(exit).toBe(2);
    expect(await world.state()).toEqual(before);
  });

  it('refuses a query that fails and leaves no device', async () => {
    const before = await world.state();
    const { code } = await world.ramctl(['mfa', 'enable', 'alice', '--query', 'sum(UserName)'], {
      answers: [
        [FIRST, (err: string) => codeAt(seedIn(err), world.clock.now())],
        [NEXT, (err: string) => codeAt(seedIn(err), world.clock.now(), 1)],
      ],
    });
    expect([code, await world.state()]).toEqual([2, before]);
  });
});
