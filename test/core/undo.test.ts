import { expect, it } from 'vitest';
import type { Operations } from '../../src/core/directory.ts';
import { failure } from '../support/failures.ts';
import { TestWorld } from '../support/test-world.ts';

const [UserName, GroupName] = ['alice', 'ops'];
const PolicyDocument = '{"Version":"1","Statement":[{"Effect":"Allow","Action":"iot:*","Resource":"*"}]}';
const WORKS = {
  'make carol': (operations: Operations) => operations.createUser({ UserName: 'carol' }),
  'make Alice': (operations: Operations) => operations.createUser({ UserName: 'Alice' }),
  'edit alice': (operations: Operations) => operations.updateUser({ UserName, NewComments: 'new' }),
  'edit bob': (operations: Operations) => operations.updateUser({ UserName: 'bob', NewComments: 'new' }),
  'edit carol': (operations: Operations) => operations.updateUser({ UserName: 'carol', NewComments: 'new' }),
  'rename alice': (operations: Operations) => operations.updateUser({ UserName, NewUserName: 'alice2' }),
  'rename alice to ALICE': (operations: Operations) => operations.updateUser({ UserName, NewUserName: 'ALICE' }),
  'delete alice': (operations: Operations) => operations.deleteUser({ UserName }),
  'give alice a key': (operations: Operations) => operations.createAccessKey({ UserName }),
  'make dev': (operations: Operations) => operations.createGroup({ GroupName: 'dev' }),
  'edit ops': (operations: Operations) => operations.updateGroup({ GroupName, NewComments: 'new' }),
  'rename ops': (operations: Operations) => operations.updateGroup({ GroupName, NewGroupName: 'crew' }),
  'rename ops to OPS': (operations: Operations) => operations.updateGroup({ GroupName, NewGroupName: 'OPS' }),
  'delete ops': (operations: Operations) => operations.deleteGroup({ GroupName }),
  'make Ops': (operations: Operations) => operations.createGroup({ GroupName: 'Ops' }),
  'put alice into ops': (operations: Operations) => operations.addUserToGroup({ UserName, GroupName }),
  'give ops a policy': (operations: Operations) =>
    operations.attachPolicyToGroup({ GroupName, PolicyName: 'Own', PolicyType: 'Custom' }),
  'make New': (operations: Operations) => operations.createPolicy({ PolicyName: 'New', PolicyDocument }),
  'make OWN': (operations: Operations) => operations.createPolicy({ PolicyName: 'OWN', PolicyDocument }),
  'edit Own': (operations: Operations) =>
    operations.createPolicyVersion({ PolicyName: 'Own', PolicyDocument, SetAsDefault: true }),
  'describe Own': (operations: Operations) =>
    operations.updatePolicyDescription({ PolicyName: 'Own', NewDescription: 'new' }),
  'delete Own': (operations: Operations) => operations.deletePolicy({ PolicyName: 'Own' }),
};
type Work = keyof typeof WORKS;

/** A directory with alice and bob, the group ops and the policy Own, a change to it, and what others did after it. */
async function story(change: Work, meanwhile: Work[]) {
  const world = new TestWorld();
  await world.directory.createUser({ UserName, Comments: 'first' });
  await world.directory.createUser({ UserName: 'bob' });
  await world.directory.createGroup({ GroupName });
  await world.directory.createPolicy({ PolicyName: 'Own', PolicyDocument });
  world.clock.step(1);
  const before = await world.state();
  const { revert } = await world.directory.atomically(WORKS[change] as (operations: Operations) => Promise<unknown>);
  world.clock.step(1);
  for (const work of meanwhile) await WORKS[work](world.directory);
  return { world, before, undo: revert };
}

it.each<Work>([
  'make carol',
  'edit alice',
  'rename alice',
  'rename alice to ALICE',
  'delete alice',
  'give alice a key',
  'make dev',
  'edit ops',
  'rename ops',
  'rename ops to OPS',
  'delete ops',
  'put alice into ops',
  'give ops a policy',
  'make New',
  'edit Own',
  'delete Own',
])('%s: taken back, no trace is left, and once is enough', async (change) => {
  const { world, before, undo } = await story(change, []);
  await undo();
  expect(await world.state()).toEqual(before);
  await expect(undo()).rejects.toThrow(failure('refused', 'ChangedMeanwhile'));
});

it('what others did to other records stays', async () => {
  const { world, before, undo } = await story('rename alice', ['edit bob', 'make carol', 'edit ops', 'edit Own']);
  await undo();
  const { Users, Groups, Policies } = await world.state();
  expect(Users.get('alice')).toEqual(before.Users.get('alice'));
  expect(Users.get('bob')?.Comments).toBe('new');
  expect([...Users.keys()].sort()).toEqual(['alice', 'bob', 'carol']);
  expect([Groups.get('ops')?.Comments, Policies.get('own')?.DefaultVersion]).toEqual(['new', 'v2']);
});

it.each<[Work, Work]>([
  ['make carol', 'edit carol'],
  ['give alice a key', 'rename alice'],
  ['edit alice', 'delete alice'],
  ['rename alice', 'make Alice'],
  ['delete alice', 'make Alice'],
  ['rename ops', 'make Ops'],
  ['delete ops', 'make Ops'],
  ['edit ops', 'delete ops'],
  ['give ops a policy', 'rename ops'],
  ['put alice into ops', 'edit alice'],
  ['delete Own', 'make OWN'],
  ['edit Own', 'describe Own'],
  ['describe Own', 'delete Own'],
])('%s: cannot be taken back after others %s', async (change, meanwhile) => {
  const { world, undo } = await story(change, [meanwhile]);
  const standing = await world.state();
  await expect(undo()).rejects.toThrow(failure('refused', 'ChangedMeanwhile'));
  expect(await world.state()).toEqual(standing);
});
