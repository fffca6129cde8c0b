import type { Directory, Operations } from '../../src/core/directory.ts';
import { changeAttachments, changeMemberships } from '../../src/core/workflows/attachment.ts';
import { provisionUsers } from '../../src/core/workflows/provision.ts';
import { DOCUMENT } from './remote-world.ts';

export type Task = (directory: Directory) => Promise<unknown>;
export const inTransaction =
  (work: (operations: Operations) => Promise<unknown>): Task =>
  (directory) =>
    directory.atomically(work);

export const newUser = (UserName: string) => ({
  user: { UserName, DisplayName: 'New' },
  logon: {},
  accessKey: true,
  groups: ['ops'],
  policies: ['Own', 'ReadOnlyAccess'],
});
export const custom = (PolicyName: string) => ({ PolicyName, PolicyType: 'Custom' as const });

export async function keyOf(operations: Operations, UserName: string): Promise<string> {
  const [key] = await operations.listAccessKeys({ UserName });
  return key?.AccessKeyId ?? '';
}

/** Tasks whose changes all can be undone. */
export const UNDOABLE_TASKS: Record<string, Task> = {
  'create a user with everything': (directory) => provisionUsers(directory, [newUser('alice')], () => {}),
  'import two users': (directory) =>
    provisionUsers(
      directory,
      ['u1', 'u2'].map((name, index) => ({ ...newUser(name), Row: index + 1 })),
      () => {},
    ),
  'attach policies to several': inTransaction((operations) =>
    changeAttachments(operations, 'attach', ['Other', 'AliyunOSSFullAccess'], {
      users: ['bob', 'carol'],
      groups: ['ops', 'dev'],
      roles: ['deployer'],
    }),
  ),
  'detach policies': inTransaction(async (operations) => {
    await changeAttachments(operations, 'detach', ['Own'], { users: ['bob', 'carol'] });
    await changeAttachments(operations, 'detach', ['ReadOnlyAccess'], { groups: ['ops'] });
    await changeAttachments(operations, 'detach', ['Other'], { roles: ['deployer'] });
  }),
  'change memberships': inTransaction(async (operations) => {
    await changeMemberships(operations, 'addUserToGroup', 'dev', ['bob', 'carol']);
    await changeMemberships(operations, 'removeUserFromGroup', 'ops', ['bob', 'carol']);
  }),
  'edit and rename': inTransaction(async (operations) => {
    await operations.updateUser({ UserName: 'bob', NewUserName: 'robert', NewComments: 'new', NewEmail: '' });
    await operations.attachPolicyToUser({ ...custom('Other'), UserName: 'robert' });
    await operations.updateGroup({ GroupName: 'ops', NewGroupName: 'operations', NewComments: '' });
    await operations.updatePolicyDescription({ PolicyName: 'Own', NewDescription: 'new' });
    await operations.updateRole({ RoleName: 'deployer', NewDescription: 'new', NewMaxSessionDuration: 7200 });
    await operations.updateLoginProfile({ UserName: 'robert', Status: 'Inactive', MFABindRequired: false });
  }),
  'change tags': inTransaction(async (operations) => {
    const users = { ResourceType: 'user' as const, ResourceNames: ['bob', 'carol'] };
    await operations.tagResources({
      ...users,
      Tag: [
        { Key: 'team', Value: 'blue' },
        { Key: 'new', Value: '' },
      ],
    });
    await operations.untagResources({ ...users, TagKeys: ['team'] });
    await operations.tagResources({ ResourceType: 'policy', ResourceNames: ['Own'], Tag: [{ Key: 'a', Value: 'b' }] });
  }),
  'create everything': inTransaction(async (operations) => {
    await operations.createGroup({ GroupName: 'new' });
    await operations.createPolicy({ PolicyName: 'New', PolicyDocument: DOCUMENT });
    await operations.attachPolicyToGroup({ ...custom('New'), GroupName: 'new' });
    const { AssumeRolePolicyDocument } = await operations.getRole({ RoleName: 'deployer' });
    await operations.createRole({ RoleName: 'new', AssumeRolePolicyDocument });
    await operations.attachPolicyToRole({ ...custom('New'), RoleName: 'new' });
    await operations.createVirtualMFADevice({ VirtualMFADeviceName: 'new' });
  }),
  'change policy versions': inTransaction(async (operations) => {
    await operations.createPolicyVersion({ PolicyName: 'Own', PolicyDocument: DOCUMENT, SetAsDefault: true });
    await operations.createPolicyVersion({ PolicyName: 'Own', PolicyDocument: DOCUMENT });
    await operations.setDefaultPolicyVersion({ PolicyName: 'Own', VersionId: 'v2' });
  }),
  'replace a key': inTransaction(async (operations) => {
    const old = await keyOf(operations, 'bob');
    await operations.createAccessKey({ UserName: 'bob' });
    await operations.updateAccessKey({ UserName: 'bob', UserAccessKeyId: old, Status: 'Inactive' });
    const tag = { ResourceType: 'user' as const, ResourceNames: ['bob'] };
    await operations.tagResources({ ...tag, Tag: [{ Key: 'rotation', Value: 'r1' }] });
  }),
  'change the account': inTransaction(async (operations) => {
    await operations.setAccountAlias({ AccountAlias: 'other' });
    await operations.setPasswordPolicy({ MinimumPasswordLength: 12, RequireNumbers: true });
    await operations.setSecurityPreference({ LoginSessionDuration: 3 });
    await operations.clearAccountAlias();
  }),
};
