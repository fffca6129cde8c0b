import type { Policy, PolicyVersion } from '../core/directory.ts';
import type { PolicyFinding } from '../core/policy/check.ts';
import type { AttachmentChange } from '../core/workflows/attachment.ts';
import type { DeletedPolicy, PolicyDetails } from '../core/workflows/policy.ts';
import type { SimulatedDecision } from '../core/workflows/simulate.ts';
import type { View } from './format.ts';
import { fields, list } from './layout.ts';
import type { Style } from './style.ts';
import { ago, date, removed, yesNo } from './words.ts';

export const policyListView: View<Policy[]> = (policies, style) =>
  list(
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
  const head = fields(
    [
      ['Policy', policy.PolicyName],
      ['Type', policy.PolicyType],
      ['Description', policy.Description],
      ['Version', `${policy.VersionId}${policy.IsDefaultVersion ? ' (default)' : ''}`],
      ['Updated', date(policy.UpdateDate, style, '-')],
      ['Attached to', holders.join('\n')],
    ],
    style,
  );
  return `${head}\n\n${policy.PolicyDocument.trimEnd()}`;
};

export const versionListView: View<PolicyVersion[]> = (versions, style) =>
  list(
    ['Version', 'Default', 'Created'],
    versions.map((version) => [
      version.VersionId,
      yesNo(version.IsDefaultVersion),
      ago(version.CreateDate, style, '-'),
    ]),
    style,
    '',
  );

export const attachmentView: View<AttachmentChange[]> = (changes, style) => {
  const kinds = (['UserName', 'GroupName'] as const).filter((kind) => changes.some((change) => kind in change));
  return list(
    ['Policy', ...kinds.map((kind) => (kind === 'UserName' ? 'User' : 'Group')), 'Changed'],
    changes.map((change) => [change.PolicyName, ...kinds.map((kind) => change[kind]), yesNo(change.Changed)]),
    style,
    '',
  );
};

export const gonePolicyView: View<DeletedPolicy> = ({ PolicyName, PolicyType, Removed }, style) =>
  fields(
    [
      ['Policy', PolicyName],
      ['Type', PolicyType],
      ['Taken from', removed(Removed)],
    ],
    style,
  );

/** What `policy validate` says. */
export interface Review {
  Valid: boolean;
  Findings: PolicyFinding[];
}

export const reviewView: View<Review> = ({ Valid, Findings }, style) => {
  const verdict = Valid
    ? style.colour.green('The document is well-formed.')
    : style.colour.red('RAM would refuse this.');
  if (Findings.length === 0) return verdict;
  const rows = Findings.map(({ Line, Column, Severity, Message }) => [`${Line}:${Column}`, Severity, Message]);
  return `${list(['Place', 'Severity', 'What'], rows, style, '')}\n\n${verdict}`;
};

export const simulationView: View<SimulatedDecision[]> = (decisions, style) =>
  list(
    ['Action', 'Resource', 'Decision', 'Decided by'],
    decisions.map(({ Action, Resource, Decision, MatchedPolicies }) => [
      Action,
      Resource,
      decisionColour(Decision, style),
      MatchedPolicies.map((by) => `${by.PolicyName} ${by.VersionId}, statement ${by.Statement}`).join('\n'),
    ]),
    style,
    '',
  );

function decisionColour(decision: SimulatedDecision['Decision'], { colour }: Style): string {
  return decision === 'Allow' ? colour.green(decision) : colour.red(decision);
}
