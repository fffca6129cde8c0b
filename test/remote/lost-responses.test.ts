import { beforeEach, describe, expect, it } from 'vitest';
import type { Directory } from '../../src/core/directory.ts';
import { buildTrustPolicy } from '../../src/core/workflows/role.ts';
import type { Api } from '../../src/remote/api.ts';
import { type RemoteOperations, remoteOperations } from '../../src/remote/operations.ts';
import { failure } from '../support/failures.ts';
import { type Loss, lossyApi } from '../support/lossy-api.ts';
import { codeAt } from '../support/mfa.ts';
import { connectApi } from '../support/test-api.ts';
import { TestEndpoint } from '../support/test-endpoint.ts';

const LOSSES: Loss[] = ['answer', 'request', 'late'];
const UserName = 'alice';
const PolicyDocument = '{"Version":"1","Statement":[{"Effect":"Allow","Action":"iot:*","Resource":"*"}]}';
const AssumeRolePolicyDocument = buildTrustPolicy([], ['ecs.aliyuncs.com']);
const readOnly = { PolicyName: 'ReadOnlyAccess', PolicyType: 'System' as const };

let endpoint: TestEndpoint;
let api: Api;
/** The directory of the endpoint. */
let directory: Directory;

beforeEach(async () => {
  endpoint = await TestEndpoint.open();
  api = await connectApi(endpoint);
  ({ directory } = endpoint.world);
});

/** Returns operations whose first call of `action` is lost. */
function losing(action: string, loss: Loss): RemoteOperations {
  return remoteOperations(lossyApi(api, action, loss), async () => {});
}

interface Entity {
  action: string;
  existsCode: string;
  create(operations: RemoteOperations, text?: string): Promise<object>;
  get(): Promise<object>;
}

const ENTITIES: Record<string, Entity> = {
  user: {
    action: 'CreateUser',
    existsCode: 'EntityAlreadyExists.User',
    create: (operations, Comments = 'one') => operations.createUser({ UserName, Comments, Tag: [{ Key: 'team' }] }),
    get: () => directory.getUser({ UserName }),
  },
  group: {
    action: 'CreateGroup',
    existsCode: 'EntityAlreadyExists.Group',
    create: (operations, Comments = 'one') => operations.createGroup({ GroupName: 'ops', Comments }),
    get: () => directory.getGroup({ GroupName: 'ops' }),
  },
  policy: {
    action: 'CreatePolicy',
    existsCode: 'EntityAlreadyExists.Policy',
    create: (operations, Description = 'one') =>
      operations.createPolicy({ PolicyName: 'Own', PolicyDocument, Description }),
    async get() {
      const { PolicyDocument: _, ...policy } = await directory.getPolicy({ PolicyName: 'Own', PolicyType: 'Custom' });
      return policy;
    },
  },
  role: {
    action: 'CreateRole',
    existsCode: 'EntityAlreadyExists.Role',
    create: (operations, Description = 'one') =>
      operations.createRole({ RoleName: 'web', AssumeRolePolicyDocument, Description }),
    get: () => directory.getRole({ RoleName: 'web' }),
  },
};

