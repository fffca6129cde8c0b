import type { Policy, PolicyEntities, PolicyVersion, PolicyWithDocument } from '../core/directory.ts';
import type { AttachmentChange } from '../core/journeys/attach.ts';
import type { View } from './format.ts';
import { fields, list } from './layout.ts';
import { date, yesNo } from './words.ts';

export type PolicyDetails = PolicyWithDocument & PolicyEntities & Pick<PolicyVersion, 'VersionId' | 'IsDefaultVersion'>;

export const policyListView: View<Policy[]> = (policies, style) =>
  list(
    ['Policy', 'Type', 'Version', 'Attached', 'Description'],
    policies.map((policy) => [
      policy.PolicyName,
      policy.PolicyType,
      policy.DefaultVersion,
      String(policy.AttachmentCount),
      policy.Description ?? '-',
    ]),
    style,
    'no policies',
  );

export const policyView: View<PolicyDetails> = (policy, style) => {
  const head = fields(
    [
      ['Policy', policy.PolicyName],
      ['Type', policy.PolicyType],
      ['Description', policy.Description],
      ['Version', `${policy.VersionId}${policy.IsDefaultVersion ? ' (default)' : ''}`],
      ['Updated', date(policy.UpdateDate, style, '-')],
      ['Attached to', policy.Users.map(({ UserName }) => `user ${UserName}`).join('\n')],
    ],
    style,
  );
  return `${head}\n\n${policy.PolicyDocument}`;
};

export const attachmentView: View<AttachmentChange[]> = (changes, style) =>
  list(
    ['Policy', 'User', 'Changed'],
    changes.map(({ PolicyName, UserName, Changed }) => [PolicyName, UserName, yesNo(Changed)]),
    style,
    '',
  );
