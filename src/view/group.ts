import type { MembershipChange } from '../core/workflows/attachment.ts';
import type { DeletedGroup, GroupDetails, GroupSummary } from '../core/workflows/group.ts';
import { date, relativeTime, removed } from './cells.ts';
import { fieldsView, listView, resultListView } from './record-views.ts';

export const groupView = fieldsView<GroupDetails>({
  Group: 'GroupName',
  'Group ID': 'GroupId',
  Comments: 'Comments',
  Created: date('CreateDate'),
  Updated: date('UpdateDate'),
  Members: ({ Users }) => Users.map(({ UserName }) => UserName),
  Policies: ({ Policies }) => Policies.map(({ PolicyName }) => PolicyName),
});

const LIST_MEMBERS = [
  'GroupId',
  'GroupName',
  'DisplayName',
  'Comments',
  'CreateDate',
  'UpdateDate',
  'Users',
  'Policies',
];

export const groupListView = resultListView<GroupSummary>('no groups', LIST_MEMBERS, {
  Group: 'GroupName',
  Users: 'Users',
  Policies: 'Policies',
  Created: relativeTime('CreateDate'),
  Comments: 'Comments',
});

export const membershipView = listView<MembershipChange>('', {
  Group: 'GroupName',
  User: 'UserName',
  Changed: 'Changed',
});

export const deletedGroupsView = listView<DeletedGroup>('', {
  Group: 'GroupName',
  'Group ID': 'GroupId',
  'Removed with it': removed,
});
