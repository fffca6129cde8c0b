import fc from 'fast-check';
import { type Description, readDescription } from '../../src/core/description/description.ts';
import { makeChanges } from '../../src/core/description/make-changes.ts';
import { planChanges } from '../../src/core/description/plan.ts';
import type { PolicyRef } from '../../src/core/directory.ts';
import { foldCase } from '../../src/core/state.ts';
import { buildTrustPolicy } from '../../src/core/workflows/role.ts';
import { TestWorld } from './test-world.ts';

export const SOURCE_ACCOUNT = '1000000000000001';

const text = fc.option(fc.constantFrom('buys', 'sells', 'caf\u00e9 = 1'), { nil: null });
const tags = fc
  .uniqueArray(fc.constantFrom('team', 'stage', '__proto__', 'Team'), { maxLength: 3 })
  .chain((keys) =>
    fc
      .record({ values: fc.array(fc.constantFrom('', 'iot', 'test'), { minLength: 3, maxLength: 3 }) })
      .map(({ values }) => keys.sort().map((TagKey, index) => ({ TagKey, TagValue: values[index] ?? '' }))),
  );
const names = (...all: string[]) => fc.uniqueArray(fc.constantFrom(...all), { selector: foldCase, maxLength: 4 });
const SYSTEM_POLICIES = ['AdministratorAccess', 'AliyunIOTFullAccess', 'ReadOnlyAccess'];

function buildDocument(account: string, action: string): string {
  const Resource = `acs:iot:*:${account}:product/${account}`;
  return JSON.stringify({ Version: '1', Statement: [{ Effect: 'Allow', Action: action, Resource }] });
}

/** What `readDescription` returns for some directory with the account `SOURCE_ACCOUNT`. */
export const description: fc.Arbitrary<Description> = fc
  .record({
    policyNames: names('Own', 'OWN', 'constructor', 'Read-Orders'),
    groupNames: names('ops', 'OPS', 'dev', '__proto__'),
    roleNames: names('buyer', 'reader', 'Reader'),
    userNames: names('alice', 'ALICE', 'bob', '__proto__', 'carol'),
  })
  .chain(({ policyNames, groupNames, roleNames, userNames }) => {
    const refs: PolicyRef[] = [
      ...policyNames.map((PolicyName) => ({ PolicyName, PolicyType: 'Custom' as const })),
      ...SYSTEM_POLICIES.map((PolicyName) => ({ PolicyName, PolicyType: 'System' as const })),
    ];
    const attached = fc.subarray(refs).map((list) => sortByName(list, ({ PolicyName }) => PolicyName));
    const each = <T>(list: string[], model: (name: string) => fc.Arbitrary<T>) =>
      fc.tuple(...sortByName(list, (name) => name).map(model)) as unknown as fc.Arbitrary<T[]>;
    const logon = fc.option(
      fc.record({
        Status: fc.constantFrom('Active' as const, 'Inactive' as const),
        PasswordResetRequired: fc.boolean(),
        MFABindRequired: fc.boolean(),
      }),
      { nil: null },
    );
    return fc.record({
      Account: fc.record({
        AccountId: fc.constant(SOURCE_ACCOUNT),
        AccountAlias: fc.constant(null),
        PasswordPolicy: fc.record({ MinimumPasswordLength: fc.constantFrom(8, 24), RequireNumbers: fc.boolean() }),
        SecurityPreference: fc.record({ LoginSessionDuration: fc.constantFrom(6, 8) }),
      }),
      Policies: each(policyNames, (PolicyName) =>
        fc.record({
          PolicyName: fc.constant(PolicyName),
          Description: text,
          PolicyDocument: fc
            .constantFrom('iot:Pub', 'iot:Query*')
            .map((action) => buildDocument(SOURCE_ACCOUNT, action)),
          Tags: tags,
        }),
      ),
      Groups: each(groupNames, (GroupName) =>
        fc.record({ GroupName: fc.constant(GroupName), DisplayName: text, Comments: text, Policies: attached }),
      ),
      Roles: each(roleNames, (RoleName) =>
        fc.record({
          RoleName: fc.constant(RoleName),
          Description: text,
          AssumeRolePolicyDocument: fc
            .constantFrom(SOURCE_ACCOUNT, '2000000000000002')
            .map((id) => buildTrustPolicy([id], [])),
          MaxSessionDuration: fc.constantFrom(3600, 7200),
          Policies: attached,
          Tags: tags,
        }),
      ),
      Users: each(userNames, (UserName) =>
        fc.record({
          UserName: fc.constant(UserName),
          DisplayName: text,
          Comments: text,
          Email: fc.constantFrom(null, 'alice@example.com'),
          MobilePhone: fc.constantFrom(null, '86-13800000000'),
          LoginProfile: logon,
          Groups: fc.subarray(groupNames).map((list) => sortByName(list, (name) => name)),
          Policies: attached,
          Tags: tags,
        }),
      ),
    }) as unknown as fc.Arbitrary<Description>;
  });

function sortByName<T>(items: T[], nameOf: (item: T) => string): T[] {
  return [...items].sort((left, right) => (foldCase(nameOf(left)) < foldCase(nameOf(right)) ? -1 : 1));
}

/** Creates a directory that has what the description says. */
export async function createDescribedWorld(wanted: Description, accountId = SOURCE_ACCOUNT): Promise<TestWorld> {
  const world = new TestWorld();
  await world.store.change(async ({ Account }) => {
    Account.AccountId = accountId;
  });
  const changes = planChanges(await describe(world), wanted);
  await makeChanges(world.directory, changes, () => {});
  return world;
}

export function describe(world: TestWorld): Promise<Description> {
  return world.directory.reading((operations) => readDescription(operations));
}
