import type { DeletedUser } from '../core/workflows/delete-users.ts';
import type { CreatedUser, NewUser } from '../core/workflows/provision.ts';
import type { UserSummary } from '../core/workflows/user.ts';
import type { View } from './format.ts';
import { fields, list } from './layout.ts';
import { ago, date, locked, once, removed, required, status, yesNo } from './words.ts';

/** `Password` and `AccessKey` occur in the result of `user create` alone. */
export const userView: View<CreatedUser> = (user, style) => {
  const login = user.LoginProfile;
  const blocks = [
    fields(
      [
        ['User', user.UserName],
        ['User ID', user.UserId],
        ['Logon name', user.UserPrincipalName],
        ['Display name', user.DisplayName],
        ['Comments', user.Comments],
        ['Email', user.Email],
        ['Mobile phone', user.MobilePhone],
        ['Created', date(user.CreateDate, style)],
        ['Updated', date(user.UpdateDate, style)],
        ['Last logon', date(user.LastLoginDate, style)],
        ['Console logon', login ? status(login.Status, style) : 'none'],
        ...(login
          ? ([
              ['Password reset', required(login.PasswordResetRequired)],
              ['MFA', required(login.MFABindRequired)],
              ...locked(login, style),
            ] as [string, string][])
          : []),
        [
          'MFA device',
          user.MFADevice && `${user.MFADevice.SerialNumber}\nbound ${date(user.MFADevice.ActivateDate, style)}`,
        ],
        ['Groups', user.Groups.join('\n')],
        ['Policies', user.Policies.map(({ PolicyName }) => PolicyName).join('\n')],
      ],
      style,
    ),
  ];
  if (user.AccessKeys.length > 0) {
    blocks.push(
      list(
        ['AccessKey ID', 'Status', 'Created', 'Last used'],
        user.AccessKeys.map((key) => [
          key.AccessKeyId,
          status(key.Status, style),
          ago(key.CreateDate, style),
          ago(key.LastUsedDate, style),
        ]),
        style,
        '',
      ),
    );
  }
  const secrets: [string, string][] = [];
  if (user.Password !== undefined) secrets.push(['Password', user.Password]);
  if (user.AccessKey?.AccessKeySecret !== undefined) {
    secrets.push(['AccessKey ID', user.AccessKey.AccessKeyId], ['AccessKey Secret', user.AccessKey.AccessKeySecret]);
  }
  if (secrets.length > 0) blocks.push(`${fields(secrets, style)}\n${once(style, 'What is secret here is')}`);
  return blocks.join('\n\n');
};

export const userListView: View<UserSummary[]> = (users, style) =>
  list(
    ['User', 'Display name', 'Console', 'MFA', 'AccessKeys', 'Created', 'Last logon'],
    users.map((user) => [
      user.UserName,
      user.DisplayName,
      yesNo(user.Console),
      user.MFA,
      String(user.AccessKeys),
      ago(user.CreateDate, style),
      ago(user.LastLoginDate, style),
    ]),
    style,
    'no users',
  );

export const departureView: View<DeletedUser[]> = (departures, style) =>
  list(
    ['User', 'User ID', 'Removed with it'],
    departures.map(({ UserName, UserId, Removed }) => [UserName, UserId, removed(Removed)]),
    style,
    '',
  );

/** Whose something is gone, where that is all there is to say. */
export const namedView: View<{ UserId: string; UserName: string }> = ({ UserName, UserId }, style) =>
  fields(
    [
      ['User', UserName],
      ['User ID', UserId],
    ],
    style,
  );

/** One user or several, each as `userView` shows them. */
export const usersView: View<CreatedUser | CreatedUser[]> = (users, style) =>
  [users]
    .flat()
    .map((user) => userView(user, style))
    .join('\n\n\n');

/** Users about to be made, for a last look. */
export const orderListView: View<NewUser[]> = (orders, style) =>
  orders.map((order) => fields(orderFields(order), style)).join('\n\n');

function orderFields({ user, logon, accessKey, groups = [], policies = [] }: NewUser): [string, string | undefined][] {
  const settings = logon && [
    logon.password === undefined ? 'generated password' : 'your own password',
    `reset ${required(logon.PasswordResetRequired ?? true)}`,
    `MFA ${required(logon.MFABindRequired ?? false)}`,
  ];
  return [
    ['Logon name', user.UserName],
    ['Display name', user.DisplayName],
    ['Comments', user.Comments],
    ['Email', user.Email],
    ['Mobile phone', user.MobilePhone],
    ['Console logon', settings ? settings.join(', ') : 'no'],
    ['AccessKey', yesNo(accessKey ?? false)],
    ['Groups', groups.join('\n')],
    ['Policies', policies.join('\n')],
  ];
}
