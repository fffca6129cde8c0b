import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type EffectivePolicy,
  type Permission,
  type PermissionChange,
  permissionDifference,
} from '../../../src/core/policy/difference.ts';
import type { PolicyDocument } from '../../../src/core/policy/document.ts';
import { compilePolicy, evaluatePolicies, type PolicyRequest } from '../../../src/core/policy/evaluate.ts';
import { ACTIONS, limitSteps, RESOURCES } from '../../../src/core/policy/pattern-sets.ts';
import { compileWildcard } from '../../../src/core/policy/wildcard.ts';
import { documents, request } from './random-policies.ts';
import { allow, deny, policy } from './samples.ts';

function effective(documents: PolicyDocument[]): EffectivePolicy[] {
  return documents.map((document, index) => ({
    ref: { PolicyName: `p${index + 1}`, PolicyType: 'Custom' },
    document,
  }));
}

const isAllowed = (policies: PolicyDocument[], asked: PolicyRequest) =>
  evaluatePolicies(policies.map(compilePolicy), asked).Decision === 'Allow';

/** Whether a permission, read as the statements that it consists of, allows a request. */
function includes({ Actions, Resources, Conditions = [{}] }: Permission, asked: PolicyRequest): boolean {
  return Conditions.every((Condition) => isAllowed([policy(allow(Actions, Resources, Condition))], asked));
}

function covers(change: PermissionChange, asked: PolicyRequest): boolean {
  return includes(change, asked) && !(change.Except ?? []).some((exception) => includes(exception, asked));
}

/** Returns instances of patterns: each wildcard is replaced by texts that do or do not occur in other patterns. */
function instances(patterns: string[]): string[] {
  return patterns.flatMap((pattern) =>
    ['x', 'get', 'b/x', 'i/a'].map((text) => pattern.replaceAll('*', text).replaceAll('?', text.slice(0, 1))),
  );
}

/** Asserts that the changes cover exactly the requests whose decision differs. */
function assertAgreement(before: PolicyDocument[], after: PolicyDocument[], asked: PolicyRequest): void {
  const changes = permissionDifference(effective(before), effective(after));
  const covered = changes.filter((change) => covers(change, asked)).map(({ Change }) => Change);
  const [was, is] = [isAllowed(before, asked), isAllowed(after, asked)];
  expect([...new Set(covered)]).toEqual(was === is ? [] : [is ? 'Gained' : 'Lost']);
}

