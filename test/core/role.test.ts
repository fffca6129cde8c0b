import { beforeEach, describe, expect, it } from 'vitest';
import type { Directory } from '../../src/core/directory.ts';
import type { RoleRecord } from '../../src/core/state.ts';
import { buildTrustPolicy } from '../../src/core/workflows/role.ts';
import { failure } from '../support/failures.ts';
import { TestWorld } from '../support/test-world.ts';

const RoleName = 'auditor';
const AssumeRolePolicyDocument = buildTrustPolicy(['1234567890123456'], ['ecs.aliyuncs.com']);
const invalid = (rule: string) => failure('refused', `InvalidParameter.${rule}`);
const policy = { PolicyName: 'ReadOnlyAccess', PolicyType: 'System' as const };
let world: TestWorld;
let directory: Directory;

beforeEach(async () => {
  world = new TestWorld();
  ({ directory } = world);
  await directory.createRole({ RoleName, Description: 'audits', AssumeRolePolicyDocument });
});

it('a new role has an id, an ARN and sessions of one hour', async () => {
  const { AccountId } = (await world.state()).Account;
  const role = await directory.createRole({ RoleName: 'Web.Server-1', AssumeRolePolicyDocument });
  expect(role).toEqual({
    RoleId: expect.stringMatching(/^3\d{17}$/),
    RoleName: 'Web.Server-1',
    Arn: `acs:ram::${AccountId}:role/Web.Server-1`,
    Description: null,
    AssumeRolePolicyDocument,
    MaxSessionDuration: 3600,
    CreateDate: '2026-01-01T00:00:00Z',
    UpdateDate: '2026-01-01T00:00:00Z',
  });
  expect(await directory.getRole({ RoleName: 'web.server-1' })).toEqual(role);
  expect((await directory.listRoles()).map((each) => each.RoleName)).toEqual([RoleName, 'Web.Server-1']);
});

it('an update changes only what it names, and an empty description removes the description', async () => {
  const before = await directory.getRole({ RoleName });
  world.clock.step(60);
  const UpdateDate = '2026-01-01T00:01:00Z';
  const trust = buildTrustPolicy([], ['oss.aliyuncs.com']);
  expect(await directory.updateRole({ RoleName: 'AUDITOR', NewMaxSessionDuration: 43_200 })).toEqual({
    ...before,
    MaxSessionDuration: 43_200,
    UpdateDate,
  });
  await directory.updateRole({ RoleName, NewAssumeRolePolicyDocument: trust });
  expect(await directory.updateRole({ RoleName, NewDescription: '' })).toEqual({
    ...before,
    Description: null,
    AssumeRolePolicyDocument: trust,
    MaxSessionDuration: 43_200,
    UpdateDate,
  });
});

it('a name exists once regardless of case, and a role with policies cannot be deleted', async () => {
  const again = directory.createRole({ RoleName: 'AUDITOR', AssumeRolePolicyDocument });
  await expect(again).rejects.toThrow(failure('refused', 'EntityAlreadyExists.Role'));
  const { RoleId } = await directory.getRole({ RoleName });
  await directory.attachPolicyToRole({ ...policy, RoleName });
  const conflict = failure('refused', 'DeleteConflict.Role.Policy');
  await expect(directory.deleteRole({ RoleName })).rejects.toThrow(conflict);
  await directory.detachPolicyFromRole({ ...policy, RoleName });
  await directory.deleteRole({ RoleName });
  for (const call of [directory.getRole, directory.deleteRole, directory.updateRole, directory.listPoliciesForRole]) {
    await expect(call({ RoleName })).rejects.toThrow(failure('missing', 'EntityNotExist.Role'));
  }
  expect((await directory.createRole({ RoleName, AssumeRolePolicyDocument })).RoleId).not.toBe(RoleId);
});

it('a custom policy of a role cannot be deleted', async () => {
  const PolicyDocument = '{"Version":"1","Statement":[{"Effect":"Allow","Action":"iot:*","Resource":"*"}]}';
  const ref = { PolicyName: 'Own', PolicyType: 'Custom' as const };
  await directory.createPolicy({ ...ref, PolicyDocument });
  await directory.attachPolicyToRole({ ...ref, RoleName });
  const deletion = () => directory.deletePolicy({ PolicyName: 'Own', CascadingDelete: true });
  await expect(deletion()).rejects.toThrow(failure('refused', 'DeleteConflict.Policy.Role'));
  await directory.detachPolicyFromRole({ ...ref, RoleName });
  await deletion();
});

