import { beforeEach, describe, expect, it } from 'vitest';
import { buildTrustPolicy } from '../../../src/core/workflows/role.ts';
import { failure } from '../../support/failures.ts';
import { SUBJECTS, type Subject, today } from './subjects.ts';

const RoleName = 'auditor';
const AssumeRolePolicyDocument = buildTrustPolicy(['1234567890123456'], ['ecs.aliyuncs.com']);
const policy = { PolicyName: 'ReadOnlyAccess', PolicyType: 'System' as const };

describe.each(SUBJECTS)('roles in %s', (_, open) => {
  let subject: Subject;
  let operations: Subject['operations'];
  beforeEach(async () => {
    subject = await open();
    ({ operations } = subject);
    await operations.createRole({ RoleName, Description: 'audits', AssumeRolePolicyDocument });
  });

  it('a new role has an id, an ARN, sessions of one hour and its tags', async () => {
    const { AccountId } = await operations.getCallerIdentity();
    const Tag = [{ Key: 'team', Value: 'web' }];
    const role = await operations.createRole({ RoleName: 'Web.Server-1', AssumeRolePolicyDocument, Tag });
    expect(role).toEqual({
      RoleId: expect.stringMatching(/^3\d{17}$/),
      RoleName: 'Web.Server-1',
      Arn: `acs:ram::${AccountId}:role/Web.Server-1`,
      Description: null,
      AssumeRolePolicyDocument,
      MaxSessionDuration: 3600,
      CreateDate: today(subject),
      UpdateDate: today(subject),
      Tags: [{ TagKey: 'team', TagValue: 'web' }],
    });
    expect(await operations.getRole({ RoleName: 'web.server-1' })).toEqual(role);
    const [auditor, server] = await operations.listRoles();
    expect([auditor?.RoleName, server]).toEqual([RoleName, role]);
  });

  it('an update changes only what it names, and an empty description removes the description', async () => {
    const before = await operations.getRole({ RoleName });
    subject.clock.step(60);
    const UpdateDate = today(subject);
    const trust = buildTrustPolicy([], ['oss.aliyuncs.com']);
    expect(await operations.updateRole({ RoleName: 'AUDITOR', NewMaxSessionDuration: 43_200 })).toEqual({
      ...before,
      MaxSessionDuration: 43_200,
      UpdateDate,
    });
    await operations.updateRole({ RoleName, NewAssumeRolePolicyDocument: trust });
    expect(await operations.updateRole({ RoleName, NewDescription: '' })).toEqual({
      ...before,
      Description: null,
      AssumeRolePolicyDocument: trust,
      MaxSessionDuration: 43_200,
      UpdateDate,
    });
  });

  it('a name exists once regardless of case, and a role with policies cannot be deleted', async () => {
    const again = operations.createRole({ RoleName: 'AUDITOR', AssumeRolePolicyDocument });
    await expect(again).rejects.toThrow(failure('refused', 'EntityAlreadyExists.Role'));
    const { RoleId } = await operations.getRole({ RoleName });
    await operations.attachPolicyToRole({ ...policy, RoleName });
    const conflict = failure('refused', 'DeleteConflict.Role.Policy');
    await expect(operations.deleteRole({ RoleName })).rejects.toThrow(conflict);
    await operations.detachPolicyFromRole({ ...policy, RoleName });
    await operations.deleteRole({ RoleName });
    for (const name of ['getRole', 'deleteRole', 'updateRole', 'listPoliciesForRole'] as const) {
      await expect(operations[name]({ RoleName })).rejects.toThrow(failure('missing', 'EntityNotExist.Role'));
    }
    expect((await operations.createRole({ RoleName, AssumeRolePolicyDocument })).RoleId).not.toBe(RoleId);
  });

  it('a wrong trust policy and a wrong session duration are refused', async () => {
    const create = (change: object) => operations.createRole({ RoleName: 'new', AssumeRolePolicyDocument, ...change });
    await expect(create({ AssumeRolePolicyDocument: '{}' })).rejects.toThrow(
      failure('refused', 'MalformedPolicyDocument'),
    );
    await expect(create({ MaxSessionDuration: 3599 })).rejects.toThrow(
      failure('refused', 'InvalidParameter.MaxSessionDuration.Range'),
    );
  });
});
