import type { DeletedUser } from '../core/workflows/delete-users.ts';
import type { CreatedUser, NewUser } from '../core/workflows/provision.ts';
import type { UserSummary } from '../core/workflows/user.ts';
import type { View } from './format.ts';
import { renderFields, renderList } from './layout.ts';
import {
  formatAge,
  formatDate,
  formatLocked,
  formatRemoved,
  formatRequired,
  formatStatus,
  formatYesNo,
  SHOWN_ONCE,
} from './phrases.ts';

/** `Password` and `AccessKey` occur in the result of `user create` alone. */
export const userView: View<CreatedUser> = (user, style) => {
  const login = user.LoginProfile;
  const blocks = [
    renderFields(
      [
        ['User', user.UserName],
        ['User ID', user.UserId],
        ['Logon name', user.UserPrincipalName],
        ['Display name', user.DisplayName],
        ['Comments', user.Comments],
        ['Email', user.Email],
        ['Mobile phone', user.MobilePhone],
        ['Created', formatDate(user.CreateDate, style)],
        ['Updated', formatDate(user.UpdateDate, style)],
        ['Last logon', formatDate(user.LastLoginDate, style)],
        ['Console logon', login ? formatStatus(login.Status, style) : 'none'],
        ...(login
          ? ([
              ['Password reset', formatRequired(login.PasswordResetRequired)],
              ['MFA', formatRequired(login.MFABindRequired)],
              ...formatLocked(login, style),
            ] as [string, string][])
          : []),
        [
          'MFA device',
          user.MFADevice && `${user.MFADevice.SerialNumber}\nbound ${formatDate(user.MFADevice.ActivateDate, style)}`,
        ],
        ['Groups', user.Groups.join('\n')],
        ['Policies', user.Policies.map(({ PolicyName }) => PolicyName).join('\n')],
      ],
      style,
    ),
  ];
  if (user.AccessKeys.length > 0) {
    blocks.push(
      renderList(
        ['AccessKey ID', 'Status', 'Created', 'Last used'],
        user.AccessKeys.map((key) => [
          key.AccessKeyId,
          formatStatus(key.Status, style),
          formatAge(key.CreateDate, style),
          formatAge(key.LastUsedDate, style),
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
  if (secrets.length > 0)
    blocks.push(`${renderFields(secrets, style)}\n${SHOWN_ONCE(style, 'What is secret here is')}`);
  return blocks.join('\n\n');
};

export const userListView: View<UserSummary[]> = (users, style) =>
  renderList(
    ['User', 'Display name', 'Console', 'MFA', 'AccessKeys', 'Created', 'Last logon'],
    users.map((user) => [
      user.UserName,
      user.DisplayName,
      formatYesNo(user.Console),
      user.MFA,
      String(user.AccessKeys),
      formatAge(user.CreateDate, style),
      formatAge(user.LastLoginDate, style),
    ]),
    style,
    'no users',
  );

export const deletedUsersView: View<DeletedUser[]> = (departures, style) =>
  renderList(
    ['User', 'User ID', 'Removed with it'],
    departures.map(({ UserName, UserId, Removed }) => [UserName, UserId, formatRemoved(Removed)]),
    style,
    '',
  );

/** Whose something is gone, where that is all there is to say. */
export const userNameView: View<{ UserId: string; UserName: string }> = ({ UserName, UserId }, style) =>
  renderFields(
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
export const newUserListView: View<NewUser[]> = (orders, style) =>
  orders.map((order) => renderFields(newUserFields(order), style)).join('\n\n');

function newUserFields({
  user,
  logon,
  accessKey,
  groups = [],
  policies = [],
}: NewUser): [string, string | undefined][] {
  const settings = logon && [
    logon.password === undefined ? 'generated password' : 'your own password',
    `reset ${formatRequired(logon.PasswordResetRequired ?? true)}`,
    `MFA ${formatRequired(logon.MFABindRequired ?? false)}`,
  ];
  return [
    ['Logon name', user.UserName],
    ['Display name', user.DisplayName ?? user.UserName],
    ['Comments', user.Comments],
    ['Email', user.Email],
    ['Mobile phone', user.MobilePhone],
    ['Console logon', settings ? settings.join(', ') : 'no'],
    ['AccessKey', formatYesNo(accessKey ?? false)],
    ['Groups', groups.join('\n')],
    ['Policies', policies.join('\n')],
  ];
}
