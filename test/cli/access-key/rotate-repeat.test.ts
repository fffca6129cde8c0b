import { beforeEach, describe, expect, it } from 'vitest';
import { validateState } from '../../../src/core/validate-state.ts';
import type { RotationResult } from '../../../src/view/access-key.ts';
import { createPlainVault, type RunOptions } from '../../support/test-world.ts';
import { RotationWorld } from './rotation-world.ts';

let world: RotationWorld;
let oldId = '';

beforeEach(async () => {
  world = await RotationWorld.create();
  oldId = world.oldId;
});

/** The first `ak verify` of a check: uses the new AccessKey. */
const verifyInCheck: RunOptions['shell'] = async (_, variables) => {
  const { ALIBABA_CLOUD_ACCESS_KEY_ID: id = '', ALIBABA_CLOUD_ACCESS_KEY_SECRET: input = '' } = variables;
  return (await world.ramctl(`ak verify ${id} --secret-stdin`, { input })).code;
};
const use = async ({ AccessKey }: RotationResult) => {
  const { AccessKeyId, AccessKeySecret: input = '' } = AccessKey ?? {};
  expect((await world.ramctl(`ak verify ${AccessKeyId} --secret-stdin`, { input })).code).toBe(0);
};
/** A world whose sinks have lost everything, as on a new CI runner. */
const loseSinks = () => world.delivered.clear();
const inGitHubActions = (): RunOptions => {
  world.delivered.set('outputs', '');
  return { environment: { githubOutputPath: 'outputs' } };
};
/** Runs a rotation. Returns its result and the pair that was delivered. */
const rotated = async (words: string, options: RunOptions = {}) => {
  const { code, err, json, out } = await world.rotate(words, options);
  expect([code, err.replace(/^::add-mask::.*\n/gm, '')]).toEqual([0, '']);
  const [input = ''] = /\b[A-Za-z0-9]{30}\b/.exec([...world.delivered.values(), out].join('\n')) ?? [];
  const { NewAccessKeyId } = json as RotationResult;
  expect((await world.ramctl(`ak verify ${NewAccessKeyId} --secret-stdin`, { input: `${input}x` })).code).toBe(4);
  return { ...(json as RotationResult), pair: { AccessKeyId: NewAccessKeyId, AccessKeySecret: input } };
};

