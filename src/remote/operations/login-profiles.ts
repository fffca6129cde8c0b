import type { LoginProfile, LoginProfileOperations } from '../../core/directory.ts';
import { nullIfCode } from '../../core/failure.ts';
import type { Response } from '../api.ts';
import { type RemoteContext, userPrincipal } from './context.ts';
import { changeOnce, createOnce } from './lost-responses.ts';
import { isTrue, userNameOf } from './members.ts';

const NOT_FOUND = 'EntityNotExist.User.LoginProfile';

/** IMS returns the status of a logon, and RAM 2015-05-01 returns when it was created. */
export function loginProfileOperations(context: RemoteContext): LoginProfileOperations {
  const { api } = context;
  const getCreateDate = async (UserName: string): Promise<string> =>
    (await api.call('RAM', 'GetLoginProfile', { UserName })).LoginProfile.CreateDate;

  const updateLoginProfile: LoginProfileOperations['updateLoginProfile'] = async ({
    UserName,
    Password,
    ...changes
  }) => {
    const user = await userPrincipal(context, UserName);
    const parameters = { ...user, ...changes, Password: Password?.plaintext };
    const { LoginProfile } = await api.call('IMS', 'UpdateLoginProfile', parameters);
    return toLoginProfile(LoginProfile, await getCreateDate(UserName));
  };

  return {
    updateLoginProfile,

    async createLoginProfile({ Password, ...input }) {
      const { UserName, ...settings } = input;
      const user = await userPrincipal(context, UserName);
      const parameters = { ...user, ...settings, Password: Password.plaintext };
      return createOnce(context, ['IMS', 'CreateLoginProfile'], parameters, {
        read: ({ LoginProfile }) => toLoginProfile(LoginProfile, LoginProfile.UpdateDate),
        lookUp: () => nullIfCode(getCreateDate(UserName), NOT_FOUND),
        // The response does not say whether the password is the one of the lost call.
        adopt: () => updateLoginProfile({ Password, ...input }),
      });
    },

    async getLoginProfile({ UserName }) {
      const user = await userPrincipal(context, UserName);
      const [{ LoginProfile }, CreateDate] = await Promise.all([
        api.call('IMS', 'GetLoginProfile', user),
        getCreateDate(UserName),
      ]);
      return toLoginProfile(LoginProfile, CreateDate);
    },

    deleteLoginProfile: ({ UserName }) => changeOnce(context, 'DeleteLoginProfile', { UserName }, NOT_FOUND),
  };
}

function toLoginProfile(login: Response, CreateDate: string): LoginProfile {
  const UserPrincipalName: string = login.UserPrincipalName;
  return {
    UserName: userNameOf(UserPrincipalName),
    UserPrincipalName,
    Status: login.Status === 'Inactive' ? 'Inactive' : 'Active',
    PasswordResetRequired: isTrue(login.PasswordResetRequired),
    MFABindRequired: isTrue(login.MFABindRequired),
    CreateDate,
  };
}
