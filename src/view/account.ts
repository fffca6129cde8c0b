import { FINDING_KINDS, type RowWithFindings, userNameOf } from '../core/workflows/findings.ts';
import type { AccountIdentity, Finding, Overview } from '../core/workflows/overview.ts';
import { relativeTime } from './cells.ts';
import { fieldsView, listView, resultListView, sectionsView } from './record-views.ts';

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

const REPORT_MEMBERS = [
  'user',
  'user_creation_time',
  'user_last_logon',
  'password_exist',
  'password_active',
  'password_last_changed',
  'password_next_rotation',
  'mfa_active',
  'access_key_1_exist',
  'access_key_1_active',
  'access_key_1_last_rotated',
  'access_key_1_last_used',
  'access_key_2_exist',
  'access_key_2_active',
  'access_key_2_last_rotated',
  'access_key_2_last_used',
  'findings',
];

export const reportView = resultListView<RowWithFindings>('no users', REPORT_MEMBERS, {
  User: userNameOf,
  Console: 'password_active',
  MFA: 'mfa_active',
  Keys: (row) => Number(row.access_key_1_active) + Number(row.access_key_2_active),
  'Last logon': relativeTime('user_last_logon'),
  Findings: ({ findings }) => findings.join(' '),
});
