import { CREATED_AT, PASSWORD, REQUESTED_AT } from '../../../support/sample-directory.ts';
import { type Case, NO_USER } from './case.ts';

const NEXT = 'Battery-Staple-2';
const NO_LOGIN = { ...NO_USER, 'EntityNotExist.User.LoginProfile': { UserName: 'alice' } };
const WEAK = { 'InvalidParameter.Password.TooWeak': { Password: 'short' } };

export const LOGON = {
  createLoginProfile: {
    needs: { UserName: 'alice', Password: PASSWORD },
    may: { PasswordResetRequired: true, MFABindRequired: true },
    on: ['user/alice'],
    answers: {
      LoginProfile: { UserName: 'alice', PasswordResetRequired: true, MFABindRequired: true, CreateDate: REQUESTED_AT },
    },
    refuses: {
      ...NO_USER,
      ...WEAK,
      'EntityAlreadyExists.User.LoginProfile': { UserName: 'colin' },
      'InvalidParameter.PasswordResetRequired': { PasswordResetRequired: 'yes' },
      'InvalidParameter.MFABindRequired': { MFABindRequired: '1' },
    },
  },
  getLoginProfile: {
    needs: { UserName: 'colin' },
    on: ['user/colin'],
    answers: {
      LoginProfile: { UserName: 'colin', PasswordResetRequired: false, MFABindRequired: false, CreateDate: CREATED_AT },
    },
    refuses: NO_LOGIN,
  },
  updateLoginProfile: {
    needs: { UserName: 'colin' },
    may: { Password: NEXT, PasswordResetRequired: true, MFABindRequired: true },
    on: ['user/colin'],
    leaves: [
      'GetLoginProfile',
      { UserName: 'colin' },
      {
        LoginProfile: { UserName: 'colin', PasswordResetRequired: true, MFABindRequired: true, CreateDate: CREATED_AT },
      },
    ],
    refuses: { ...NO_LOGIN, ...WEAK },
  },
  deleteLoginProfile: {
    needs: { UserName: 'colin' },
    on: ['user/colin'],
    leaves: ['GetLoginProfile', { UserName: 'colin' }, '404 EntityNotExist.User.LoginProfile'],
    refuses: NO_LOGIN,
  },
  changePassword: {
    needs: { OldPassword: PASSWORD, NewPassword: NEXT },
    on: ['user/admin'],
    leaves: ['ChangePassword', { OldPassword: NEXT, NewPassword: PASSWORD }, {}],
    refuses: {
      'InvalidParameter.OldPassword.Incorrect': { OldPassword: NEXT },
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
