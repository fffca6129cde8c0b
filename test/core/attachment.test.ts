import { beforeEach, describe, expect, it } from 'vitest';
import type { Directory, PolicyRef } from '../../src/core/directory.ts';
import type { PolicyType } from '../../src/core/state.ts';
import { failure } from '../support/failures.ts';
import { TestWorld } from '../support/test-world.ts';

const PolicyDocument = '{"Version":"1","Statement":[{"Effect":"Allow","Action":"iot:*","Resource":"*"}]}';
const own = (n: number): PolicyRef => ({ PolicyName: `Own${n}`, PolicyType: 'Custom' });
const readOnly: PolicyRef = { PolicyName: 'ReadOnlyAccess', PolicyType: 'System' };
let world: TestWorld;
let directory: Directory;

beforeEach(async () => {
  world = new TestWorld();
  ({ directory } = world);
  await directory.createUser({ UserName: 'alice' });
  await directory.createGroup({ GroupName: 'ops', Comments: 'on call' });
  await directory.createPolicy({ PolicyName: 'Own0', PolicyDocument });
});

/** The same for users and for groups. */
const HOLDERS = {
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
};

/** Fills places beside those that are taken, by the back door: the catalogue has fewer system policies than fit. */
async function fill(kind: keyof typeof HOLDERS, PolicyType: PolicyType, count: number): Promise<void> {
  const given = Array.from({ length: count }, (_, n) => ({ PolicyName: `Given${n}`, PolicyType, AttachDate: '' }));
  await world.store.change(async ({ Users, Groups }) => {
    const holder = kind === 'User' ? Users.get('alice') : Groups.get('ops');
    holder?.Policies.push(...given);
  });
}

describe.each(Object.entries(HOLDERS))('a %s', (name, holder) => {
  const kind = name as keyof typeof HOLDERS;

  it('has a policy once, until it is detached once, in the order of attachment', async () => {
    await holder.attach({ PolicyName: 'OWN0', PolicyType: 'Custom' });
    world.clock.step(60);
    await holder.attach({ PolicyName: 'readonlyaccess', PolicyType: 'System' });
    expect(await holder.list()).toMatchObject([
      { ...own(0), AttachDate: '2026-01-01T00:00:00Z' },
      { ...readOnly, AttachDate: '2026-01-01T00:01:00Z' },
    ]);
    await expect(holder.attach(own(0))).rejects.toThrow(failure('refused', `EntityAlreadyExists.${kind}.Policy`));
    await holder.detach({ PolicyName: 'oWN0', PolicyType: 'Custom' });
    await expect(holder.detach(own(0))).rejects.toThrow(failure('missing', `EntityNotExist.${kind}.Policy`));
    expect(await holder.list()).toMatchObject([readOnly]);
  });

  it('has no policy that does not exist, nor one of the other type', async () => {
    for (const ref of [
      own(1),
      { ...own(0), PolicyType: 'System' as const },
      { ...readOnly, PolicyType: 'Custom' as const },
    ]) {
      for (const change of [holder.attach, holder.detach]) {
        await expect(change(ref)).rejects.toThrow(failure('missing', 'EntityNotExist.Policy'));
      }
    }
  });

  it('has 10 custom policies, system ones aside', async () => {
    await fill(kind, 'System', 20);
    for (let n = 1; n <= 10; n += 1) await directory.createPolicy({ ...own(n), PolicyDocument });
    for (let n = 1; n <= 10; n += 1) await holder.attach(own(n));
    const eleventh = holder.attach(own(0));
    await expect(eleventh).rejects.toThrow(failure('refused', `LimitExceeded.${kind}.Policy`));
    await holder.detach(own(4));
    await holder.attach(own(0));
    expect((await holder.record())?.Policies).toHaveLength(30);
  });

  it('has 20 system policies, custom ones aside', async () => {
    await fill(kind, 'System', 19);
    await holder.attach(own(0));
    await holder.attach(readOnly);
    const next = holder.attach({ PolicyName: 'AdministratorAccess', PolicyType: 'System' });
    await expect(next).rejects.toThrow(failure('refused', `LimitExceeded.${kind}.Policy`));
    expect((await holder.record())?.Policies).toHaveLength(21);
  });
});

it('a policy knows who has it, and counts them', async () => {
  await directory.createUser({ UserName: 'Bob', DisplayName: 'Bob B' });
  await directory.createGroup({ GroupName: 'Dev' });
  for (const UserName of ['Bob', 'alice']) await directory.attachPolicyToUser({ ...own(0), UserName });
  for (const GroupName of ['ops', 'Dev']) await directory.attachPolicyToGroup({ ...own(0), GroupName });
  const AttachDate = '2026-01-01T00:00:00Z';
  const { Users, Groups } = await directory.listEntitiesForPolicy({ ...own(0), PolicyName: 'OWN0' });
  expect(Users).toEqual([
    { UserId: expect.any(String), UserName: 'alice', DisplayName: 'alice', AttachDate },
    { UserId: expect.any(String), UserName: 'Bob', DisplayName: 'Bob B', AttachDate },
  ]);
  expect(Groups).toEqual([
    { GroupName: 'Dev', Comments: null, AttachDate },
    { GroupName: 'ops', Comments: 'on call', AttachDate },
  ]);
  expect(await directory.getPolicy(own(0))).toMatchObject({ AttachmentCount: 4 });
  await directory.detachPolicyFromGroup({ ...own(0), GroupName: 'dev' });
  expect(await directory.listPolicies({ PolicyType: 'Custom' })).toMatchObject([{ AttachmentCount: 3 }]);
  expect(await directory.listEntitiesForPolicy(readOnly)).toEqual({ Users: [], Groups: [] });
});
