import { beforeEach, describe, expect, it } from 'vitest';
import { bindDevice, createMfaWorld, createUnboundDevice, getMfaStatus, readDevices } from '../../support/mfa.ts';
import type { TestWorld } from '../../support/test-world.ts';

let world: TestWorld;

beforeEach(async () => {
  world = await createMfaWorld();
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
  ['mfa enable alice --no-bind --qr alice.png', 2],
  ['mfa enable alice --no-bind --qr file:alice.gif', 2],
  ['mfa enable alice --no-bind --qr file:.png', 2],
  ['mfa enable alice --no-bind --qr terminal', 2],
  ['mfa enable alice --at-next-logon --qr none', 2],
  ['mfa enable alice --qr none', 2],
  ['mfa delete alice', 2],
  ['mfa delete', 2],
  ['mfa delete alice --yes', 3],
  ['mfa delete acs:ram::1234567890123456:mfa/alice --yes', 3],
  ['mfa disable alice', 2],
  ['mfa disable alice --yes', 3],
  ['mfa disable carol --yes', 3],
  ['mfa get carol', 3],
  ['mfa get', 2],
])('%s ends with exit code %i and changes nothing', async (line, exit) => {
  const before = await world.state();
  const { code, out } = await world.ramctl(line);
  expect([code, out]).toEqual([exit, '']);
  expect(await world.state()).toEqual(before);
});

describe('mfa disable', () => {
  it('deletes the device and the requirement after a confirmation', async () => {
    await world.ramctl('mfa enable alice --at-next-logon');
    await bindDevice(world, 'alice');
    const before = await world.state();
    expect((await world.ramctl('mfa disable alice', { answers: [['Disable MFA for alice', false]] })).code).toBe(130);
    expect((await world.ramctl('mfa disable alice', { answers: [['Disable MFA for alice', '^C']] })).code).toBe(130);
    expect(await world.state()).toEqual(before);
    const { code, json } = await world.ramctl('mfa disable alice -o json', { answers: [['Disable MFA', true]] });
    expect([code, json]).toEqual([0, { UserName: 'alice', SerialNumber: expect.stringMatching(/:mfa\/alice$/) }]);
    expect(await readDevices(world)).toEqual([]);
    expect(await getMfaStatus(world, 'alice')).toMatchObject({
      MFA: 'none',
      MFABindRequired: false,
      ActivateDate: null,
    });
    expect((await world.ramctl('mfa disable alice --yes')).code).toBe(3);
  });

  it('deletes the requirement if no device is bound', async () => {
    await world.ramctl('mfa enable alice --at-next-logon');
    expect((await world.ramctl('mfa disable alice --yes')).code).toBe(0);
    expect(await getMfaStatus(world, 'alice')).toMatchObject({ MFA: 'none', MFABindRequired: false });
  });

  it('works on a user without console logon', async () => {
    await bindDevice(world, 'bob');
    expect((await world.ramctl('mfa disable bob --yes')).code).toBe(0);
    expect(await getMfaStatus(world, 'bob')).toMatchObject({ MFA: 'none' });
  });
});

describe('mfa delete', () => {
  it.each(['alice', 'ALICE', 'the serial number'])('deletes the unbound device named by %s', async (name) => {
    await bindDevice(world, 'bob');
    await createUnboundDevice(world, 'alice');
    const [device] = (await world.ramctl('mfa list -o json')).json as { SerialNumber: string }[];
    const wanted = name === 'the serial number' ? (device?.SerialNumber ?? '') : name;
    const { code, json } = await world.ramctl(`mfa delete ${wanted} --yes -o json`);
    expect([code, json]).toEqual([0, { VirtualMFADeviceName: 'alice', SerialNumber: device?.SerialNumber }]);
    expect((await readDevices(world)).map(({ VirtualMFADeviceName }) => VirtualMFADeviceName)).toEqual(['bob']);
  });

  it('asks for a confirmation that names the device', async () => {
    await createUnboundDevice(world, 'alice');
    const before = await world.state();
    const question = 'Delete the unbound MFA device acs:ram::';
    for (const answer of [false, '^C']) {
      expect((await world.ramctl('mfa delete alice', { answers: [[question, answer]] })).code).toBe(130);
    }
    expect(await world.state()).toEqual(before);
    const { code, out } = await world.ramctl('mfa delete alice', { answers: [[question, true]] });
    expect([code, out]).toEqual([0, expect.stringMatching(/alice[\s\S]*:mfa\/alice/)]);
  });

  it('refuses a bound device before it asks, and names the command that removes it', async () => {
    await bindDevice(world, 'bob');
    const before = await world.state();
    const options = [{}, { answers: [] }];
    for (const [index, args] of ['mfa delete bob --yes -o json', 'mfa delete bob -o json'].entries()) {
      const { code, error } = await world.ramctl(args, options[index]);
      expect([code, error.Code]).toEqual([1, 'DeleteConflict.VirtualMFADevice.User']);
      expect([error.Message, error.Hint]).toEqual([expect.stringContaining('bob'), 'ramctl mfa disable bob']);
    }
    expect(await world.state()).toEqual(before);
  });
});

describe('other commands', () => {
  it('mfa list shows the devices and their users', async () => {
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

  it('user list shows the status bound, required or none', async () => {
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

  it('user delete is refused while a device is bound, and names the command that deletes the device', async () => {
    await bindDevice(world, 'bob');
    const { code, error } = await world.ramctl('user delete bob --yes -o json');
    expect([code, error.Code]).toEqual([1, 'DeleteConflict.User.MFADevice']);
    expect(error.Blockers).toEqual([
      { Kind: 'MFADevice', Name: (await getMfaStatus(world, 'bob')).SerialNumber, Command: 'ramctl mfa disable bob' },
    ]);
    expect((await world.ramctl('mfa disable bob --yes')).code).toBe(0);
    expect((await world.ramctl('user delete bob --yes')).code).toBe(0);
  });

  it('user delete --cascade deletes the device', async () => {
    await bindDevice(world, 'alice');
    const { json } = await world.ramctl('user delete alice --cascade --yes -o json');
    const [gone] = json as { Removed: { Kind: string }[] }[];
    expect(gone?.Removed.map(({ Kind }) => Kind).sort()).toEqual(['LoginProfile', 'MFADevice']);
    expect(await readDevices(world)).toEqual([]);
    expect((await world.ramctl('directory check')).code).toBe(0);
  });
});

describe('a query that fails', () => {
  const query = ['--query', 'sum(UserName)'];

  it.each(['disable alice --yes', 'enable bob --at-next-logon'])('refuses mfa %s and changes nothing', async (line) => {
    await world.ramctl('login set bob --generate-password');
    await bindDevice(world, 'alice');
    const before = await world.state();
    const { code } = await world.ramctl(['mfa', ...line.split(' '), ...query]);
    expect([code, await world.state()]).toEqual([2, before]);
  });
});

it.each(['disable alice --yes', 'enable bob --at-next-logon'])(
  'mfa %s reports that the change was made when its result cannot be written',
  async (line) => {
    await world.ramctl('login set bob --generate-password');
    await bindDevice(world, 'alice');
    const { code, err } = await world.ramctl(`mfa ${line}`, { brokenOutput: 'ENOSPC' });
    expect([code, err]).toEqual([5, expect.stringContaining('the change was made')]);
  },
);
