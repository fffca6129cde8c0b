import type { Session } from '../core/directory.ts';
import type { LogonSettings } from '../core/workflows/login.ts';
import type { View } from './format.ts';
import { renderFields } from './layout.ts';
import { formatDate, formatLocked, formatRequired, formatStatus, SHOWN_ONCE } from './phrases.ts';

export const loginView: View<LogonSettings> = (login, style) => {
  const settings = renderFields(
    [
      ['User', login.UserName],
      ['Logon name', login.UserPrincipalName],
      ['Console logon', formatStatus(login.Status, style)],
      ['Password reset', formatRequired(login.PasswordResetRequired)],
      ['MFA', formatRequired(login.MFABindRequired)],
      ...formatLocked(login, style),
      ['Created', formatDate(login.CreateDate, style)],
      ['Logon URL', login.LogonUrl],
    ],
    style,
  );
  if (login.Password === undefined) return settings;
  return `${settings}\n\n${renderFields([['Password', login.Password]], style)}\n${SHOWN_ONCE(style, 'The password is')}`;
};

export const sessionView: View<Session> = (session, style) =>
  renderFields(
    [
      ['User', session.UserName],
      ['Logon name', session.UserPrincipalName],
      ['ARN', session.Arn],
      ['MFA', session.MFAPresent ? 'verified' : 'none'],
      ['Session expires', formatDate(session.SessionExpires, style)],
    ],
    style,
  );
