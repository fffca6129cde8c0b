import { beforeEach, describe, expect, it } from 'vitest';
import type { Directory, StartedRotation, StartRotationInput } from '../../src/core/directory.ts';
import { readTags } from '../../src/remote/rotation-tags.ts';
import { failure } from '../support/failures.ts';
import { RemoteRotationWorld } from '../support/remote-rotations.ts';

const UserName = 'robot';
const DUE = '2026-01-01T01:00:00Z';
let world: RemoteRotationWorld;
let directory: Directory;
let old = '';
const start = (RunId?: string, other: Partial<StartRotationInput> = {}): Promise<StartedRotation> =>
  directory.startRotation({ UserName, RunId, Request: 'r', ...other });
const complete = ({ NewAccessKeyId }: StartedRotation, DueDate?: string) =>
  directory.completeRotation({ NewAccessKeyId, DueDate });
/** Starts and delivers a rotation. */
const rotated = async (RunId?: string, DueDate?: string) => {
  const started = await start(RunId);
  await directory.beginDelivery(started);
  await complete(started, DueDate);
  return started;
};
const statuses = async () => (await directory.listAccessKeys({ UserName })).map(({ Status }) => Status);
const states = async () => (await directory.listRotations({})).map(({ State }) => State);
const tags = async () => (await directory.getUser({ UserName })).Tags;
const deleteKey = (UserAccessKeyId: string) => directory.deleteAccessKey({ UserName, UserAccessKeyId });
const setStatus = (UserAccessKeyId: string, Status: 'Active' | 'Inactive') =>
  directory.updateAccessKey({ UserName, UserAccessKeyId, Status });

beforeEach(async () => {
  world = await RemoteRotationWorld.create();
  ({ directory, oldId: old } = world);
  await directory.createUser({ UserName: 'bob' });
});

describe('startRotation', () => {
  it('creates a second active key, and knows its secret only once', async () => {
    const started = await start('t');
    expect(started).toMatchObject({ RunId: 't', State: 'Checking', OldAccessKeyId: old, DueDate: null });
    expect([await statuses(), await states()]).toEqual([['Active', 'Active'], ['Checking']]);
    expect(await directory.verifyAccessKey(started.AccessKey)).toMatchObject({ UserName });
    const again = await start('t');
    expect(again).toEqual({ ...started, AccessKey: { ...started.AccessKey, AccessKeySecret: '' } });
    expect(JSON.stringify(await tags())).not.toContain(started.AccessKey.AccessKeySecret);
  });

  it('refuses a RunId that cannot be the value of a tag', async () => {
    await expect(start('https://ci.example.com/1')).rejects.toThrow(
      failure('refused', 'InvalidParameter.RunId.Format'),
    );
    expect(await statuses()).toEqual(['Active']);
  });

  it('gives rotations without a RunId different random ones', async () => {
    const started = await start();
    expect(started.RunId).toMatch(/^[a-z0-9]{12}$/);
    await directory.cancelRotation(started);
    expect((await start()).RunId).not.toBe(started.RunId);
  });

  it('refuses a user with two keys, none, or a pending rotation', async () => {
    const { NewAccessKeyId } = await rotated('t', DUE);
    await expect(start('other')).rejects.toThrow(failure('refused', 'RotationPending'));
    await directory.finishRotations({});
    world.clock.step(3600);
    await directory.finishRotations({});
    await expect(start('other')).rejects.toThrow(failure('refused', 'LimitExceeded.User.AccessKey'));
    for (const id of [old, NewAccessKeyId]) await deleteKey(id);
    await expect(start('other')).rejects.toThrow(failure('missing', 'EntityNotExist.User.AccessKey'));
    await expect(start('t')).rejects.toThrow(failure('refused', 'RunIdUsed'));
  });

  it('deletes the key to replace, and an active one only with Force', async () => {
    const second = await world.createKey();
    const input = { ReplaceAccessKeyId: second };
    await expect(start('t', input)).rejects.toThrow(failure('refused', 'AccessKeyActive'));
    const started = await start('t', { ...input, Force: true });
    expect(started).toMatchObject({ OldAccessKeyId: old, DeletedAccessKeyId: second });
    await directory.cancelRotation(started);
    expect([await world.keys(), await states(), await tags()]).toEqual([[`${old} Active`], [], []]);
    await expect(start('t2', { ReplaceAccessKeyId: old })).rejects.toThrow(failure('refused', 'NothingToReplace'));
    const { DeletedAccessKeyId } = await start('t2', { ReplaceInactive: true });
    expect(DeletedAccessKeyId).toBeUndefined();
  });

  it('refuses the same RunId with other options, after a rollback, and while the new key is disabled', async () => {
    const { NewAccessKeyId } = await start('t');
    await expect(start('t', { Request: 'other' })).rejects.toThrow(failure('refused', 'RunIdUsed'));
    await setStatus(NewAccessKeyId, 'Inactive');
    await expect(start('t')).rejects.toThrow(failure('refused', 'AccessKeyInactive'));
    await expect(complete(await start('t').catch(() => ({ NewAccessKeyId }) as StartedRotation))).rejects.toThrow(
      failure('refused', 'AccessKeyInactive'),
    );
    await directory.rollBackRotation({ UserName });
    await expect(start('t')).rejects.toThrow(failure('refused', 'RunIdUsed'));
  });

  it.each(['__proto__', 't', 'T', ' t', 'x'.repeat(64), '😀'.repeat(64)])('accepts the RunId %j', async (RunId) => {
    expect((await rotated(RunId)).RunId).toBe(RunId);
    expect((await directory.listRotations({ UserName }))[0]).toMatchObject({ RunId, State: 'Done' });
  });

  it('refuses a RunId that is too long or empty', async () => {
    for (const RunId of ['', 'x'.repeat(65)]) await expect(start(RunId)).rejects.toThrow('RunId');
    expect(await tags()).toEqual([]);
  });
});