describe('ak rotate --run-id again, after the delivered AccessKey was lost', () => {
  it.each([
    'stdout',
    'github',
    'file:s.json',
    'file:s.csv',
    'file:s.env',
    'file:s.ini',
    'aliyun:robot --config-path c.json',
  ])('replaces it by another one and delivers that to %s', async (sink) => {
    const words = `--run-id t --secret-to ${sink} --check smoke`;
    const first = await rotated(words, { shell: verifyInCheck, ...inGitHubActions() });
    loseSinks();
    const second = await rotated(words, { shell: verifyInCheck, ...inGitHubActions() });
    expect(second).toMatchObject({ RunId: 't', State: 'Done', OldAccessKeyId: oldId, DueDate: null });
    expect(second.NewAccessKeyId).not.toBe(first.NewAccessKeyId);
    expect(await world.keys()).toEqual([`${oldId} Inactive`, `${second.NewAccessKeyId} Active`]);
    expect(await world.rotationStates()).toEqual(['Done']);
    const { AccessKeyId, AccessKeySecret: input } = second.pair;
    expect((await world.ramctl(`ak verify ${AccessKeyId} --secret-stdin`, { input })).code).toBe(0);
    expect(await validateState(await world.state(), createPlainVault())).toEqual([]);
    expect(JSON.stringify(await world.alice())).not.toContain(first.NewAccessKeyId);
  });

  it('can be repeated until the AccessKey was used; then names the rollback command', async () => {
    const ids = new Set<string>();
    let last = await world.rotated('--run-id t --grace 2h');
    for (let n = 0; n < 3; n += 1) {
      last = await world.rotated('--run-id t --grace 2h');
      ids.add(last.NewAccessKeyId);
    }
    expect([ids.size, (await world.alice()).Rotations?.length]).toEqual([3, 1]);
    await use(last);
    const { Message, Hint } = await world.expectRefused(1, 'RotationDelivered', '--run-id t --grace 2h');
    expect(Message).toMatch(
      /already delivered AccessKey LTAI\w+, which was last used at .*; stdout cannot be read again/,
    );
    expect(Hint).toBe('ramctl ak rotation rollback alice');
    expect((await world.ramctl('ak rotation rollback alice --yes')).code).toBe(0);
    expect(await world.keys()).toEqual([`${oldId} Active`]);
  });

  it.each(['file:s.json', 'aliyun:robot --config-path c.json', 'stdout'])(
    'does not replace an AccessKey that was used and %s has lost',
    async (sink) => {
      const words = `--run-id t --secret-to ${sink} --check smoke`;
      const { pair } = await rotated(words, { shell: verifyInCheck });
      await use({ AccessKey: pair } as RotationResult);
      for (const content of ['', undefined]) {
        for (const path of world.delivered.keys()) {
          if (content === undefined) world.delivered.delete(path);
          else world.delivered.set(path, content);
        }
        const { Message } = await world.expectRefused(1, 'RotationDelivered', words);
        const problem = sink === 'stdout' ? 'stdout cannot be read again' : `the key is not in ${sink.split(' ')[0]}`;
        expect(Message).toContain(problem);
      }
    },
  );

  it('counts a use in the same second as the check, and a use before the delivery is recorded', async () => {
    const { directory } = world;
    const begin = async (RunId: string) => {
      const input = { UserName: 'alice', RunId, Request: 'r' };
      const { AccessKey, NewAccessKeyId } = await directory.startRotation(input);
      await directory.verifyAccessKey(AccessKey);
      const CheckUseDate = `${world.clock.now().toISOString().slice(0, 19)}Z`;
      const complete = () => directory.completeRotation({ NewAccessKeyId, CheckUseDate });
      const again = () => directory.startRotation({ ...input, LostAccessKeyId: NewAccessKeyId });
      return { AccessKey, complete, again };
    };
    const first = await begin('t1');
    await first.complete();
    await directory.verifyAccessKey(first.AccessKey);
    await expect(first.again()).rejects.toThrow('last used');
    await world.ramctl(`ak delete alice ${oldId} --yes`);
    const second = await begin('t2');
    world.clock.step(1);
    await directory.verifyAccessKey(second.AccessKey);
    await second.complete();
    await expect(second.again()).rejects.toThrow('last used');
  });

  it('does not count a use by --check that serve records after the delivery', async () => {
    const { NewAccessKeyId } = await world.rotated('--run-id t');
    const { directory } = world;
    await directory.recordAccessKeyUse([{ AccessKeyId: NewAccessKeyId, LastUsedDate: '2026-01-01T00:00:00Z' }]);
    expect((await world.rotated('--run-id t')).NewAccessKeyId).not.toBe(NewAccessKeyId);
  });

  it('starts the grace period again and does not change the old AccessKey', async () => {
    const words = '--run-id t --grace 1h --secret-to file:s.env';
    await world.rotated(words);
    world.clock.step(3000);
    loseSinks();
    const { State, DueDate } = await world.rotated(words);
    const due = new Date(world.clock.now().getTime() + 3_600_000).toISOString().replace('.000', '');
    expect([State, DueDate]).toEqual(['Grace', due]);
    expect((await world.keys())[0]).toBe(`${oldId} Active`);
    world.clock.step(1000);
    expect((await world.ramctl('ak rotation finish')).code).toBe(5);
    world.clock.step(3600);
    expect((await world.ramctl('ak rotation finish')).code).toBe(0);
    // The old AccessKey stays disabled.
    loseSinks();
    expect((await world.rotated(words)).State).toBe('Grace');
    expect((await world.keys())[0]).toBe(`${oldId} Inactive`);
  });

  it.each([
    ['', 'Done'],
    ['--grace 1h', 'Grace'],
  ])('changes nothing if the check or the delivery of the other AccessKey fails: "%s"', async (grace, state) => {
    const words = `--run-id t --check smoke --secret-to file:bad.env ${grace}`;
    await world.rotated(words);
    loseSinks();
    const { Message } = await world.expectRefused(4, 'CheckFailed', words, { shell: async () => 1 });
    expect(Message).toContain('the rotation is as before');
    world.failingPaths.add('bad.env');
    await world.expectRefused(5, 'DeliveryFailed', words);
    expect(await world.rotationStates()).toEqual([state]);
    world.failingPaths.clear();
    expect((await world.rotated(words)).State).toBe(state);
  });

  it('continues with the other AccessKey after a repeated run that was killed, and can be rolled back', async () => {
    const words = '--run-id t --check smoke --grace 1h';
    const first = await world.rotated(words);
    await world.rotate(words, { shell: () => Promise.reject(new Error('killed')) });
    expect(await world.rotationStates()).toEqual(['Checking']);
    const [, killed] = await world.keys();
    expect((await world.ramctl('ak rotation finish')).code).toBe(5);
    expect(await validateState(await world.state(), createPlainVault())).toEqual([]);
    const { NewAccessKeyId } = await world.rotated(words);
    expect(killed).toBe(`${NewAccessKeyId} Active`);
    await world.rotate(words, { shell: () => Promise.reject(new Error('killed')) });
    await world.ramctl('ak rotation rollback alice --yes');
    expect([await world.keys(), await world.rotationStates()]).toEqual([[`${oldId} Active`], ['RolledBack']]);
    expect(JSON.stringify(await world.alice())).not.toContain(first.NewAccessKeyId);
  });

  it('keeps the old AccessKey of the rotation if --replace inactive is repeated', async () => {
    const second = await world.createSecondKey();
    await world.ramctl(`ak disable alice ${second}`);
    await world.rotated('--run-id t --replace inactive');
    const { NewAccessKeyId } = await world.rotated('--run-id t --replace inactive');
    expect(await world.keys()).toEqual([`${oldId} Inactive`, `${NewAccessKeyId} Active`]);
    expect((await world.ramctl('ak rotation rollback alice --yes')).code).toBe(0);
    expect(await world.keys()).toEqual([`${oldId} Active`]);
    // The next run deletes the disabled key of this one.
    await world.rotated('--run-id t2 --replace inactive');
    const next = await world.rotated('--run-id t3 --replace inactive');
    expect([next.OldAccessKeyId, await world.keys()]).toEqual([
      expect.not.stringContaining(oldId),
      [`${next.OldAccessKeyId} Inactive`, `${next.NewAccessKeyId} Active`],
    ]);
  });

  it('refuses to replace an AccessKey that a later rotation replaces', async () => {
    await world.rotated('--run-id t1');
    await world.ramctl(`ak delete alice ${oldId} --yes`);
    await world.rotated('--run-id t2 --grace 1h');
    const { Hint } = await world.expectRefused(1, 'RotationDelivered', '--run-id t1');
    expect(Hint).toBe('ramctl ak rotation list alice');
  });

  it('refuses other options and an AccessKey that was disabled, deleted or rolled back', async () => {
    const { NewAccessKeyId } = await world.rotated('--run-id t');
    await world.expectRefused(1, 'RunIdUsed', '--run-id t --grace 1h');
    await world.ramctl(`ak disable alice ${NewAccessKeyId}`);
    await world.expectRefused(1, 'AccessKeyInactive', '--run-id t');
    await world.ramctl(`ak delete alice ${NewAccessKeyId} --yes`);
    await world.expectRefused(1, 'RunIdUsed', '--run-id t');
  });

  it('does not replace an AccessKey that another process delivered while the command was starting', async () => {
    const { NewAccessKeyId: AccessKeyId } = await world.rotated('--run-id t');
    const { store, directory } = world;
    const { Request = '' } = (await world.alice()).Rotations?.[0] ?? {};
    const { DeliveryTimeMs = 0 } = (await world.alice()).Rotations?.[0] ?? {};
    const revision = JSON.stringify(await store.read(async (state) => state));
    const repeat = (StartedAtMs: number) =>
      directory.startRotation({ UserName: 'alice', RunId: 't', Request, LostAccessKeyId: AccessKeyId, StartedAtMs });
    await expect(repeat(DeliveryTimeMs - 1)).rejects.toThrow('while this command was running');
    expect(JSON.stringify(await world.state())).toBe(revision);
    const replaced = await repeat(DeliveryTimeMs);
    // A second process that has seen the lost key too gets the same pair.
    expect(await repeat(DeliveryTimeMs)).toEqual(replaced);
  });
});
