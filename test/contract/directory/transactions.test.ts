import { beforeEach, describe, expect, it } from 'vitest';
import type { Operations } from '../../../src/core/directory.ts';
import { failure } from '../../support/failures.ts';
import { SUBJECTS, type Subject, withoutSetup } from './subjects.ts';

const [UserName, GroupName] = ['alice', 'ops'];
const policy = { PolicyName: 'ReadOnlyAccess', PolicyType: 'System' as const };

/** Changes of several kinds. */
async function change(operations: Operations): Promise<void> {
  await operations.createGroup({ GroupName });
  await operations.createUser({ UserName, Tag: [{ Key: 'team' }] });
  await operations.addUserToGroup({ UserName, GroupName });
  await operations.attachPolicyToGroup({ ...policy, GroupName });
  await operations.createAccessKey({ UserName });
  await operations.updateUser({ UserName: 'carol', NewUserName: 'caro', NewComments: 'new' });
}

describe.each(SUBJECTS)('transactions in %s', (_, open) => {
  let directory: Subject['operations'];
  beforeEach(async () => {
    ({ operations: directory } = await open());
    await directory.createUser({ UserName: 'carol', Comments: 'old' });
  });
  const read = async () => {
    const users = await directory.listUsers();
    const groups = await directory.listGroups();
    return { users: users.map(({ UserName, Comments, Tags }) => ({ UserName, Comments, Tags })), groups };
  };

  it('a transaction that throws changes nothing', async () => {
    const before = await read();
    const attempt = directory.atomically(async (operations) => {
      await change(operations);
      await operations.deleteGroup({ GroupName });
    });
    await expect(attempt).rejects.toThrow(failure('refused', 'DeleteConflict.Group.User'));
    expect(await read()).toEqual(before);
  });

  it('a transaction can be reverted', async () => {
    const before = await read();
    const { value, revert } = await directory.atomically(async (operations) => {
      await change(operations);
      return operations.listUsersForGroup({ GroupName });
    });
    expect(value).toMatchObject([{ UserName }]);
    const names = (await directory.listUsers()).map((user) => user.UserName);
    expect(withoutSetup(names)).toEqual(['alice', 'caro']);
    await revert();
    expect(await read()).toEqual(before);
  });

  it('a dry run has the same results and errors, and changes nothing', async () => {
    const before = await read();
    const { value } = await directory.dryRun().atomically(async (operations) => {
      await change(operations);
      return [await operations.listGroupsForUser({ UserName }), await operations.listAccessKeys({ UserName })];
    });
    expect(value).toMatchObject([[{ GroupName }], [{ Status: 'Active' }]]);
    const again = directory.dryRun().createUser({ UserName: 'CAROL' });
    await expect(again).rejects.toThrow(failure('refused', 'EntityAlreadyExists.User'));
    await directory.dryRun().deleteUser({ UserName: 'carol' });
    expect(await read()).toEqual(before);
  });
});
