import type { Operations, PolicyRef } from '../directory.ts';
import { type PolicyDocument, readDocument } from '../policy/document.ts';
import { compilePolicy, decide } from '../policy/evaluate.ts';
import { documentInForce } from './attach.ts';

/** What is to be decided: every action on every resource, in one context. */
export interface Simulation {
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
export async function simulate(operations: Operations, simulation: Simulation): Promise<SimulatedDecision[]> {
  const policies = await policiesInForce(operations, simulation.UserName);
  const compiled = policies.map(({ document }) => compilePolicy(document));
  return simulation.actions.flatMap((Action) =>
    simulation.resources.map((Resource) => {
      const { Decision, Matched } = decide(compiled, { Action, Resource, Context: simulation.context });
      const MatchedPolicies = Matched.flatMap(({ policy, Statement }) => {
        const ref = policies[policy]?.ref;
        return ref ? [{ ...ref, Statement }] : [];
      });
      return { Action, Resource, Decision, MatchedPolicies };
    }),
  );
}

interface PolicyInForce {
  ref: PolicyRef & { VersionId: string };
  document: PolicyDocument;
}

/** Each policy once, however many ways lead to it. */
async function policiesInForce(operations: Operations, name: string): Promise<PolicyInForce[]> {
  const { UserName } = await operations.getUser({ UserName: name });
  const attached = await operations.listPoliciesForUser({ UserName });
  for (const { GroupName } of await operations.listGroupsForUser({ UserName })) {
    attached.push(...(await operations.listPoliciesForGroup({ GroupName })));
  }
  const refs = new Map(attached.map(({ PolicyName, PolicyType }) => [PolicyName, { PolicyName, PolicyType }]));
  const policies: PolicyInForce[] = [];
  for (const ref of refs.values()) {
    const { VersionId, PolicyDocument } = await documentInForce(operations, ref);
    policies.push({ ref: { ...ref, VersionId }, document: readDocument(PolicyDocument) });
  }
  return policies;
}
