import { findOperator } from './condition-operators.ts';
import type { PolicyDocument, Statement } from './document.ts';
import { compileGlob } from './wildcard.ts';

/** What somebody wants to do. `Context` has the values by condition key, an empty string being one; a key has any case. */
export interface PolicyRequest {
  Action: string;
  Resource: string;
  Context: Record<string, string[]>;
}

/** A policy made ready for many decisions. */
export type CompiledPolicy = CompiledStatement[];

interface CompiledStatement {
  effect: Statement['Effect'];
  applies(request: PolicyRequest): boolean;
}

/** A decision and the statements that made it: `policy` is the index in the list, `Statement` counts from 1. */
export interface EvaluationResult {
  Decision: 'Allow' | 'ExplicitDeny' | 'ImplicitDeny';
  Matched: { policyIndex: number; Statement: number }[];
}

/** Takes a document that `reviewDocument` finds no error in. */
export function compilePolicy(document: PolicyDocument): CompiledPolicy {
  return document.Statement.map(compileStatement);
}

/** RAM's rule: a Deny that matches wins, else an Allow that matches, else nothing is allowed. */
export function evaluatePolicies(policies: CompiledPolicy[], request: PolicyRequest): EvaluationResult {
  const folded = { ...request, Action: request.Action.toLowerCase() };
  const matched: Record<Statement['Effect'], EvaluationResult['Matched']> = { Allow: [], Deny: [] };
  policies.forEach((statements, policyIndex) => {
    statements.forEach(({ effect, applies }, index) => {
      if (applies(folded)) matched[effect].push({ policyIndex, Statement: index + 1 });
    });
  });
  if (matched.Deny.length > 0) return { Decision: 'ExplicitDeny', Matched: matched.Deny };
  return { Decision: matched.Allow.length > 0 ? 'Allow' : 'ImplicitDeny', Matched: matched.Allow };
}

function compileStatement({ Effect, Action, NotAction = [], Resource, Condition = {} }: Statement): CompiledStatement {
  // A pattern has one colon, as an action has: so a glob over the whole compares the ramCode by itself.
  const actions = compileAnyGlob([Action ?? NotAction].flat().map((pattern) => pattern.toLowerCase()));
  const resources = compileAnyGlob([Resource].flat().map(expandEmptyParts));
  const conditions = compileConditions(Condition);
  return {
    effect: Effect,
    applies: (request) =>
      actions(request.Action) === (Action !== undefined) &&
      resources(request.Resource) &&
      conditions.every((holds) => holds(request.Context)),
  };
}

function compileAnyGlob(patterns: string[]): (text: string) => boolean {
  const globs = patterns.map(compileGlob);
  return (text) => globs.some((matches) => matches(text));
}

/**
 * A pattern with `*` for an empty region or account. RAM is a global service: its requests hold `*` there, the ARNs that
 * people copy hold nothing, and `*` covers both.
 */
function expandEmptyParts(resource: string): string {
  return resource.replace(/^(acs:[^:]*):([^:]*):([^:]*):/, (_, service, region, account) => {
    return `${service}:${region || '*'}:${account || '*'}:`;
  });
}

type ConditionContext = PolicyRequest['Context'];

function compileConditions(condition: NonNullable<Statement['Condition']>): ((context: ConditionContext) => boolean)[] {
  return Object.entries(condition).flatMap(([name, keys]) => {
    const operator = findOperator(name);
    if (!operator) throw new Error(`unknown condition operator ${name}`);
    return Object.entries(keys).map(([key, values]) => {
      const wanted = key.toLowerCase();
      const holds = operator.compileTest([values].flat().map(String));
      return (context: ConditionContext) => holds(findConditionValues(context, wanted));
    });
  });
}

/** A loop, for `flatMap` would take as long as the rest of a decision. */
function findConditionValues(context: ConditionContext, wanted: string): string[] {
  const found: string[] = [];
  for (const key of Object.keys(context)) {
    if (key.toLowerCase() === wanted) found.push(...(context[key] ?? []));
  }
  return found;
}
