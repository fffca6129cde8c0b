import { beforeEach, describe, expect, it } from 'vitest';
import { Failure } from '../../src/core/failure.ts';
import { startMFASetup } from '../../src/remote/mfa-setup.ts';
import { bindDevice, codeAt, createMfaWorld, createUnboundDevice, readDevices } from '../support/mfa.ts';
import type { Answers, TestWorld } from '../support/test-world.ts';

const FIRST = 'The code that the app shows now';
const NEXT = 'The next code';
let world: TestWorld;

/** The code that the app computes from the stored seed, the given number of steps from now. */
const code =
  (steps = 0) =>
  async () => {
    const [device] = await readDevices(world);
    return codeAt(device?.SealedSeed.split('|').pop() ?? '', world.clock.now(), steps);
  };
/** The error on the last line of stderr, after the questions. */
const lastError = (err: string) => JSON.parse(err.trim().split('\n').pop() ?? '');
const wrongCodes: Answers = Array.from({ length: 3 }, () => [FIRST, code(40)]);
const rightCodes: Answers = [
  [FIRST, code()],
  [NEXT, code(1)],
];

beforeEach(async () => {
  world = await createMfaWorld();
  // The operations of the directory in memory stand for RAM's API.
  Object.assign(world.directory, {
    startMFASetup: (input: { UserName: string }) => startMFASetup(world.directory, input),
  });
});

describe('mfa enable when RAM creates the seed together with the device', () => {
  it('binds the device with two codes, and replaces an unbound device', async () => {
    await createUnboundDevice(world, 'alice');
    const { code: exit, json } = await world.ramctl('mfa enable ALICE -o json', { answers: rightCodes });
    expect([exit, json]).toMatchObject([0, { UserName: 'alice', MFA: 'bound' }]);
    expect(await readDevices(world)).toMatchObject([{ VirtualMFADeviceName: 'alice' }]);
  });

  it('accepts codes that are typed with spaces', async () => {
    const spaced: Answers = rightCodes.map(([question, answer]) => [
      question,
      async () => (await (answer as () => Promise<string>)()).replace(/^.../, '$& '),
    ]);
    expect((await world.ramctl('mfa enable alice', { answers: spaced })).code).toBe(0);
  });

  it.each<[string, Answers]>([
    ['the first code', [[FIRST, '^C']]],
    [
      'the second code',
      [
        [FIRST, code()],
        [NEXT, '^C'],
      ],
    ],
  ])('deletes the device when %s is cancelled', async (_, answers) => {
    const { code: exit, err } = await world.ramctl('mfa enable alice --qr file:a.png', { answers });
    expect([exit, await readDevices(world), [...world.images]]).toEqual([130, [], []]);
    expect(err).toContain('the new MFA device was deleted');
  });

  it('deletes the device after wrong codes', async () => {
    const { code: exit, err } = await world.ramctl('mfa enable alice', { answers: wrongCodes });
    expect([exit, await readDevices(world)]).toEqual([4, []]);
    expect(err).toContain('the first MFA code is wrong');
  });

  it('deletes the device when the result cannot be printed', async () => {
    const { code: exit } = await world.ramctl(['mfa', 'enable', 'alice', '--query', 'sum(UserName)'], {
      answers: rightCodes,
    });
    expect([exit, await readDevices(world)]).toEqual([2, []]);
  });

  it('asks again when RAM refuses the codes', async () => {
    const tooLate = async () => {
      const answer = await code(1)();
      // The first code is too old for RAM now.
      world.clock.step(60);
      return answer;
    };
    const answers: Answers = [[FIRST, code()], [NEXT, tooLate], ...rightCodes];
    const { code: exit, err } = await world.ramctl('mfa enable alice', { answers });
    expect([exit, err]).toEqual([0, expect.stringContaining('a clock is wrong')]);
  });

  it('names the device that could not be deleted, and the command that deletes it', async () => {
    const failure = new Failure('later', 'EndpointUnreachable', 'the endpoint did not answer');
    Object.assign(world.directory, { deleteVirtualMFADevice: () => Promise.reject(failure) });
    const { code: exit, err } = await world.ramctl('mfa enable alice -o json', { answers: [[FIRST, '^C']] });
    const serial = `acs:ram::${(await world.state()).Account.AccountId}:mfa/alice`;
    expect([exit, lastError(err)]).toEqual([
      5,
      {
        Code: 'PartlyDone',
        Message: expect.stringContaining(`${serial} was created and could not be deleted: the endpoint did not answer`),
        Hint: `ramctl mfa delete ${serial}`,
      },
    ]);
  });

  it('creates no device for a user with a bound device', async () => {
    await bindDevice(world, 'alice');
    const before = await world.state();
    const { code: exit, error } = await world.ramctl('mfa enable alice -o json', { answers: [] });
    expect([exit, error.Code, error.Hint]).toEqual([
      1,
      'EntityAlreadyExists.User.MFADevice',
      'ramctl mfa disable alice',
    ]);
    expect(await world.state()).toEqual(before);
  });

  it('does not bind the device to another user of the same name', async () => {
    const replaceUser = async () => {
      const answer = await code(1)();
      await world.directory.updateUser({ UserName: 'bob', NewUserName: 'robert' });
      await world.ramctl('user create bob');
      return answer;
    };
    const answers: Answers = [
      [FIRST, code()],
      [NEXT, replaceUser],
    ];
    const { code: exit, err } = await world.ramctl('mfa enable bob -o json', { answers });
    expect([exit, lastError(err).Code, await readDevices(world)]).toEqual([3, 'EntityNotExist.User', []]);
  });
});
