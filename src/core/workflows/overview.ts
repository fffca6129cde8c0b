import { defaultDomainOf, logonPageUrl } from '../account.ts';
import type { AccountSummary, Operations } from '../directory.ts';
import { parseStoredDocument } from '../policy/document.ts';
import { allowsEverything } from '../policy/lint.ts';
import { readDefaultVersion } from './attachment.ts';
import { type FindingKind, findIssues, userNameOf } from './findings.ts';

/** What an account is called and where its users log on. */
export interface AccountNames {
  AccountId: string;
  AccountAlias: string | null;
  DefaultDomain: string;
  LogonUrl: string;
}

export async function readAccountNames(operations: Operations): Promise<AccountNames> {
  const { AccountId } = await operations.getCallerIdentity();
  const { AccountAlias } = await operations.getAccountAlias();
  const DefaultDomain = defaultDomainOf(AccountAlias ?? AccountId);
  return { AccountId, AccountAlias, DefaultDomain, LogonUrl: logonPageUrl(DefaultDomain) };
}

/** What needs attention, and who or which policies it is about. */
export interface Finding {
  Finding: FindingKind | 'wildcard-policy';
  Names: string[];
}

/** The Overview page. */
export interface Overview extends AccountNames, AccountSummary {
  Attention: Finding[];
}

export async function describeAccount(operations: Operations, now: Date): Promise<Overview> {
  const attention = new Map<Finding['Finding'], string[]>();
  const add = (finding: Finding['Finding'], name: string) =>
    attention.set(finding, [...(attention.get(finding) ?? []), name]);
  for (const row of await findIssues(operations, now)) {
    for (const finding of row.findings) add(finding, userNameOf(row));
  }
  for (const name of await findWildcardPolicies(operations)) add('wildcard-policy', name);
  const Attention = Array.from(attention, ([Finding, Names]) => ({ Finding, Names }));
  return { ...(await readAccountNames(operations)), ...(await operations.getAccountSummary()), Attention };
}

/** Custom policies with a statement that allows everything on everything. */
async function findWildcardPolicies(operations: Operations): Promise<string[]> {
  const names: string[] = [];
  for (const { PolicyName, PolicyType } of await operations.listPolicies({ PolicyType: 'Custom' })) {
    const { PolicyDocument } = await readDefaultVersion(operations, { PolicyName, PolicyType });
    if (parseStoredDocument(PolicyDocument).Statement.some(allowsEverything)) names.push(PolicyName);
  }
  return names;
}
