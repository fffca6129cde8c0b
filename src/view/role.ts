import type { DeletedRole, RoleDetails, RoleSummary } from '../core/workflows/role.ts';
import { date, relativeTime, removed } from './cells.ts';
import { fieldsView, listView, resultListView, sectionsView } from './record-views.ts';

export const roleView = sectionsView<RoleDetails>(
  fieldsView({
    Role: 'RoleName',
    'Role ID': 'RoleId',
    ARN: 'Arn',
    Description: 'Description',
    'Maximum session': ({ MaxSessionDuration }) => `${MaxSessionDuration} seconds`,
    Created: date('CreateDate'),
    Updated: date('UpdateDate'),
    Policies: ({ Policies }) => Policies.map(({ PolicyName }) => PolicyName),
  }),
  ({ AssumeRolePolicyDocument }) => `Trust policy:\n${AssumeRolePolicyDocument.trimEnd()}`,
);

const LIST_MEMBERS = 'RoleId, RoleName, Arn, Description, MaxSessionDuration, CreateDate, UpdateDate, Policies'.split(
  ', ',
);

export const roleListView = resultListView<RoleSummary>('no roles', LIST_MEMBERS, {
  Role: 'RoleName',
  Policies: 'Policies',
  Created: relativeTime('CreateDate'),
  Description: 'Description',
});

export const deletedRolesView = listView<DeletedRole>('', {
  Role: 'RoleName',
  'Role ID': 'RoleId',
  'Removed with it': removed,
});
