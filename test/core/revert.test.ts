import { expect, it } from 'vitest';
import type { Operations } from '../../src/core/directory.ts';
import type { State } from '../../src/core/state.ts';
import { buildTrustPolicy } from '../../src/core/workflows/role.ts';
import { failure } from '../support/failures.ts';
import { TestWorld } from '../support/test-world.ts';

const [UserName, GroupName, RoleName] = ['alice', 'ops', 'reader'];
const TRUST_POLICY = buildTrustPolicy(['1234567890123456'], []);
const PolicyDocument = '{"Version":"1","Statement":[{"Effect":"Allow","Action":"iot:*","Resource":"*"}]}';
const CHANGES = {
  'create carol': (operations: Operations) => operations.createUser({ UserName: 'carol' }),
  'create Alice': (operations: Operations) => operations.createUser({ UserName: 'Alice' }),
  'edit alice': (operations: Operations) => operations.updateUser({ UserName, NewComments: 'new' }),
  'edit bob': (operations: Operations) => operations.updateUser({ UserName: 'bob', NewComments: 'new' }),
  'edit carol': (operations: Operations) => operations.updateUser({ UserName: 'carol', NewComments: 'new' }),
  'rename alice': (operations: Operations) => operations.updateUser({ UserName, NewUserName: 'alice2' }),
  'rename alice to ALICE': (operations: Operations) => operations.updateUser({ UserName, NewUserName: 'ALICE' }),
  'delete alice': (operations: Operations) => operations.deleteUser({ UserName }),
  'create a key of alice': (operations: Operations) => operations.createAccessKey({ UserName }),
  'create dev': (operations: Operations) => operations.createGroup({ GroupName: 'dev' }),
  'edit ops': (operations: Operations) => operations.updateGroup({ GroupName, NewComments: 'new' }),
  'rename ops': (operations: Operations) => operations.updateGroup({ GroupName, NewGroupName: 'crew' }),
  'rename ops to OPS': (operations: Operations) => operations.updateGroup({ GroupName, NewGroupName: 'OPS' }),
  'delete ops': (operations: Operations) => operations.deleteGroup({ GroupName }),
  'create Ops': (operations: Operations) => operations.createGroup({ GroupName: 'Ops' }),
  'add alice to ops': (operations: Operations) => operations.addUserToGroup({ UserName, GroupName }),
  'attach Own to ops': (operations: Operations) =>
    operations.attachPolicyToGroup({ GroupName, PolicyName: 'Own', PolicyType: 'Custom' }),
  'create auditor': (operations: Operations) =>
    operations.createRole({ RoleName: 'auditor', AssumeRolePolicyDocument: TRUST_POLICY }),
  'edit reader': (operations: Operations) => operations.updateRole({ RoleName, NewDescription: 'new' }),
  'delete reader': (operations: Operations) => operations.deleteRole({ RoleName }),
  'create Reader': (operations: Operations) =>
    operations.createRole({ RoleName: 'Reader', AssumeRolePolicyDocument: TRUST_POLICY }),
  'attach Own to reader': (operations: Operations) =>
    operations.attachPolicyToRole({ RoleName, PolicyName: 'Own', PolicyType: 'Custom' }),
  'create New': (operations: Operations) => operations.createPolicy({ PolicyName: 'New', PolicyDocument }),
  'create OWN': (operations: Operations) => operations.createPolicy({ PolicyName: 'OWN', PolicyDocument }),
  'add a version of Own': (operations: Operations) =>
    operations.createPolicyVersion({ PolicyName: 'Own', PolicyDocument, SetAsDefault: true }),
  'edit the description of Own': (operations: Operations) =>
    operations.updatePolicyDescription({ PolicyName: 'Own', NewDescription: 'new' }),
  'delete Own': (operations: Operations) => operations.deletePolicy({ PolicyName: 'Own' }),
};
type Change = keyof typeof CHANGES;

/** Creates alice, bob, the group ops, the role reader and the policy Own, makes a change, and makes the later changes. */
async function changeThen(change: Change, laterChanges: Change[]) {
  const world = new TestWorld();
  await world.directory.createUser({ UserName, Comments: 'first' });
  await world.directory.createUser({ UserName: 'bob' });
  await world.directory.createGroup({ GroupName });
  await world.directory.createRole({ RoleName, AssumeRolePolicyDocument: TRUST_POLICY });
  await world.directory.createPolicy({ PolicyName: 'Own', PolicyDocument });
  world.clock.step(1);
  const before = await world.state();
  const { revert } = await world.directory.atomically(CHANGES[change] as (operations: Operations) => Promise<unknown>);
  world.clock.step(1);
  for (const later of laterChanges) await CHANGES[later](world.directory);
  return { world, before, revert };
}

it.each<Change>([
  'create carol',
  'edit alice',
  'rename alice',
  'rename alice to ALICE',
  'delete alice',
  'create a key of alice',
  'create dev',
  'edit ops',
  'rename ops',
  'rename ops to OPS',
  'delete ops',
  'add alice to ops',
  'attach Own to ops',
  'create auditor',
  'edit reader',
  'delete reader',
  'attach Own to reader',
  'create New',
  'add a version of Own',
  'delete Own',
])('%s: a revert restores the state and can run only once', async (change) => {
  const { world, before, revert } = await changeThen(change, []);
  await revert();
  const state = await world.state();
  // The numbers of versions are not used again.
  if (change === 'add a version of Own') Object.assign(before.Policies.get('own') ?? {}, { LatestVersion: 2 });
  expect(toMaps(state)).toEqual(toMaps(before));
  await expect(revert()).rejects.toThrow(failure('refused', 'ChangedMeanwhile'));
});

it('a revert keeps later changes of other records', async () => {
  const { world, before, revert } = await changeThen('rename alice', [
    'edit bob',
    'create carol',
    'edit ops',
    'edit reader',
    'add a version of Own',
  ]);
  await revert();
  const { Users, Groups, Policies, Roles } = await world.state();
  expect(Users.get('alice')).toEqual(before.Users.get('alice'));
  expect(Users.get('bob')?.Comments).toBe('new');
  expect([...Users.keys()].sort()).toEqual(['alice', 'bob', 'carol']);
  expect(Roles.get('reader')?.Description).toBe('new');
  expect([Groups.get('ops')?.Comments, Policies.get('own')?.DefaultVersion]).toEqual(['new', 'v2']);
});

it.each<[Change, Change]>([
  ['create carol', 'edit carol'],
  ['create a key of alice', 'rename alice'],
  ['edit alice', 'delete alice'],
  ['rename alice', 'create Alice'],
  ['delete alice', 'create Alice'],
  ['rename ops', 'create Ops'],
  ['delete ops', 'create Ops'],
  ['edit ops', 'delete ops'],
  ['attach Own to ops', 'rename ops'],
  ['add alice to ops', 'edit alice'],
  ['delete Own', 'create OWN'],
  ['delete reader', 'create Reader'],
  ['edit reader', 'attach Own to reader'],
  ['attach Own to reader', 'edit reader'],
  ['add a version of Own', 'edit the description of Own'],
  ['edit the description of Own', 'delete Own'],
])('%s: cannot be reverted after: %s', async (change, laterChange) => {
  const { world, revert } = await changeThen(change, [laterChange]);
  const current = await world.state();
  await expect(revert()).rejects.toThrow(failure('refused', 'ChangedMeanwhile'));
  expect(await world.state()).toEqual(current);
});

/** The order of the entries of maps does not matter when they are compared. */
function toMaps({ Account, ...lists }: State) {
  return [Account, ...Object.values(lists).map((records) => new Map<string, object>(records))];
}
