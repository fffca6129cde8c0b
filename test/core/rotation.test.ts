import { beforeEach, expect, it } from 'vitest';
import type { Directory, StartedRotation } from '../../src/core/directory.ts';
import { validateState } from '../../src/core/validate-state.ts';
import { failure } from '../support/failures.ts';
import { createPlainVault, TestWorld } from '../support/test-world.ts';

const UserName = 'alice';
const DUE = '2026-01-01T01:00:00Z';
let world: TestWorld;
let directory: Directory;
let old = '';
const start = (RunId?: string, Request = 'r'): Promise<StartedRotation> =>
  directory.startRotation({ UserName, RunId, Request });
const complete = ({ NewAccessKeyId }: StartedRotation) => directory.completeRotation({ NewAccessKeyId });
const alice = async () => (await world.state()).Users.get(UserName);
const statuses = async () => (await alice())?.AccessKeys.map(({ Status }) => Status);
const states = async () => (await directory.listRotations({})).map(({ State }) => State);
/** Deletes the first key, so that another rotation can start. */
const deleteFirstKey = async () => {
  const [first] = (await alice())?.AccessKeys ?? [];
  await directory.deleteAccessKey({ UserName, UserAccessKeyId: first?.AccessKeyId ?? '' });
};

beforeEach(async () => {
  world = new TestWorld();
  ({ directory } = world);
  for (const name of [UserName, 'bob']) await directory.createUser({ UserName: name });
  old = (await directory.createAccessKey({ UserName })).AccessKeyId;
});

it('a rotation starts with a second active key and returns the same pair for the same RunId', async () => {
  const started = await start('t');
  expect(started).toMatchObject({ State: 'Checking', OldAccessKeyId: old, DueDate: null });
  expect(await statuses()).toEqual(['Active', 'Active']);
  expect(await start('t')).toEqual(started);
  expect(await complete(started)).toMatchObject({ State: 'Done', DueDate: null });
  expect(await statuses()).toEqual(['Inactive', 'Active']);
  expect(await start('t')).toEqual({ ...started, State: 'Done' });
});

it('a stored rotation contains the secret only in encrypted form', async () => {
  const { AccessKey } = await start('t');
  const encrypted = (await alice())?.AccessKeys[1]?.SealedSecret ?? '';
  const user = JSON.stringify(await alice());
  expect(user.replace(encrypted, '')).not.toContain(AccessKey.AccessKeySecret);
  expect(JSON.stringify(await directory.listRotations({ UserName }))).not.toContain(AccessKey.AccessKeySecret);
});

it('rotations without a RunId get different random ones', async () => {
  const started = await start();
  expect(started.RunId).toMatch(/^[a-z0-9]{12}$/);
  await directory.cancelRotation(started);
  expect((await start()).RunId).not.toBe(started.RunId);
});

it('a cancelled rotation leaves no record, and its RunId can be used again', async () => {
  const started = await start('t');
  await directory.cancelRotation(started);
  expect([await states(), await statuses()]).toEqual([[], ['Active']]);
  const again = await start('t', 'other');
  expect(again.AccessKey.AccessKeySecret).not.toBe(started.AccessKey.AccessKeySecret);
});

it('a replaced key is restored when the rotation is cancelled, and lost when it is completed', async () => {
  const second = (await directory.createAccessKey({ UserName })).AccessKeyId;
  const before = (await alice())?.AccessKeys;
  const input = { UserName, Request: 'r', ReplaceAccessKeyId: second, Force: true };
  const started = await directory.startRotation(input);
  await directory.cancelRotation(started);
  expect((await alice())?.AccessKeys).toEqual(before);
  await complete(await directory.startRotation(input));
  expect(JSON.stringify(await alice())).not.toContain(second);
});

it('a rotation cannot be completed while its new key is disabled', async () => {
  const { NewAccessKeyId } = await start('t');
  await directory.updateAccessKey({ UserName, UserAccessKeyId: NewAccessKeyId, Status: 'Inactive' });
  const inactive = failure('refused', 'AccessKeyInactive');
  await expect(directory.completeRotation({ NewAccessKeyId })).rejects.toThrow(inactive);
  await expect(start('t')).rejects.toThrow(inactive);
  expect(await statuses()).toEqual(['Active', 'Inactive']);
});

it('a completed rotation cannot be cancelled', async () => {
  const started = await start('t');
  await directory.completeRotation({ ...started, DueDate: DUE });
  const notFound = failure('missing', 'RotationNotFound');
  await expect(directory.cancelRotation(started)).rejects.toThrow(notFound);
  await expect(directory.completeRotation({ NewAccessKeyId: old })).rejects.toThrow(notFound);
  expect([await states(), await statuses()]).toEqual([['Grace'], ['Active', 'Active']]);
});

it('a second completion keeps the due date of the first', async () => {
  const started = await start('t');
  await directory.completeRotation({ ...started, DueDate: DUE });
  for (const DueDate of [undefined, '2027-01-01T00:00:00Z']) {
    expect(await directory.completeRotation({ ...started, DueDate })).toMatchObject({ DueDate: DUE });
  }
  expect(await statuses()).toEqual(['Active', 'Active']);
});

