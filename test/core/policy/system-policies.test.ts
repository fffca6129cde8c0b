import { expect, it } from 'vitest';
import { SYSTEM_POLICIES } from '../../../src/core/policy/system-policies.ts';
import { assertValidPolicyName } from '../../../src/core/validation.ts';

type Statement = Partial<Record<'Effect' | 'Action' | 'NotAction' | 'Resource', string | string[]>>;
const policies = Object.entries(SYSTEM_POLICIES);

it('gives every system policy a name that is unique when case is ignored', () => {
  expect(policies.length).toBeGreaterThan(10);
  expect(new Set(policies.map(([name]) => name.toLowerCase())).size).toBe(policies.length);
});

it.each(policies)('%s follows the rules of RAM', (name, { Description, DefaultVersion, UpdateDate, Document }) => {
  expect(() => assertValidPolicyName(name)).not.toThrow();
  expect(Description).toMatch(/\w/);
  expect(DefaultVersion).toMatch(/^v[1-9]\d*$/);
  if (UpdateDate !== undefined) expect(UpdateDate).toMatch(/^20\d\d-\d\d-\d\dT00:00:00Z$/);
  expect(Object.keys(Document)).toEqual(['Version', 'Statement']);
  expect(Document.Version).toBe('1');
  expect(Document.Statement.length).toBeGreaterThan(0);
  for (const statement of Document.Statement as Statement[]) {
    const { Effect, Action, NotAction, Resource, ...rest } = statement;
    expect(rest).toEqual({});
    expect(Effect).toMatch(/^(Allow|Deny)$/);
    expect([Action, NotAction].filter((actions) => actions === undefined)).toHaveLength(1);
    const actions = [Action ?? NotAction].flat();
    const resources = [Resource].flat();
    expect(Math.min(actions.length, resources.length)).toBeGreaterThan(0);
    for (const action of actions) expect(action).toMatch(/^(\*|[A-Za-z0-9*]+:[A-Za-z0-9*]+)$/);
    for (const resource of resources) expect(resource).toMatch(/^(\*|acs:\S+)$/);
  }
});
