import { beforeEach, describe, expect, it } from 'vitest';
import type { MfaStatus } from '../../../src/core/workflows/mfa.ts';
import { bindArgs, codeAt, createMfaWorld, createUnboundDevice, getMfaStatus } from '../../support/mfa.ts';
import type { TestWorld } from '../../support/test-world.ts';

let world: TestWorld;

beforeEach(async () => {
  world = await createMfaWorld();
});

describe('mfa bind', () => {
  it('binds the device with two consecutive codes', async () => {
    const { codes } = await createUnboundDevice(world, 'alice');
    const { code, json } = await world.ramctl(
      bindArgs('Alice', [`${codes[0].slice(0, 3)} ${codes[0].slice(3)}`, codes[1]]),
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
    expect(await getMfaStatus(world, 'alice')).toEqual(json);
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
    const { code, out, err, error } = await world.ramctl(bindArgs('alice', codes));
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
      const { code, error } = await world.ramctl(bindArgs('alice', pair));
      expect([code, error.Code]).toEqual([1, 'InvalidParameter.AuthenticationCode.Format']);
    }
  });

  it('accepts no code twice, even after the device was unbound', async () => {
    const { seed, codes } = await createUnboundDevice(world, 'alice');
    expect((await world.ramctl(bindArgs('alice', codes))).code).toBe(0);
    const again = await world.ramctl(bindArgs('alice', codes));
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
    expect(await getMfaStatus(world, 'alice')).toMatchObject({ MFA: 'bound' });
  });

  it('refuses a query that fails and changes nothing', async () => {
    const { codes } = await createUnboundDevice(world, 'alice');
    const before = await world.state();
    const { code } = await world.ramctl([...bindArgs('alice', codes), ...['--query', 'sum(UserName)']]);
    expect([code, await world.state()]).toEqual([2, before]);
  });
});
