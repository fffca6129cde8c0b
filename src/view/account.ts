import { FINDING_KINDS, type RowWithFindings, userNameOf } from '../core/workflows/findings.ts';
import type { AccountIdentity, Finding, Overview } from '../core/workflows/overview.ts';
import { relativeTime } from './cells.ts';
import { fieldsView, listView, sectionsView } from './record-views.ts';

const NAME_FIELDS = {
  'Account ID': 'AccountId',
  Alias: 'AccountAlias',
  'Default domain': 'DefaultDomain',
  'Logon URL': 'LogonUrl',
} as const;

export const accountView = fieldsView<AccountIdentity>(NAME_FIELDS);

const findingsView = listView<Finding>('nothing needs attention', {
  'Needs attention': 'Finding',
  Count: ({ Names }) => Names.length,
  Who: ({ Names }) => shortenList(Names),
  What: ({ Finding }) =>
    Finding === 'wildcard-policy' ? 'custom policies that allow everything' : FINDING_KINDS[Finding],
});

export const overviewView = sectionsView<Overview>(
  fieldsView({
    ...NAME_FIELDS,
    Users: ({ Users, UsersQuota }) => `${Users} of ${UsersQuota}`,
    Groups: ({ Groups, GroupsQuota }) => `${Groups} of ${GroupsQuota}`,
    'Custom policies': ({ Policies, PoliciesQuota }) => `${Policies} of ${PoliciesQuota}`,
    'MFA devices': ({ MFADevices, VirtualMFADevicesQuota, MFADevicesInUse }) =>
      `${MFADevices} of ${VirtualMFADevicesQuota}, ${MFADevicesInUse} in use`,
  }),
  ({ Attention }, style) => findingsView(Attention, style),
);

const MAX_LISTED_NAMES = 5;

function shortenList(names: string[]): string {
  const more = names.length - MAX_LISTED_NAMES;
  return names.slice(0, MAX_LISTED_NAMES).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

export const reportView = listView<RowWithFindings>('no users', {
  User: userNameOf,
  Console: 'password_active',
  MFA: 'mfa_active',
  Keys: (row) => Number(row.access_key_1_active) + Number(row.access_key_2_active),
  'Last logon': relativeTime('user_last_logon'),
  Findings: ({ findings }) => findings.join(' '),
});
