import { CREATED_AT, REQUESTED_AT } from '../../../support/sample-directory.ts';
import { BAD_PAGE, badName, badText, type Case, fill, GROUP_ID, NO_GROUP, NO_USER } from './case.ts';

const group = (GroupName: string) => ({
  GroupId: GROUP_ID,
  GroupName,
  Comments: '',
  CreateDate: CREATED_AT,
  UpdateDate: CREATED_AT,
});
const newGroupRecord = (name: string) => ({
  GroupId: name,
  GroupName: name,
  CreateDate: CREATED_AT,
  UpdateDate: CREATED_AT,
  Policies: [],
});
const DEVELOPERS = { ...group('developers'), Comments: 'build' };
const memberList = (...names: string[]) => ({
  Users: { User: names.map((UserName) => ({ UserName, DisplayName: '', JoinDate: REQUESTED_AT })) },
  IsTruncated: false,
});

export const GROUPS = {
  createGroup: {
    required: { GroupName: 'buyers' },
    optional: { Comments: 'buy' },
    resources: ['group/*'],
    response: { Group: { GroupId: GROUP_ID, GroupName: 'buyers', Comments: 'buy', CreateDate: REQUESTED_AT } },
    errors: {
      ...badName('GroupName'),
      ...badText('Comments'),
      'EntityAlreadyExists.Group': { GroupName: 'Developers' },
      'LimitExceeded.Group': ({ Groups }) => fill(Groups, 300, newGroupRecord),
    },
  },
  getGroup: {
    required: { GroupName: 'developers' },
    resources: ['group/developers'],
    response: { Group: DEVELOPERS },
    errors: NO_GROUP,
  },
  updateGroup: {
    required: { GroupName: 'developers' },
    optional: { NewGroupName: 'builders', NewComments: 'break' },
    resources: ['group/developers'],
    response: { Group: { ...DEVELOPERS, GroupName: 'builders', Comments: 'break', UpdateDate: REQUESTED_AT } },
    errors: {
      ...NO_GROUP,
      ...badName('NewGroupName'),
      ...badText('NewComments'),
      'EntityAlreadyExists.Group': { NewGroupName: 'Guests' },
    },
  },
  deleteGroup: {
    required: { GroupName: 'guests' },
    resources: ['group/guests'],
    effect: ['GetGroup', { GroupName: 'guests' }, '404 EntityNotExist.Group'],
    errors: {
      ...NO_GROUP,
      'DeleteConflict.Group.User': { GroupName: 'developers' },
      'DeleteConflict.Group.Policy': { GroupName: 'auditors' },
    },
  },
  listGroups: {
    optional: { MaxItems: 1000 },
    resources: ['group/*'],
    response: { Groups: { Group: [group('auditors'), DEVELOPERS, group('guests')] }, IsTruncated: false },
    errors: BAD_PAGE,
  },
  addUserToGroup: {
    required: { UserName: 'alice', GroupName: 'guests' },
    resources: ['user/alice', 'group/guests'],
    effect: [
      'ListGroupsForUser',
      { UserName: 'alice' },
      { Groups: { Group: [{ GroupId: GROUP_ID, GroupName: 'guests', Comments: '', JoinDate: REQUESTED_AT }] } },
    ],
    errors: {
      ...NO_USER,
      ...NO_GROUP,
      'EntityAlreadyExists.User.Group': { UserName: 'bob', GroupName: 'developers' },
      'LimitExceeded.User.Group': ({ Users, Groups }) => {
        fill(Groups, 13, newGroupRecord);
        const ids = [...Groups.keys()].filter((name) => name.startsWith('more'));
        Users.get('alice')?.Groups.push(...ids.map((GroupId) => ({ GroupId, JoinDate: CREATED_AT })));
      },
    },
  },
  removeUserFromGroup: {
    required: { UserName: 'bob', GroupName: 'developers' },
    resources: ['user/bob', 'group/developers'],
    effect: ['ListUsersForGroup', { GroupName: 'developers' }, memberList()],
    errors: { ...NO_USER, ...NO_GROUP, 'EntityNotExist.User.Group': { UserName: 'alice' } },
  },
  listGroupsForUser: {
    required: { UserName: 'bob' },
    resources: ['user/bob'],
    response: {
      Groups: { Group: [{ GroupId: GROUP_ID, GroupName: 'developers', Comments: 'build', JoinDate: CREATED_AT }] },
    },
    errors: NO_USER,
  },
  listUsersForGroup: {
    required: { GroupName: 'developers' },
    optional: { MaxItems: 1000 },
    resources: ['group/developers'],
    response: {
      Users: { User: [{ UserName: 'bob', DisplayName: '', JoinDate: CREATED_AT }] },
      IsTruncated: false,
    },
    errors: { ...NO_GROUP, ...BAD_PAGE },
  },
} satisfies Record<string, Case>;