describe('a lost key', () => {
  const again = (LostAccessKeyId: string, other = {}) => start('t', { LostAccessKeyId, ...other });
  const use = async ({ AccessKey }: StartedRotation) => {
    world.clock.step(1);
    await directory.verifyAccessKey(AccessKey);
  };

  it.each([undefined, DUE])('is replaced after its delivery unless it was used, due date %s', async (dueDate) => {
    const first = await rotated('t', dueDate);
    const before = await statuses();
    const second = await again(first.NewAccessKeyId);
    expect(second).toMatchObject({ RunId: 't', State: 'Checking', OldAccessKeyId: old, DueDate: null });
    expect(await world.keys()).toEqual([`${old} ${before[0]}`, `${second.NewAccessKeyId} Active`]);
    await directory.beginDelivery(second);
    await complete(second, dueDate);
    await use(second);
    await expect(again(second.NewAccessKeyId)).rejects.toThrow(failure('refused', 'RotationDelivered'));
    expect(await statuses()).toEqual([dueDate ? 'Active' : 'Inactive', 'Active']);
  });

  it('is replaced if only --check has used it', async () => {
    const first = await start('t');
    await use(first);
    const second = await again(first.NewAccessKeyId);
    await use(second);
    await directory.beginDelivery(second);
    const third = await again(second.NewAccessKeyId);
    await directory.beginDelivery(third);
    await use(third);
    await expect(again(third.NewAccessKeyId)).rejects.toThrow(failure('refused', 'RotationDelivered'));
  });

  it('is not replaced while another process has just changed the rotation', async () => {
    const first = await start('t');
    const StartedAtMs = world.clock.now().getTime() - 1;
    const id = first.NewAccessKeyId;
    await expect(again(id, { StartedAtMs })).rejects.toThrow(failure('later', 'RotationPending'));
    await directory.beginDelivery(first);
    await expect(again(id, { StartedAtMs })).rejects.toThrow(failure('later', 'RotationPending'));
    await complete(first);
    await expect(again(id, { StartedAtMs })).rejects.toThrow(failure('refused', 'RotationDelivered'));
    const second = await again(id, { StartedAtMs: StartedAtMs + 1 });
    // The first process cannot deliver or cancel the key of the other one.
    await expect(directory.beginDelivery(first)).rejects.toThrow(failure('missing', 'RotationNotFound'));
    await directory.cancelRotation(first);
    expect(await world.keys()).toContain(`${second.NewAccessKeyId} Active`);
  });

  it('stays deleted when the repeated rotation is cancelled, and a rollback enables the old key', async () => {
    const first = await rotated('t');
    await directory.cancelRotation(await again(first.NewAccessKeyId));
    expect(await world.keys()).toEqual([`${old} Inactive`]);
    await directory.cancelRotation(await start('t'));
    expect(await directory.rollBackRotation({ UserName })).toMatchObject({ RunId: 't', State: 'RolledBack' });
    expect(await world.keys()).toEqual([`${old} Active`]);
  });

  it('is replaced although the old key was deleted', async () => {
    const first = await rotated('t');
    await deleteKey(old);
    const second = await again(first.NewAccessKeyId);
    expect([second.OldAccessKeyId, await world.keys()]).toEqual([old, [`${second.NewAccessKeyId} Active`]]);
  });

  it('is not confused with a key that an admin creates after a kill', async () => {
    for (let calls = 1; (await tags()).length === 0 && calls < 50; calls += 1)
      await world.kill(calls, () => world.rotate('--run-id t'));
    expect(await statuses()).toEqual(['Active']);
    world.clock.step(3600);
    const other = await world.createKey();
    await expect(start('t')).rejects.toThrow(failure('refused', 'LimitExceeded.User.AccessKey'));
    expect(await world.keys()).toEqual([`${old} Active`, `${other} Active`]);
  });
});

