import { beforeEach, describe, expect, it } from 'vitest';
import { type Answers, createLogonWorld, type LogonWorld, NEW_PASSWORD, PASSWORD } from './fixture.ts';

let world: LogonWorld;
beforeEach(async () => {
  world = await createLogonWorld();
});

describe('A logon at a terminal', () => {
  let seed = '';
  const allAnswers = (): Answers => [
    ['Password', PASSWORD],
    ['MFA code', () => world.codeAt(seed)],
    ['New password', NEW_PASSWORD],
    ['New password again', NEW_PASSWORD],
  ];
  beforeEach(async () => {
    seed = await world.bindDeviceAnHourAgo();
    await world.ramctl('login set alice --password-reset required');
  });

  it('asks for password, code and new password in this order', async () => {
    const { code: exit, json, questions } = await world.logOnAtTerminal(allAnswers());
    expect([exit, json]).toMatchObject([0, { MFAPresent: true }]);
    expect(questions).toEqual(['Password', 'MFA code', 'New password', 'New password again']);
  });

  it.each(['Password', 'MFA code', 'New password', 'New password again'])(
    'changes nothing after Ctrl-C at %s',
    async (last) => {
      const before = await world.stateWithoutUsedCodes();
      const position = allAnswers().findIndex(([question]) => question === last);
      const { code: exit, out } = await world.logOnAtTerminal([...allAnswers().slice(0, position), [last, '^C']]);
      expect([exit, out]).toEqual([130, '']);
      expect(await world.stateWithoutUsedCodes()).toEqual(before);
    },
  );

  it('counts wrong codes also after Ctrl-C', async () => {
    const wrong: Answers = [40, 41].map((steps) => ['MFA code', world.codeAt(seed, steps)]);
    const { code: exit, err } = await world.logOnAtTerminal([['Password', PASSWORD], ...wrong, ['MFA code', '^C']]);
    expect([exit, (await world.alice()).LoginProfile?.Attempts?.length]).toEqual([130, 2]);
    expect(err).not.toContain('nothing was written');
  });

  it.each([
    'login disable alice',
    'login set alice --generate-password',
    'login delete alice --yes',
    'user delete alice --cascade --yes',
  ])('is refused if an admin runs "%s" meanwhile', async (line) => {
    const actAsAdmin = async () => {
      await world.ramctl(line);
      return NEW_PASSWORD;
    };
    const answers = allAnswers().with(3, ['New password again', actAsAdmin]);
    const { code: exit, out, err } = await world.logOnAtTerminal(answers);
    expect([exit, out, err]).toEqual([4, '', expect.stringContaining('LogonRefused')]);
    expect((await world.logOn(NEW_PASSWORD)).code).toBe(4);
  });

  it('is refused if an admin binds a device meanwhile', async () => {
    await world.ramctl('mfa disable alice --yes');
    const bindAsAdmin = async () => {
      await world.bindDevice();
      return NEW_PASSWORD;
    };
    const { code: exit, out } = await world.logOnAtTerminal([
      allAnswers()[0],
      allAnswers()[2],
      ['New password again', bindAsAdmin],
    ] as Answers);
    expect([exit, out]).toEqual([4, '']);
    expect(await world.alice()).not.toHaveProperty('LastLoginDate');
  });
});
