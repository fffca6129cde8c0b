import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Description } from '../../../src/core/description/description.ts';
import { validateState } from '../../../src/core/validate-state.ts';
import { createDescribedWorld, describe, description } from '../../support/random-directory.ts';
import { createPlainVault, type TestWorld } from '../../support/test-world.ts';

const RUNS = { numRuns: 15 };
const format = fc.constantFrom('yaml', 'json');

/** Applies a text and returns the changes. */
async function apply(world: TestWorld, input: string, ...options: string[]): Promise<unknown> {
  const { code, out, err } = await world.ramctl(['apply', '-', '--yes', '-o', 'json', ...options], { input });
  expect([code, err]).toEqual([0, expect.not.stringContaining('Code')]);
  return JSON.parse(out);
}

async function exportAs(world: TestWorld, as: string): Promise<string> {
  return (await world.ramctl(['export', '--as', as])).out;
}

it('an export that is applied to its own directory changes nothing', async () => {
  await fc.assert(
    fc.asyncProperty(description, format, fc.boolean(), async (wanted, as, prune) => {
      const world = await createDescribedWorld(wanted);
      const before = await world.state();
      expect(await apply(world, await exportAs(world, as), ...(prune ? ['--prune'] : []))).toEqual([]);
      expect(await world.state()).toEqual(before);
    }),
    RUNS,
  );
});

it('a description that is applied to any directory is then contained in it, and applying it again changes nothing', async () => {
  await fc.assert(
    fc.asyncProperty(description, description, format, fc.boolean(), async (present, wanted, as, prune) => {
      const world = await createDescribedWorld(present);
      const source = await createDescribedWorld(wanted);
      const input = await exportAs(source, as);
      const options = prune ? ['--prune'] : [];
      await apply(world, input, ...options);
      expect(await validateState(await world.state(), createPlainVault())).toEqual([]);
      expect(await apply(world, input, ...options)).toEqual([]);
      const [result, expected] = [foldNames(await describe(world)), foldNames(await describe(source))];
      if (prune) expect(result).toEqual(expected);
      else expectContained(result, expected);
    }),
    RUNS,
  );
});

/** An entity keeps the spelling of its name, also in lists. The white space of documents makes no difference. */
function foldNames(value: Description): Description {
  return JSON.parse(
    JSON.stringify(value, (member, item: unknown) => {
      if (typeof item !== 'string') return item;
      if (member.endsWith('PolicyDocument')) return JSON.parse(item);
      return /Name$|^\d+$/.test(member) ? item.toLowerCase() : item;
    }),
  );
}

/** Each entity has the members that the expected one has. Empty members are not in an export, and stay as they are. */
function expectContained(result: Description, expected: Description): void {
  for (const list of ['Users', 'Groups', 'Policies', 'Roles'] as const) {
    for (const entity of expected[list]) {
      const name = Object.keys(entity).find((member) => /^(User|Group|Policy|Role)Name$/.test(member)) ?? '';
      const nameOf = (item: object) => (item as Record<string, unknown>)[name];
      const found = (result[list] as object[]).find((item) => nameOf(item) === nameOf(entity));
      const members = Object.entries(entity).filter(([, item]) => item !== null && String(item) !== '');
      expect(found).toMatchObject(Object.fromEntries(members));
    }
  }
}
