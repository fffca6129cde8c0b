import { beforeEach, describe, expect, it } from 'vitest';
import { type Answers, createLogonWorld, DAY, type LogonWorld, NEW_PASSWORD, PASSWORD } from './fixture.ts';

let world: LogonWorld;
beforeEach(async () => {
  world = await createLogonWorld();
});

describe('A password reset that is due', () => {
  beforeEach(async () => {
    await world.ramctl('login set alice --password-reset required');
  });

  it('sets the new password and is then complete', async () => {
    expect(await world.logOn(PASSWORD, '--new-password-file new')).toMatchObject({ code: 0, err: '' });
    expect((await world.logOn(PASSWORD)).code).toBe(4);
    expect((await world.logOn(NEW_PASSWORD)).code).toBe(0);
    expect((await world.ramctl('user get alice -o json')).json).toMatchObject({
      LoginProfile: { PasswordResetRequired: false },
    });
  });

  it('is possible even if users cannot change their passwords', async () => {
    await world.changeSettings('--allow-user-to-change-password false');
    expect((await world.logOn(PASSWORD, '--new-password-file new')).code).toBe(0);
  });

  it.each([
    ['', 2, 'Usage', '--new-password-file'],
    ['--new-password-file weak', 1, 'InvalidParameter.NewPassword.TooWeak', 'NewPassword'],
    ['--new-password-file same', 1, 'InvalidParameter.NewPassword.ReusePrevention', 'NewPassword'],
    ['--new-password-file nowhere', 3, 'FileNotFound', undefined],
  ])('with "%s" ends with exit code %i and changes nothing', async (flags, exit, Code, Field) => {
    const before = await world.state();
    const { code, out, error } = await world.logOn(PASSWORD, flags);
    expect([code, out, error.Code, error.Field]).toEqual([exit, '', Code, Field]);
    expect(await world.state()).toEqual(before);
  });

  it('asks for the new password twice and explains why one is refused', async () => {
    await world.changeSettings('--require-symbols true');
    let stderrAtQuestion = '';
    const answers: Answers = [
      ['Password', PASSWORD],
      ['New password', 'NoSymbols99'],
      ['New password', NEW_PASSWORD],
      ['New password again', `${NEW_PASSWORD}!`],
      ['differ', PASSWORD],
      ['New password again', PASSWORD],
      [
        'New password',
        (err: string) => {
          stderrAtQuestion = err;
          return NEW_PASSWORD;
        },
      ],
      ['New password again', NEW_PASSWORD],
    ];
    const { code, questions } = await world.logOnAtTerminal(answers);
    expect([code, questions[2]]).toEqual([0, expect.stringContaining('RequireSymbols')]);
    expect(stderrAtQuestion).toContain('is the present one, or was used before');
    expect((await world.logOn(NEW_PASSWORD)).code).toBe(0);
  });

  it('fails after three passwords that were used before', async () => {
    const before = await world.state();
    const usedPassword: Answers = [
      ['New password', PASSWORD],
      ['New password again', PASSWORD],
    ];
    const { code, out } = await world.logOnAtTerminal([
      ['Password', PASSWORD],
      ...usedPassword,
      ...usedPassword,
      ...usedPassword,
    ]);
    expect([code, out, await world.state()]).toEqual([1, '', before]);
  });
});

describe.each([
  [0, ['p3']],
  [1, ['p3']],
  [3, ['p3', 'p2', 'p1']],
])('PasswordReusePrevention %i', (count, refused) => {
  it(`refuses ${refused.join(', ')} of p0 to p3`, async () => {
    const password = (name: string) => `${name}-Correct-Horse`;
    await world.changeSettings(`--password-reuse-prevention ${count}`);
    await world.setPassword(password('p0'));
    const change = (from: string, to: string) =>
      world.ramctl('logon alice@acme --password-stdin --new-password-file f -o json', {
        input: password(from),
        files: { f: password(to) },
      });
    expect((await change('p0', 'p1')).code).toBe(0);
    await world.setPassword(password('p2'));
    expect((await change('p2', 'p3')).code).toBe(0);
    for (const name of refused) {
      const { code, error } = await change('p3', name);
      expect([name, code, error.Code]).toEqual([name, 1, 'InvalidParameter.NewPassword.ReusePrevention']);
    }
    const free = ['p0', 'p1', 'p2'].find((name) => !refused.includes(name)) ?? '';
    expect((await change('p3', free)).code).toBe(0);
  });
});

