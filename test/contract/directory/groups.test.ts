import { beforeEach, describe, expect, it } from 'vitest';
import { failure } from '../../support/failures.ts';
import { SUBJECTS, type Subject, today } from './subjects.ts';

const [UserName, GroupName] = ['alice', 'ops'];
const notFound = failure('missing', 'EntityNotExist.Group');

describe.each(SUBJECTS)('groups in %s', (_, open) => {
  let subject: Subject;
  let operations: Subject['operations'];
  beforeEach(async () => {
    subject = await open();
    ({ operations } = subject);
    for (const name of ['carol', UserName]) await operations.createUser({ UserName: name, DisplayName: `The ${name}` });
    await operations.createGroup({ GroupName, Comments: 'on call' });
  });

  it('a new group has an id, both dates and the given texts', async () => {
    const created = await operations.createGroup({ GroupName: 'Dev', DisplayName: 'Developers' });
    expect(created).toEqual({
      GroupId: expect.any(String),
      GroupName: 'Dev',
      DisplayName: 'Developers',
      Comments: null,
      CreateDate: today(subject),
      UpdateDate: today(subject),
    });
    expect(await operations.getGroup({ GroupName: 'DEV' })).toEqual(created);
    const again = operations.createGroup({ GroupName: 'DEV' });
    await expect(again).rejects.toThrow(failure('refused', 'EntityAlreadyExists.Group'));
    await expect(operations.createGroup({ GroupName: 'a/b' })).rejects.toThrow(
      failure('refused', 'InvalidParameter.GroupName.InvalidChars'),
    );
  });

  it('a user can join a group once and leave it once, regardless of case', async () => {
    subject.clock.step(60);
    await operations.addUserToGroup({ UserName: 'ALICE', GroupName: 'OPS' });
    await operations.addUserToGroup({ UserName: 'carol', GroupName });
    const JoinDate = today(subject);
    expect(await operations.listUsersForGroup({ GroupName: 'Ops' })).toEqual([
      { UserName: 'alice', DisplayName: 'The alice', JoinDate },
      { UserName: 'carol', DisplayName: 'The carol', JoinDate },
    ]);
    const { GroupId } = await operations.getGroup({ GroupName });
    expect(await operations.listGroupsForUser({ UserName })).toEqual([
      { GroupId, GroupName, DisplayName: null, Comments: 'on call', JoinDate },
    ]);
    const again = operations.addUserToGroup({ UserName, GroupName });
    await expect(again).rejects.toThrow(failure('refused', 'EntityAlreadyExists.User.Group'));
    await operations.removeUserFromGroup({ UserName: 'Alice', GroupName: 'ops' });
    const secondRemoval = operations.removeUserFromGroup({ UserName, GroupName });
    await expect(secondRemoval).rejects.toThrow(failure('missing', 'EntityNotExist.User.Group'));
    expect(await operations.listUsersForGroup({ GroupName })).toHaveLength(1);
  });

  it('groups are sorted by name regardless of case, and a rename keeps the members', async () => {
    for (const name of ['Dev', 'qa', 'audit']) await operations.createGroup({ GroupName: name });
    await operations.addUserToGroup({ UserName, GroupName });
    await operations.updateGroup({ GroupName, NewGroupName: 'Admins' });
    const names = (await operations.listGroups()).map((group) => group.GroupName);
    expect(names).toEqual(['Admins', 'audit', 'Dev', 'qa']);
    expect(await operations.listGroupsForUser({ UserName })).toMatchObject([{ GroupName: 'Admins' }]);
    await operations.createGroup({ GroupName });
    expect(await operations.listUsersForGroup({ GroupName })).toEqual([]);
  });

  it('an update keeps absent texts and clears empty ones, and a taken name is refused', async () => {
    await operations.createGroup({ GroupName: 'dev' });
    const update = (changes: object) => operations.updateGroup({ GroupName, ...changes });
    expect(await update({ NewDisplayName: 'Operations' })).toMatchObject({
      DisplayName: 'Operations',
      Comments: 'on call',
    });
    expect(await update({ NewGroupName: 'OPS', NewComments: '' })).toMatchObject({ GroupName: 'OPS', Comments: null });
    const rename = update({ NewGroupName: 'Dev', NewComments: 'x' });
    await expect(rename).rejects.toThrow(failure('refused', 'EntityAlreadyExists.Group'));
    expect(await operations.getGroup({ GroupName })).toMatchObject({ GroupName: 'OPS', Comments: null });
  });

  it('a group with members or policies cannot be deleted, and a new group with its name has another id', async () => {
    const policy = { PolicyName: 'ReadOnlyAccess', PolicyType: 'System' as const, GroupName };
    await operations.addUserToGroup({ UserName, GroupName });
    await operations.attachPolicyToGroup(policy);
    const before = await operations.getGroup({ GroupName });
    const conflict = (dependent: string) => failure('refused', `DeleteConflict.Group.${dependent}`);
    await expect(operations.deleteGroup({ GroupName })).rejects.toThrow(conflict('User'));
    await operations.removeUserFromGroup({ UserName, GroupName });
    await expect(operations.deleteGroup({ GroupName })).rejects.toThrow(conflict('Policy'));
    await operations.detachPolicyFromGroup(policy);
    await operations.deleteGroup({ GroupName });
    await expect(operations.deleteGroup({ GroupName })).rejects.toThrow(notFound);
    await expect(operations.getGroup({ GroupName })).rejects.toThrow(notFound);
    expect((await operations.createGroup({ GroupName })).GroupId).not.toBe(before.GroupId);
  });

  it('a user can be in 10 groups', async () => {
    for (let n = 1; n <= 11; n += 1) await operations.createGroup({ GroupName: `g${n}` });
    for (let n = 1; n <= 10; n += 1) await operations.addUserToGroup({ UserName, GroupName: `g${n}` });
    const eleventh = () => operations.addUserToGroup({ UserName, GroupName: 'g11' });
    await expect(eleventh()).rejects.toThrow(failure('refused', 'LimitExceeded.User.Group'));
    await expect(operations.addUserToGroup({ UserName, GroupName: 'g1' })).rejects.toThrow(
      failure('refused', 'EntityAlreadyExists.User.Group'),
    );
    await operations.removeUserFromGroup({ UserName, GroupName: 'g5' });
    await eleventh();
  });

  it('the groups and the members of what does not exist are errors', async () => {
    await expect(operations.listUsersForGroup({ GroupName: 'none' })).rejects.toThrow(notFound);
    await expect(operations.addUserToGroup({ UserName, GroupName: 'none' })).rejects.toThrow(notFound);
    const noUser = failure('missing', 'EntityNotExist.User');
    await expect(operations.listGroupsForUser({ UserName: 'nobody' })).rejects.toThrow(noUser);
    await expect(operations.removeUserFromGroup({ UserName: 'nobody', GroupName })).rejects.toThrow(noUser);
  });
});
