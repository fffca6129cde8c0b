import { beforeEach, describe, expect, it } from 'vitest';
import type { Directory, PolicyRef } from '../../src/core/directory.ts';
import type { PolicyType } from '../../src/core/state.ts';
import { buildTrustPolicy } from '../../src/core/workflows/role.ts';
import { failure } from '../support/failures.ts';
import { TestWorld } from '../support/test-world.ts';

const PolicyDocument = '{"Version":"1","Statement":[{"Effect":"Allow","Action":"iot:*","Resource":"*"}]}';
const customPolicy = (n: number): PolicyRef => ({ PolicyName: `Own${n}`, PolicyType: 'Custom' });
const readOnly: PolicyRef = { PolicyName: 'ReadOnlyAccess', PolicyType: 'System' };
let world: TestWorld;
let directory: Directory;

beforeEach(async () => {
  world = new TestWorld();
  ({ directory } = world);
  await directory.createUser({ UserName: 'alice' });
  await directory.createGroup({ GroupName: 'ops', Comments: 'on call' });
  const AssumeRolePolicyDocument = buildTrustPolicy(['1234567890123456'], []);
  await directory.createRole({ RoleName: 'auditor', Description: 'audits', AssumeRolePolicyDocument });
  await directory.createPolicy({ PolicyName: 'Own0', PolicyDocument });
});

/** The operations on a user, a group and a role. */
const TARGETS = {
  User: {
    attach: (ref: PolicyRef) => directory.attachPolicyToUser({ ...ref, UserName: 'ALICE' }),
    detach: (ref: PolicyRef) => directory.detachPolicyFromUser({ ...ref, UserName: 'ALICE' }),
    list: () => directory.listPoliciesForUser({ UserName: 'ALICE' }),
    record: async () => (await world.state()).Users.get('alice'),
  },
  Group: {
    attach: (ref: PolicyRef) => directory.attachPolicyToGroup({ ...ref, GroupName: 'OPS' }),
    detach: (ref: PolicyRef) => directory.detachPolicyFromGroup({ ...ref, GroupName: 'OPS' }),
    list: () => directory.listPoliciesForGroup({ GroupName: 'OPS' }),
    record: async () => (await world.state()).Groups.get('ops'),
  },
  Role: {
    attach: (ref: PolicyRef) => directory.attachPolicyToRole({ ...ref, RoleName: 'AUDITOR' }),
    detach: (ref: PolicyRef) => directory.detachPolicyFromRole({ ...ref, RoleName: 'AUDITOR' }),
    list: () => directory.listPoliciesForRole({ RoleName: 'AUDITOR' }),
    record: async () => (await world.state()).Roles.get('auditor'),
  },
};

/** Adds attachments to the stored record, because fewer system policies exist than the quota allows. */
async function addAttachments(kind: keyof typeof TARGETS, PolicyType: PolicyType, count: number): Promise<void> {
  const added = Array.from({ length: count }, (_, n) => ({ PolicyName: `Added${n}`, PolicyType, AttachDate: '' }));
  await world.store.change(async ({ Users, Groups, Roles }) => {
    const target = { User: Users.get('alice'), Group: Groups.get('ops'), Role: Roles.get('auditor') }[kind];
    target?.Policies.push(...added);
  });
}

describe.each(Object.entries(TARGETS))('a %s', (name, target) => {
  const kind = name as keyof typeof TARGETS;

  it('can have 10 custom policies, however many system policies it has', async () => {
    await addAttachments(kind, 'System', 20);
    for (let n = 1; n <= 10; n += 1) await directory.createPolicy({ ...customPolicy(n), PolicyDocument });
    for (let n = 1; n <= 10; n += 1) await target.attach(customPolicy(n));
    const eleventh = target.attach(customPolicy(0));
    await expect(eleventh).rejects.toThrow(failure('refused', `LimitExceeded.${kind}.Policy`));
    await target.detach(customPolicy(4));
    await target.attach(customPolicy(0));
    expect((await target.record())?.Policies).toHaveLength(30);
  });

  it('can have 20 system policies, however many custom policies it has', async () => {
    await addAttachments(kind, 'System', 19);
    await target.attach(customPolicy(0));
    await target.attach(readOnly);
    const next = target.attach({ PolicyName: 'AdministratorAccess', PolicyType: 'System' });
    await expect(next).rejects.toThrow(failure('refused', `LimitExceeded.${kind}.Policy`));
    expect((await target.record())?.Policies).toHaveLength(21);
  });
});