it('an account can have 1000 roles', async () => {
  await world.store.change(async ({ Roles }) => {
    const role = Roles.get(RoleName) as RoleRecord;
    for (let n = 2; n < 1000; n += 1) Roles.set(`r${n}`, { ...role, RoleName: `r${n}`, RoleId: `${n}` });
  });
  await directory.createRole({ RoleName: 'last', AssumeRolePolicyDocument });
  const more = directory.createRole({ RoleName: 'more', AssumeRolePolicyDocument });
  await expect(more).rejects.toThrow(failure('refused', 'LimitExceeded.Role'));
});

describe('a role is refused with', () => {
  it.each([
    [{ RoleName: '' }, 'RoleName.Length'],
    [{ RoleName: 'a'.repeat(65) }, 'RoleName.Length'],
    [{ RoleName: 'a_b' }, 'RoleName.InvalidChars'],
    [{ Description: 'a'.repeat(1025) }, 'Description.Length'],
    [{ Description: 'a\u202eb' }, 'Description.InvalidChars'],
    [{ MaxSessionDuration: 3599 }, 'MaxSessionDuration.Range'],
    [{ MaxSessionDuration: 43_201 }, 'MaxSessionDuration.Range'],
    [{ AssumeRolePolicyDocument: ' '.repeat(2049) }, 'AssumeRolePolicyDocument.Length'],
  ])('%j', async (change, rule) => {
    const creation = directory.createRole({ RoleName: 'new', AssumeRolePolicyDocument, ...change });
    await expect(creation).rejects.toThrow(invalid(rule));
  });

  it.each([
    [{ NewDescription: 'a'.repeat(1025) }, 'NewDescription.Length'],
    [{ NewMaxSessionDuration: 0 }, 'NewMaxSessionDuration.Range'],
    [{ NewAssumeRolePolicyDocument: ' '.repeat(2049) }, 'NewAssumeRolePolicyDocument.Length'],
  ])('the change %j, which changes nothing', async (change, rule) => {
    const before = await world.state();
    const update = directory.updateRole({ RoleName, NewMaxSessionDuration: 7200, ...change });
    await expect(update).rejects.toThrow(invalid(rule));
    expect(await world.state()).toEqual(before);
  });
});

const allow = (Principal: object, more: object = {}) => ({
  Effect: 'Allow',
  Action: 'sts:AssumeRole',
  Principal,
  ...more,
});

describe('a trust policy', () => {
  const create = (...Statement: object[]) =>
    directory.createRole({
      RoleName: 'new',
      AssumeRolePolicyDocument: JSON.stringify({ Version: '1', Statement }),
    });

  it.each([
    [{ RAM: 'acs:ram::1234567890123456:root' }, {}],
    [{ RAM: ['acs:ram::1234567890123456:user/alice', 'acs:ram::1234567890123456:role/auditor'] }, {}],
    [{ Service: 'ecs.aliyuncs.com', RAM: 'acs:ram::*:root' }, {}],
    [{ Service: ['1234567890123456@ots.aliyuncs.com'] }, {}],
    [
      { Federated: 'acs:ram::1234567890123456:oidc-provider/acme' },
      { Condition: { StringEquals: { 'oidc:aud': '123' } } },
    ],
  ])('can name the principals %j', async (principals, more) => {
    await create(allow(principals, more));
  });

  it.each([
    ['no principals', allow({})],
    ['an unknown kind of principal', allow({ AWS: 'acs:ram::1234567890123456:root' })],
    ['a RAM principal of another form', allow({ RAM: '1234567890123456' })],
    ['a service outside Alibaba Cloud', allow({ Service: 'ec2.amazonaws.com' })],
    ['a federated principal that is no provider', allow({ Federated: 'acs:ram::1234567890123456:user/alice' })],
    ['a resource', { ...allow({ Service: 'ecs.aliyuncs.com' }), Resource: '*' }],
    ['no principal element', { Effect: 'Allow', Action: 'sts:AssumeRole' }],
    ['an unknown condition operator', allow({ Service: 'ecs.aliyuncs.com' }, { Condition: { Is: { a: 'b' } } })],
  ])('is refused with %s', async (_, statement) => {
    await expect(create(statement)).rejects.toThrow(failure('refused', 'MalformedPolicyDocument'));
  });
});
