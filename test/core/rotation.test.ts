import { beforeEach, expect, it } from 'vitest';
import { validateState } from '../../src/core/check.ts';
import type { Directory, StartedRotation } from '../../src/core/directory.ts';
import { failure } from '../support/failures.ts';
import { createPlainVault, TestWorld } from '../support/test-world.ts';

const UserName = 'alice';
const DUE = '2026-01-01T01:00:00Z';
let world: TestWorld;
let directory: Directory;
let old = '';
const begin = (RunId?: string, Request = 'r'): Promise<StartedRotation> =>
  directory.beginRotation({ UserName, RunId, Request });
const settle = ({ NewAccessKeyId }: StartedRotation) => directory.settleRotation({ NewAccessKeyId });
const alice = async () => (await world.state()).Users.get(UserName);
const statuses = async () => (await alice())?.AccessKeys.map(({ Status }) => Status);
const states = async () => (await directory.listRotations({})).map(({ State }) => State);
/** Makes room for the next rotation of a user with an old and a new key. */
const makeRoom = async () => {
  const [first] = (await alice())?.AccessKeys ?? [];
  await directory.deleteAccessKey({ UserName, UserAccessKeyId: first?.AccessKeyId ?? '' });
};

beforeEach(async () => {
  world = new TestWorld();
  ({ directory } = world);
  for (const name of [UserName, 'bob']) await directory.createUser({ UserName: name });
  old = (await directory.createAccessKey({ UserName })).AccessKeyId;
});

it('a rotation begins with a second active key, and goes on with the same pair until its delivery is noted', async () => {
  const begun = await begin('t');
  expect(begun).toMatchObject({ State: 'Checking', OldAccessKeyId: old, DueDate: null });
  expect(await statuses()).toEqual(['Active', 'Active']);
  expect(await begin('t')).toEqual(begun);
  expect(await settle(begun)).toMatchObject({ State: 'Done', DueDate: null });
  expect(await statuses()).toEqual(['Inactive', 'Active']);
  expect(await begin('t')).toEqual({ ...begun, State: 'Done' });
});

it('what is remembered of a rotation holds the secret under its seal alone', async () => {
  const { AccessKey } = await begin('t');
  const seal = (await alice())?.AccessKeys[1]?.SealedSecret ?? '';
  const user = JSON.stringify(await alice());
  expect(user.replace(seal, '')).not.toContain(AccessKey.AccessKeySecret);
  expect(JSON.stringify(await directory.listRotations({ UserName }))).not.toContain(AccessKey.AccessKeySecret);
});

it('rotations without a token of their own get different ones', async () => {
  const begun = await begin();
  expect(begun.RunId).toMatch(/^[a-z0-9]{12}$/);
  await directory.abandonRotation(begun);
  expect((await begin()).RunId).not.toBe(begun.RunId);
});

it('an abandoned rotation never was, its token is free again', async () => {
  const begun = await begin('t');
  await directory.abandonRotation(begun);
  expect([await states(), await statuses()]).toEqual([[], ['Active']]);
  const again = await begin('t', 'other');
  expect(again.AccessKey.AccessKeySecret).not.toBe(begun.AccessKey.AccessKeySecret);
});

it('what made room for a rotation comes back when it is abandoned, and not once it is delivered', async () => {
  const second = (await directory.createAccessKey({ UserName })).AccessKeyId;
  const before = (await alice())?.AccessKeys;
  const input = { UserName, Request: 'r', ReplaceAccessKeyId: second, Force: true };
  const begun = await directory.beginRotation(input);
  await directory.abandonRotation(begun);
  expect((await alice())?.AccessKeys).toEqual(before);
  await settle(await directory.beginRotation(input));
  expect(JSON.stringify(await alice())).not.toContain(second);
});

it('a disabled new key takes the place of none', async () => {
  const { NewAccessKeyId } = await begin('t');
  await directory.updateAccessKey({ UserName, UserAccessKeyId: NewAccessKeyId, Status: 'Inactive' });
  const inactive = failure('refused', 'AccessKeyInactive');
  await expect(directory.settleRotation({ NewAccessKeyId })).rejects.toThrow(inactive);
  await expect(begin('t')).rejects.toThrow(inactive);
  expect(await statuses()).toEqual(['Active', 'Inactive']);
});

it('once delivered a rotation is abandoned no more', async () => {
  const begun = await begin('t');
  await directory.settleRotation({ ...begun, DueDate: DUE });
  const gone = failure('missing', 'RotationNotFound');
  await expect(directory.abandonRotation(begun)).rejects.toThrow(gone);
  await expect(directory.settleRotation({ NewAccessKeyId: old })).rejects.toThrow(gone);
  expect([await states(), await statuses()]).toEqual([['Grace'], ['Active', 'Active']]);
});

it('a delivery that is noted twice leaves the first date', async () => {
  const begun = await begin('t');
  await directory.settleRotation({ ...begun, DueDate: DUE });
  for (const DueDate of [undefined, '2027-01-01T00:00:00Z']) {
    expect(await directory.settleRotation({ ...begun, DueDate })).toMatchObject({ DueDate: DUE });
  }
  expect(await statuses()).toEqual(['Active', 'Active']);
});

