import fc from 'fast-check';
import { expect, it } from 'vitest';
import { makeChanges } from '../../../src/core/description/make-changes.ts';
import { planChanges } from '../../../src/core/description/plan.ts';
import type { PolicyRef } from '../../../src/core/directory.ts';
import { validateState } from '../../../src/core/validate-state.ts';
import { buildTrustPolicy } from '../../../src/core/workflows/role.ts';
import { createDescribedWorld, describe, description } from '../../support/random-directory.ts';
import { createPlainVault, TestWorld } from '../../support/test-world.ts';

const RUNS = { numRuns: 25 };

it('the plan from any directory to itself is empty', async () => {
  await fc.assert(
    fc.asyncProperty(description, async (wanted) => {
      const world = await createDescribedWorld(wanted);
      const current = await describe(world);
      expect(current).toMatchObject(wanted);
      expect(planChanges(current, current)).toEqual([]);
      expect(planChanges(current, current, { prune: true })).toEqual([]);
    }),
    RUNS,
  );
});

it('a plan that was made leaves nothing to change, and with prune any directory becomes any other', async () => {
  await fc.assert(
    fc.asyncProperty(description, description, fc.boolean(), async (before, wanted, prune) => {
      const world = await createDescribedWorld(before);
      const changes = planChanges(await describe(world), wanted, { prune });
      await makeChanges(world.directory, changes, () => {});
      const after = await describe(world);
      expect(planChanges(after, wanted, { prune })).toEqual([]);
      expect(await validateState(await world.state(), createPlainVault())).toEqual([]);
      if (!prune) return;
      // An entity that exists keeps the spelling of its name.
      expect(foldNames(after)).toEqual(foldNames({ ...wanted, Account: after.Account }));
    }),
    RUNS,
  );
});

/** Names in lower case: keys of JSON members stay as they are. */
function foldNames(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (member, text: unknown) =>
      typeof text === 'string' && /Name$|^\d+$/.test(member) ? text.toLowerCase() : text,
    ),
  );
}

it('only the members that are wanted are touched', async () => {
  const world = new TestWorld();
  await world.ramctl('user create alice --comments buys --email alice@example.com --policy ReadOnlyAccess --console');
  await world.ramctl('group create ops');
  await world.ramctl('group add ops alice');
  const wanted = { Users: [{ UserName: 'Alice', Comments: 'sells', Groups: ['OPS'], DisplayName: '' }] };
  const { Account } = await describe(world);
  expect(planChanges(await describe(world), wanted)).toEqual([
    { Kind: 'User', Name: 'alice', Action: 'update', Before: { Comments: 'buys' }, After: { Comments: 'sells' } },
  ]);
  const alias = { Account: { AccountAlias: 'acme', PasswordPolicy: { MinimumPasswordLength: 8, MaxPasswordAge: 90 } } };
  const PasswordPolicy = { ...Account.PasswordPolicy, MaxPasswordAge: 90 };
  expect(planChanges(await describe(world), alias)).toEqual([
    {
      Kind: 'Account',
      Name: Account.AccountId,
      Action: 'update',
      Before: { AccountAlias: null, PasswordPolicy: Account.PasswordPolicy },
      After: { AccountAlias: 'acme', PasswordPolicy },
    },
  ]);
});

it('without prune, nothing is removed; with prune, what the described lists do not have', async () => {
  const world = new TestWorld();
  await world.ramctl('group create ops');
  await world.ramctl('user create alice --policy ReadOnlyAccess --group ops --console --tag team=iot');
  await world.ramctl('user create bob --access-key');
  const UserName = 'alice';
  const wanted = { Users: [{ UserName, Policies: [], Groups: [], Tags: [], LoginProfile: null }] };
  expect(planChanges(await describe(world), wanted)).toEqual([]);
  const changes = planChanges(await describe(world), wanted, { prune: true });
  expect(changes.map(({ Action, Name, After }) => [Action, Name, After])).toEqual([
    ['update', UserName, { Policies: [], Groups: [], Tags: [], LoginProfile: null }],
    ['delete', 'bob', null],
  ]);
  await makeChanges(world.directory, changes, () => {});
  const { Users, Groups } = await describe(world);
  expect(Users).toMatchObject([{ UserName, Policies: [], Groups: [], Tags: [], LoginProfile: null }]);
  expect(Groups).toHaveLength(1);
});

