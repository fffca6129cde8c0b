import { expect, it } from 'vitest';
import type { Directory, Operations } from '../../src/core/directory.ts';
import { Failure } from '../../src/core/failure.ts';
import { deleteGroups } from '../../src/core/workflows/group.ts';
import { deleteCustomPolicy } from '../../src/core/workflows/policy.ts';
import { provisionUsers } from '../../src/core/workflows/provision.ts';
import { deleteUsers } from '../../src/core/workflows/user.ts';
import { remoteDirectory } from '../../src/remote/directory.ts';
import { remoteOperations } from '../../src/remote/operations.ts';
import { remoteRotations } from '../../src/remote/rotation.ts';
import { newUser, UNDOABLE_TASKS } from '../support/change-tasks.ts';
import { comparable, populate } from '../support/remote-world.ts';
import { connectApi } from '../support/test-api.ts';
import { TestEndpoint } from '../support/test-endpoint.ts';

/** Opens a remote directory over a server with sample data. */
async function openEndpoint() {
  const endpoint = await TestEndpoint.open();
  const { world } = endpoint;
  await world.directory.atomically((operations) => deleteUsers(operations, ['bob'], true));
  await populate(world.directory, world.clock.now());
  const operations = remoteOperations(await connectApi(endpoint), async () => {});
  const { clock, random } = world;
  const target = { kind: 'endpoint' as const, name: 'http://127.0.0.1' };
  const directory = remoteDirectory(operations, {
    clock,
    random,
    target,
    rotations: (bound) => remoteRotations(bound, clock, random),
    onChange: () => {},
  });
  // The dates of use of the key that signs the requests change.
  const state = async () =>
    JSON.parse(JSON.stringify(comparable(await world.state())).replace(/"LastUsedDate":"[^"]*",?/g, ''));
  return { world, directory, state };
}

it.each(Object.entries(UNDOABLE_TASKS))('over the API, the task "%s" is undone', async (_, task) => {
  const { directory, state } = await openEndpoint();
  const before = await state();
  const { revert } = (await task(directory)) as { revert: () => Promise<void> };
  expect(await state()).not.toEqual(before);
  await revert();
  expect(await state()).toEqual(before);
});

const stop = new Failure('refused', 'Stopped', 'stopped');
const DRY_RUNS: Record<string, (directory: Directory) => Promise<unknown>> = {
  'a new user': (directory) => provisionUsers(directory, [newUser('alice')], () => {}),
  'an existing user': (directory) => provisionUsers(directory, [newUser('BOB')], () => {}),
  'an unknown policy': (directory) =>
    provisionUsers(directory, [{ ...newUser('alice'), policies: ['Nope'] }], () => {}),
  'deletion of users': (directory) =>
    directory.atomically((operations) => deleteUsers(operations, ['bob', 'carol'], true)),
  blockers: (directory) => directory.atomically((operations) => deleteUsers(operations, ['bob', 'carol'], false)),
  'deletion of a group': (directory) => directory.atomically((operations) => deleteGroups(operations, ['ops'], true)),
  'deletion of a policy': (directory) =>
    directory.atomically((operations) => deleteCustomPolicy(operations, 'Own', true)),
};

it.each(Object.entries(DRY_RUNS))(
  'over the API, a dry run with %s is as on the machine of the server',
  async (_, run) => {
    const { world, directory, state } = await openEndpoint();
    const before = await state();
    const outcome = (from: Directory) =>
      run(from.dryRun()).then(
        (change) => (change as { value: unknown }).value,
        (error: Failure) => ({ code: error.code, message: error.message, details: error.details }),
      );
    const withoutNewValues = (value: unknown) =>
      JSON.stringify(value, (name, member) =>
        /^(UserId|AccessKeyId|AccessKeySecret|Password|LastUsedDate)$/.test(name) ? '' : member,
      );
    expect(withoutNewValues(await outcome(directory))).toBe(withoutNewValues(await outcome(world.directory)));
    expect(await state()).toEqual(before);
  },
);

it('over the API, a transaction whose work fails is undone', async () => {
  const { directory, state } = await openEndpoint();
  const before = await state();
  const work = async (operations: Operations) => {
    await operations.updateUser({ UserName: 'bob', NewUserName: 'robert' });
    await operations.createAccessKey({ UserName: 'robert' });
    throw stop;
  };
  await expect(directory.atomically(work)).rejects.toBe(stop);
  expect(await state()).toEqual(before);
});

it('a caller can rotate the AccessKey that signs its requests', async () => {
  const { world, directory } = await openEndpoint();
  const UserName = 'admin';
  const started = await directory.startRotation({ UserName, RunId: 't', Request: 'r' });
  await directory.beginDelivery(started);
  expect(await directory.completeRotation({ NewAccessKeyId: started.NewAccessKeyId })).toMatchObject({ State: 'Done' });
  const keys = await world.directory.listAccessKeys({ UserName });
  expect(keys.map(({ Status }) => Status)).toEqual(['Inactive', 'Active']);
  const present = remoteRotations(world.directory, world.clock, world.random);
  expect(await present.listRotations({})).toMatchObject([{ RunId: 't', State: 'Done' }]);
  expect(await present.finishRotations({})).toEqual([]);
});
