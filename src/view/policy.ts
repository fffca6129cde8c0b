import type { ImportedPolicy, Policy, PolicyVersion } from '../core/directory.ts';
import type { PolicyFinding } from '../core/policy/check.ts';
import type { AttachmentChange } from '../core/workflows/attachment.ts';
import type { DeletedPolicy, PolicyDetails } from '../core/workflows/policy.ts';
import type { SimulatedDecision } from '../core/workflows/simulate.ts';
import { date, relativeTime, removed } from './cells.ts';
import type { View } from './format.ts';
import { fieldsView, listView, resultListView, sectionsView } from './record-views.ts';

const LIST_MEMBERS = [
  'PolicyName',
  'PolicyType',
  'Description',
  'DefaultVersion',
  'AttachmentCount',
  'CreateDate',
  'UpdateDate',
  'DocumentSource',
];

// Next to the longest names of system policies, a terminal of 80 columns has no space for the optional columns.
export const policyListView = resultListView<Policy>(
  'no policies',
  LIST_MEMBERS,
  {
    Policy: 'PolicyName',
    Type: 'PolicyType',
    Version: 'DefaultVersion',
    Attached: 'AttachmentCount',
    Document: 'DocumentSource',
    Description: 'Description',
  },
  ['Version', 'Description'],
);

export const policyView = sectionsView<PolicyDetails>(
  fieldsView({
    Policy: 'PolicyName',
    Type: 'PolicyType',
    Description: 'Description',
    Version: ({ VersionId, IsDefaultVersion }) => `${VersionId}${IsDefaultVersion ? ' (default)' : ''}`,
    Document: ({ DocumentSource }) => DocumentSource,
    Updated: date('UpdateDate', '-'),
    'Attached to': ({ Users, Groups, Roles }) => [
      ...Users.map(({ UserName }) => `user ${UserName}`),
      ...Groups.map(({ GroupName }) => `group ${GroupName}`),
      ...Roles.map(({ RoleName }) => `role ${RoleName}`),
    ],
  }),
  ({ PolicyDocument }) => PolicyDocument.trimEnd(),
  ({ DocumentSource, PolicyName }) => (DocumentSource === 'approximate' ? explainApproximate(PolicyName) : ''),
);

function explainApproximate(policyName: string): string {
  return `ramctl does not know the exact document of this policy.
It derived this one from the name of the policy.
To replace it, export the real policy from your account and import it:
  aliyun ram GetPolicy --PolicyType System \\
    --PolicyName ${policyName} \\
    | ramctl policy system import -`;
}

const IMPORTED_MEMBERS = ['PolicyName', 'PolicyType', 'DefaultVersion', 'DocumentSource', 'Changed'];

export const importedPolicyListView = resultListView<ImportedPolicy>('', IMPORTED_MEMBERS, {
  Policy: 'PolicyName',
  Version: 'DefaultVersion',
  Changed: 'Changed',
});

const VERSION_MEMBERS = ['VersionId', 'IsDefaultVersion', 'PolicyDocument', 'CreateDate'];

export const versionListView = resultListView<PolicyVersion>('', VERSION_MEMBERS, {
  Version: 'VersionId',
  Default: 'IsDefaultVersion',
  Created: relativeTime('CreateDate', '-'),
});

/** Has columns for users, groups and roles only if the changes concern them. */
export const attachmentView: View<AttachmentChange[]> = (changes, style) => {
  const columns = listView<AttachmentChange>('', {
    Policy: 'PolicyName',
    ...(changes.some((change) => 'UserName' in change) && { User: 'UserName' }),
    ...(changes.some((change) => 'GroupName' in change) && { Group: 'GroupName' }),
    ...(changes.some((change) => 'RoleName' in change) && { Role: 'RoleName' }),
    Changed: 'Changed',
  });
  return columns(changes, style);
};

export const deletedPolicyView = fieldsView<DeletedPolicy>({
  Policy: 'PolicyName',
  Type: 'PolicyType',
  'Detached from': removed,
});

const findingsView = listView<PolicyFinding>('', {
  Place: ({ Line, Column }) => `${Line}:${Column}`,
  Severity: 'Severity',
  What: 'Message',
});

export const policyCheckView = sectionsView<{ Valid: boolean; Findings: PolicyFinding[] }>(
  ({ Findings }, style) => findingsView(Findings, style),
  ({ Valid }, { colour }) =>
    Valid ? colour.green('RAM would accept this document.') : colour.red('RAM would reject this document.'),
);

export const simulationView = listView<SimulatedDecision>('', {
  Action: 'Action',
  Resource: 'Resource',
  Decision: ({ Decision }, { colour }) => (Decision === 'Allow' ? colour.green(Decision) : colour.red(Decision)),
  'Decided by': ({ MatchedPolicies }) =>
    MatchedPolicies.map(({ PolicyName, VersionId, DocumentSource, Statement }) => {
      const label = DocumentSource ? ` (${DocumentSource})` : '';
      return `${PolicyName} ${VersionId}${label}, statement ${Statement}`;
    }),
});
