import { CONDITION_OPERATORS } from './condition-operators.ts';
import type { PolicyDocument, Statement } from './document.ts';
import { compileWildcard } from './wildcard.ts';

/** `Context` has the values by condition key. Keys ignore case; an empty string is a value. */
export interface PolicyRequest {
  Action: string;
  Resource: string;
  Context: Record<string, string[]>;
}

/** A statement that is compiled once for many decisions. */
type CompiledStatement = {
  effect: Statement['Effect'];
  applies(foldedAction: string, request: PolicyRequest): boolean;
};

/** A decision and the statements that caused it. `policyIndex` counts from 0, `Statement` from 1. */
export interface EvaluationResult {
  Decision: 'Allow' | 'ExplicitDeny' | 'ImplicitDeny';
  Matched: { policyIndex: number; Statement: number }[];
}

/** Compiles a document in which `checkDocument` finds no error. */
export function compilePolicy(document: PolicyDocument): CompiledStatement[] {
  return document.Statement.map(compileStatement);
}

/** Applies RAM's rule: a matching Deny wins, then a matching Allow; otherwise the request is denied implicitly. */
export function evaluatePolicies(policies: CompiledStatement[][], request: PolicyRequest): EvaluationResult {
  const foldedAction = request.Action.toLowerCase();
  const matched: Record<Statement['Effect'], EvaluationResult['Matched']> = { Allow: [], Deny: [] };
  policies.forEach((statements, policyIndex) => {
    statements.forEach(({ effect, applies }, index) => {
      if (applies(foldedAction, request)) matched[effect].push({ policyIndex, Statement: index + 1 });
    });
  });
  if (matched.Deny.length > 0) return { Decision: 'ExplicitDeny', Matched: matched.Deny };
  return { Decision: matched.Allow.length > 0 ? 'Allow' : 'ImplicitDeny', Matched: matched.Allow };
}

function compileStatement({ Effect, Action, NotAction = [], Resource, Condition = {} }: Statement): CompiledStatement {
  // Actions and patterns have one colon each, so a `*` in the ramCode cannot match text of the name.
  const matchesAction = compileAnyGlob([Action ?? NotAction].flat().map((pattern) => pattern.toLowerCase()));
  const matchesResource = compileAnyGlob([Resource].flat().map(expandEmptyParts));
  const conditions = Object.entries(Condition).flatMap(([operatorName, keys]) =>
    Object.entries(keys).map(([key, values]) => compileCondition(operatorName, key, [values].flat().map(String))),
  );
  return {
    effect: Effect,
    applies: (foldedAction, request) =>
      matchesAction(foldedAction) === (Action !== undefined) &&
      matchesResource(request.Resource) &&
      conditions.every((isSatisfied) => isSatisfied(request)),
  };
}

function compileAnyGlob(patterns: string[]): (text: string) => boolean {
  const globs = patterns.map(compileWildcard);
  if (globs.length === 1 && globs[0]) return globs[0];
  return (text) => globs.some((matches) => matches(text));
}

/**
 * Replaces an empty region or account by `*`. RAM is a global service: its requests have `*` there, but copied ARNs are
 * empty there. A `*` in the pattern matches both.
 */
export function expandEmptyParts(resource: string): string {
  return resource.replace(/^(acs:[^:]*:):/, '$1*:').replace(/^(acs:[^:]*:[^:]*:):/, '$1*:');
}

function compileCondition(operatorName: string, key: string, policyValues: string[]) {
  const operator = CONDITION_OPERATORS.get(operatorName);
  if (!operator) throw new Error(`unknown condition operator ${operatorName}`);
  const foldedKey = key.toLowerCase();
  const passes = operator.compileTest(policyValues);
  return ({ Context }: PolicyRequest) => passes(findConditionValues(Context, key, foldedKey));
}

/** Returns the values of a key. A loop is used because `flatMap` takes as long as the rest of a decision. */
function findConditionValues(context: PolicyRequest['Context'], key: string, foldedKey: string): string[] {
  let values: string[] = [];
  for (const name of Object.keys(context)) {
    if (name !== key && name.toLowerCase() !== foldedKey) continue;
    const found = context[name] ?? [];
    values = values.length === 0 ? found : [...values, ...found];
  }
  return values;
}
