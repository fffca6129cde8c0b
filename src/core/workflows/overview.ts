import type { AccountSummary, Operations } from '../directory.ts';
import { defaultDomainOf, logonPageUrl } from '../logon-names.ts';
import { allowsEverything } from '../policy/lint.ts';
import { type FindingKind, readReportWithFindings, userNameOf } from './findings.ts';
import { findCustomPolicies } from './policy.ts';

/** The names of an account and the page where its users log on. */
export type AccountIdentity = Awaited<ReturnType<typeof readAccountIdentity>>;

export async function readAccountIdentity(operations: Operations) {
  const { AccountId } = await operations.getCallerIdentity();
  const { AccountAlias } = await operations.getAccountAlias();
  const DefaultDomain = defaultDomainOf(AccountAlias ?? AccountId);
  return { AccountId, AccountAlias, DefaultDomain, LogonUrl: logonPageUrl(DefaultDomain) };
}

/** A kind of risk and the users or policies that have it. */
export type Finding = { Finding: FindingKind | 'wildcard-policy'; Names: string[] };

/** The data of the Overview page. */
export type Overview = AccountIdentity & AccountSummary & { Attention: Finding[] };

export async function readOverview(operations: Operations, now: Date): Promise<Overview> {
  const names = new Map<Finding['Finding'], string[]>();
  for (const row of await readReportWithFindings(operations, now)) {
    for (const kind of row.findings) names.set(kind, [...(names.get(kind) ?? []), userNameOf(row)]);
  }
  const wildcardPolicies = await findCustomPolicies(operations, ({ Statement }) => Statement.some(allowsEverything));
  if (wildcardPolicies.length > 0) names.set('wildcard-policy', wildcardPolicies);
  const Attention = Array.from(names, ([Finding, Names]) => ({ Finding, Names }));
  return { ...(await readAccountIdentity(operations)), ...(await operations.getAccountSummary()), Attention };
}
