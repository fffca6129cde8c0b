import { FINDING_KINDS } from '../core/workflows/findings.ts';
import type { AccountNames, Finding, Overview } from '../core/workflows/overview.ts';
import type { View } from './format.ts';
import { renderFields, renderList } from './layout.ts';

export const accountView: View<AccountNames> = (account, style) => renderFields(nameFields(account), style);

function nameFields(account: AccountNames): [string, string | null][] {
  return [
    ['Account ID', account.AccountId],
    ['Alias', account.AccountAlias],
    ['Default domain', account.DefaultDomain],
    ['Logon URL', account.LogonUrl],
  ];
}

/** The names of those whom a finding is about, as many as one can take in. */
const MAX_LISTED_NAMES = 5;

export const overviewView: View<Overview> = (overview, style) => {
  const counts: [string, string][] = [
    ['Users', `${overview.Users} of ${overview.UsersQuota}`],
    ['Groups', `${overview.Groups} of ${overview.GroupsQuota}`],
    ['Custom policies', `${overview.Policies} of ${overview.PoliciesQuota}`],
    ['MFA devices', `${overview.MFADevices} of ${overview.VirtualMFADevicesQuota}, ${overview.MFADevicesInUse} in use`],
  ];
  const attention = renderList(
    ['Needs attention', 'Count', 'Who', 'What'],
    overview.Attention.map(({ Finding, Names }) => [
      Finding,
      String(Names.length),
      shortenList(Names),
      describeSetting(Finding),
    ]),
    style,
    'nothing needs attention',
  );
  return `${renderFields([...nameFields(overview), ...counts], style)}\n\n${attention}`;
};

function shortenList(names: string[]): string {
  const more = names.length - MAX_LISTED_NAMES;
  return names.slice(0, MAX_LISTED_NAMES).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

function describeSetting(finding: Finding['Finding']): string {
  return finding === 'wildcard-policy' ? 'custom policies that allow everything' : FINDING_KINDS[finding];
}

export const settingsView: View<Record<string, boolean | number | string | null>> = (settings, style) =>
  renderFields(
    Object.entries(settings).map(([member, value]) => [member, value === null ? value : String(value)]),
    style,
  );