describe.each(LOSSES)('when the first call loses its %s', (loss) => {
  it.each(Object.values(ENTITIES))('$action creates one entity and returns it', async ({ action, create, get }) => {
    const created = await create(losing(action, loss));
    expect(created).toEqual(await get());
  });

  it.each(Object.values(ENTITIES))('$action never takes an earlier entity for a new one', async (entity) => {
    await entity.create(directory);
    const before = await entity.get();
    const again = entity.create(losing(entity.action, loss));
    await expect(again).rejects.toThrow(failure('refused', entity.existsCode));
    expect(await entity.get()).toEqual(before);
  });

  it.each([0, 1])('CreateAccessKey leaves one new key, for a user with %i keys', async (count) => {
    await directory.createUser({ UserName });
    for (let n = 0; n < count; n += 1) await directory.createAccessKey({ UserName });
    const before = (await directory.listAccessKeys({ UserName })).map(({ AccessKeyId }) => AccessKeyId);
    const creation = losing('CreateAccessKey', loss).createAccessKey({ UserName });
    const ids = async () => (await directory.listAccessKeys({ UserName })).map(({ AccessKeyId }) => AccessKeyId);
    if (loss === 'late' && count === 1) {
      // The lost call makes the key that the repetition needs room for.
      await expect(creation).rejects.toThrow(failure('later', 'LimitExceeded.User.AccessKey'));
      expect(await ids()).toEqual(before);
    } else {
      const pair = await creation;
      expect(await ids()).toEqual([...before, pair.AccessKeyId]);
      expect(await directory.verifyAccessKey(pair)).toMatchObject({ UserName });
    }
  });

  it('CreateLoginProfile sets the given password, and never that of an earlier logon', async () => {
    const [Password, other] = ['Correct-Horse-9', 'Battery-Staple-8'].map((plaintext) => ({ plaintext, hash: '' }));
    const logOn = async (password = '') =>
      directory.logOn((await directory.getUser({ UserName })).UserPrincipalName, password);
    await directory.createUser({ UserName });
    const input = { UserName, Password: Password as never, PasswordResetRequired: true };
    const created = await losing('CreateLoginProfile', loss).createLoginProfile(input);
    expect(created).toEqual(await directory.getLoginProfile({ UserName }));
    await logOn(Password?.plaintext);
    const again = losing('CreateLoginProfile', loss).createLoginProfile({ UserName, Password: other as never });
    await expect(again).rejects.toThrow(failure('refused', 'EntityAlreadyExists.User.LoginProfile'));
    await logOn(Password?.plaintext);
  });

  it('an MFA device is created with a seed that is known, then bound and unbound', async () => {
    await directory.createUser({ UserName });
    const VirtualMFADeviceName = UserName;
    const creation = () => losing('CreateVirtualMFADevice', loss).createVirtualMFADevice({ VirtualMFADeviceName });
    if (loss === 'late') {
      await expect(creation()).rejects.toThrow(failure('refused', 'EntityAlreadyExists.VirtualMFADevice'));
      expect(await directory.listVirtualMFADevices()).toEqual([]);
      return;
    }
    const { SerialNumber, Base32StringSeed } = await creation();
    const [AuthenticationCode1 = '', AuthenticationCode2 = ''] = [0, 1].map((steps) =>
      codeAt(Base32StringSeed, endpoint.world.clock.now(), steps),
    );
    const codes = { AuthenticationCode1, AuthenticationCode2 };
    await losing('BindMFADevice', loss).bindMFADevice({ UserName, SerialNumber, ...codes });
    expect(await directory.getUserMFAInfo({ UserName })).toMatchObject({ SerialNumber });
    await expect(creation()).rejects.toThrow(failure('refused', 'EntityAlreadyExists.VirtualMFADevice'));
    expect(await losing('UnbindMFADevice', loss).unbindMFADevice({ UserName })).toEqual({ SerialNumber });
    await losing('DeleteVirtualMFADevice', loss).deleteVirtualMFADevice({ SerialNumber });
    expect(await directory.listVirtualMFADevices()).toEqual([]);
  });

  it('relations are made and removed', async () => {
    const GroupName = 'ops';
    await directory.createUser({ UserName });
    await directory.createGroup({ GroupName });
    await losing('AddUserToGroup', loss).addUserToGroup({ UserName, GroupName });
    await losing('AttachPolicyToUser', loss).attachPolicyToUser({ UserName, ...readOnly });
    expect(await directory.listGroupsForUser({ UserName })).toHaveLength(1);
    expect(await directory.listPoliciesForUser({ UserName })).toHaveLength(1);
    await losing('DetachPolicyFromUser', loss).detachPolicyFromUser({ UserName, ...readOnly });
    await losing('RemoveUserFromGroup', loss).removeUserFromGroup({ UserName, GroupName });
    await losing('DeleteGroup', loss).deleteGroup({ GroupName });
    await losing('DeleteUser', loss).deleteUser({ UserName });
    expect([await endpoint.users(), await directory.listGroups()]).toEqual([['admin', 'bob'], []]);
  });

  it.each(['Alicia', 'ALICE'])('a rename to %s is made with the other changes', async (name) => {
    await directory.createUser({ UserName });
    await directory.createGroup({ GroupName: UserName });
    const user = { UserName, NewUserName: name, NewComments: 'x' };
    const group = { GroupName: UserName, NewGroupName: name, NewComments: 'x' };
    expect(await losing('UpdateUser', loss).updateUser(user)).toMatchObject({ UserName: name, Comments: 'x' });
    expect(await losing('UpdateGroup', loss).updateGroup(group)).toMatchObject({ GroupName: name, Comments: 'x' });
  });
});

it.each(['answer', 'request'] as const)('a policy gets one new version when the %s is lost', async (loss) => {
  const ref = { PolicyName: 'Own', PolicyType: 'Custom' as const };
  await directory.createPolicy({ ...ref, PolicyDocument });
  const version = await losing('CreatePolicyVersion', loss).createPolicyVersion({ ...ref, PolicyDocument });
  expect((await directory.listPolicyVersions(ref)).slice(1)).toEqual([version]);
  await losing('DeletePolicyVersion', loss).deletePolicyVersion({ ...ref, VersionId: version.VersionId });
  await losing('DeletePolicy', loss).deletePolicy(ref);
  expect(await directory.listPolicies({ PolicyType: 'Custom' })).toEqual([]);
});

it('a key that was used meanwhile is not deleted, because another process created it', async () => {
  await directory.createUser({ UserName });
  const other = { AccessKeyId: '' };
  const lossy = lossyApi(api, 'CreateAccessKey', 'request');
  const racing: Api = {
    ...lossy,
    async callOnce(...input) {
      const pair = await directory.createAccessKey({ UserName });
      other.AccessKeyId = (await directory.verifyAccessKey(pair)).AccessKeyId;
      return lossy.callOnce(...input);
    },
  };
  const created = await remoteOperations(racing, async () => {}).createAccessKey({ UserName });
  const ids = (await directory.listAccessKeys({ UserName })).map(({ AccessKeyId }) => AccessKeyId);
  expect(ids).toEqual([other.AccessKeyId, created.AccessKeyId]);
});

it('a user is deleted again when its tags are refused', async () => {
  const Tag = [{ Key: 'acs:x' }];
  await expect(losing('CreateUser', 'answer').createUser({ UserName, Tag })).rejects.toThrow(
    failure('refused', 'InvalidParameter.TagKey.Format'),
  );
  expect(await endpoint.users()).toEqual(['admin', 'bob']);
  const down = async () => Promise.reject(new Error('down'));
  const broken: Api = { ...api, callOnce: (...input) => (input[1] === 'DeleteUser' ? down() : api.callOnce(...input)) };
  await expect(remoteOperations(broken, async () => {}).createUser({ UserName, Tag })).rejects.toMatchObject({
    code: 'PartlyDone',
    message: expect.stringContaining('the user alice was created without its tags: '),
  });
});
