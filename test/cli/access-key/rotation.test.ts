import { beforeEach, describe, expect, it } from 'vitest';
import type { RotationResult } from '../../../src/view/access-key.ts';
import { RotationWorld } from './rotation-world.ts';

let world: RotationWorld;
let oldId = '';

beforeEach(async () => {
  world = await RotationWorld.create();
  oldId = world.oldId;
});

describe('ak rotation', () => {
  it('list shows the rotations of one user or of all users, the oldest of each user first', async () => {
    expect((await world.ramctl('ak rotation list -o json')).json).toEqual([]);
    await world.ramctl('ak rotate bob --run-id b --grace 1h');
    await world.rotated('--run-id a1');
    await world.ramctl('ak rotation rollback alice --yes');
    await world.rotated('--run-id a2');
    const list = async (name: string) =>
      (await world.ramctl(`ak rotation list ${name} -o json`)).json as RotationResult[];
    expect((await list('')).map(({ RunId, State }) => `${RunId} ${State}`)).toEqual([
      'a1 RolledBack',
      'a2 Done',
      'b Grace',
    ]);
    expect((await list('ALICE')).map(({ RunId }) => RunId)).toEqual(['a1', 'a2']);
    expect(Object.keys((await list('bob'))[0] ?? {}).join(' ')).toBe(
      'UserName RunId State OldAccessKeyId NewAccessKeyId DueDate',
    );
    for (const verb of ['list', 'finish', 'rollback --yes']) {
      expect((await world.ramctl(`ak rotation ${verb} carol`)).code).toBe(3);
    }
  });

  it('finish ends with 5 during the grace period, otherwise with 0', async () => {
    expect(await world.ramctl('ak rotation finish -o json')).toMatchObject({ code: 0, out: '[]\n', err: '' });
    const { DueDate } = await world.rotated('--grace 1h');
    const early = await world.ramctl('ak rotation finish alice -o json');
    expect([early.code, early.out, early.error.Code]).toEqual([5, '', 'RotationPending']);
    expect(early.error.Message).toContain(DueDate);
    expect((await world.ramctl('ak rotation finish bob')).code).toBe(0);
    world.clock.step(3600);
    const { code, json } = await world.ramctl('ak rotation finish -o json');
    expect([code, json]).toMatchObject([0, [{ State: 'Done', OldAccessKeyId: oldId }]]);
    expect((await world.keys())[0]).toBe(`${oldId} Inactive`);
    expect(await world.ramctl('ak rotation finish -o json')).toMatchObject({ code: 0, out: '[]\n' });
  });

  it('finish disables the AccessKeys that are due while other rotations are pending', async () => {
    await world.rotated('--grace 1m');
    await world.ramctl('ak rotate bob --grace 1h');
    world.clock.step(60);
    expect((await world.ramctl('ak rotation finish')).code).toBe(5);
    expect([await world.rotationStates(), (await world.keys())[0]]).toEqual([['Done'], `${oldId} Inactive`]);
    expect((await world.state()).Users.get('bob')?.AccessKeys).toMatchObject([
      { Status: 'Active' },
      { Status: 'Active' },
    ]);
  });

  it('finish leaves undelivered rotations pending and accepts that an old AccessKey was deleted', async () => {
    await world.rotate('--check smoke', { shell: () => Promise.reject(new Error('killed')) });
    world.clock.step(1e6);
    expect((await world.ramctl('ak rotation finish')).code).toBe(5);
    await world.ramctl('ak rotation rollback alice --yes');
    const { NewAccessKeyId } = await world.rotated('--grace 1s');
    await world.ramctl(`ak delete alice ${oldId} --force --yes`);
    expect((await world.ramctl('ak rotation finish')).code).toBe(0);
    expect(await world.keys()).toEqual([`${NewAccessKeyId} Active`]);
  });

  it('finish keeps the old AccessKey active if the new one was deleted', async () => {
    const { NewAccessKeyId } = await world.rotated('--grace 1s');
    await world.ramctl(`ak delete alice ${NewAccessKeyId} --force --yes`);
    world.clock.step(10);
    expect([(await world.ramctl('ak rotation finish')).code, await world.keys()]).toEqual([0, [`${oldId} Active`]]);
    expect((await world.ramctl('ak rotation rollback alice --yes')).code).toBe(0);
    expect((await world.rotated()).OldAccessKeyId).toBe(oldId);
  });

  it.each(['', '--grace 1h'])(
    'rollback after "%s" enables the old AccessKey and deletes the new one, and works only once',
    async (words) => {
      const { NewAccessKeyId } = await world.rotated(words);
      const { json } = await world.ramctl('ak rotation rollback alice --yes -o json');
      expect(json).toMatchObject({ State: 'RolledBack', OldAccessKeyId: oldId, NewAccessKeyId });
      expect(await world.keys()).toEqual([`${oldId} Active`]);
      const again = await world.ramctl('ak rotation rollback alice --yes -o json');
      expect([again.code, again.error.Code]).toEqual([3, 'RotationNotFound']);
      expect((await world.ramctl('ak rotation finish')).code).toBe(0);
    },
  );

  it('finish keeps the old AccessKey active while the new one is disabled', async () => {
    const { NewAccessKeyId } = await world.rotated('--grace 1s');
    await world.ramctl(`ak disable alice ${NewAccessKeyId}`);
    world.clock.step(10);
    expect([(await world.ramctl('ak rotation finish')).code, (await world.keys())[0]]).toEqual([5, `${oldId} Active`]);
    await world.ramctl(`ak enable alice ${NewAccessKeyId}`);
    expect([(await world.ramctl('ak rotation finish')).code, (await world.keys())[0]]).toEqual([
      0,
      `${oldId} Inactive`,
    ]);
  });

  it('rollback asks for a confirmation that names both AccessKeys', async () => {
    const { NewAccessKeyId } = await world.rotated();
    const before = await world.state();
    const cancelled = await world.ramctl('ak rotation rollback alice', { answers: [[NewAccessKeyId, false]] });
    expect([cancelled.code, cancelled.questions[0]]).toEqual([130, expect.stringContaining(oldId)]);
    expect((await world.ramctl('ak rotation rollback alice', { answers: [['delete', '^C']] })).code).toBe(130);
    expect((await world.ramctl('ak rotation rollback nobody')).code).toBe(2);
    expect(await world.state()).toEqual(before);
    expect((await world.ramctl('ak rotation rollback alice', { answers: [['delete', true]] })).code).toBe(0);
  });

  it('rollback restores neither the AccessKey that --replace deleted nor a deleted old AccessKey', async () => {
    const second = await world.createSecondKey();
    await world.rotated(`--replace ${second} --force`);
    await world.ramctl('ak rotation rollback alice --yes');
    expect(await world.keys()).toEqual([`${oldId} Active`]);
    const { NewAccessKeyId } = await world.rotated();
    await world.ramctl(`ak delete alice ${oldId} --yes`);
    expect((await world.ramctl('ak rotation rollback alice --yes')).code).toBe(3);
    expect(await world.keys()).toEqual([`${NewAccessKeyId} Active`]);
  });
});

it('ak rotation keeps the rotations of a renamed user and deletes those of a deleted user', async () => {
  await world.rotated('--grace 1h --run-id t');
  await world.ramctl('user edit alice --name carol --yes');
  expect((await world.ramctl('ak rotation list carol -o json')).json).toMatchObject([
    { UserName: 'carol', RunId: 't' },
  ]);
  world.clock.step(3600);
  expect((await world.ramctl('ak rotation finish carol')).code).toBe(0);
  await world.ramctl('ak rotation rollback carol --yes');
  expect((await world.ramctl('user delete carol --cascade --yes')).code).toBe(0);
  expect((await world.ramctl('ak rotation list -o json')).json).toEqual([]);
  await world.ramctl('user create carol --access-key');
  expect((await world.ramctl('ak rotate carol --run-id t')).code).toBe(0);
});
