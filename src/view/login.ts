import type { Session } from '../core/directory.ts';
import type { LogonSettings } from '../core/workflows/login.ts';
import type { View } from './format.ts';
import { fields } from './layout.ts';
import { date, locked, once, required, status } from './words.ts';

export const loginView: View<LogonSettings> = (login, style) => {
  const settings = fields(
    [
      ['User', login.UserName],
      ['Logon name', login.UserPrincipalName],
      ['Console logon', status(login.Status, style)],
      ['Password reset', required(login.PasswordResetRequired)],
      ['MFA', required(login.MFABindRequired)],
      ...locked(login, style),
      ['Created', date(login.CreateDate, style)],
      ['Logon URL', login.LogonUrl],
    ],
    style,
  );
  if (login.Password === undefined) return settings;
  return `${settings}\n\n${fields([['Password', login.Password]], style)}\n${once(style, 'The password is')}`;
};

export const sessionView: View<Session> = (session, style) =>
  fields(
    [
      ['User', session.UserName],
      ['Logon name', session.UserPrincipalName],
      ['ARN', session.Arn],
      ['MFA', session.MFAPresent ? 'verified' : 'none'],
      ['Session expires', date(session.SessionExpires, style)],
    ],
    style,
  );
