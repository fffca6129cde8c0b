import { CREATED_AT, REQUESTED_AT } from '../../../support/sample-directory.ts';
import { BAD_PAGE, badName, badText, type Case, fill, NO_USER, USER_ID } from './case.ts';

const ALICE = {
  UserId: USER_ID,
  UserName: 'alice',
  DisplayName: 'Alice A.',
  MobilePhone: '86-13800000000',
  Email: 'alice@example.com',
  Comments: 'buys',
  CreateDate: CREATED_AT,
  UpdateDate: CREATED_AT,
};

/** Returns a user with only a name. */
function minimalUser(UserName: string) {
  const unset = { DisplayName: '', MobilePhone: '', Email: '', Comments: '' };
  return { UserId: USER_ID, UserName, ...unset, CreateDate: CREATED_AT, UpdateDate: CREATED_AT };
}

export const USERS = {
  createUser: {
    required: { UserName: 'zoe' },
    optional: { DisplayName: 'Zoë Z.', MobilePhone: '1-5550100', Email: 'zoe@example.com', Comments: '50 % + *' },
    resources: ['user/*'],
    response: {
      User: {
        UserId: USER_ID,
        UserName: 'zoe',
        DisplayName: 'Zoë Z.',
        MobilePhone: '1-5550100',
        Email: 'zoe@example.com',
        Comments: '50 % + *',
        CreateDate: REQUESTED_AT,
      },
    },
    errors: {
      ...badName('UserName'),
      ...badText('DisplayName'),
      ...badText('Comments'),
      'InvalidParameter.MobilePhone.Format': { MobilePhone: '13800000000' },
      'InvalidParameter.Email.Format': { Email: 'zoe' },
      'EntityAlreadyExists.User': { UserName: 'ALICE' },
      'LimitExceeded.User': ({ Users }) =>
        fill(Users, 5000, (name) => ({
          UserId: name,
          UserName: name,
          CreateDate: CREATED_AT,
          UpdateDate: CREATED_AT,
          AccessKeys: [],
          Groups: [],
          Policies: [],
        })),
    },
  },
  getUser: {
    required: { UserName: 'alice' },
    resources: ['user/alice'],
    response: { User: { ...ALICE, LastLoginDate: CREATED_AT } },
    errors: NO_USER,
  },
  updateUser: {
    required: { UserName: 'alice' },
    optional: {
      NewUserName: 'alicia',
      NewDisplayName: 'Alicia A.',
      NewMobilePhone: '1-5550100',
      NewEmail: 'alicia@example.com',
      NewComments: 'sells',
    },
    resources: ['user/alice'],
    response: {
      User: {
        UserId: USER_ID,
        UserName: 'alicia',
        DisplayName: 'Alicia A.',
        MobilePhone: '1-5550100',
        Email: 'alicia@example.com',
        Comments: 'sells',
        CreateDate: CREATED_AT,
        UpdateDate: REQUESTED_AT,
      },
    },
    errors: {
      ...NO_USER,
      ...badName('NewUserName'),
      ...badText('NewDisplayName'),
      ...badText('NewComments'),
      'InvalidParameter.NewMobilePhone.Format': { NewMobilePhone: '1' },
      'InvalidParameter.NewEmail.Format': { NewEmail: 'alicia' },
      'EntityAlreadyExists.User': { NewUserName: 'Bob' },
    },
  },
  deleteUser: {
    required: { UserName: 'alice' },
    resources: ['user/alice'],
    effect: ['GetUser', { UserName: 'alice' }, '404 EntityNotExist.User'],
    errors: {
      ...NO_USER,
      'DeleteConflict.User.Group': { UserName: 'bob' },
      'DeleteConflict.User.AccessKey': { UserName: 'kim' },
      'DeleteConflict.User.LoginProfile': { UserName: 'colin' },
      'DeleteConflict.User.MFADevice': { UserName: 'mia' },
      'DeleteConflict.User.Policy': { UserName: 'grace' },
    },
  },
  listUsers: {
    optional: { MaxItems: 1000 },
    resources: ['user/*'],
    response: {
      Users: {
        User: [minimalUser('admin'), ALICE, ...['bob', 'colin', 'grace', 'kim', 'max', 'mia'].map(minimalUser)],
      },
      IsTruncated: false,
    },
    errors: BAD_PAGE,
  },
} satisfies Record<string, Case>;
