import type { MembershipChange } from '../core/workflows/attachment.ts';
import type { DeletedGroup, GroupDetails, GroupSummary } from '../core/workflows/group.ts';
import type { View } from './format.ts';
import { fields, list } from './layout.ts';
import { ago, date, removed, yesNo } from './words.ts';

export const groupView: View<GroupDetails> = (group, style) =>
  fields(
    [
      ['Group', group.GroupName],
      ['Group ID', group.GroupId],
      ['Comments', group.Comments],
      ['Created', date(group.CreateDate, style)],
      ['Updated', date(group.UpdateDate, style)],
      ['Members', group.Users.map(({ UserName }) => UserName).join('\n')],
      ['Policies', group.Policies.map(({ PolicyName }) => PolicyName).join('\n')],
    ],
    style,
  );

export const groupListView: View<GroupSummary[]> = (groups, style) =>
  list(
    ['Group', 'Users', 'Policies', 'Created', 'Comments'],
    groups.map((group) => [
      group.GroupName,
      String(group.Users),
      String(group.Policies),
      ago(group.CreateDate, style),
      group.Comments,
    ]),
    style,
    'no groups',
  );

export const membershipView: View<MembershipChange[]> = (changes, style) =>
  list(
    ['Group', 'User', 'Changed'],
    changes.map(({ GroupName, UserName, Changed }) => [GroupName, UserName, yesNo(Changed)]),
    style,
    '',
  );

export const goneGroupsView: View<DeletedGroup[]> = (groups, style) =>
  list(
    ['Group', 'Group ID', 'Removed with it'],
    groups.map(({ GroupName, GroupId, Removed }) => [GroupName, GroupId, removed(Removed)]),
    style,
    '',
  );
