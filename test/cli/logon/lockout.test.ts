import { beforeEach, describe, expect, it } from 'vitest';
import { createLogonWorld, HOUR, type LogonWorld, NEW_PASSWORD, PASSWORD } from './fixture.ts';

let world: LogonWorld;
beforeEach(async () => {
  world = await createLogonWorld();
});

describe('MaxLoginAttemps', () => {
  const readLogonSettings = async () =>
    (await world.ramctl('login get alice -o json')).json as { LockedUntil?: string };
  const expectExitCode = async (expected: number, password = PASSWORD) =>
    expect((await world.logOn(password)).code).toBe(expected);

  it('locks the logon for an hour after wrong passwords, also for the correct password', async () => {
    await world.enterWrongPasswords(4);
    await expectExitCode(0);
    await world.enterWrongPasswords(1);
    const LockedUntil = new Date(world.clock.now().getTime() + HOUR * 1000).toISOString().replace('.000', '');
    await expectExitCode(4);
    expect(await readLogonSettings()).toMatchObject({ Status: 'Active', LockedUntil });
    expect((await world.ramctl('user get alice -o json')).json).toMatchObject({ LoginProfile: { LockedUntil } });
    expect((await world.ramctl('login get alice')).out).toMatch(/[Ll]ocked/);
    world.clock.step((Date.parse(LockedUntil) - world.clock.now().getTime()) / 1000 - 2);
    await expectExitCode(4);
    await expectExitCode(0);
    expect(await readLogonSettings()).not.toHaveProperty('LockedUntil');
  });

  it('does not extend the lock when more wrong passwords follow', async () => {
    await world.enterWrongPasswords(5);
    world.clock.step(HOUR - 10);
    await world.enterWrongPasswords(3);
    world.clock.step(10);
    await expectExitCode(0);
  });

  it('ignores failed attempts that are more than an hour old', async () => {
    await world.enterWrongPasswords(4);
    world.clock.step(HOUR);
    await world.enterWrongPasswords(4);
    await expectExitCode(0);
    await world.enterWrongPasswords(1);
    await expectExitCode(4);
  });

  it.each([1, 2])('locks the logon after the number of attempts in the account settings: %i', async (limit) => {
    await world.changeSettings(`--max-login-attemps ${limit}`);
    await world.enterWrongPasswords(limit - 1);
    await expectExitCode(0);
    await world.enterWrongPasswords(1);
    await expectExitCode(4);
  });

  it('never locks with 0, and 0 unlocks a locked logon', async () => {
    await world.enterWrongPasswords(5);
    await expectExitCode(4);
    await world.changeSettings('--max-login-attemps 0');
    await expectExitCode(0);
    await world.enterWrongPasswords(12);
    await expectExitCode(0);
    expect(await readLogonSettings()).not.toHaveProperty('LockedUntil');
  });

  it('locks only the user with the failed attempts', async () => {
    await world.ramctl('user create bob --console --password-stdin --password-reset not-required', {
      input: NEW_PASSWORD,
    });
    await world.enterWrongPasswords(5);
    expect((await world.logOn(NEW_PASSWORD, '', 'bob@acme')).code).toBe(0);
  });

  it('unlocks the logon after a new password from an admin, but not after other changes', async () => {
    await world.enterWrongPasswords(5);
    await world.ramctl('login set alice --mfa not-required');
    await expectExitCode(4);
    await world.setPassword(NEW_PASSWORD);
    expect(await readLogonSettings()).not.toHaveProperty('LockedUntil');
    await expectExitCode(4, PASSWORD);
    await expectExitCode(0, NEW_PASSWORD);
  });

  it('does not affect AccessKeys', async () => {
    await world.ramctl('ak create alice');
    await world.enterWrongPasswords(5);
    expect((await world.ramctl('ak create alice')).code).toBe(0);
    expect((await world.ramctl('ak list alice -o json')).json).toMatchObject([
      { Status: 'Active' },
      { Status: 'Active' },
    ]);
  });

  it('counts wrong codes and wrong passwords together, and ignores the correct password before a wrong code', async () => {
    const seed = await world.bindDeviceAnHourAgo();
    await world.enterWrongPasswords(2);
    for (let guess = 0; guess < 3; guess++) {
      const { error } = await world.logOn(PASSWORD, `--code ${world.codeAt(seed, 30 + guess)}`);
      expect(error.Code).toBe('CheckAuthenticationCodeFail');
    }
    expect((await world.logOn(PASSWORD, `--code ${world.codeAt(seed)}`)).error.Code).toBe('LogonRefused');
    world.clock.step(HOUR);
    expect((await world.logOn(PASSWORD, `--code ${world.codeAt(seed)}`)).code).toBe(0);
  });

  it('does not count a malformed code', async () => {
    await world.bindDevice();
    const { code, error } = await world.logOn(PASSWORD, '--code 12345');
    expect([code, error.Code]).toEqual([1, 'InvalidParameter.AuthenticationCode.Format']);
    expect((await world.alice()).LoginProfile).not.toHaveProperty('Attempts');
  });
});
