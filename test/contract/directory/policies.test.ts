import { beforeEach, describe, expect, it } from 'vitest';
import { failure } from '../../support/failures.ts';
import { SUBJECTS, type Subject, today } from './subjects.ts';

const UserName = 'alice';
const PolicyType = 'System' as const;
const readOnly = { PolicyName: 'ReadOnlyAccess', PolicyType };
const custom = { PolicyName: 'Own', PolicyType: 'Custom' as const };
const PolicyDocument = '{"Version":"1","Statement":[{"Effect":"Allow","Action":"iot:*","Resource":"*"}]}';
const other = PolicyDocument.replace('iot', 'oss');

describe.each(SUBJECTS)('policies in %s', (_, open) => {
  let subject: Subject;
  let operations: Subject['operations'];
  beforeEach(async () => {
    subject = await open();
    ({ operations } = subject);
    await operations.createUser({ UserName });
  });

  it('a new policy has one version, both dates, no attachments and its tags', async () => {
    const Tag = [{ Key: 'team', Value: 'iot' }, { Key: 'stage' }];
    const created = await operations.createPolicy({ PolicyName: 'Own', PolicyDocument, Tag });
    expect(created).toEqual({
      ...custom,
      Description: null,
      DefaultVersion: 'v1',
      AttachmentCount: 0,
      CreateDate: today(subject),
      UpdateDate: today(subject),
      Tags: [
        { TagKey: 'stage', TagValue: '' },
        { TagKey: 'team', TagValue: 'iot' },
      ],
    });
    expect(await operations.getPolicy({ ...custom, PolicyName: 'OWN' })).toEqual({ ...created, PolicyDocument });
    expect(await operations.listPolicies({ PolicyType: 'Custom' })).toEqual([created]);
    await expect(operations.createPolicy({ PolicyName: 'own', PolicyDocument })).rejects.toThrow(
      failure('refused', 'EntityAlreadyExists.Policy'),
    );
    await expect(operations.createPolicy({ PolicyName: 'More', PolicyDocument: '{}' })).rejects.toThrow(
      failure('refused', 'MalformedPolicyDocument'),
    );
  });

  it('a policy is found regardless of case, with its document as text', async () => {
    const policy = await operations.getPolicy({ PolicyName: 'READONLYACCESS', PolicyType });
    expect(policy).toMatchObject({ ...readOnly, DefaultVersion: 'v2', AttachmentCount: 0, Tags: [] });
    expect(JSON.parse(policy.PolicyDocument)).toMatchObject({ Version: '1', Statement: [{ Effect: 'Allow' }] });
    for (const PolicyName of ['NoSuchAccess', 'constructor', 'toString']) {
      await expect(operations.getPolicy({ PolicyName, PolicyType })).rejects.toThrow(
        failure('missing', 'EntityNotExist.Policy'),
      );
    }
  });

  it('lists have the policies of one type or both, sorted by name regardless of case', async () => {
    for (const PolicyName of ['zeta', 'Alpha']) await operations.createPolicy({ PolicyName, PolicyDocument });
    const names = async (input: Parameters<typeof operations.listPolicies>[0]) =>
      (await operations.listPolicies(input)).map(({ PolicyName }) => PolicyName);
    expect(await names({ PolicyType: 'Custom' })).toEqual(['Alpha', 'zeta']);
    const [system, all] = [await names({ PolicyType }), await names({})];
    expect(system).toContain('ReadOnlyAccess');
    expect(all).toHaveLength(system.length + 2);
    expect(all).toEqual(all.toSorted((left, right) => (left.toLowerCase() < right.toLowerCase() ? -1 : 1)));
  });

  it('a system policy has only its current version', async () => {
    const version = (VersionId: string) => operations.getPolicyVersion({ ...readOnly, VersionId });
    expect(await version('v2')).toMatchObject({ IsDefaultVersion: true });
    await expect(version('v1')).rejects.toThrow(failure('missing', 'EntityNotExist.Policy.Version'));
    for (const text of ['2', 'v0', 'v', 'V2']) {
      await expect(version(text)).rejects.toThrow(failure('refused', 'InvalidParameter.VersionId.Format'));
    }
  });

  it('the description of a policy is changed and removed', async () => {
    await operations.createPolicy({ ...custom, PolicyDocument, Description: 'one', Tag: [{ Key: 'team' }] });
    const edit = (NewDescription: string) => operations.updatePolicyDescription({ ...custom, NewDescription });
    const Tags = [{ TagKey: 'team', TagValue: '' }];
    expect(await edit('two')).toMatchObject({ Description: 'two', AttachmentCount: 0, Tags });
    expect(await edit('')).toMatchObject({ Description: null });
  });

  it('the default version cannot be deleted, and the number of a deleted version is not reused', async () => {
    const add = (SetAsDefault: boolean) => operations.createPolicyVersion({ ...custom, PolicyDocument, SetAsDefault });
    await operations.createPolicy({ ...custom, PolicyDocument: other });
    expect(await add(true)).toEqual({
      VersionId: 'v2',
      IsDefaultVersion: true,
      PolicyDocument,
      CreateDate: today(subject),
    });
    await expect(operations.deletePolicyVersion({ ...custom, VersionId: 'v2' })).rejects.toThrow(
      failure('refused', 'DeleteConflict.Policy.Version.Default'),
    );
    expect(await add(false)).toMatchObject({ VersionId: 'v3', IsDefaultVersion: false });
    await operations.deletePolicyVersion({ PolicyName: 'OWN', VersionId: 'v3' });
    await expect(operations.deletePolicyVersion({ ...custom, VersionId: 'v3' })).rejects.toThrow(
      failure('missing', 'EntityNotExist.Policy.Version'),
    );
    await add(false);
    await operations.setDefaultPolicyVersion({ PolicyName: 'own', VersionId: 'v1' });
    const versions = await operations.listPolicyVersions(custom);
    expect(versions.map(({ VersionId, IsDefaultVersion }) => [VersionId, IsDefaultVersion])).toEqual([
      ['v1', true],
      ['v2', false],
      ['v4', false],
    ]);
    expect(await operations.getPolicy(custom)).toMatchObject({ DefaultVersion: 'v1', PolicyDocument: other });
  });

  it('a policy has 5 versions, and the sixth one can replace the oldest', async () => {
    await operations.createPolicy({ ...custom, PolicyDocument });
    for (let n = 0; n < 4; n += 1) await operations.createPolicyVersion({ ...custom, PolicyDocument });
    const sixth = operations.createPolicyVersion({ ...custom, PolicyDocument });
    await expect(sixth).rejects.toThrow(failure('refused', 'LimitExceeded.Policy.Version'));
    const RotateStrategy = 'DeleteOldestNonDefaultVersionWhenLimitExceeded';
    await operations.createPolicyVersion({ ...custom, PolicyDocument, RotateStrategy });
    const ids = (await operations.listPolicyVersions(custom)).map(({ VersionId }) => VersionId);
    expect(ids).toEqual(['v1', 'v3', 'v4', 'v5', 'v6']);
  });

  it('a policy with several versions is deleted only with CascadingDelete, and never while it is attached', async () => {
    const remove = (CascadingDelete: boolean) => operations.deletePolicy({ PolicyName: 'OWN', CascadingDelete });
    const conflict = (dependent: string) => failure('refused', `DeleteConflict.Policy.${dependent}`);
    await operations.createPolicy({ ...custom, PolicyDocument });
    await operations.createPolicyVersion({ ...custom, PolicyDocument });
    await operations.createGroup({ GroupName: 'ops' });
    await operations.attachPolicyToGroup({ ...custom, GroupName: 'ops' });
    await operations.attachPolicyToUser({ ...custom, UserName });
    await expect(remove(true)).rejects.toThrow(conflict('User'));
    await operations.detachPolicyFromUser({ ...custom, UserName });
    await expect(remove(true)).rejects.toThrow(conflict('Group'));
    await operations.detachPolicyFromGroup({ ...custom, GroupName: 'ops' });
    await expect(remove(false)).rejects.toThrow(conflict('Version'));
    await remove(true);
    await expect(remove(true)).rejects.toThrow(failure('missing', 'EntityNotExist.Policy'));
  });

  it.each(['createPolicyVersion', 'updatePolicyDescription', 'deletePolicy', 'setDefaultPolicyVersion'] as const)(
    '%s accepts only custom policies',
    async (operation) => {
      const input = { PolicyName: 'readonlyaccess', PolicyDocument, NewDescription: 'x', VersionId: 'v2' };
      await expect(operations[operation](input)).rejects.toThrow(failure('missing', 'EntityNotExist.Policy'));
    },
  );
});
