import { checkDocument, checkTrustPolicy } from '../policy/check.ts';
import { foldCase } from '../state.ts';
import type { Description } from './description.ts';
import { type DescriptionFile, type PolicyRefInFile, readPolicyRef } from './description-file.ts';

/** A problem of a description in a file. `Path` is where it is: `['Users', 3, 'Groups', 0]`. */
export interface DescriptionProblem {
  Path: (string | number)[];
  Code: string;
  Message: string;
}

/** Returns the errors of all policy documents. */
export async function findDocumentProblems({ Policies = [], Roles = [] }: DescriptionFile) {
  const problems: DescriptionProblem[] = [];
  const check = async (path: DescriptionProblem['Path'], document: string | object | undefined, isTrust = false) => {
    if (document === undefined) return;
    const member = String(path.at(-1));
    // A document that is an object becomes a text of one line, in which the column of a problem is its offset.
    const text = typeof document === 'string' ? document : JSON.stringify(document);
    const findings = isTrust ? await checkTrustPolicy(text, member) : (await checkDocument(text)).findings;
    for (const { Severity, Code, Message, Line, Column } of findings) {
      if (Severity !== 'Error') continue;
      if (typeof document !== 'string') {
        problems.push({ Path: [...path, ...(await import('../json.ts')).findPath(text, Column - 1)], Code, Message });
      } else {
        problems.push({ Path: path, Code, Message: `line ${Line}, column ${Column} of the document: ${Message}` });
      }
    }
  };
  for (const [index, policy] of Policies.entries())
    await check(['Policies', index, 'PolicyDocument'], policy.PolicyDocument);
  for (const [index, role] of Roles.entries())
    await check(['Roles', index, 'AssumeRolePolicyDocument'], role.AssumeRolePolicyDocument, true);
  return problems;
}

interface CheckOptions {
  prune: boolean;
  /** The folded names of system policies that exist. */
  systemPolicies: Set<string>;
}

/** Returns what a description names and the directory does not have, and what a new entity needs. */
export function findReferenceProblems(
  file: DescriptionFile,
  current: Description,
  { prune, systemPolicies }: CheckOptions,
): DescriptionProblem[] {
  const problems: DescriptionProblem[] = [];
  const { AccountId } = file.Account ?? {};
  if (AccountId !== undefined && AccountId !== current.Account.AccountId) {
    const Message = `the file describes the account ${AccountId}, but the account of the directory is ${current.Account.AccountId}`;
    problems.push({ Path: ['Account', 'AccountId'], Code: 'OtherAccount', Message });
  }
  const groups = namesAfter(file.Groups, current.Groups, 'GroupName', prune);
  const policies = namesAfter(file.Policies, current.Policies, 'PolicyName', prune);
  const presentPolicies = new Set(current.Policies.map(({ PolicyName }) => foldCase(PolicyName)));
  for (const [index, { PolicyName, PolicyDocument }] of (file.Policies ?? []).entries()) {
    if (PolicyDocument !== undefined || presentPolicies.has(foldCase(PolicyName))) continue;
    const Message = `the policy ${PolicyName} does not exist yet and needs a PolicyDocument`;
    problems.push({ Path: ['Policies', index], Code: 'MissingMember', Message });
  }
  const checkPolicies = (list: string, index: number, refs: PolicyRefInFile[] = []) => {
    for (const [position, ref] of refs.entries()) {
      const { PolicyName, PolicyType } = readPolicyRef(ref);
      const name = foldCase(PolicyName);
      const isKnown =
        (PolicyType !== 'System' && policies.has(name)) || (PolicyType !== 'Custom' && systemPolicies.has(name));
      if (isKnown) continue;
      const kind = PolicyType ? `${PolicyType.toLowerCase()} policy` : 'policy';
      const Message = `the ${kind} ${PolicyName} does not exist`;
      problems.push({ Path: [list, index, 'Policies', position], Code: 'EntityNotExist.Policy', Message });
    }
  };
  for (const [index, user] of (file.Users ?? []).entries()) {
    for (const [position, group] of (user.Groups ?? []).entries()) {
      if (groups.has(foldCase(group))) continue;
      const Message = `the group ${group} does not exist`;
      problems.push({ Path: ['Users', index, 'Groups', position], Code: 'EntityNotExist.Group', Message });
    }
  }
  for (const list of ['Users', 'Groups', 'Roles'] as const) {
    for (const [index, { Policies }] of (file[list] ?? []).entries()) checkPolicies(list, index, Policies);
  }
  return problems;
}

/** Returns the folded names of the entities of a list after the description was applied. */
function namesAfter<Name extends string>(
  wanted: Record<Name, string>[] | undefined,
  current: Record<Name, string>[],
  name: Name,
  prune: boolean,
): Set<string> {
  const present = prune && wanted ? [] : current;
  return new Set([...present, ...(wanted ?? [])].map((entity) => foldCase(entity[name])));
}
