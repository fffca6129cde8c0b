import type { Policy, PolicyVersion } from '../core/directory.ts';
import type { PolicyFinding } from '../core/policy/check.ts';
import type { AttachmentChange } from '../core/workflows/attachment.ts';
import type { DeletedPolicy, PolicyDetails } from '../core/workflows/policy.ts';
import type { SimulatedDecision } from '../core/workflows/simulate.ts';
import type { View } from './format.ts';
import { renderFields, renderList } from './layout.ts';
import { formatAge, formatDate, formatRemoved, formatYesNo } from './phrases.ts';
import type { Style } from './style.ts';

export const policyListView: View<Policy[]> = (policies, style) =>
  renderList(
    ['Policy', 'Type', 'Version', 'Attached', 'Description'],
    policies.map((policy) => [
      policy.PolicyName,
      policy.PolicyType,
      policy.DefaultVersion,
      String(policy.AttachmentCount),
      policy.Description,
    ]),
    style,
    'no policies',
  );

export const policyView: View<PolicyDetails> = (policy, style) => {
  const holders = [
    ...policy.Users.map(({ UserName }) => `user ${UserName}`),
    ...policy.Groups.map(({ GroupName }) => `group ${GroupName}`),
  ];
  const head = renderFields(
    [
      ['Policy', policy.PolicyName],
      ['Type', policy.PolicyType],
      ['Description', policy.Description],
      ['Version', `${policy.VersionId}${policy.IsDefaultVersion ? ' (default)' : ''}`],
      ['Updated', formatDate(policy.UpdateDate, style, '-')],
      ['Attached to', holders.join('\n')],
    ],
    style,
  );
  return `${head}\n\n${policy.PolicyDocument.trimEnd()}`;
};

export const versionListView: View<PolicyVersion[]> = (versions, style) =>
  renderList(
    ['Version', 'Default', 'Created'],
    versions.map((version) => [
      version.VersionId,
      formatYesNo(version.IsDefaultVersion),
      formatAge(version.CreateDate, style, '-'),
    ]),
    style,
    '',
  );

export const attachmentView: View<AttachmentChange[]> = (changes, style) => {
  const kinds = (['UserName', 'GroupName'] as const).filter((kind) => changes.some((change) => kind in change));
  return renderList(
    ['Policy', ...kinds.map((kind) => (kind === 'UserName' ? 'User' : 'Group')), 'Changed'],
    changes.map((change) => [change.PolicyName, ...kinds.map((kind) => change[kind]), formatYesNo(change.Changed)]),
    style,
    '',
  );
};

export const deletedPolicyView: View<DeletedPolicy> = ({ PolicyName, PolicyType, Removed }, style) =>
  renderFields(
    [
      ['Policy', PolicyName],
      ['Type', PolicyType],
      ['Taken from', formatRemoved(Removed)],
    ],
    style,
  );

/** What `policy validate` says. */
export interface PolicyCheckResult {
  Valid: boolean;
  Findings: PolicyFinding[];
}

export const policyCheckView: View<PolicyCheckResult> = ({ Valid, Findings }, style) => {
  const verdict = Valid
    ? style.colour.green('The document is well-formed.')
    : style.colour.red('RAM would refuse this.');
  if (Findings.length === 0) return verdict;
  const rows = Findings.map(({ Line, Column, Severity, Message }) => [`${Line}:${Column}`, Severity, Message]);
  return `${renderList(['Place', 'Severity', 'What'], rows, style, '')}\n\n${verdict}`;
};

export const simulationView: View<SimulatedDecision[]> = (decisions, style) =>
  renderList(
    ['Action', 'Resource', 'Decision', 'Decided by'],
    decisions.map(({ Action, Resource, Decision, MatchedPolicies }) => [
      Action,
      Resource,
      colourDecision(Decision, style),
      MatchedPolicies.map((by) => `${by.PolicyName} ${by.VersionId}, statement ${by.Statement}`).join('\n'),
    ]),
    style,
    '',
  );

function colourDecision(decision: SimulatedDecision['Decision'], { colour }: Style): string {
  return decision === 'Allow' ? colour.green(decision) : colour.red(decision);
}
