import { beforeEach, describe, expect, it } from 'vitest';
import type { Directory } from '../../src/core/directory.ts';
import type { RoleRecord } from '../../src/core/state.ts';
import { buildTrustPolicy } from '../../src/core/workflows/role.ts';
import { failure } from '../support/failures.ts';
import { TestWorld } from '../support/test-world.ts';

const RoleName = 'auditor';
const AssumeRolePolicyDocument = buildTrustPolicy(['1234567890123456'], ['ecs.aliyuncs.com']);
const invalid = (rule: string) => failure('refused', `InvalidParameter.${rule}`);
let world: TestWorld;
let directory: Directory;

beforeEach(async () => {
  world = new TestWorld();
  ({ directory } = world);
  await directory.createRole({ RoleName, Description: 'audits', AssumeRolePolicyDocument });
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