describe('A password change that is not due', () => {
  it('is possible for the user', async () => {
    expect((await world.logOn(PASSWORD, '--new-password-file new')).code).toBe(0);
    expect((await world.logOn(PASSWORD)).code).toBe(4);
    expect((await world.logOn(NEW_PASSWORD)).code).toBe(0);
  });

  it('is refused if AllowUserToChangePassword is false', async () => {
    await world.changeSettings('--allow-user-to-change-password false');
    const before = await world.state();
    const { code, out, error } = await world.logOn(PASSWORD, '--new-password-file new');
    expect([code, out, error.Code]).toEqual([4, '', 'NoPermission']);
    expect(await world.state()).toEqual(before);
    expect((await world.logOn(PASSWORD)).code).toBe(0);
  });

  it('causes no question', async () => {
    expect((await world.logOnAtTerminal([['Password', PASSWORD]])).questions).toEqual(['Password']);
  });

  it('must follow the password policy, and a weak password causes a remark', async () => {
    const before = await world.state();
    expect((await world.logOn(PASSWORD, '--new-password-file weak')).error.Code).toBe(
      'InvalidParameter.NewPassword.TooWeak',
    );
    expect(await world.state()).toEqual(before);
    const words = 'logon alice@acme --password-stdin --new-password-file plain';
    const { code, err } = await world.ramctl(words, { input: PASSWORD, files: { plain: 'onlyletters' } });
    expect([code, err]).toEqual([0, expect.stringContaining('at least three')]);
  });
});

describe('MaxPasswordAge', () => {
  beforeEach(async () => {
    await world.changeSettings('--max-password-age 30');
  });

  it('requires a new password after it has passed, and then starts again', async () => {
    world.clock.step(30 * DAY - 60);
    expect((await world.logOn(PASSWORD)).code).toBe(0);
    world.clock.step(60);
    const { code, error } = await world.logOn(PASSWORD);
    expect([code, error.Field]).toEqual([2, '--new-password-file']);
    expect((await world.logOn(PASSWORD, '--new-password-file same')).code).toBe(1);
    expect((await world.logOn(PASSWORD, '--new-password-file new')).code).toBe(0);
    world.clock.step(29 * DAY);
    expect((await world.logOn(NEW_PASSWORD)).code).toBe(0);
    world.clock.step(2 * DAY);
    expect((await world.logOn(NEW_PASSWORD)).code).toBe(2);
  });

  it('is possible even if users cannot change their passwords', async () => {
    await world.changeSettings('--allow-user-to-change-password false');
    world.clock.step(31 * DAY);
    expect((await world.logOn(PASSWORD, '--new-password-file new')).code).toBe(0);
  });

  it('requires a new password from an admin if HardExpiry is set', async () => {
    await world.changeSettings('--hard-expiry true');
    world.clock.step(29 * DAY);
    expect((await world.logOn(PASSWORD)).code).toBe(0);
    world.clock.step(2 * DAY);
    const before = await world.state();
    for (const flags of ['', '--new-password-file new']) {
      const { code, out, error } = await world.logOn(PASSWORD, flags);
      expect([code, out, error.Code]).toEqual([4, '', 'PasswordExpired']);
      expect(error.Hint).toBe('ramctl login set alice --generate-password');
    }
    expect(await world.logOnAtTerminal([['Password', PASSWORD]])).toMatchObject({ code: 4, out: '' });
    expect(await world.state()).toEqual(before);
    expect((await world.logOn('wrong')).error.Code).toBe('LogonRefused');
    const { json } = await world.ramctl('login set alice --generate-password -o json');
    expect((await world.logOn((json as { Password: string }).Password)).code).toBe(0);
  });

  it('never expires passwords with 0', async () => {
    await world.changeSettings('--max-password-age 0 --hard-expiry true');
    world.clock.step(5000 * DAY);
    expect((await world.logOn(PASSWORD)).code).toBe(0);
  });
});
