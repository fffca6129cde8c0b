import { CREATED_AT, REQUESTED_AT } from '../../../support/sample-directory.ts';
import { BAD_PAGE, badText, type Case, USER_ID } from '../../rpc/cases/case.ts';
import { NO_USER, upn } from './case.ts';

const ALICE = {
  UserId: USER_ID,
  UserPrincipalName: upn('alice'),
  DisplayName: 'Alice A.',
  MobilePhone: '86-13800000000',
  Email: 'alice@example.com',
  Comments: 'buys',
  CreateDate: CREATED_AT,
  UpdateDate: CREATED_AT,
  LastLoginDate: CREATED_AT,
  ProvisionType: 'Manual',
};

/** Returns a user with only a name. IMS returns an empty text for each other member. */
function minimalUser(name: string) {
  return {
    UserId: USER_ID,
    UserPrincipalName: upn(name),
    ...{ DisplayName: '', MobilePhone: '', Email: '', Comments: '' },
    CreateDate: CREATED_AT,
    UpdateDate: CREATED_AT,
    LastLoginDate: '',
    ProvisionType: 'Manual',
  };
}

const ALICE_TAGS = {
  Tag: [
    { TagKey: 'stage', TagValue: 'test' },
    { TagKey: 'team', TagValue: 'iot' },
  ],
};
const NAMES = ['bob', 'colin', 'grace', 'kim', 'max', 'mia'];
const BAD_STATUS = { 'InvalidParameter.Status': { Status: 'Active' } };

export const USERS = {
  CreateUser: {
    required: { UserPrincipalName: upn('zoe'), DisplayName: 'Zoë Z.' },
    optional: {
      MobilePhone: '1-5550100',
      Email: 'zoe@example.com',
      Comments: '50 % + *',
      Tag: [{ Key: 'team', Value: 'web' }],
    },
    resources: ['user/*'],
    response: {
      User: {
        ...minimalUser('zoe'),
        DisplayName: 'Zoë Z.',
        MobilePhone: '1-5550100',
        Email: 'zoe@example.com',
        Comments: '50 % + *',
        CreateDate: REQUESTED_AT,
        UpdateDate: REQUESTED_AT,
        Tags: { Tag: [{ TagKey: 'team', TagValue: 'web' }] },
      },
    },
    errors: {
      'InvalidParameter.UserPrincipalName.Format': { UserPrincipalName: 'zoe@other.onaliyun.com' },
      'InvalidParameter.UserName.InvalidChars': { UserPrincipalName: upn('no blanks') },
      'InvalidParameter.UserName.Length': { UserPrincipalName: upn('a'.repeat(65)) },
      ...badText('DisplayName'),
      ...badText('Comments'),
      'InvalidParameter.MobilePhone.Format': { MobilePhone: '13800000000' },
      'InvalidParameter.Email.Format': { Email: 'zoe' },
      'EntityAlreadyExists.User': { UserPrincipalName: upn('ALICE') },
    },
  },
  GetUser: {
    required: { UserPrincipalName: upn('alice') },
    resources: ['user/alice'],
    response: { User: { ...ALICE, UserName: 'alice', Tags: ALICE_TAGS } },
    errors: NO_USER,
  },
  UpdateUser: {
    required: { UserPrincipalName: upn('alice') },
    optional: {
      NewUserPrincipalName: upn('alicia'),
      NewDisplayName: 'Alicia A.',
      NewMobilePhone: '1-5550100',
      NewEmail: 'alicia@example.com',
      NewComments: 'sells',
    },
    resources: ['user/alice'],
    response: {
      User: {
        ...ALICE,
        UserPrincipalName: upn('alicia'),
        DisplayName: 'Alicia A.',
        MobilePhone: '1-5550100',
        Email: 'alicia@example.com',
        Comments: 'sells',
        UpdateDate: REQUESTED_AT,
      },
    },
    errors: {
      ...NO_USER,
      'InvalidParameter.NewUserPrincipalName.Format': { NewUserPrincipalName: 'alicia' },
      'InvalidParameter.NewUserName.InvalidChars': { NewUserPrincipalName: upn('no blanks') },
      ...badText('NewDisplayName'),
      'InvalidParameter.NewEmail.Format': { NewEmail: 'alicia' },
      'EntityAlreadyExists.User': { NewUserPrincipalName: upn('Bob') },
    },
  },
  DeleteUser: {
    required: { UserPrincipalName: upn('alice') },
    resources: ['user/alice'],
    effect: ['GetUser', { UserPrincipalName: upn('alice') }, '404 EntityNotExist.User'],
    errors: {
      ...NO_USER,
      'DeleteConflict.User.Group': { UserPrincipalName: upn('bob') },
      'DeleteConflict.User.AccessKey': { UserPrincipalName: upn('kim') },
    },
  },
  ListUsers: {
    optional: { MaxItems: 1000, Status: 'active' },
    resources: ['user/*'],
    response: {
      Users: {
        User: [minimalUser('admin'), { ...ALICE, Tags: ALICE_TAGS }, ...NAMES.map(minimalUser)].map((user) => ({
          Tags: { Tag: [] },
          ...user,
          Status: 'active',
        })),
      },
      IsTruncated: false,
    },
    errors: { ...BAD_PAGE, ...BAD_STATUS },
  },
  ListUserBasicInfos: {
    optional: { MaxItems: 2, Status: 'active' },
    resources: ['user/*'],
    response: {
      UserBasicInfos: {
        UserBasicInfo: [
          { UserId: USER_ID, UserPrincipalName: upn('admin'), DisplayName: '', Status: 'active' },
          { UserId: USER_ID, UserPrincipalName: upn('alice'), DisplayName: 'Alice A.', Status: 'active' },
        ],
      },
      IsTruncated: true,
      Marker: Buffer.from('alice').toString('base64url'),
    },
    errors: { ...BAD_PAGE, ...BAD_STATUS },
  },
} satisfies Record<string, Case>;
