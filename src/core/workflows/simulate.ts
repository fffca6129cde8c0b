import type { Operations, PolicyRef } from '../directory.ts';
import { type PolicyDocument, parseStoredDocument } from '../policy/document.ts';
import { compilePolicy, evaluatePolicies } from '../policy/evaluate.ts';
import { readDefaultVersion } from './attachment.ts';

/** What is to be decided: every action on every resource, in one context. */
export interface SimulationInput {
  UserName: string;
  actions: string[];
  resources: string[];
  /** Values by condition key. */
  context: Record<string, string[]>;
}

/** One decision with the statements (counted from 1) that made it; an implicit deny has none. */
export interface SimulatedDecision {
  Action: string;
  Resource: string;
  Decision: 'Allow' | 'ExplicitDeny' | 'ImplicitDeny';
  MatchedPolicies: (PolicyRef & { VersionId: string; Statement: number })[];
}

/**
 * Decides as RAM would for a user: the policies in force on the user and on every group of theirs, explicit deny over
 * allow over implicit deny (RAM help, "Policy evaluation process"). @throws Failure EntityNotExist.User
 */
export async function simulate(operations: Operations, simulation: SimulationInput): Promise<SimulatedDecision[]> {
  const policies = await findEffectivePolicies(operations, simulation.UserName);
  const compiled = policies.map(({ document }) => compilePolicy(document));
  return simulation.actions.flatMap((Action) =>
    simulation.resources.map((Resource) => {
      const { Decision, Matched } = evaluatePolicies(compiled, { Action, Resource, Context: simulation.context });
      const MatchedPolicies = Matched.flatMap(({ policyIndex, Statement }) => {
        const ref = policies[policyIndex]?.ref;
        return ref ? [{ ...ref, Statement }] : [];
      });
      return { Action, Resource, Decision, MatchedPolicies };
    }),
  );
}

interface EffectivePolicy {
  ref: PolicyRef & { VersionId: string };
  document: PolicyDocument;
}

/** Each policy once, however many ways lead to it. */
async function findEffectivePolicies(operations: Operations, name: string): Promise<EffectivePolicy[]> {
  const { UserName } = await operations.getUser({ UserName: name });
  const attached = await operations.listPoliciesForUser({ UserName });
  for (const { GroupName } of await operations.listGroupsForUser({ UserName })) {
    attached.push(...(await operations.listPoliciesForGroup({ GroupName })));
  }
  const refs = new Map(attached.map(({ PolicyName, PolicyType }) => [PolicyName, { PolicyName, PolicyType }]));
  const policies: EffectivePolicy[] = [];
  for (const ref of refs.values()) {
    const { VersionId, PolicyDocument } = await readDefaultVersion(operations, ref);
    policies.push({ ref: { ...ref, VersionId }, document: parseStoredDocument(PolicyDocument) });
  }
  return policies;
}
