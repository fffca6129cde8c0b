import type { MembershipChange } from '../core/workflows/attachment.ts';
import type { DeletedGroup, GroupDetails, GroupSummary } from '../core/workflows/group.ts';
import type { View } from './format.ts';
import { renderFields, renderList } from './layout.ts';
import { formatAge, formatDate, formatRemoved, formatYesNo } from './phrases.ts';

export const groupView: View<GroupDetails> = (group, style) =>
  renderFields(
    [
      ['Group', group.GroupName],
      ['Group ID', group.GroupId],
      ['Comments', group.Comments],
      ['Created', formatDate(group.CreateDate, style)],
      ['Updated', formatDate(group.UpdateDate, style)],
      ['Members', group.Users.map(({ UserName }) => UserName).join('\n')],
      ['Policies', group.Policies.map(({ PolicyName }) => PolicyName).join('\n')],
    ],
    style,
  );

export const groupListView: View<GroupSummary[]> = (groups, style) =>
  renderList(
    ['Group', 'Users', 'Policies', 'Created', 'Comments'],
    groups.map((group) => [
      group.GroupName,
      String(group.Users),
      String(group.Policies),
      formatAge(group.CreateDate, style),
      group.Comments,
    ]),
    style,
    'no groups',
  );

export const membershipView: View<MembershipChange[]> = (changes, style) =>
  renderList(
    ['Group', 'User', 'Changed'],
    changes.map(({ GroupName, UserName, Changed }) => [GroupName, UserName, formatYesNo(Changed)]),
    style,
    '',
  );

export const deletedGroupsView: View<DeletedGroup[]> = (groups, style) =>
  renderList(
    ['Group', 'Group ID', 'Removed with it'],
    groups.map(({ GroupName, GroupId, Removed }) => [GroupName, GroupId, formatRemoved(Removed)]),
    style,
    '',
  );