describe('the difference agrees with the evaluator', () => {
  it('on random policies and requests', () => {
    fc.assert(
      fc.property(documents, documents, request, (before, after, asked) => assertAgreement(before, after, asked)),
      { numRuns: 300 },
    );
  });

  it('on requests that the statements name', () => {
    const place = fc.record({ action: fc.nat(), resource: fc.nat() });
    fc.assert(
      fc.property(documents, documents, place, request, (before, after, { action, resource }, asked) => {
        const statements = [...before, ...after].flatMap(({ Statement }) => Statement);
        const actions = instances(statements.flatMap(({ Action, NotAction }) => Action ?? NotAction ?? [])).filter(
          (text) => text.split(':').length === 2,
        );
        const resources = instances(statements.flatMap(({ Resource }) => Resource));
        const Action = actions[action % actions.length] ?? asked.Action;
        const Resource = resources[resource % resources.length] ?? asked.Resource;
        assertAgreement(before, after, { ...asked, Action, Resource });
      }),
      { numRuns: 300 },
    );
  });

  it('and equal policies have none, in any order and division', () => {
    fc.assert(
      fc.property(documents, (policies) => {
        const single = policies.flatMap(({ Statement }) => Statement.map((statement) => policy(statement)));
        expect(permissionDifference(effective(policies), effective(single.toReversed()))).toEqual([]);
        expect(permissionDifference(effective(single), effective(policies))).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it('and no change is empty: its most general request has another decision', () => {
    fc.assert(
      fc.property(documents, documents, (before, after) => {
        for (const { Conditions, Change, Actions, Resources } of permissionDifference(
          effective(before),
          effective(after),
        )) {
          if (Conditions) continue;
          for (const Action of Actions)
            for (const Resource of Resources) {
              const asked = { Action: Action === '*' ? '*:*' : Action, Resource, Context: {} };
              // Without a `?`, and apart from conditions, which this request does not meet.
              if (JSON.stringify([before, after]).match(/\?|Condition/)) continue;
              expect([isAllowed(before, asked), isAllowed(after, asked)]).toEqual([
                Change === 'Lost',
                Change === 'Gained',
              ]);
            }
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('overlapping patterns', () => {
  const pattern = fc.string({ unit: fc.constantFrom('a', 'b', 'B', '*', '?'), maxLength: 6 });
  const text = fc.string({ unit: fc.constantFrom('a', 'b', 'B'), maxLength: 8 });

  it('match exactly what both patterns match', () => {
    fc.assert(
      fc.property(pattern, pattern, text, (left, right, text) => {
        const overlaps = RESOURCES.intersect(left, right);
        const isInBoth = compileWildcard(left)(text) && compileWildcard(right)(text);
        expect(overlaps.some((overlap) => compileWildcard(overlap)(text))).toBe(isInBoth);
      }),
      { numRuns: 1500 },
    );
  });

  it('contain only patterns whose texts they match', () => {
    fc.assert(
      fc.property(pattern, pattern, text, (outer, inner, text) => {
        if (RESOURCES.contains(outer, inner) && compileWildcard(inner)(text))
          expect(compileWildcard(outer)(text)).toBe(true);
      }),
      { numRuns: 1500 },
    );
  });

  it('keep the spelling of actions, and have one colon', () => {
    expect(ACTIONS.intersect('*:Get*', 'OSS:*')).toEqual(['OSS:Get*']);
    expect(ACTIONS.intersect('oss:*', 'oss:GetObject')).toEqual(['oss:GetObject']);
    expect(RESOURCES.intersect('*a', 'b*').sort()).toEqual(['b*a']);
  });

  it('end with an error if they are too many', () => {
    const many = '*a*b*c*d*e*f*g*h*';
    expect(() => RESOURCES.intersect(many, many.toUpperCase())).toThrow(/too many ways/);
    const compare = () => RESOURCES.contains('*', 'a');
    expect(() => limitSteps(3, () => [1, 2, 3, 4].map(compare))).toThrow(/too many ways/);
    expect(limitSteps(3, () => [1, 2, 3].map(compare))).toEqual([true, true, true]);
  });
});

describe('the difference', () => {
  const OFFICE = { IpAddress: { 'acs:SourceIp': ['192.0.2.0/24'] } };
  const logs = 'acs:oss:*:*:logs/*';
  const change = (before: PolicyDocument[], after: PolicyDocument[]) =>
    permissionDifference(effective(before), effective(after)).map(({ PolicyType: _, ...others }) => others);
  const by = (PolicyName: string, Effect: 'Allow' | 'Deny' = 'Allow') => ({ Effect, PolicyName });

  it('names what is gained in the form of the statement, without what was allowed before', () => {
    const before = [policy(allow('oss:Get*', logs))];
    expect(change(before, [...before, policy(allow(['OSS:get*', 'oss:*'], [logs, 'acs:oss:*:*:tmp/*']))])).toEqual([
      {
        Change: 'Gained',
        Actions: ['oss:*'],
        Resources: [logs],
        Except: [{ Actions: ['oss:Get*'], Resources: ['*'] }],
        ...by('p2'),
      },
      { Change: 'Gained', Actions: ['oss:*'], Resources: ['acs:oss:*:*:tmp/*'], ...by('p2') },
    ]);
  });

  it('says what a Deny takes away, and what a removed Deny gives back', () => {
    const before = [policy(allow('oss:*'))];
    const after = [...before, policy(deny(['*:Delete*', 'ecs:*'], logs))];
    const lost = { Actions: ['oss:Delete*'], Resources: [logs], ...by('p2', 'Deny') };
    expect(change(before, after)).toEqual([{ Change: 'Lost', ...lost }]);
    expect(change(after, before)).toEqual([{ Change: 'Gained', ...lost }]);
    expect(change([], [policy(deny('oss:*'))])).toEqual([]);
  });

  it('has conditions and exceptions with conditions', () => {
    const everywhere = [policy(allow('iot:*'))];
    const office = [policy(allow('iot:*', '*', OFFICE))];
    const iot = { Actions: ['iot:*'], Resources: ['*'] };
    expect(change([], office)).toEqual([{ Change: 'Gained', ...iot, Conditions: [OFFICE], ...by('p1') }]);
    expect(change(everywhere, office)).toEqual([
      { Change: 'Lost', ...iot, Except: [{ Actions: ['*'], Resources: ['*'], Conditions: [OFFICE] }], ...by('p1') },
    ]);
    const spelled = { IpAddress: { 'acs:SourceIp': '192.0.2.0/24' } };
    expect(change(office, [policy(allow('iot:*', '*', spelled))])).toEqual([]);
  });

  it('splits what NotAction leaves out', () => {
    const power = policy({ Effect: 'Allow', NotAction: ['ram:*', 'bss:Pay*'], Resource: '*' });
    expect(change([power], [power, policy(allow('*'))])).toEqual([
      { Change: 'Gained', Actions: ['ram:*', 'bss:Pay*'], Resources: ['*'], ...by('p2') },
    ]);
    expect(change([], [power])).toEqual([
      {
        Change: 'Gained',
        Actions: ['*'],
        Resources: ['*'],
        Except: [{ Actions: ['ram:*', 'bss:Pay*'], Resources: ['*'] }],
        ...by('p1'),
      },
    ]);
  });

  it('is marked as approximate if a document that matters is', () => {
    const approximate: EffectivePolicy = {
      ref: { PolicyName: 'AliyunCSFullAccess', PolicyType: 'System', DocumentSource: 'approximate' },
      document: policy(allow('cs:Get*')),
    };
    const custom = effective([policy(allow(['cs:*', 'oss:*']))]);
    const marks = permissionDifference([approximate], [approximate, ...custom]).map(({ Actions, DocumentSource }) => [
      ...Actions,
      DocumentSource,
    ]);
    expect(marks).toEqual([
      ['cs:*', 'approximate'],
      ['oss:*', undefined],
    ]);
  });
});
