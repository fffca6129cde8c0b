import { computeOnce } from '../computed.ts';
import type { Attachment, GroupRef, Operations, PolicyRef, RoleRef, UserRef } from '../directory.ts';
import { compilePolicy, type EvaluationResult, evaluatePolicies } from '../policy/evaluate.ts';
import { testsMFAPresent } from '../policy/lint-mfa.ts';
import { readDefaultVersion } from './policy.ts';

/** The identity whose policies are evaluated: for a group, what all its members have through it. */
export type Principal = UserRef | RoleRef | GroupRef;

/** The requests to evaluate: every action on every resource, in the same context. */
export interface SimulationInput extends UserRef {
  actions: string[];
  resources: string[];
  /** Values by condition key. */
  context: Record<string, string[]>;
}

/** A decision with the statements that caused it, counted from 1. An implicit deny has no statements. */
export interface SimulatedDecision extends Pick<EvaluationResult, 'Decision'> {
  Action: string;
  Resource: string;
  MatchedPolicies: MatchedPolicy[];
}

/** `DocumentSource` is present only for an approximate document. */
type MatchedPolicy = PolicyRef & { VersionId: string; DocumentSource?: 'approximate'; Statement: number };

export interface Simulation {
  decisions: SimulatedDecision[];
  /** The names of the policies whose approximate documents decided, or could have decided an implicit deny. */
  approximatePolicies: string[];
  /** Whether a condition tests acs:MFAPresent although the context does not have it. */
  lacksMFAPresent: boolean;
}

/**
 * Evaluates the policies of a user and of the user's groups as RAM does: an explicit deny wins over an allow, and an
 * allow wins over an implicit deny (RAM help, "Policy evaluation process"). @throws Failure EntityNotExist.User
 */
export async function simulate(operations: Operations, input: SimulationInput): Promise<Simulation> {
  const { UserName, actions, resources, context: Context } = input;
  const { policies, compiled } = await readEffectivePolicies(operations, { UserName });
  const decisions = actions.flatMap((Action) =>
    resources.map((Resource) => {
      const { Decision, Matched } = evaluatePolicies(compiled, { Action, Resource, Context });
      const MatchedPolicies = Matched.flatMap(({ policyIndex, Statement }) => {
        const policy = policies[policyIndex];
        return policy ? [{ ...policy.ref, Statement }] : [];
      });
      return { Action, Resource, Decision, MatchedPolicies };
    }),
  );
  const hasImplicitDeny = decisions.some(({ Decision }) => Decision === 'ImplicitDeny');
  const matchedNames = decisions.flatMap(({ MatchedPolicies }) => MatchedPolicies.map(({ PolicyName }) => PolicyName));
  const approximatePolicies = policies
    .filter(({ ref }) => ref.DocumentSource && (hasImplicitDeny || matchedNames.includes(ref.PolicyName)))
    .map(({ ref }) => ref.PolicyName);
  const hasMFAPresent = Object.keys(Context).some((key) => key.toLowerCase() === 'acs:mfapresent');
  const lacksMFAPresent = !hasMFAPresent && policies.some(({ document }) => document.Statement.some(testsMFAPresent));
  return { decisions, approximatePolicies, lacksMFAPresent };
}

/**
 * Returns the policies of a role or a group, or of a user and of the user's groups, and the same policies compiled.
 * @throws Failure EntityNotExist.User, EntityNotExist.Role, EntityNotExist.Group
 */
export function readEffectivePolicies(operations: Operations, principal: Principal) {
  return computeOnce(operations, `policies of ${JSON.stringify(principal)}`, async () => {
    const policies = await findEffectivePolicies(operations, principal);
    return { policies, compiled: policies.map(({ document }) => compilePolicy(document)) };
  });
}

/** Returns each policy once, even when it is attached to the user and to several groups. */
async function findEffectivePolicies(operations: Operations, principal: Principal) {
  const attached = await listAttached(operations, principal);
  const policies = [];
  for (const policy of new Map(attached.map((policy) => [policy.PolicyName, policy])).values()) {
    const { PolicyName, PolicyType } = policy;
    const { VersionId, document } = await readDefaultVersion(operations, { PolicyName, PolicyType });
    policies.push({ ref: { PolicyName, PolicyType, VersionId, ...labelApproximate(policy) }, document });
  }
  return policies;
}

function listAttached(operations: Operations, principal: Principal): Promise<Attachment[]> {
  if ('UserName' in principal) return listPoliciesOfUser(operations, principal);
  if ('RoleName' in principal) return operations.listPoliciesForRole({ RoleName: principal.RoleName });
  return operations.listPoliciesForGroup({ GroupName: principal.GroupName });
}

/** Returns the policies of the user, then those of the user's groups. */
async function listPoliciesOfUser(operations: Operations, { UserName: name }: UserRef): Promise<Attachment[]> {
  const { UserName } = await operations.getUser({ UserName: name });
  const attached = [...(await operations.listPoliciesForUser({ UserName }))];
  for (const { GroupName } of await operations.listGroupsForUser({ UserName })) {
    attached.push(...(await operations.listPoliciesForGroup({ GroupName })));
  }
  return attached;
}

function labelApproximate({ DocumentSource }: Attachment): { DocumentSource?: 'approximate' } {
  return DocumentSource === 'approximate' ? { DocumentSource } : {};
}
