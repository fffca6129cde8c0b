import { type PolicyDocument, parseStoredDocument, type Statement } from './document.ts';
import { compilePolicy, type EvaluationResult, evaluatePolicies, type PolicyRequest } from './evaluate.ts';

type TrustStatement = Omit<Statement, 'Resource'> & { Principal: { RAM?: string | string[] } };

/**
 * Evaluates whether a trust policy lets an identity of the account assume the role. `principals` are the ARNs that name
 * this identity, among them `acs:ram::<account>:root`, which names all identities of the account (RAM, "Policy elements",
 * Principal). A matching Deny wins.
 */
export function evaluateTrustPolicy(
  text: string,
  principals: string[],
  Context: PolicyRequest['Context'],
): EvaluationResult['Decision'] {
  // Principals are matched as resources are: the ARN of an identity has the same form.
  const Statement = (parseStoredDocument(text).Statement as unknown as TrustStatement[]).map(
    ({ Principal, ...others }) => ({ ...others, Resource: Principal.RAM ?? [] }),
  );
  const policies = [compilePolicy({ Version: '1', Statement } satisfies PolicyDocument)];
  const decisions = principals.map(
    (Resource) => evaluatePolicies(policies, { Action: 'sts:AssumeRole', Resource, Context }).Decision,
  );
  const strongest = (['ExplicitDeny', 'Allow'] as const).find((decision) => decisions.includes(decision));
  return strongest ?? 'ImplicitDeny';
}
