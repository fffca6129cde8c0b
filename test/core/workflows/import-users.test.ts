import { beforeEach, describe, expect, it } from 'vitest';
import type { Directory } from '../../../src/core/directory.ts';
import { Failure } from '../../../src/core/failure.ts';
import { findImportedUsers, identifyImport, importUsers } from '../../../src/core/workflows/import-users.ts';
import type { CreatedUser, NewUser } from '../../../src/core/workflows/provision.ts';
import { failingAt, killedAt, UNAVAILABLE } from '../../support/failing-directory.ts';
import { MemoryJournal } from '../../support/memory-journal.ts';
import { TestWorld } from '../../support/test-world.ts';

const NEW_USERS: NewUser[] = [
  { user: { UserName: 'zoe', Comments: 'on call' }, logon: { MFABindRequired: true }, groups: ['ops'], Row: 2 },
  { user: { UserName: 'adam' }, accessKey: true, policies: ['ReadOnlyAccess'], Row: 3 },
  { user: { UserName: 'mia' }, logon: { password: 'Correct-Horse-9' }, accessKey: true, groups: ['ops'], Row: 4 },
];
const DENIED = new Failure('denied', 'NoPermission', 'the caller may not do this');

let world: TestWorld;
let journal: MemoryJournal;

async function createWorld() {
  world = new TestWorld();
  journal = new MemoryJournal(() => world.clock.now());
  await world.directory.createGroup({ GroupName: 'ops' });
  await world.directory.createUser({ UserName: 'bob' });
}

beforeEach(createWorld);

/** Runs the import as the command does: users of an interrupted run are completed. Returns the delivered users. */
async function runImport(directory: Directory = world.directory, newUsers = NEW_USERS): Promise<CreatedUser[]> {
  const found = await findImportedUsers(directory, journal.entries());
  const names = new Set(found.map(({ UserName }) => UserName));
  const users = newUsers.map((newUser) => ({ ...newUser, isResumed: names.has(newUser.user.UserName) }));
  const { value } = await importUsers(directory, users, journal, () => {});
  journal.remove();
  return value;
}

const userNames = async () => (await world.directory.listUsers()).map(({ UserName }) => UserName);

async function expectComplete(created: CreatedUser[]) {
  expect(created.map(({ UserName }) => UserName)).toEqual(['zoe', 'adam', 'mia']);
  expect(await userNames()).toEqual(['adam', 'bob', 'mia', 'zoe']);
  expect(created).toMatchObject([
    {
      Comments: 'on call',
      LoginProfile: { PasswordResetRequired: true, MFABindRequired: true },
      AccessKeys: [],
      Groups: ['ops'],
    },
    { LoginProfile: null, AccessKeys: [{ Status: 'Active' }], Policies: [{ PolicyName: 'ReadOnlyAccess' }] },
    { LoginProfile: { PasswordResetRequired: true }, AccessKeys: [{ Status: 'Active' }], Groups: ['ops'] },
  ]);
  // The secrets that were delivered are the valid ones.
  const [zoe, adam, mia] = created;
  await world.directory.logOn(zoe?.UserPrincipalName ?? '', zoe?.Password ?? '');
  await world.directory.logOn(mia?.UserPrincipalName ?? '', 'Correct-Horse-9');
  expect([adam?.Password, mia?.Password]).toEqual([undefined, undefined]);
  for (const { AccessKey } of [adam, mia].flatMap((user) => user ?? [])) {
    expect(AccessKey).toBeDefined();
    if (AccessKey) await world.directory.verifyAccessKey(AccessKey as Required<typeof AccessKey>);
  }
}

