import { CREATED_AT, REQUESTED_AT } from '../../../support/sample-directory.ts';
import { BAD_PAGE, badName, badText, type Case, fill, GROUP_ID, NO_GROUP, NO_USER } from './case.ts';

const made = (GroupName: string) => ({ GroupId: GROUP_ID, GroupName, CreateDate: CREATED_AT, UpdateDate: CREATED_AT });
const DEVELOPERS = { ...made('developers'), Comments: 'build' };
const membersOf = (...names: string[]) => ({
  Users: { User: names.map((UserName) => ({ UserName, DisplayName: UserName, JoinDate: REQUESTED_AT })) },
  IsTruncated: false,
});

export const GROUPS = {
  createGroup: {
    needs: { GroupName: 'buyers' },
    may: { Comments: 'buy' },
    on: ['group/*'],
    answers: { Group: { GroupId: GROUP_ID, GroupName: 'buyers', Comments: 'buy', CreateDate: REQUESTED_AT } },
    refuses: {
      ...badName('GroupName'),
      ...badText('Comments'),
      'EntityAlreadyExists.Group': { GroupName: 'Developers' },
      'LimitExceeded.Group': ({ Groups }) =>
        fill(Groups, 300, (name) => ({ ...made(name), GroupId: name, Policies: [] })),
    },
  },
  getGroup: {
    needs: { GroupName: 'developers' },
    on: ['group/developers'],
    answers: { Group: DEVELOPERS },
    refuses: NO_GROUP,
  },
  updateGroup: {
    needs: { GroupName: 'developers' },
    may: { NewGroupName: 'builders', NewComments: 'break' },
    on: ['group/developers'],
    answers: { Group: { ...DEVELOPERS, GroupName: 'builders', Comments: 'break', UpdateDate: REQUESTED_AT } },
    refuses: {
      ...NO_GROUP,
      ...badName('NewGroupName'),
      ...badText('NewComments'),
      'EntityAlreadyExists.Group': { NewGroupName: 'Guests' },
    },
  },
  deleteGroup: {
    needs: { GroupName: 'guests' },
    on: ['group/guests'],
    leaves: ['GetGroup', { GroupName: 'guests' }, '404 EntityNotExist.Group'],
    refuses: {
      ...NO_GROUP,
      'DeleteConflict.Group.User': { GroupName: 'developers' },
      'DeleteConflict.Group.Policy': { GroupName: 'auditors' },
    },
  },
  listGroups: {
    may: { MaxItems: 100 },
    on: ['group/*'],
    answers: { Groups: { Group: [made('auditors'), DEVELOPERS, made('guests')] }, IsTruncated: false },
    refuses: BAD_PAGE,
  },
  addUserToGroup: {
    needs: { UserName: 'alice', GroupName: 'guests' },
    on: ['user/alice', 'group/guests'],
    leaves: [
      'ListGroupsForUser',
      { UserName: 'alice' },
      { Groups: { Group: [{ GroupId: GROUP_ID, GroupName: 'guests', JoinDate: REQUESTED_AT }] } },
    ],
    refuses: {
      ...NO_USER,
      ...NO_GROUP,
      'EntityAlreadyExists.User.Group': { UserName: 'bob', GroupName: 'developers' },
      'LimitExceeded.User.Group': ({ Users, Groups }) => {
        fill(Groups, 13, (name) => ({ ...made(name), GroupId: name, Policies: [] }));
        const ids = [...Groups.keys()].filter((name) => name.startsWith('more'));
        Users.get('alice')?.Groups.push(...ids.map((GroupId) => ({ GroupId, JoinDate: CREATED_AT })));
      },
    },
  },
  removeUserFromGroup: {
    needs: { UserName: 'bob', GroupName: 'developers' },
    on: ['user/bob', 'group/developers'],
    leaves: ['ListUsersForGroup', { GroupName: 'developers' }, membersOf()],
    refuses: { ...NO_USER, ...NO_GROUP, 'EntityNotExist.User.Group': { UserName: 'alice' } },
  },
  listGroupsForUser: {
    needs: { UserName: 'bob' },
    on: ['user/bob'],
    answers: {
      Groups: { Group: [{ GroupId: GROUP_ID, GroupName: 'developers', Comments: 'build', JoinDate: CREATED_AT }] },
    },
    refuses: NO_USER,
  },
  listUsersForGroup: {
    needs: { GroupName: 'developers' },
    may: { MaxItems: 1000 },
    on: ['group/developers'],
    answers: {
      Users: { User: [{ UserName: 'bob', DisplayName: 'bob', JoinDate: CREATED_AT }] },
      IsTruncated: false,
    },
    refuses: { ...NO_GROUP, ...BAD_PAGE },
  },
} satisfies Record<string, Case>;
