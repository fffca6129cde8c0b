import { beforeEach, expect, it } from 'vitest';
import type { Directory } from '../../src/core/directory.ts';
import { failure } from '../support/failures.ts';
import { TestWorld } from '../support/test-world.ts';

const UserName = 'alice';
const PolicyType = 'System' as const;
const readOnly = { PolicyName: 'ReadOnlyAccess', PolicyType };
const PolicyDocument = '{"Version":"1","Statement":[{"Effect":"Allow","Action":"iot:*","Resource":"*"}]}';
let world: TestWorld;
let directory: Directory;

beforeEach(async () => {
  world = new TestWorld();
  ({ directory } = world);
  await directory.createUser({ UserName });
});

it('a policy is found regardless of case, with its document as text', async () => {
  const policy = await directory.getPolicy({ PolicyName: 'READONLYACCESS', PolicyType });
  expect(policy).toMatchObject({ ...readOnly, DefaultVersion: 'v2', AttachmentCount: 0 });
  expect(JSON.parse(policy.PolicyDocument)).toMatchObject({ Version: '1', Statement: [{ Effect: 'Allow' }] });
  for (const PolicyName of ['NoSuchAccess', 'constructor', 'toString']) {
    await expect(directory.getPolicy({ PolicyName, PolicyType })).rejects.toThrow(
      failure('missing', 'EntityNotExist.Policy'),
    );
  }
});

it('only the current version of a system policy is there', async () => {
  const version = (VersionId: string) => directory.getPolicyVersion({ ...readOnly, VersionId });
  expect(await version('v2')).toMatchObject({ IsDefaultVersion: true });
  await expect(version('v1')).rejects.toThrow(failure('missing', 'EntityNotExist.Policy.Version'));
  for (const text of ['2', 'v0', 'v', 'V2', '']) {
    await expect(version(text)).rejects.toThrow(failure('refused', 'InvalidParameter.VersionId.Format'));
  }
});

it('an attachment is made once and removed once, whatever the spelling', async () => {
  await directory.attachPolicyToUser({ UserName: 'ALICE', PolicyName: 'readonlyaccess', PolicyType });
  const attached = [{ ...readOnly, AttachDate: '2026-01-01T00:00:00Z' }];
  expect(await directory.listPoliciesForUser({ UserName })).toMatchObject(attached);
  const again = directory.attachPolicyToUser({ UserName, ...readOnly });
  await expect(again).rejects.toThrow(failure('refused', 'EntityAlreadyExists.User.Policy'));
  await directory.detachPolicyFromUser({ UserName, PolicyName: 'READONLYACCESS', PolicyType });
  const gone = directory.detachPolicyFromUser({ UserName, ...readOnly });
  await expect(gone).rejects.toThrow(failure('missing', 'EntityNotExist.User.Policy'));
});

it('a version goes unless it is in force, and its number never comes back', async () => {
  const custom = { PolicyName: 'Own', PolicyType: 'Custom' as const };
  const add = (SetAsDefault: boolean) => directory.createPolicyVersion({ ...custom, PolicyDocument, SetAsDefault });
  await directory.createPolicy({ ...custom, PolicyDocument });
  expect(await add(true)).toMatchObject({ VersionId: 'v2', IsDefaultVersion: true });
  await expect(directory.deletePolicyVersion({ ...custom, VersionId: 'v2' })).rejects.toThrow(
    failure('refused', 'DeleteConflict.Policy.Version.Default'),
  );
  expect(await add(false)).toMatchObject({ VersionId: 'v3', IsDefaultVersion: false });
  await directory.deletePolicyVersion({ PolicyName: 'OWN', VersionId: 'v3' });
  await expect(directory.deletePolicyVersion({ ...custom, VersionId: 'v3' })).rejects.toThrow(
    failure('missing', 'EntityNotExist.Policy.Version'),
  );
  expect(await add(false)).toMatchObject({ VersionId: 'v4' });
  expect((await directory.listPolicyVersions(custom)).map(({ VersionId }) => VersionId)).toEqual(['v1', 'v2', 'v4']);
});

it('a policy with several versions is deleted with all of them or not at all, and never while attached', async () => {
  const custom = { PolicyName: 'Own', PolicyType: 'Custom' as const };
  const remove = (CascadingDelete: boolean) => directory.deletePolicy({ PolicyName: 'OWN', CascadingDelete });
  const refused = (what: string) => failure('refused', `DeleteConflict.Policy.${what}`);
  await directory.createPolicy({ ...custom, PolicyDocument });
  await directory.createPolicyVersion({ ...custom, PolicyDocument });
  await directory.createGroup({ GroupName: 'ops' });
  await directory.attachPolicyToGroup({ ...custom, GroupName: 'ops' });
  await directory.attachPolicyToUser({ ...custom, UserName });
  await expect(remove(true)).rejects.toThrow(refused('User'));
  await directory.detachPolicyFromUser({ ...custom, UserName });
  await expect(remove(true)).rejects.toThrow(refused('Group'));
  await directory.detachPolicyFromGroup({ ...custom, GroupName: 'ops' });
  await expect(remove(false)).rejects.toThrow(refused('Version'));
  await remove(true);
  await expect(remove(true)).rejects.toThrow(failure('missing', 'EntityNotExist.Policy'));
});

it('an account holds 1500 custom policies', async () => {
  await directory.createPolicy({ PolicyName: 'Own', PolicyDocument });
  await world.store.change(async ({ Policies }) => {
    const policy = Policies.get('own');
    for (let n = 2; policy && n < 1500; n += 1) Policies.set(`p${n}`, { ...policy, PolicyName: `p${n}` });
  });
  await directory.createPolicy({ PolicyName: 'Last', PolicyDocument });
  const more = directory.createPolicy({ PolicyName: 'More', PolicyDocument });
  await expect(more).rejects.toThrow(failure('refused', 'LimitExceeded.Policy'));
});

it.each(['createPolicyVersion', 'updatePolicyDescription', 'deletePolicy', 'setDefaultPolicyVersion'] as const)(
  '%s is for custom policies alone',
  async (operation) => {
    const input = { PolicyName: 'readonlyaccess', PolicyDocument, NewDescription: 'x', VersionId: 'v2' };
    const attempt = directory[operation](input);
    await expect(attempt).rejects.toThrow(failure('missing', 'EntityNotExist.Policy'));
    await expect(attempt).rejects.toThrow(/ReadOnlyAccess.* system policy/);
  },
);
