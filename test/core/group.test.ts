import { beforeEach, expect, it } from 'vitest';
import type { Directory } from '../../src/core/directory.ts';
import type { GroupRecord } from '../../src/core/state.ts';
import { failure } from '../support/failures.ts';
import { TestWorld } from '../support/test-world.ts';

const [UserName, GroupName] = ['alice', 'ops'];
let world: TestWorld;
let directory: Directory;

beforeEach(async () => {
  world = new TestWorld();
  ({ directory } = world);
  for (const name of ['bob', UserName]) await directory.createUser({ UserName: name, DisplayName: `The ${name}` });
  await directory.createGroup({ GroupName, Comments: 'on call' });
});

it('a user can join a group once and leave it once, regardless of case', async () => {
  world.clock.step(60);
  await directory.addUserToGroup({ UserName: 'ALICE', GroupName: 'OPS' });
  await directory.addUserToGroup({ UserName: 'bob', GroupName });
  const JoinDate = '2026-01-01T00:01:00Z';
  expect(await directory.listUsersForGroup({ GroupName: 'Ops' })).toEqual([
    { UserName: 'alice', DisplayName: 'The alice', JoinDate },
    { UserName: 'bob', DisplayName: 'The bob', JoinDate },
  ]);
  const { GroupId } = await directory.getGroup({ GroupName });
  expect(await directory.listGroupsForUser({ UserName })).toEqual([
    { GroupId, GroupName, DisplayName: null, Comments: 'on call', JoinDate },
  ]);
  const again = directory.addUserToGroup({ UserName, GroupName });
  await expect(again).rejects.toThrow(failure('refused', 'EntityAlreadyExists.User.Group'));
  await directory.removeUserFromGroup({ UserName: 'Alice', GroupName: 'ops' });
  const secondRemoval = directory.removeUserFromGroup({ UserName, GroupName });
  await expect(secondRemoval).rejects.toThrow(failure('missing', 'EntityNotExist.User.Group'));
  expect(await directory.listUsersForGroup({ GroupName })).toHaveLength(1);
});

it('groups are sorted by name regardless of case, and a rename keeps the members', async () => {
  for (const name of ['Dev', 'qa', 'audit']) await directory.createGroup({ GroupName: name });
  await directory.addUserToGroup({ UserName, GroupName });
  await directory.updateGroup({ GroupName, NewGroupName: 'Admins' });
  const names = async () => (await directory.listGroups()).map((group) => group.GroupName);
  expect(await names()).toEqual(['Admins', 'audit', 'Dev', 'qa']);
  expect(await directory.listGroupsForUser({ UserName })).toMatchObject([{ GroupName: 'Admins' }]);
  await directory.createGroup({ GroupName });
  expect(await directory.listUsersForGroup({ GroupName })).toEqual([]);
});

it('a group with members or policies cannot be deleted, and a new group with its name has another id', async () => {
  const policy = { PolicyName: 'ReadOnlyAccess', PolicyType: 'System' as const, GroupName };
  await directory.addUserToGroup({ UserName, GroupName });
  await directory.attachPolicyToGroup(policy);
  const before = await directory.getGroup({ GroupName });
  const conflict = (dependent: string) => failure('refused', `DeleteConflict.Group.${dependent}`);
  await expect(directory.deleteGroup({ GroupName })).rejects.toThrow(conflict('User'));
  await directory.removeUserFromGroup({ UserName, GroupName });
  await expect(directory.deleteGroup({ GroupName })).rejects.toThrow(conflict('Policy'));
  await directory.detachPolicyFromGroup(policy);
  await directory.deleteGroup({ GroupName });
  await expect(directory.deleteGroup({ GroupName })).rejects.toThrow(failure('missing', 'EntityNotExist.Group'));
  expect((await directory.createGroup({ GroupName })).GroupId).not.toBe(before.GroupId);
});

it('an account can have 300 groups', async () => {
  await world.store.change(async ({ Groups }) => {
    const ops = Groups.get(GroupName) as GroupRecord;
    for (let n = 2; n < 300; n += 1) Groups.set(`g${n}`, { ...ops, GroupName: `g${n}`, GroupId: `g-${n}` });
  });
  await directory.createGroup({ GroupName: 'last' });
  const more = directory.createGroup({ GroupName: 'more' });
  await expect(more).rejects.toThrow(failure('refused', 'LimitExceeded.Group'));
  await directory.deleteGroup({ GroupName: 'g2' });
  await directory.createGroup({ GroupName: 'more' });
});

it('a user can be in 10 groups, and a group can have any number of users', async () => {
  for (let n = 1; n <= 11; n += 1) await directory.createGroup({ GroupName: `g${n}` });
  for (let n = 1; n <= 10; n += 1) await directory.addUserToGroup({ UserName, GroupName: `g${n}` });
  const eleventh = () => directory.addUserToGroup({ UserName, GroupName: 'g11' });
  await expect(eleventh()).rejects.toThrow(failure('refused', 'LimitExceeded.User.Group'));
  await expect(directory.addUserToGroup({ UserName, GroupName: 'g1' })).rejects.toThrow(
    failure('refused', 'EntityAlreadyExists.User.Group'),
  );
  await directory.removeUserFromGroup({ UserName, GroupName: 'g5' });
  await eleventh();
  for (let n = 0; n < 30; n += 1) {
    await directory.createUser({ UserName: `u${n}` });
    await directory.addUserToGroup({ UserName: `u${n}`, GroupName: 'g1' });
  }
  expect(await directory.listUsersForGroup({ GroupName: 'g1' })).toHaveLength(31);
});
