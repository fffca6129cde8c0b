import { CREATED_AT, REQUESTED_AT } from '../../../support/sample-directory.ts';
import { BAD_PAGE, badName, badText, type Case, GROUP_ID, NO_GROUP, USER_ID } from '../../rpc/cases/case.ts';
import { NO_USER, upn } from './case.ts';

/** IMS returns an empty text for each member that a group does not have. */
const group = (GroupName: string, Comments = '') => ({
  GroupId: GROUP_ID,
  GroupName,
  DisplayName: '',
  Comments,
  CreateDate: CREATED_AT,
  UpdateDate: CREATED_AT,
});
const DEVELOPERS = group('developers', 'build');
const ALICE = { UserPrincipalName: upn('alice') };
const BOB = { UserPrincipalName: upn('bob') };
const memberList = (name: string, DisplayName: string, JoinDate: string) => ({
  Users: { User: [{ UserId: USER_ID, UserPrincipalName: upn(name), DisplayName, JoinDate }] },
  IsTruncated: false,
});

export const GROUPS = {
  CreateGroup: {
    required: { GroupName: 'buyers' },
    optional: { DisplayName: 'Buyers', Comments: 'buy' },
    resources: ['group/*'],
    response: {
      Group: { ...group('buyers', 'buy'), DisplayName: 'Buyers', CreateDate: REQUESTED_AT, UpdateDate: REQUESTED_AT },
    },
    errors: {
      ...badName('GroupName'),
      ...badText('DisplayName'),
      ...badText('Comments'),
      'EntityAlreadyExists.Group': { GroupName: 'Developers' },
    },
  },
  GetGroup: {
    required: { GroupName: 'developers' },
    resources: ['group/developers'],
    response: { Group: DEVELOPERS },
    errors: NO_GROUP,
  },
  UpdateGroup: {
    required: { GroupName: 'developers' },
    optional: { NewGroupName: 'builders', NewDisplayName: 'Builders', NewComments: 'break' },
    resources: ['group/developers'],
    response: { Group: { ...group('builders', 'break'), DisplayName: 'Builders', UpdateDate: REQUESTED_AT } },
    errors: {
      ...NO_GROUP,
      ...badName('NewGroupName'),
      ...badText('NewDisplayName'),
      ...badText('NewComments'),
      'EntityAlreadyExists.Group': { NewGroupName: 'Guests' },
    },
  },
  DeleteGroup: {
    required: { GroupName: 'guests' },
    resources: ['group/guests'],
    effect: ['GetGroup', { GroupName: 'guests' }, '404 EntityNotExist.Group'],
    errors: {
      ...NO_GROUP,
      'DeleteConflict.Group.User': { GroupName: 'developers' },
      'DeleteConflict.Group.Policy': { GroupName: 'auditors' },
    },
  },
  ListGroups: {
    optional: { MaxItems: 1000 },
    resources: ['group/*'],
    response: { Groups: { Group: [group('auditors'), DEVELOPERS, group('guests')] }, IsTruncated: false },
    errors: BAD_PAGE,
  },
  AddUserToGroup: {
    required: { ...ALICE, GroupName: 'guests' },
    resources: ['user/alice', 'group/guests'],
    effect: ['ListUsersForGroup', { GroupName: 'guests' }, memberList('alice', 'Alice A.', REQUESTED_AT)],
    errors: { ...NO_USER, ...NO_GROUP, 'EntityAlreadyExists.User.Group': { ...BOB, GroupName: 'developers' } },
  },
  RemoveUserFromGroup: {
    required: { ...BOB, GroupName: 'developers' },
    resources: ['user/bob', 'group/developers'],
    effect: ['ListGroupsForUser', BOB, { Groups: { Group: [] } }],
    errors: { ...NO_USER, ...NO_GROUP, 'EntityNotExist.User.Group': { GroupName: 'guests' } },
  },
  ListGroupsForUser: {
    required: BOB,
    resources: ['user/bob'],
    response: {
      Groups: {
        Group: [
          { GroupId: GROUP_ID, GroupName: 'developers', DisplayName: '', Comments: 'build', JoinDate: CREATED_AT },
        ],
      },
    },
    errors: NO_USER,
  },
  ListUsersForGroup: {
    required: { GroupName: 'developers' },
    optional: { MaxItems: 100 },
    resources: ['group/developers'],
    response: memberList('bob', 'bob', CREATED_AT),
    errors: { ...NO_GROUP, ...BAD_PAGE },
  },
} satisfies Record<string, Case>;
