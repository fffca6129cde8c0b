import { beforeEach, expect, it } from 'vitest';
import type { Directory } from '../../src/core/directory.ts';
import { failure } from '../support/rules.ts';
import { World } from '../support/world.ts';

const UserName = 'alice';
const PolicyType = 'System' as const;
const readOnly = { PolicyName: 'ReadOnlyAccess', PolicyType };
let world: World;
let directory: Directory;

beforeEach(async () => {
  world = new World();
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
  expect(await directory.listPoliciesForUser({ UserName })).toEqual(attached);
  const again = directory.attachPolicyToUser({ UserName, ...readOnly });
  await expect(again).rejects.toThrow(failure('refused', 'EntityAlreadyExists.User.Policy'));
  await directory.detachPolicyFromUser({ UserName, PolicyName: 'READONLYACCESS', PolicyType });
  const gone = directory.detachPolicyFromUser({ UserName, ...readOnly });
  await expect(gone).rejects.toThrow(failure('missing', 'EntityNotExist.User.Policy'));
});

it('a user has at most 20 system policies, custom ones aside', async () => {
  const given = (count: number, type: 'System' | 'Custom') =>
    Array.from({ length: count }, (_, n) => ({ PolicyName: `${type}${n}`, PolicyType: type, AttachDate: '' }));
  await world.store.change(async ({ Users }) => {
    Users.get(UserName)?.Policies.push(...given(19, 'System'), ...given(10, 'Custom'));
  });
  await directory.attachPolicyToUser({ UserName, ...readOnly });
  const next = directory.attachPolicyToUser({ UserName, PolicyName: 'AdministratorAccess', PolicyType });
  await expect(next).rejects.toThrow(failure('refused', 'LimitExceeded.User.Policy'));
  expect(await directory.listPoliciesForUser({ UserName })).toHaveLength(30);
});
