import { beforeEach, describe, expect, it } from 'vitest';
import type { PolicyRef } from '../../../src/core/directory.ts';
import { buildTrustPolicy } from '../../../src/core/workflows/role.ts';
import { failure } from '../../support/failures.ts';
import { SUBJECTS, type Subject, today } from './subjects.ts';

const PolicyDocument = '{"Version":"1","Statement":[{"Effect":"Allow","Action":"iot:*","Resource":"*"}]}';
const customPolicy = (n: number): PolicyRef => ({ PolicyName: `Own${n}`, PolicyType: 'Custom' });
const readOnly: PolicyRef = { PolicyName: 'ReadOnlyAccess', PolicyType: 'System' };

describe.each(SUBJECTS)('attachments in %s', (_, open) => {
  let subject: Subject;
  let operations: Subject['operations'];
  beforeEach(async () => {
    subject = await open();
    ({ operations } = subject);
    await operations.createUser({ UserName: 'alice' });
    await operations.createGroup({ GroupName: 'ops', Comments: 'on call' });
    const AssumeRolePolicyDocument = buildTrustPolicy(['1234567890123456'], []);
    await operations.createRole({ RoleName: 'auditor', Description: 'audits', AssumeRolePolicyDocument });
    await operations.createPolicy({ PolicyName: 'Own0', PolicyDocument, Description: 'zero' });
  });

  /** The operations on a user, a group and a role. */
  const TARGETS = {
    User: {
      attach: (ref: PolicyRef) => operations.attachPolicyToUser({ ...ref, UserName: 'ALICE' }),
      detach: (ref: PolicyRef) => operations.detachPolicyFromUser({ ...ref, UserName: 'ALICE' }),
      list: () => operations.listPoliciesForUser({ UserName: 'ALICE' }),
    },
    Group: {
      attach: (ref: PolicyRef) => operations.attachPolicyToGroup({ ...ref, GroupName: 'OPS' }),
      detach: (ref: PolicyRef) => operations.detachPolicyFromGroup({ ...ref, GroupName: 'OPS' }),
      list: () => operations.listPoliciesForGroup({ GroupName: 'OPS' }),
    },
    Role: {
      attach: (ref: PolicyRef) => operations.attachPolicyToRole({ ...ref, RoleName: 'AUDITOR' }),
      detach: (ref: PolicyRef) => operations.detachPolicyFromRole({ ...ref, RoleName: 'AUDITOR' }),
      list: () => operations.listPoliciesForRole({ RoleName: 'AUDITOR' }),
    },
  };

  describe.each(Object.entries(TARGETS))('a %s', (kind, target) => {
    it('can have a policy only once, and lists policies in the order of attachment', async () => {
      await target.attach({ PolicyName: 'OWN0', PolicyType: 'Custom' });
      const first = { ...customPolicy(0), AttachDate: today(subject), Description: 'zero', DefaultVersion: 'v1' };
      subject.clock.step(60);
      await target.attach({ PolicyName: 'readonlyaccess', PolicyType: 'System' });
      const second = { ...readOnly, AttachDate: today(subject), DefaultVersion: 'v2' };
      expect(await target.list()).toMatchObject([first, second]);
      await expect(target.attach(customPolicy(0))).rejects.toThrow(
        failure('refused', `EntityAlreadyExists.${kind}.Policy`),
      );
      await target.detach({ PolicyName: 'oWN0', PolicyType: 'Custom' });
      await expect(target.detach(customPolicy(0))).rejects.toThrow(failure('missing', `EntityNotExist.${kind}.Policy`));
      expect(await target.list()).toMatchObject([readOnly]);
    });

    it('cannot have a policy that does not exist or has the other type', async () => {
      for (const ref of [
        customPolicy(1),
        { ...customPolicy(0), PolicyType: 'System' as const },
        { ...readOnly, PolicyType: 'Custom' as const },
      ]) {
        for (const change of [target.attach, target.detach]) {
          await expect(change(ref)).rejects.toThrow(failure('missing', 'EntityNotExist.Policy'));
        }
      }
    });
  });

  it('the users, groups and roles that have a policy are listed and counted', async () => {
    await operations.createUser({ UserName: 'Carol', DisplayName: 'Carol C' });
    await operations.createGroup({ GroupName: 'Dev' });
    for (const UserName of ['Carol', 'alice']) await operations.attachPolicyToUser({ ...customPolicy(0), UserName });
    for (const GroupName of ['ops', 'Dev']) await operations.attachPolicyToGroup({ ...customPolicy(0), GroupName });
    await operations.attachPolicyToRole({ ...customPolicy(0), RoleName: 'auditor' });
    const AttachDate = today(subject);
    const { Users, Groups, Roles } = await operations.listEntitiesForPolicy({ ...customPolicy(0), PolicyName: 'OWN0' });
    expect(Users).toEqual([
      { UserId: expect.any(String), UserName: 'alice', DisplayName: null, AttachDate },
      { UserId: expect.any(String), UserName: 'Carol', DisplayName: 'Carol C', AttachDate },
    ]);
    expect(Groups).toEqual([
      { GroupName: 'Dev', Comments: null, AttachDate },
      { GroupName: 'ops', Comments: 'on call', AttachDate },
    ]);
    const { RoleId, RoleName, Arn, Description } = await operations.getRole({ RoleName: 'auditor' });
    expect(Roles).toEqual([{ RoleId, RoleName, Arn, Description, AttachDate }]);
    expect(await operations.getPolicy(customPolicy(0))).toMatchObject({ AttachmentCount: 5 });
    await operations.detachPolicyFromGroup({ ...customPolicy(0), GroupName: 'dev' });
    expect(await operations.listPolicies({ PolicyType: 'Custom' })).toMatchObject([{ AttachmentCount: 4 }]);
    expect(await operations.listEntitiesForPolicy(readOnly)).toEqual({ Users: [], Groups: [], Roles: [] });
  });
});