describe('completeRotation and finishRotations', () => {
  it('disable the old key at once or on the due date', async () => {
    await rotated('t', DUE);
    expect([await states(), await statuses()]).toEqual([['Grace'], ['Active', 'Active']]);
    world.clock.step(3599 - (world.clock.now().getTime() - Date.parse('2026-01-01T00:00:00Z')) / 1000);
    expect(await directory.finishRotations({})).toMatchObject([{ State: 'Grace', DueDate: DUE }]);
    world.clock.step(1);
    expect(await directory.finishRotations({})).toMatchObject([{ State: 'Done', DueDate: DUE }]);
    expect([await directory.finishRotations({}), await statuses()]).toEqual([[], ['Inactive', 'Active']]);
  });

  it('finish the rotations of all users, and leave undelivered ones', async () => {
    await rotated('t', '2026-01-01T00:00:00Z');
    await world.createKey('bob');
    await directory.startRotation({ UserName: 'bob', RunId: 'b', Request: 'r' });
    const outcome = await directory.finishRotations({});
    expect(outcome.map((rotation) => `${rotation.UserName} ${rotation.State}`)).toEqual(['bob Checking', 'robot Done']);
    await expect(directory.finishRotations({ UserName: 'nobody' })).rejects.toThrow(
      failure('missing', 'EntityNotExist.User'),
    );
  });

  it('keep the old key active while the new one is disabled or deleted', async () => {
    const { NewAccessKeyId } = await rotated('t', '2026-01-01T00:00:00Z');
    await setStatus(NewAccessKeyId, 'Inactive');
    expect(await directory.finishRotations({})).toMatchObject([{ State: 'Grace' }]);
    await deleteKey(NewAccessKeyId);
    expect([await directory.finishRotations({}), await statuses()]).toEqual([[], ['Active']]);
    await expect(directory.completeRotation({ NewAccessKeyId: old })).rejects.toThrow(
      failure('missing', 'RotationNotFound'),
    );
  });

  it('keep the first due date, and cannot be cancelled', async () => {
    const started = await rotated('t', DUE);
    expect(await complete(started, '2027-01-01T00:00:00Z')).toMatchObject({ DueDate: DUE });
    await expect(directory.cancelRotation(started)).rejects.toThrow(failure('missing', 'RotationNotFound'));
    expect(await statuses()).toEqual(['Active', 'Active']);
  });

  it('find a user with another name', async () => {
    const started = await start('t');
    await directory.updateUser({ UserName, NewUserName: 'carol' });
    expect(await complete(started)).toMatchObject({ UserName: 'carol', State: 'Done' });
    expect(await directory.listRotations({ UserName: 'CAROL' })).toMatchObject([{ UserName: 'carol', RunId: 't' }]);
  });
});

describe('rollBackRotation', () => {
  it.each([undefined, DUE])('enables the old key and deletes the new one, due date %s', async (dueDate) => {
    const { NewAccessKeyId } = await rotated('t', dueDate);
    const expected = { RunId: 't', State: 'RolledBack', OldAccessKeyId: old, NewAccessKeyId };
    expect(await directory.dryRun().rollBackRotation({ UserName })).toMatchObject(expected);
    expect(await directory.rollBackRotation({ UserName })).toMatchObject(expected);
    expect([await world.keys(), await states()]).toEqual([[`${old} Active`], ['RolledBack']]);
    for (const name of [UserName, 'bob']) {
      const again = directory.rollBackRotation({ UserName: name });
      await expect(again).rejects.toThrow(failure('missing', 'RotationNotFound'));
    }
    expect((await start('t2')).OldAccessKeyId).toBe(old);
  });

  it('refuses to delete the only key', async () => {
    await rotated('t');
    await deleteKey(old);
    const rollback = directory.rollBackRotation({ UserName });
    await expect(rollback).rejects.toThrow(failure('missing', 'EntityNotExist.User.AccessKey'));
    expect(await statuses()).toEqual(['Active']);
  });
});

it('the tags are short enough for IMS with the longest id, and other values are ignored', async () => {
  await world.createKey('bob');
  const { RunId } = await rotated('😀'.repeat(64), DUE);
  const list = await tags();
  for (const { TagValue } of list) expect(TagValue.length).toBeLessThanOrEqual(128);
  expect(readTags(list)).toMatchObject({ RunId, State: 'Grace', DueDate: DUE });
  const [state = { TagKey: '', TagValue: '' }, run = { TagKey: '', TagValue: '' }] = list;
  for (const TagValue of ['', 'x', `${state.TagValue} x`, state.TagValue.replace('Grace', 'Other')]) {
    expect(readTags([{ ...state, TagValue }, run])).toBeUndefined();
  }
  expect(readTags([state])).toBeUndefined();
});