describe('importUsers', () => {
  it('creates all users and returns them in the order of the rows', async () => {
    await expectComplete(await runImport());
  });

  it.each([
    ['before', false],
    ['after', true],
  ])('is completed by the next run when it is killed %s any operation', async (_, isDone) => {
    const { directory, calls } = killedAt(world.directory, Number.POSITIVE_INFINITY, isDone);
    await runImport(directory);
    for (let at = 0; at < calls(); at += 1) {
      await createWorld();
      await expect(runImport(killedAt(world.directory, at, isDone).directory)).rejects.toThrow('killed');
      world.clock.step(60);
      await expectComplete(await runImport());
      expect(journal.entries()).toEqual([]);
    }
  });

  it('is completed after several kills', async () => {
    for (const at of [9, 12, 15]) {
      await expect(runImport(killedAt(world.directory, at, true).directory)).rejects.toThrow('killed');
      world.clock.step(60);
    }
    await expectComplete(await runImport());
  });

  it('keeps the users and the journal when the endpoint is down, and says how to continue', async () => {
    const directory = failingAt(world.directory, 'createAccessKey', UNAVAILABLE, ({ UserName }) => UserName === 'mia');
    await expect(runImport(directory)).rejects.toMatchObject({
      kind: 'later',
      code: 'ImportInterrupted',
      message: 'user mia: the endpoint does not respond; 2 of 3 users are complete',
      details: { Hint: expect.stringContaining('run the same command again') },
    });
    expect(await userNames()).toEqual(['adam', 'bob', 'mia', 'zoe']);
    await expectComplete(await runImport());
  });

  it('deletes all users, also those of an interrupted run, when RAM refuses one', async () => {
    await expect(runImport(killedAt(world.directory, 8, true).directory)).rejects.toThrow('killed');
    expect((await userNames()).length).toBeGreaterThan(1);
    const directory = failingAt(world.directory, 'addUserToGroup', DENIED);
    await expect(runImport(directory)).rejects.toMatchObject({
      kind: 'denied',
      code: 'NoPermission',
      message: expect.stringMatching(/^user (zoe|mia): the caller may not do this; no user was created$/),
    });
    expect([await userNames(), journal.entries()]).toEqual([['bob'], []]);
  });

  it('lists the users that remain, and keeps the journal, when they cannot be deleted', async () => {
    const refusing = failingAt(world.directory, 'addUserToGroup', DENIED);
    const directory = failingAt(refusing, 'deleteUser', UNAVAILABLE);
    const error = await runImport(directory).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ kind: 'later', code: 'PartlyDone' });
    const { Blockers = [] } = (error as Failure).details;
    const remaining = (await userNames()).filter((name) => name !== 'bob');
    expect(Blockers.map(({ Name }) => Name).sort()).toEqual(remaining);
    for (const { Command } of Blockers) expect((await world.ramctl(Command.replace('ramctl ', '-y '))).code).toBe(0);
    expect(await userNames()).toEqual(['bob']);
    await expectComplete(await runImport());
  });

  it('deletes a user whose creation had no readable response', async () => {
    const unreadable = new Failure('broken', 'BadResponse', 'the response is not JSON');
    const atomically: Directory['atomically'] = (work) =>
      world.directory.atomically((operations) =>
        work({
          ...operations,
          createUser: async (input) => {
            await operations.createUser(input);
            throw unreadable;
          },
        }),
      );
    await expect(runImport({ ...world.directory, atomically })).rejects.toMatchObject({ kind: 'broken' });
    expect(await userNames()).toEqual(['bob']);
  });

  it('does not touch a user with the same name whom another admin creates during the import', async () => {
    const { UserId } = await world.directory.createUser({ UserName: 'mia' });
    await expect(runImport()).rejects.toMatchObject({ code: 'EntityAlreadyExists.User' });
    expect(await userNames()).toEqual(['bob', 'mia']);
    expect((await world.directory.getUser({ UserName: 'mia' })).UserId).toBe(UserId);
  });

  it('reverts everything when the secrets cannot be delivered', async () => {
    const { revert } = await importUsers(world.directory, NEW_USERS, journal, () => {});
    await revert();
    expect([await userNames(), journal.entries()]).toEqual([['bob'], []]);
  });

  it('reverts everything when beforeCommit throws', async () => {
    const refuse = () => {
      throw new Failure('usage', 'Usage', 'the query would remove a secret');
    };
    await expect(importUsers(world.directory, NEW_USERS, journal, refuse)).rejects.toMatchObject({ kind: 'usage' });
    expect([await userNames(), journal.entries()]).toEqual([['bob'], []]);
  });

  it('changes at most four users at the same time', async () => {
    let running = 0;
    let most = 0;
    const atomically: Directory['atomically'] = (work) =>
      world.directory.atomically((operations) =>
        work({
          ...operations,
          createUser: async (input) => {
            most = Math.max(most, ++running);
            const user = await operations.createUser(input);
            running -= 1;
            return user;
          },
        }),
      );
    const newUsers = Array.from({ length: 20 }, (_, index) => ({ user: { UserName: `user-${index}` } }));
    await runImport({ ...world.directory, atomically }, newUsers);
    expect(most).toBe(4);
  });
});

