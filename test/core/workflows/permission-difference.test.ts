import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Operations } from '../../../src/core/directory.ts';
import type { PermissionChange } from '../../../src/core/policy/difference.ts';
import type { PolicyDocument } from '../../../src/core/policy/document.ts';
import { compilePolicy, evaluatePolicies, type PolicyRequest } from '../../../src/core/policy/evaluate.ts';
import {
  compareIdentities,
  comparePolicyVersion,
  type IdentityChanges,
  trackPermissions,
} from '../../../src/core/workflows/permission-difference.ts';
import { simulate } from '../../../src/core/workflows/simulate.ts';
import { TestWorld } from '../../support/test-world.ts';
import { document, request } from '../policy/random-policies.ts';
import { allow, policy } from '../policy/samples.ts';

const own = { PolicyName: 'own', PolicyType: 'Custom' } as const;
const shared = { PolicyName: 'shared', PolicyType: 'Custom' } as const;
const alice = { UserName: 'alice' };
const ops = { GroupName: 'ops' };

/** Returns a directory in which alice has one policy herself and another one through a group. */
async function createDirectory(ownDocument: PolicyDocument, sharedDocument: PolicyDocument) {
  const { directory } = new TestWorld();
  await directory.createUser(alice);
  await directory.createGroup(ops);
  await directory.createPolicy({ ...own, PolicyDocument: JSON.stringify(ownDocument) });
  await directory.createPolicy({ ...shared, PolicyDocument: JSON.stringify(sharedDocument) });
  await directory.attachPolicyToUser({ ...own, ...alice });
  await directory.attachPolicyToGroup({ ...shared, ...ops });
  await directory.addUserToGroup({ ...alice, ...ops });
  return directory;
}

async function isAllowed(operations: Operations, { Action, Resource, Context: context }: PolicyRequest) {
  const { decisions } = await simulate(operations, { ...alice, actions: [Action], resources: [Resource], context });
  return decisions[0]?.Decision === 'Allow';
}

function findDirections(identities: IdentityChanges[], asked: PolicyRequest): PermissionChange['Change'][] {
  const includes = ({
    Actions,
    Resources,
    Conditions = [{}],
  }: Pick<PermissionChange, 'Actions' | 'Resources' | 'Conditions'>) =>
    Conditions.every((Condition) => {
      const statement = compilePolicy(policy(allow(Actions, Resources, Condition)));
      return evaluatePolicies([statement], asked).Decision === 'Allow';
    });
  const covering = identities
    .flatMap(({ changes }) => changes)
    .filter((change) => includes(change) && !(change.Except ?? []).some(includes));
  return [...new Set(covering.map(({ Change }) => Change))];
}

it('agrees with simulate before and after a new default version of a policy of the user or of a group', async () => {
  const ref = fc.constantFrom(own, shared);
  await fc.assert(
    fc.asyncProperty(document, document, document, ref, request, async (first, second, next, { PolicyName }, asked) => {
      const directory = await createDirectory(first, second);
      const PolicyDocument = JSON.stringify(next);
      const { changes } = await directory.reading((operations) =>
        comparePolicyVersion(operations, PolicyName, PolicyDocument),
      );
      const was = await isAllowed(directory, asked);
      await directory.createPolicyVersion({ PolicyName, PolicyDocument, SetAsDefault: true });
      const is = await isAllowed(directory, asked);
      expect(findDirections(changes, asked)).toEqual(was === is ? [] : [is ? 'Gained' : 'Lost']);
    }),
    { numRuns: 60 },
  );
});

it('agrees with simulate before and after a change of an attachment or a membership', async () => {
  const change = fc.constantFrom(
    { affected: 'memberships', make: (operations: Operations) => operations.removeUserFromGroup({ ...alice, ...ops }) },
    {
      affected: 'attachments',
      make: (operations: Operations) => operations.detachPolicyFromUser({ ...own, ...alice }),
    },
    {
      affected: 'attachments',
      make: (operations: Operations) => operations.detachPolicyFromGroup({ ...shared, ...ops }),
    },
  );
  await fc.assert(
    fc.asyncProperty(document, document, change, request, async (first, second, { affected, make }, asked) => {
      const directory = await createDirectory(first, second);
      const was = await isAllowed(directory, asked);
      const scope = { affected: affected as 'memberships' | 'attachments', maxIdentities: 1 };
      const { value } = await directory.atomically((operations) =>
        trackPermissions(operations, { users: ['ALICE'] }, scope, () => make(operations)),
      );
      const is = await isAllowed(directory, asked);
      const changes = value.permissions && compareIdentities(value.permissions.before, value.permissions.after);
      expect(changes && findDirections(changes, asked)).toEqual(was === is ? [] : [is ? 'Gained' : 'Lost']);
    }),
    { numRuns: 60 },
  );
});

it('reads each policy and each list once before a change, and afterwards only what the change affects', async () => {
  const directory = await createDirectory(policy(allow('oss:*')), policy(allow('iot:*')));
  const calls: string[] = [];
  await directory.atomically(async (operations) => {
    const recorded = Object.entries(operations).map(([name, operation]) => [
      name,
      (input: never) => {
        calls.push(name);
        return operation(input);
      },
    ]);
    const change = async () => calls.push('change');
    const scope = { affected: 'memberships', maxIdentities: 1 } as const;
    return trackPermissions(Object.fromEntries(recorded), { users: ['alice'] }, scope, change);
  });
  expect(calls).toEqual([
    'getUser',
    'listPoliciesForUser',
    'listGroupsForUser',
    'listPoliciesForGroup',
    'listPolicyVersions',
    'listPolicyVersions',
    'change',
    'listGroupsForUser',
  ]);
});
