import { defaultDomainOf, logonPage } from '../account.ts';
import type { AccountSummary, Operations } from '../directory.ts';
import { readDocument } from '../policy/document.ts';
import { allowsEverything } from '../policy/lint.ts';
import { documentInForce } from './attach.ts';
import { audit, type FindingName, userNameOf } from './findings.ts';

/** What an account is called and where its users log on. */
export interface AccountNames {
  AccountId: string;
  AccountAlias: string | null;
  DefaultDomain: string;
  LogonUrl: string;
}

export async function accountNames(operations: Operations): Promise<AccountNames> {
  const { AccountId } = await operations.getCallerIdentity();
  const { AccountAlias } = await operations.getAccountAlias();
  const DefaultDomain = defaultDomainOf(AccountAlias ?? AccountId);
  return { AccountId, AccountAlias, DefaultDomain, LogonUrl: logonPage(DefaultDomain) };
}

/** What needs attention, and who or which policies it is about. */
export interface Attention {
  Finding: FindingName | 'wildcard-policy';
  Names: string[];
}

/** The Overview page. */
export interface Overview extends AccountNames, AccountSummary {
  Attention: Attention[];
}

export async function describeAccount(operations: Operations, now: Date): Promise<Overview> {
  const attention = new Map<Attention['Finding'], string[]>();
  const add = (finding: Attention['Finding'], name: string) =>
    attention.set(finding, [...(attention.get(finding) ?? []), name]);
  for (const row of await audit(operations, now)) {
    for (const finding of row.findings) add(finding, userNameOf(row));
  }
  for (const name of await wildcardPolicies(operations)) add('wildcard-policy', name);
  const Attention = Array.from(attention, ([Finding, Names]) => ({ Finding, Names }));
  return { ...(await accountNames(operations)), ...(await operations.getAccountSummary()), Attention };
}

/** Custom policies with a statement that allows everything on everything. */
async function wildcardPolicies(operations: Operations): Promise<string[]> {
  const names: string[] = [];
  for (const { PolicyName, PolicyType } of await operations.listPolicies({ PolicyType: 'Custom' })) {
    const { PolicyDocument } = await documentInForce(operations, { PolicyName, PolicyType });
    if (readDocument(PolicyDocument).Statement.some(allowsEverything)) names.push(PolicyName);
  }
  return names;
}
