import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Directory, Operations } from '../../src/core/directory.ts';
import { Failure } from '../../src/core/failure.ts';
import { deleteGroups } from '../../src/core/workflows/group.ts';
import { deleteCustomPolicy } from '../../src/core/workflows/policy.ts';
import { provisionUsers } from '../../src/core/workflows/provision.ts';
import { deleteUsers } from '../../src/core/workflows/user.ts';
import { custom, inTransaction, keyOf, newUser, type Task, UNDOABLE_TASKS } from '../support/change-tasks.ts';
import { failure } from '../support/failures.ts';
import { comparable, createPopulatedWorld, openRemote } from '../support/remote-world.ts';
import type { TestWorld } from '../support/test-world.ts';

/** Tasks that delete. Their repetition completes them. */
const DELETING: Record<string, Task> = {
  'delete users with everything': inTransaction(async (operations) => {
    const names = (await operations.listUsers()).map(({ UserName }) => UserName);
    await deleteUsers(operations, names, true);
  }),
  'delete a group': inTransaction((operations) => deleteGroups(operations, ['ops'], true)),
  'delete a policy': inTransaction((operations) => deleteCustomPolicy(operations, 'Own', true)),
};

const isDeletion = (name: string) => /^(delete|unbind)/.test(name);

async function countChanges(task: Task): Promise<number> {
  const { directory, changes } = openRemote(await createPopulatedWorld());
  await task(directory);
  return changes.length;
}

async function catchFailure(promise: Promise<unknown>): Promise<Failure> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(Failure);
  return error as Failure;
}

/** Runs the commands that an error lists. Those of some changes only show what to restore. */
async function expectToUndo(world: TestWorld, error: Failure, before: unknown): Promise<void> {
  const { Blockers = [] } = error.details;
  expect(Blockers).not.toEqual([]);
  for (const { Command } of Blockers) {
    expect(Command).toMatch(/^ramctl /);
    await world.ramctl([...Command.split(' ').slice(1), '--yes']);
  }
  const isOnlyShown = Blockers.some(({ Name }) => /changed; before|^of |version of|^v\d+ of/.test(Name));
  if (!isOnlyShown) expect(await stateOf(world)).toEqual(before);
}

const stateOf = async (world: TestWorld) => comparable(await world.state());

describe.each(Object.entries(UNDOABLE_TASKS))('when a change of the task "%s" fails', (_, task) => {
  it.each([true, false])('undoes everything (made: %s)', async (isMade) => {
    const count = await countChanges(task);
    expect(count).toBeGreaterThan(2);
    for (let from = 0; from < count; from += 1) {
      const world = await createPopulatedWorld();
      const before = await stateOf(world);
      const { directory, changesBeforeNotice } = openRemote(world, { from, isMade });
      const error = await catchFailure(task(directory));
      expect(error).toMatchObject({
        kind: expect.stringMatching(/later|refused/),
        code: expect.stringMatching(/Unreachable|InvalidRows/),
      });
      expect(await stateOf(world)).toEqual(before);
      expect(changesBeforeNotice()).toBe(0);
    }
  });

  it.each([true, false])(
    'lists the commands that undo it when nothing can be reached any more (made: %s)',
    async (isMade) => {
      const count = await countChanges(task);
      for (let from = 0; from < count; from += 1) {
        const world = await createPopulatedWorld();
        const before = await stateOf(world);
        const { directory } = openRemote(world, { from, isMade, isDown: true });
        const error = await catchFailure(task(directory));
        expect(error).toMatchObject({ kind: 'later', code: 'PartlyDone' });
        await expectToUndo(world, error, before);
      }
    },
  );

  it('undoes everything when the result is reverted', async () => {
    const world = await createPopulatedWorld();
    const before = await stateOf(world);
    const { directory } = openRemote(world);
    const { revert } = (await task(directory)) as { revert: () => Promise<void> };
    expect(await stateOf(world)).not.toEqual(before);
    await revert();
    expect(await stateOf(world)).toEqual(before);
  });
});

