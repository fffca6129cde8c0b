import type { PolicyRef } from '../policy-operations.ts';
import type { PolicyDocument, Statement } from './document.ts';
import { expandEmptyParts } from './evaluate.ts';
import { EVERY_ACTION } from './pattern-sets.ts';
import {
  type Block,
  intersect,
  type Region,
  reduce,
  type StatementRequests,
  subtractAll,
  toRegions,
} from './request-sets.ts';

/** A policy in force for an identity. `DocumentSource` is present only for an approximate document. */
export interface EffectivePolicy {
  ref: PolicyRef & { DocumentSource?: 'approximate' };
  document: PolicyDocument;
}

/** A part of a Condition element, with one operator and one key. */
export type SingleCondition = Record<string, Record<string, string[]>>;

/** Requests with one of the actions on one of the resources for which all conditions hold. */
export interface Permission {
  Actions: string[];
  Resources: string[];
  Conditions?: SingleCondition[];
}

/**
 * Requests whose decision changes to Allow (Gained) or from Allow (Lost), without the requests in `Except`. The policy
 * causes the change. With the effect Allow, it allows the requests on one side only; with the effect Deny, it denies them
 * on one side only. `DocumentSource` is present if the document of a policy that matters here is approximate.
 */
export interface PermissionChange extends Permission, PolicyRef {
  Change: 'Gained' | 'Lost';
  Effect: Statement['Effect'];
  Except?: Permission[];
  DocumentSource?: 'approximate';
}

interface EffectiveStatement extends StatementRequests {
  effect: Statement['Effect'];
  policy: EffectivePolicy['ref'];
}

/** A region with the statement that causes the change. */
type CausedRegion = Region & { cause: EffectiveStatement };

/**
 * Returns what an identity gains and loses when its effective policies change from `before` to `after`, explicit denies
 * included. The changes agree with `evaluatePolicies`: they cover exactly the requests whose decision changes.
 * @throws Failure `refused` (`PoliciesTooComplex`)
 */
export function permissionDifference(before: EffectivePolicy[], after: EffectivePolicy[]): PermissionChange[] {
  const [old, current] = [listStatements(before), listStatements(after)];
  return [...toChanges('Gained', findGains(old, current)), ...toChanges('Lost', findGains(current, old))];
}

/** Returns the requests that `after` allows and `before` does not. */
function findGains(before: EffectiveStatement[], after: EffectiveStatement[]): CausedRegion[] {
  const [allowsBefore, deniesBefore] = divide(before);
  const [allowsAfter, deniesAfter] = divide(after);
  const allowed = withoutEqual(allowsAfter, allowsBefore).flatMap((cause) =>
    toRegions(cause)
      .flatMap((region) => subtractAll(region, [...allowsBefore, ...deniesAfter]))
      .map((region) => ({ ...region, cause })),
  );
  const undenied = withoutEqual(deniesBefore, deniesAfter).flatMap((cause) =>
    toRegions(cause)
      .flatMap((region) => subtractAll(region, deniesAfter))
      .flatMap((region) => allowsAfter.flatMap(toRegions).flatMap((other) => intersect(region, other)))
      .map((region) => ({ ...region, cause })),
  );
  return reduce([...allowed, ...undenied]);
}

/** Leaves out the statements that the other side has too. They change nothing, and most statements are such. */
function withoutEqual(statements: EffectiveStatement[], others: EffectiveStatement[]): EffectiveStatement[] {
  const toKey = ({ block, isNotAction }: EffectiveStatement) => JSON.stringify({ ...block, isNotAction });
  const keys = new Set(others.map(toKey));
  return statements.filter((statement) => !keys.has(toKey(statement)));
}

function divide(statements: EffectiveStatement[]): [EffectiveStatement[], EffectiveStatement[]] {
  return [statements.filter(({ effect }) => effect === 'Allow'), statements.filter(({ effect }) => effect === 'Deny')];
}

function listStatements(policies: EffectivePolicy[]): EffectiveStatement[] {
  return policies.flatMap(({ ref, document }) =>
    document.Statement.map(({ Effect, Action, NotAction = [], Resource, Condition = {} }) => ({
      effect: Effect,
      policy: ref,
      isNotAction: Action === undefined,
      block: {
        actions: [Action ?? NotAction].flat().map((action) => (/^\*+$/.test(action) ? EVERY_ACTION : action)),
        resources: [Resource].flat().map(expandEmptyParts),
        conditions: splitCondition(Condition),
        isApproximate: ref.DocumentSource === 'approximate',
      },
    })),
  );
}

/** Returns a JSON text for each operator and key. The order of the values does not matter. */
function splitCondition(condition: NonNullable<Statement['Condition']>): string[] {
  return Object.entries(condition).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]) =>
      JSON.stringify({ [operator]: { [key]: [values].flat().map(String).sort() } }),
    ),
  );
}

function toChanges(Change: PermissionChange['Change'], regions: CausedRegion[]): PermissionChange[] {
  const changes = regions.map(({ action, resource, conditions, except, cause, ...region }): PermissionChange => {
    const { PolicyName, PolicyType } = cause.policy;
    const isApproximate = [region, ...except].some((part) => part.isApproximate);
    return {
      Change,
      ...toPermission({ actions: [action], resources: [resource], conditions }),
      ...(except.length > 0 && { Except: except.map(toPermission) }),
      Effect: cause.effect,
      PolicyName,
      PolicyType,
      ...(isApproximate && { DocumentSource: 'approximate' }),
    };
  });
  return mergeBy('Resources', mergeBy('Actions', changes));
}

function toPermission({
  actions,
  resources,
  conditions,
}: Pick<Block, 'actions' | 'resources' | 'conditions'>): Permission {
  return {
    Actions: actions.map((action) => (action === EVERY_ACTION ? '*' : action)),
    Resources: resources,
    ...(conditions.length > 0 && { Conditions: conditions.map((condition) => JSON.parse(condition)) }),
  };
}

/** Joins changes that differ only in this member. */
function mergeBy(member: 'Actions' | 'Resources', changes: PermissionChange[]): PermissionChange[] {
  const merged = new Map<string, { change: PermissionChange; patterns: Set<string> }>();
  for (const change of changes) {
    const key = JSON.stringify({ ...change, [member]: [] });
    const entry = merged.get(key) ?? { change, patterns: new Set() };
    for (const pattern of change[member]) entry.patterns.add(pattern);
    merged.set(key, entry);
  }
  return Array.from(merged.values(), ({ change, patterns }) => ({ ...change, [member]: [...patterns] }));
}
