import { CREATED_AT, PASSWORD, REQUESTED_AT } from '../../../support/sample-directory.ts';
import { type Case, NO_USER } from './case.ts';

const NEW_PASSWORD = 'Battery-Staple-2';
const NO_LOGIN = { ...NO_USER, 'EntityNotExist.User.LoginProfile': { UserName: 'alice' } };
const WEAK = { 'InvalidParameter.Password.TooWeak': { Password: 'short' } };

export const LOGON = {
  createLoginProfile: {
    required: { UserName: 'alice', Password: PASSWORD },
    optional: { PasswordResetRequired: true, MFABindRequired: true },
    resources: ['user/alice'],
    response: {
      LoginProfile: { UserName: 'alice', PasswordResetRequired: true, MFABindRequired: true, CreateDate: REQUESTED_AT },
    },
    errors: {
      ...NO_USER,
      ...WEAK,
      'EntityAlreadyExists.User.LoginProfile': { UserName: 'colin' },
      'InvalidParameter.PasswordResetRequired': { PasswordResetRequired: 'yes' },
      'InvalidParameter.MFABindRequired': { MFABindRequired: '1' },
    },
  },
  getLoginProfile: {
    required: { UserName: 'colin' },
    resources: ['user/colin'],
    response: {
      LoginProfile: { UserName: 'colin', PasswordResetRequired: false, MFABindRequired: false, CreateDate: CREATED_AT },
    },
    errors: NO_LOGIN,
  },
  updateLoginProfile: {
    required: { UserName: 'colin' },
    optional: { Password: NEW_PASSWORD, PasswordResetRequired: true, MFABindRequired: true },
    resources: ['user/colin'],
    effect: [
      'GetLoginProfile',
      { UserName: 'colin' },
      {
        LoginProfile: { UserName: 'colin', PasswordResetRequired: true, MFABindRequired: true, CreateDate: CREATED_AT },
      },
    ],
    errors: { ...NO_LOGIN, ...WEAK },
  },
  deleteLoginProfile: {
    required: { UserName: 'colin' },
    resources: ['user/colin'],
    effect: ['GetLoginProfile', { UserName: 'colin' }, '404 EntityNotExist.User.LoginProfile'],
    errors: NO_LOGIN,
  },
  changePassword: {
    required: { OldPassword: PASSWORD, NewPassword: NEW_PASSWORD },
    resources: ['user/admin'],
    effect: ['ChangePassword', { OldPassword: NEW_PASSWORD, NewPassword: PASSWORD }, {}],
    errors: {
      'InvalidParameter.OldPassword.Incorrect': { OldPassword: NEW_PASSWORD },
      'InvalidParameter.NewPassword.TooWeak': { NewPassword: 'short' },
      'InvalidParameter.NewPassword.ReusePrevention': { NewPassword: PASSWORD },
      'EntityNotExist.User.LoginProfile': ({ Users }) => {
        delete Users.get('admin')?.LoginProfile;
      },
      NoPermission: ({ Account }) => {
        Account.SecurityPreference.AllowUserToChangePassword = false;
      },
    },
  },
} satisfies Record<string, Case>;