describe.each(Object.entries(DELETING))('when a change of the task "%s" fails', (_, task) => {
  it.each([true, false])(
    'either undoes everything, or says what was deleted and can be repeated (made: %s)',
    async (isMade) => {
      const count = await countChanges(task);
      const completed = await createPopulatedWorld();
      await task(completed.directory);
      const complete = await stateOf(completed);
      for (let from = 0; from < count; from += 1) {
        const world = await createPopulatedWorld();
        const before = await stateOf(world);
        const { directory, changes } = openRemote(world, { from, isMade });
        const error = await catchFailure(task(directory));
        const firstDeletion = changes.findIndex(isDeletion);
        if (firstDeletion === -1 || from < firstDeletion || (from === firstDeletion && !isMade)) {
          expect(error.code).toBe('Unreachable');
          expect(await stateOf(world)).toEqual(before);
        } else {
          expect(error).toMatchObject({ code: 'PartlyDone', details: { Hint: expect.stringContaining('again') } });
          expect(error.details.Errors?.at(-1)?.Message).toMatch(/\((possibly )?(deleted|unbound)\)/);
          // If everything was deleted, nothing is found.
          await task(openRemote(world).directory).catch((again: Failure) => expect(again.kind).toBe('missing'));
          expect(await stateOf(world)).toEqual(complete);
        }
      }
    },
  );
});