it('creates what others refer to first, and deletes it last', async () => {
  const world = new TestWorld();
  const PolicyType = 'Custom' as const;
  const [policy, other] = ['Own', 'Other'].map((PolicyName) => ({ PolicyName, PolicyType }));
  const wantAll = (ref: PolicyRef | undefined, name: string) => {
    const Policies = ref ? [ref] : [];
    const PolicyDocument = '{"Version":"1","Statement":[{"Effect":"Allow","Action":"iot:Pub","Resource":"*"}]}';
    const AssumeRolePolicyDocument = buildTrustPolicy(['1000000000000001'], []);
    return {
      Users: [{ UserName: name, Groups: [name], Policies }],
      Groups: [{ GroupName: name, Policies }],
      Roles: [{ RoleName: name, AssumeRolePolicyDocument, Policies }],
      Policies: Policies.map(({ PolicyName }) => ({ PolicyName, PolicyDocument })),
    };
  };
  await makeChanges(world.directory, planChanges(await describe(world), wantAll(policy, 'a')), () => {});
  const changes = planChanges(await describe(world), wantAll(other, 'b'), { prune: true });
  expect(changes.map(({ Action, Kind, Name }) => `${Action} ${Kind} ${Name}`)).toEqual([
    'create Policy Other',
    'create Group b',
    'create Role b',
    'create User b',
    'delete User a',
    'delete Role a',
    'delete Group a',
    'delete Policy Own',
  ]);
  await makeChanges(world.directory, changes, () => {});
  expect(await describe(world)).toMatchObject({ Users: [{ UserName: 'b' }], Policies: [{ PolicyName: 'Other' }] });
});

it('documents that differ only in white space and order of members are the same', async () => {
  const world = new TestWorld();
  const PolicyDocument = '{"Version":"1","Statement":[{"Effect":"Allow","Action":"iot:Pub","Resource":"*"}]}';
  await world.directory.createPolicy({ PolicyName: 'Own', PolicyDocument });
  const same = '{ "Statement": [{"Action": "iot:Pub", "Effect": "Allow", "Resource": "*"}],\n "Version": "1" }';
  const current = await describe(world);
  expect(planChanges(current, { Policies: [{ PolicyName: 'own', PolicyDocument: same }] })).toEqual([]);
  const other = same.replace('Pub', 'Sub');
  expect(planChanges(current, { Policies: [{ PolicyName: 'own', PolicyDocument: other }] })).toMatchObject([
    { Name: 'Own', Before: { PolicyDocument }, After: { PolicyDocument: other } },
  ]);
});

it('the sixth document of a policy replaces the oldest version', async () => {
  const world = new TestWorld();
  for (const action of ['a', 'b', 'c', 'd', 'e', 'f']) {
    const Statement = [{ Effect: 'Allow', Action: `iot:${action}`, Resource: '*' }];
    const wanted = { Policies: [{ PolicyName: 'Own', PolicyDocument: JSON.stringify({ Version: '1', Statement }) }] };
    await makeChanges(world.directory, planChanges(await describe(world), wanted), () => {});
  }
  const versions = await world.directory.listPolicyVersions({ PolicyName: 'Own', PolicyType: 'Custom' });
  expect(versions.map(({ VersionId }) => VersionId)).toEqual(['v2', 'v3', 'v4', 'v5', 'v6']);
  expect((await describe(world)).Policies[0]?.PolicyDocument).toContain('iot:f');
});

it('generated passwords meet the new password policy of the same plan', async () => {
  const world = new TestWorld();
  const wanted = {
    Account: { PasswordPolicy: { MinimumPasswordLength: 30 } },
    Users: [{ UserName: 'alice', LoginProfile: { MFABindRequired: true } }],
  };
  const changes = planChanges(await describe(world), wanted);
  const { value } = await makeChanges(world.directory, changes, () => {});
  expect(value[1]?.Password).toHaveLength(30);
  const LoginProfile = { Status: 'Active', PasswordResetRequired: true, MFABindRequired: true };
  expect((await describe(world)).Users).toMatchObject([{ UserName: 'alice', LoginProfile }]);
});