it.each<[string, number, string, string[]]>([
  ['one second before', 3599, 'Grace', ['Active', 'Active']],
  ['exactly on time', 3600, 'Done', ['Inactive', 'Active']],
  ['long after', 1e7, 'Done', ['Inactive', 'Active']],
])('the old key is disabled on its due date: %s', async (_, seconds, state, expected) => {
  await directory.completeRotation({ ...(await start('t')), DueDate: DUE });
  world.clock.step(seconds);
  expect(await directory.finishRotations({})).toMatchObject([{ State: state, DueDate: DUE }]);
  expect(await statuses()).toEqual(expected);
});

it('the old key stays active while the rotation is not completed or when the new key was deleted', async () => {
  const { NewAccessKeyId } = await start();
  world.clock.step(1e7);
  expect(await directory.finishRotations({ UserName })).toMatchObject([{ State: 'Checking' }]);
  await directory.deleteAccessKey({ UserName, UserAccessKeyId: NewAccessKeyId });
  await expect(directory.completeRotation({ NewAccessKeyId })).rejects.toThrow(
    failure('missing', 'EntityNotExist.User.AccessKey'),
  );
  expect([await states(), await statuses()]).toEqual([['Checking'], ['Active']]);
});

it('a rollback affects only the latest rotation', async () => {
  await complete(await start('t1'));
  await deleteFirstKey();
  await start('t2');
  expect(await directory.rollBackRotation({ UserName })).toMatchObject({ RunId: 't2', State: 'RolledBack' });
  expect([await states(), await statuses()]).toEqual([['Done', 'RolledBack'], ['Active']]);
  await expect(directory.rollBackRotation({ UserName })).rejects.toThrow(failure('missing', 'RotationNotFound'));
  await expect(directory.rollBackRotation({ UserName: 'bob' })).rejects.toThrow(failure('missing', 'RotationNotFound'));
});

it('the latest hundred rotations are stored, and the RunId of an older one can be used again', async () => {
  const dates = { CreateDate: DUE, DueDate: DUE, Request: 'r' };
  await world.store.change(async ({ Users }) => {
    const user = Users.get(UserName);
    if (!user) throw new Error('alice is missing');
    user.Rotations = Array.from({ length: 100 }, (_, index) => {
      const [OldAccessKeyId, NewAccessKeyId] = [index, index + 1].map((n) => `LTAI${`${n}`.padStart(20, '0')}`) as [
        string,
        string,
      ];
      return { ...dates, RunId: `t${index}`, State: 'Done', OldAccessKeyId, NewAccessKeyId };
    });
  });
  await expect(start('t0', 'other')).rejects.toThrow(failure('refused', 'RunIdUsed'));
  await complete(await start('new'));
  const stored = [...Array.from({ length: 99 }, (_, index) => `t${index + 1}`), 'new'];
  expect((await directory.listRotations({})).map(({ RunId }) => RunId)).toEqual(stored);
  await deleteFirstKey();
  expect(await start('t0', 'other')).toMatchObject({ RunId: 't0', State: 'Checking' });
  expect(await validateState(await world.state(), createPlainVault())).toEqual([]);
});

it('RunIds are compared exactly', async () => {
  for (const RunId of ['__proto__', 't', 'T', ' t', '😀'.repeat(64)]) {
    const started = await start(RunId);
    expect(started.RunId).toBe(RunId);
    await complete(started);
    await deleteFirstKey();
  }
  expect(await states()).toEqual(Array(5).fill('Done'));
});

it('a rollback in a dry run changes nothing', async () => {
  await start('t');
  const before = await world.state();
  const dryRun = directory.dryRun();
  expect(await dryRun.rollBackRotation({ UserName })).toMatchObject({ RunId: 't', State: 'RolledBack' });
  await dryRun.finishRotations({});
  expect(await world.state()).toEqual(before);
});

it('verifyAccessKey decrypts the secret of the named key, also after a rename of its user', async () => {
  const { AccessKeyId, AccessKeySecret } = await directory.createAccessKey({ UserName: 'bob' });
  expect(await directory.verifyAccessKey({ AccessKeyId, AccessKeySecret })).toEqual({ UserName: 'bob', AccessKeyId });
  await directory.updateUser({ UserName: 'bob', NewUserName: 'carol' });
  expect(await directory.verifyAccessKey({ AccessKeyId, AccessKeySecret })).toMatchObject({ UserName: 'carol' });
  const invalid = failure('denied', 'InvalidAccessKey');
  await expect(directory.verifyAccessKey({ AccessKeyId: old, AccessKeySecret })).rejects.toThrow(invalid);
  expect(await directory.getAccessKeyLastUsed({ UserName, UserAccessKeyId: old })).toEqual({ LastUsedDate: null });
});

it('a replaced key is restored on cancellation, but never as a third key', async () => {
  const { AccessKeyId: replaced } = await directory.createAccessKey({ UserName });
  const startAgain = () =>
    directory.startRotation({ UserName, Request: 'r', ReplaceAccessKeyId: replaced, Force: true });
  await directory.cancelRotation(await startAgain());
  const ids = async () => (await alice())?.AccessKeys.map(({ AccessKeyId }) => AccessKeyId);
  expect(await ids()).toEqual([old, replaced]);
  const started = await startAgain();
  await directory.deleteAccessKey({ UserName, UserAccessKeyId: started.NewAccessKeyId });
  const { AccessKeyId: third } = await directory.createAccessKey({ UserName });
  await directory.cancelRotation(started);
  expect(await ids()).toEqual([old, third]);
});
