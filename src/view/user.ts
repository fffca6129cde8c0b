import type { CreatedUser, NewUser } from '../core/workflows/provision.ts';
import type { DeletedUser, UserSummary } from '../core/workflows/user.ts';
import { accessKeyListView } from './access-key.ts';
import {
  date,
  formatDate,
  formatRequired,
  lockedUntil,
  relativeTime,
  removed,
  required,
  status,
  tags,
} from './cells.ts';
import type { View } from './format.ts';
import { type Cell, renderFields } from './layout.ts';
import { logonUrl } from './local-directory.ts';
import { fieldsView, listView, resultListView, secretsView, sectionsView } from './record-views.ts';
import type { Style } from './style.ts';

type Login = NonNullable<CreatedUser['LoginProfile']>;

/** A cell that shows the login profile, or `absent` for a user without console logon. */
function ifConsoleLogon(show: (profile: Login, style: Style) => Cell, absent?: string) {
  return ({ LoginProfile }: CreatedUser, style: Style) => (LoginProfile ? show(LoginProfile, style) : absent);
}

/** Only the result of `user create` contains `LogonUrl`, `Password` and `AccessKey`. */
export const userView = sectionsView<CreatedUser>(
  fieldsView({
    User: 'UserName',
    'User ID': 'UserId',
    'Logon name': 'UserPrincipalName',
    'Display name': 'DisplayName',
    Comments: 'Comments',
    Email: 'Email',
    'Mobile phone': 'MobilePhone',
    Tags: tags,
    Created: date('CreateDate'),
    Updated: date('UpdateDate'),
    'Last logon': date('LastLoginDate'),
    'Console logon': ifConsoleLogon(status, 'none'),
    'Logon URL': logonUrl,
    'Password reset': ifConsoleLogon(required('PasswordResetRequired')),
    MFA: ifConsoleLogon(required('MFABindRequired')),
    'Locked until': ifConsoleLogon(lockedUntil),
    'MFA device': ({ MFADevice }, style) =>
      MFADevice && [MFADevice.SerialNumber, `bound ${formatDate(MFADevice.ActivateDate, style, 'on an unknown date')}`],
    Groups: 'Groups',
    Policies: ({ Policies }) => Policies.map(({ PolicyName }) => PolicyName),
  }),
  ({ AccessKeys }, style) => (AccessKeys.length > 0 ? accessKeyListView(AccessKeys, style) : ''),
  secretsView({
    Password: 'Password',
    'AccessKey ID': ({ AccessKey }) => (AccessKey?.AccessKeySecret === undefined ? undefined : AccessKey.AccessKeyId),
    'AccessKey Secret': ({ AccessKey }) => AccessKey?.AccessKeySecret,
  }),
);

/** The members of a user in a list. */
export const USER_SUMMARY_MEMBERS: (keyof UserSummary)[] = [
  'UserId',
  'UserName',
  'UserPrincipalName',
  'DisplayName',
  'Comments',
  'Console',
  'MFA',
  'AccessKeys',
  'CreateDate',
  'LastLoginDate',
];

export const userListView = resultListView<UserSummary>('no users', USER_SUMMARY_MEMBERS, {
  User: 'UserName',
  'Display name': 'DisplayName',
  Console: 'Console',
  MFA: 'MFA',
  Keys: 'AccessKeys',
  Created: relativeTime('CreateDate'),
  'Last logon': relativeTime('LastLoginDate'),
});

export const deletedUsersView = listView<DeletedUser>('', {
  User: 'UserName',
  'User ID': 'UserId',
  'Removed with it': removed,
});

export const userNameView = fieldsView<{ UserId: string; UserName: string }>({ User: 'UserName', 'User ID': 'UserId' });

/** The members of a new user without console logon and AccessKey. */
const NEW_USER_MEMBERS = `UserId, UserName, UserPrincipalName, DisplayName, Comments, Email, MobilePhone, CreateDate,
  UpdateDate, LastLoginDate, Tags, LoginProfile, MFADevice, AccessKeys, Groups, Policies`.split(/,\s+/);

/** Shows one user or several users with all their fields. */
export const usersView: View<CreatedUser | CreatedUser[]> = Object.assign(
  (users: CreatedUser | CreatedUser[], style: Style) => {
    const texts = [users].flat().map((user) => userView(user, style));
    return texts.join('\n\n\n');
  },
  { fields: userView.fields ?? {}, members: NEW_USER_MEMBERS },
);

function formatNewLogon(logon: NewUser['logon']): string | undefined {
  if (!logon) return undefined;
  const { password, PasswordResetRequired = true, MFABindRequired = false } = logon;
  const source = password === undefined ? 'generated' : 'typed';
  return `${source} password, reset ${formatRequired(PasswordResetRequired)}, MFA ${formatRequired(MFABindRequired)}`;
}

/** The values of a new user by label. Values that will not be written are empty. */
const newUserFields = ({ user, logon, accessKey, groups = [], policies = [] }: NewUser) => ({
  'Display name': user.DisplayName,
  Comments: user.Comments,
  Email: user.Email,
  'Mobile phone': user.MobilePhone,
  Tags: user.Tag?.map(({ Key, Value }) => `${Key}=${Value}`).join(', '),
  'Console logon': formatNewLogon(logon),
  AccessKey: accessKey ? 'yes' : undefined,
  Groups: groups.join(', '),
  Policies: policies.join(', '),
});

/**
 * Shows users that a wizard is going to create, for review. One user takes a line for each value. Several users take a
 * paragraph each, without display names that are the user name, so that the list fits the screen with the choices below it.
 */
export const newUserListView: View<NewUser[]> = (users, style) => {
  const [only] = users;
  if (only && users.length === 1) {
    const { UserName, DisplayName = UserName } = only.user;
    const fields = { 'User name': UserName, ...newUserFields(only), 'Display name': DisplayName };
    return renderFields(Object.entries(fields), style);
  }
  const toParagraph = (user: NewUser) =>
    Object.entries(newUserFields(user)).flatMap(([label, value]) => (value ? [`${label}: ${value}`] : []));
  return renderFields(
    users.map((user) => [user.user.UserName, toParagraph(user).join('; ')]),
    style,
  );
};
