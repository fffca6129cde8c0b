import fc from 'fast-check';
import { expect, it } from 'vitest';
import { makeChanges } from '../../../src/core/description/make-changes.ts';
import { planChanges } from '../../../src/core/description/plan.ts';
import { comparePlannedPolicies } from '../../../src/core/workflows/plan-permissions.ts';
import { readEffectivePolicies } from '../../../src/core/workflows/simulate.ts';
import { createDescribedWorld, describe, description } from '../../support/random-directory.ts';
import type { TestWorld } from '../../support/test-world.ts';

/** The policies in force of each user and role, as `policy simulate` finds them. */
async function readAll(world: TestWorld): Promise<Map<string, string>> {
  const { Users, Roles } = await describe(world);
  const identities = [...Users.map(({ UserName }) => ({ UserName })), ...Roles.map(({ RoleName }) => ({ RoleName }))];
  const entries = identities.map(async (identity) => {
    const { policies } = await readEffectivePolicies(world.directory, identity);
    return [JSON.stringify(identity), toText(policies)] as const;
  });
  return new Map(await Promise.all(entries));
}

function toText(policies: { ref: { PolicyName: string; PolicyType: string }; document: unknown }[]): string {
  const texts = policies.map(({ ref, document }) => `${ref.PolicyType} ${ref.PolicyName} ${JSON.stringify(document)}`);
  return [...new Set(texts)].sort().join('\n');
}

it('the policies that a plan predicts are those in force before and after it is made', async () => {
  await fc.assert(
    fc.asyncProperty(description, description, fc.boolean(), async (present, wanted, prune) => {
      const world = await createDescribedWorld(present);
      const current = await describe(world);
      const changes = planChanges(current, wanted, { prune, exact: true });
      const compared = await comparePlannedPolicies(world.directory, current, changes);
      const before = await readAll(world);
      await makeChanges(world.directory, changes, () => {});
      const after = await readAll(world);
      const predicted = (side: 'before' | 'after') =>
        new Map(compared?.[side].map(({ identity, policies }) => [JSON.stringify(identity), toText(policies)]));
      for (const [identity, policies] of predicted('before')) expect(policies).toBe(before.get(identity) ?? '');
      for (const [identity, policies] of after) {
        expect(predicted('after').get(identity) ?? before.get(identity) ?? '').toBe(policies);
      }
    }),
    { numRuns: 20 },
  );
});
