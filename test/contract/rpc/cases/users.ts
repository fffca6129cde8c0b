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

/** One that has nothing but a name. */
function plain(UserName: string) {
  return { UserId: USER_ID, UserName, DisplayName: UserName, CreateDate: CREATED_AT, UpdateDate: CREATED_AT };
}

export const USERS = {
  createUser: {
    needs: { UserName: 'zoe' },
    may: { DisplayName: 'Zoë Z.', MobilePhone: '1-5550100', Email: 'zoe@example.com', Comments: '50 % + *' },
    on: ['user/*'],
    answers: {
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
    refuses: {
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
    needs: { UserName: 'alice' },
    on: ['user/alice'],
    answers: { User: { ...ALICE, LastLoginDate: CREATED_AT } },
    refuses: NO_USER,
  },
  updateUser: {
    needs: { UserName: 'alice' },
    may: {
      NewUserName: 'alicia',
      NewDisplayName: 'Alicia A.',
      NewMobilePhone: '1-5550100',
      NewEmail: 'alicia@example.com',
      NewComments: 'sells',
    },
    on: ['user/alice'],
    answers: {
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
    refuses: {
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
    needs: { UserName: 'alice' },
    on: ['user/alice'],
    leaves: ['GetUser', { UserName: 'alice' }, '404 EntityNotExist.User'],
    refuses: {
      ...NO_USER,
      'DeleteConflict.User.Group': { UserName: 'bob' },
      'DeleteConflict.User.AccessKey': { UserName: 'kim' },
      'DeleteConflict.User.LoginProfile': { UserName: 'colin' },
      'DeleteConflict.User.MFADevice': { UserName: 'mia' },
      'DeleteConflict.User.Policy': { UserName: 'grace' },
    },
  },
  listUsers: {
    may: { MaxItems: 1000 },
    on: ['user/*'],
    answers: {
      Users: { User: [plain('admin'), ALICE, ...['bob', 'colin', 'grace', 'kim', 'max', 'mia'].map(plain)] },
      IsTruncated: false,
    },
    refuses: BAD_PAGE,
  },
} satisfies Record<string, Case>;