describe('a transaction', () => {
  it('undoes what came after a deletion, and says what was deleted', async () => {
    const world = await createPopulatedWorld();
    const { directory } = openRemote(world, { from: 2, isMade: false });
    let old = '';
    const work = directory.atomically(async (operations) => {
      old = await keyOf(operations, 'bob');
      await operations.deleteAccessKey({ UserName: 'bob', UserAccessKeyId: old });
      await operations.createAccessKey({ UserName: 'bob' });
      await operations.createGroup({ GroupName: 'new' });
    });
    const { message, details } = await catchFailure(work);
    expect(message).toContain('the endpoint does not answer');
    expect(details).toEqual({
      Hint: 'run the same command again to finish',
      Errors: [{ Code: 'Done', Message: `AccessKey ${old} of bob (deleted)` }],
    });
    expect(await world.directory.listAccessKeys({ UserName: 'bob' })).toEqual([]);
  });

  it('is undone when the work throws after its changes', async () => {
    const world = await createPopulatedWorld();
    const before = await stateOf(world);
    const work = provisionUsers(openRemote(world).directory, [newUser('alice')], () => {
      throw new Failure('usage', 'Usage', 'the sink cannot hold this');
    });
    await expect(work).rejects.toEqual(failure('usage', 'Usage'));
    expect(await stateOf(world)).toEqual(before);
  });

  it('does not delete what existed before a creation whose answer was lost', async () => {
    for (const isMade of [true, false]) {
      const world = await createPopulatedWorld();
      await world.directory.createUser({ UserName: 'plain' });
      const before = await stateOf(world);
      const { directory } = openRemote(world, { from: 0, isMade });
      await expect(directory.createUser({ UserName: 'plain' })).rejects.toBeInstanceOf(Failure);
      const ref = { UserName: 'bob', ...custom('Own') };
      await expect(openRemote(world, { from: 0, isMade }).directory.attachPolicyToUser(ref)).rejects.toBeInstanceOf(
        Failure,
      );
      expect(await stateOf(world)).toEqual(before);
    }
  });

  it('names the key that remains, and the command that deletes it', async () => {
    const world = await createPopulatedWorld();
    const { directory } = openRemote(world, { from: 1, isMade: false, isDown: true });
    let id = '';
    const work = directory.atomically(async (operations) => {
      id = (await operations.createAccessKey({ UserName: 'carol' })).AccessKeyId;
      await operations.createGroup({ GroupName: 'new' });
    });
    const { message, details } = await catchFailure(work);
    expect(message).toContain('the endpoint does not answer');
    expect(details.Blockers).toEqual([
      { Kind: 'Group', Name: 'new (possibly created)', Command: 'ramctl group delete new --cascade' },
      { Kind: 'AccessKey', Name: `${id} of carol (created)`, Command: `ramctl ak delete carol ${id} --force` },
    ]);
  });

  it('lists commands that restore earlier values, also those with spaces and quotes', async () => {
    const { details } = await catchFailure(
      openRemote(await createPopulatedWorld(), { from: 3, isMade: false, isDown: true }).directory.atomically(
        async (operations) => {
          await operations.updateUser({ UserName: 'bob', NewUserName: 'robert', NewComments: "Bob's other" });
          await operations.updateUser({ UserName: 'robert', NewComments: '' });
          await operations.tagResources({
            ResourceType: 'user',
            ResourceNames: ['carol'],
            Tag: ['team', 'new'].map((Key) => ({ Key, Value: 'blue' })),
          });
          await operations.createGroup({ GroupName: 'new' });
        },
      ),
    );
    expect(details.Blockers?.map(({ Command }) => Command)).toEqual([
      'ramctl group delete new --cascade',
      'ramctl user edit --tag=team=red --untag=new carol',
      "ramctl user edit --comments='Bob'\\''s other' robert",
      expect.stringMatching(/^ramctl user edit --name=bob --comments=\S* robert$/),
    ]);
  });

  it('says that an uncertain deletion can be run again for the same user', async () => {
    const { directory } = openRemote(await createPopulatedWorld(), { from: 0, isMade: true, isDown: true });
    await directory.createUser({ UserName: 'plain' }).catch(() => {});
    const { message, details } = await catchFailure(directory.deleteUser({ UserName: 'plain' }));
    expect(message).toContain('these changes may have been made');
    expect(details.Hint).toBe('run the same command again to finish');
  });

  it('waits for changes that are running, and accepts none after its end', async () => {
    const world = await createPopulatedWorld();
    const before = await stateOf(world);
    let late: Operations | undefined;
    const work = openRemote(world).directory.atomically(async (operations) => {
      late = operations;
      operations.createGroup({ GroupName: 'new' });
      throw new Failure('refused', 'Stopped', 'stopped');
    });
    await expect(work).rejects.toEqual(failure('refused', 'Stopped'));
    await expect(late?.createGroup({ GroupName: 'late' })).rejects.toThrow('after the end');
    expect(await stateOf(world)).toEqual(before);
  });

  it('says that a new password cannot be undone', async () => {
    const world = await createPopulatedWorld();
    const { directory } = openRemote(world);
    const Password = await directory.hashPassword('Correct-Horse-2');
    const { revert } = await directory.atomically((operations) =>
      operations.updateLoginProfile({ UserName: 'bob', Password }),
    );
    const error = await catchFailure(revert());
    expect(error.details.Errors).toEqual([{ Code: 'Done', Message: 'LoginProfile bob (password changed)' }]);
    expect(JSON.stringify(error.details)).not.toContain('Horse');
  });
});

it('undoes random sequences of tasks that fail at a random change', async () => {
  const tasks = fc.uniqueArray(fc.constantFrom(...Object.keys(UNDOABLE_TASKS)), { minLength: 2, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(tasks, fc.nat(40), fc.boolean(), async (names, from, isMade) => {
      const world = await createPopulatedWorld();
      const before = await stateOf(world);
      const { directory } = openRemote(world, { from, isMade });
      const stop = new Failure('refused', 'Stopped', 'stopped');
      const work = directory.atomically(async (operations) => {
        const inner = {
          ...directory,
          ...operations,
          atomically: async (run: (o: Operations) => unknown) => run(operations),
        };
        for (const name of names) await UNDOABLE_TASKS[name]?.(inner as unknown as Directory);
        throw stop;
      });
      const error = await catchFailure(work);
      // The change that failed may have been one of the undoing.
      if (error.code === 'PartlyDone') await expectToUndo(world, error, before);
      else expect(await stateOf(world)).toEqual(before);
    }),
    { numRuns: 15 },
  );
});