describe('a user of a journal', () => {
  const interrupt = () => expect(runImport(killedAt(world.directory, 20, true).directory)).rejects.toThrow('killed');
  const findNames = async () =>
    (await findImportedUsers(world.directory, journal.entries())).map(({ UserName }) => UserName).sort();

  it('is not resumed after another user with this name replaced the user', async () => {
    await interrupt();
    const names = await findNames();
    expect(names).toContain('adam');
    await world.ramctl('user delete adam --cascade --yes');
    await world.directory.createUser({ UserName: 'adam' });
    expect(await findNames()).toEqual(names.filter((name) => name !== 'adam'));
  });

  it('is not resumed after a logon, because the user has the password', async () => {
    journal.recordStart({ UserName: 'leo' });
    journal.recordCreated(await world.directory.createUser({ UserName: 'leo' }));
    expect(await findNames()).toEqual(['leo']);
    await world.ramctl('login set leo --password-stdin --password-reset not-required', { input: 'Correct-Horse-9' });
    const { UserPrincipalName } = await world.directory.getUser({ UserName: 'leo' });
    await world.ramctl(`logon ${UserPrincipalName} --password-stdin`, { input: 'Correct-Horse-9' });
    expect(await findNames()).toEqual([]);
  });

  it('without a UserId is resumed only if the user was created at the time of the entry', async () => {
    journal.recordStart({ UserName: 'leo' });
    world.clock.step(60);
    await world.directory.createUser({ UserName: 'leo' });
    expect(await findNames()).toEqual(['leo']);
    await world.directory.deleteUser({ UserName: 'leo' });
    world.clock.step(3600);
    await world.directory.createUser({ UserName: 'leo' });
    expect(await findNames()).toEqual([]);
  });

  it('keeps an AccessKey that was used, because a program has its secret', async () => {
    await interrupt();
    const [lost] = await world.directory.listAccessKeys({ UserName: 'adam' });
    if (lost) await world.directory.deleteAccessKey({ UserName: 'adam', UserAccessKeyId: lost.AccessKeyId });
    const used = await world.directory.createAccessKey({ UserName: 'adam' });
    await world.directory.verifyAccessKey(used);
    const created = await runImport();
    const keys = created.find(({ UserName }) => UserName === 'adam')?.AccessKeys;
    expect(keys?.map(({ AccessKeyId }) => AccessKeyId)).toContain(used.AccessKeyId);
    expect(keys).toHaveLength(2);
  });
});

it('identifyImport depends on account, users and settings, but not on passwords', () => {
  const id = identifyImport('1', NEW_USERS);
  const withPassword = (password: string) => [{ user: { UserName: 'mia' }, logon: { password } }];
  expect(
    identifyImport(
      '1',
      NEW_USERS.map((user) => ({ ...user, ifNotExists: true })),
    ),
  ).toBe(id);
  expect(identifyImport('1', withPassword('Correct-Horse-9'))).toBe(identifyImport('1', withPassword('Other-Horse-9')));
  expect(identifyImport('2', NEW_USERS)).not.toBe(id);
  expect(identifyImport('1', NEW_USERS.slice(1))).not.toBe(id);
  expect(
    identifyImport(
      '1',
      NEW_USERS.map((user) => ({ ...user, groups: [] })),
    ),
  ).not.toBe(id);
});
