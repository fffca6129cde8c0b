import type { Target } from '../core/target.ts';
import { FINDING_KINDS, type RowWithFindings, userNameOf } from '../core/workflows/findings.ts';
import type { AccountIdentity, Finding, Overview } from '../core/workflows/overview.ts';
import { relativeTime } from './cells.ts';
import type { View } from './format.ts';
import { logonUrl } from './local-directory.ts';
import { fieldsView, listView, resultListView, sectionsView } from './record-views.ts';
import { isTerminal, type Style } from './style.ts';

export const accountView = fieldsView<AccountIdentity>({
  'Account ID': 'AccountId',
  Alias: 'AccountAlias',
  'Default domain': 'DefaultDomain',
  'Logon URL': logonUrl,
});

/** The columns that the cells next to the names take. */
const FINDING_WIDTH = 'wildcard-policy  Count  '.length;

const FINDING_COLUMNS = {
  'Needs attention': 'Finding',
  Count: ({ Names }: Finding) => Names.length,
  Who: ({ Names }: Finding, { width }: Style) => shortenList(Names, width - FINDING_WIDTH),
} as const;

const terminalFindingsView = listView<Finding>('', FINDING_COLUMNS);

const fullFindingsView = listView<Finding>('', {
  ...FINDING_COLUMNS,
  What: ({ Finding }) =>
    Finding === 'wildcard-policy' ? 'custom policies that allow everything' : FINDING_KINDS[Finding],
});

/** Shows one line for each finding at a terminal, so that the overview fits 24 rows. */
const findingsView: View<Finding[]> = (findings, style) => {
  if (findings.length === 0) return style.colour.dim('nothing needs attention');
  const view = isTerminal(style) ? terminalFindingsView : fullFindingsView;
  const note = '"ramctl report" lists all users; "ramctl help report" explains the findings.';
  return `${view(findings, style)}\n${style.colour.dim(note)}`;
};

/** The overview of an account with the place where its users live. */
type LocatedOverview = Overview & { Directory: string; Target: Target['kind'] };

const USERS_NOTES: Record<Target['kind'], string> = {
  local: 'its users exist on this machine only',
  cloud: 'an Alibaba Cloud account',
  endpoint: "a server with RAM's API",
};

/** Takes at most 23 rows of 80 columns, so that the prompt below it fits a terminal of 24 rows. */
export const overviewView = sectionsView<LocatedOverview>(
  fieldsView<LocatedOverview>({
    Directory: 'Directory',
    Target: ({ Target }) => `${Target}; ${USERS_NOTES[Target]}`,
    'Account ID': 'AccountId',
    // It contains the alias.
    'Default domain': 'DefaultDomain',
    'Logon URL': logonUrl,
    Identities: ({ Users, UsersQuota, Groups, GroupsQuota, Roles, RolesQuota }) =>
      `${Users} of ${UsersQuota} users, ${Groups} of ${GroupsQuota} groups, ${Roles} of ${RolesQuota} roles`,
    'Policies and MFA': ({ Policies, PoliciesQuota, MFADevices, VirtualMFADevicesQuota }) =>
      `${Policies} of ${PoliciesQuota} custom policies, ${MFADevices} of ${VirtualMFADevicesQuota} MFA devices`,
  }),
  ({ Attention }, style) => findingsView(Attention, style),
);

const MAX_LISTED_NAMES = 5;

/** Returns as many names as `width` columns hold, and the number of the others. */
function shortenList(names: string[], width: number): string {
  for (let count = MAX_LISTED_NAMES; count > 0; count -= 1) {
    const more = names.length - count;
    const text = names.slice(0, count).join(', ') + (more > 0 ? ` and ${more} more` : '');
    if (text.length <= width) return text;
  }
  return `${names[0]?.slice(0, width - 1)}…`;
}

const REPORT_MEMBERS =
  `user, user_creation_time, user_last_logon, password_exist, password_active, password_last_changed,
  password_next_rotation, mfa_active, access_key_1_exist, access_key_1_active, access_key_1_last_rotated,
  access_key_1_last_used, access_key_2_exist, access_key_2_active, access_key_2_last_rotated, access_key_2_last_used,
  findings`.split(/,\s+/);

export const reportView = resultListView<RowWithFindings>('no users', REPORT_MEMBERS, {
  User: userNameOf,
  Console: 'password_active',
  MFA: 'mfa_active',
  Keys: (row) => Number(row.access_key_1_active) + Number(row.access_key_2_active),
  'Last logon': relativeTime('user_last_logon'),
  Findings: ({ findings }) => findings.join(' '),
});