it.each<[string, number, string, string[]]>([
  ['a second before', 3599, 'Grace', ['Active', 'Active']],
  ['on the second', 3600, 'Done', ['Inactive', 'Active']],
  ['long after', 1e7, 'Done', ['Inactive', 'Active']],
])('the old key is disabled when it is due: %s', async (_, seconds, state, expected) => {
  await directory.settleRotation({ ...(await begin('t')), DueDate: DUE });
  world.clock.step(seconds);
  expect(await directory.finishRotations({})).toMatchObject([{ State: state, DueDate: DUE }]);
  expect(await statuses()).toEqual(expected);
});

it('nothing happens to the old key as long as no delivery is noted, or when the new one is gone', async () => {
  const { NewAccessKeyId } = await begin();
  world.clock.step(1e7);
  expect(await directory.finishRotations({ UserName })).toMatchObject([{ State: 'Checking' }]);
  await directory.deleteAccessKey({ UserName, UserAccessKeyId: NewAccessKeyId });
  await expect(directory.settleRotation({ NewAccessKeyId })).rejects.toThrow(
    failure('missing', 'EntityNotExist.User.AccessKey'),
  );
  expect([await states(), await statuses()]).toEqual([['Checking'], ['Active']]);
});

it('a rollback is about the latest rotation only', async () => {
  await settle(await begin('t1'));
  await makeRoom();
  await begin('t2');
  expect(await directory.rollBackRotation({ UserName })).toMatchObject({ RunId: 't2', State: 'RolledBack' });
  expect([await states(), await statuses()]).toEqual([['Done', 'RolledBack'], ['Active']]);
  await expect(directory.rollBackRotation({ UserName })).rejects.toThrow(failure('missing', 'RotationNotFound'));
  await expect(directory.rollBackRotation({ UserName: 'bob' })).rejects.toThrow(failure('missing', 'RotationNotFound'));
});

it('the hundred latest rotations are remembered, and the token of an older one is free', async () => {
  const dates = { CreateDate: DUE, DueDate: DUE, Request: 'r' };
  await world.store.change(async ({ Users }) => {
    const user = Users.get(UserName);
    if (!user) throw new Error('she was made above');
    user.Rotations = Array.from({ length: 100 }, (_, at) => {
      const [OldAccessKeyId, NewAccessKeyId] = [at, at + 1].map((n) => `LTAI${`${n}`.padStart(20, '0')}`) as [
        string,
        string,
      ];
      return { ...dates, RunId: `t${at}`, State: 'Done', OldAccessKeyId, NewAccessKeyId };
    });
  });
  await expect(begin('t0', 'other')).rejects.toThrow(failure('refused', 'RunIdUsed'));
  await settle(await begin('new'));
  const remembered = [...Array.from({ length: 99 }, (_, at) => `t${at + 1}`), 'new'];
  expect((await directory.listRotations({})).map(({ RunId }) => RunId)).toEqual(remembered);
  await makeRoom();
  expect(await begin('t0', 'other')).toMatchObject({ RunId: 't0', State: 'Checking' });
  expect(await validateState(await world.state(), createPlainVault())).toEqual([]);
});

it('a token is compared to the letter, whatever it is', async () => {
  for (const RunId of ['__proto__', 't', 'T', ' t', '😀'.repeat(64)]) {
    const begun = await begin(RunId);
    expect(begun.RunId).toBe(RunId);
    await settle(begun);
    await makeRoom();
  }
  expect(await states()).toEqual(Array(5).fill('Done'));
});

it('a rehearsed rollback changes nothing', async () => {
  await begin('t');
  const before = await world.state();
  const dryRun = directory.dryRun();
  expect(await dryRun.rollBackRotation({ UserName })).toMatchObject({ RunId: 't', State: 'RolledBack' });
  await dryRun.finishRotations({});
  expect(await world.state()).toEqual(before);
});

it('verification opens the seal of the key that is named, and of no other user', async () => {
  const { AccessKeyId, AccessKeySecret } = await directory.createAccessKey({ UserName: 'bob' });
  expect(await directory.verifyAccessKey({ AccessKeyId, AccessKeySecret })).toEqual({ UserName: 'bob', AccessKeyId });
  await directory.updateUser({ UserName: 'bob', NewUserName: 'carol' });
  expect(await directory.verifyAccessKey({ AccessKeyId, AccessKeySecret })).toMatchObject({ UserName: 'carol' });
  const invalid = failure('denied', 'InvalidAccessKey');
  await expect(directory.verifyAccessKey({ AccessKeyId: old, AccessKeySecret })).rejects.toThrow(invalid);
  expect(await directory.getAccessKeyLastUsed({ UserName, UserAccessKeyId: old })).toEqual({ LastUsedDate: null });
});

it('what made room comes back when the rotation is taken back, but never as a third key', async () => {
  const { AccessKeyId: replaced } = await directory.createAccessKey({ UserName });
  const again = () => directory.beginRotation({ UserName, Request: 'r', ReplaceAccessKeyId: replaced, Force: true });
  await directory.abandonRotation(await again());
  const ids = async () => (await alice())?.AccessKeys.map(({ AccessKeyId }) => AccessKeyId);
  expect(await ids()).toEqual([old, replaced]);
  const begun = await again();
  await directory.deleteAccessKey({ UserName, UserAccessKeyId: begun.NewAccessKeyId });
  const { AccessKeyId: third } = await directory.createAccessKey({ UserName });
  await directory.abandonRotation(begun);
  expect(await ids()).toEqual([old, third]);
});
