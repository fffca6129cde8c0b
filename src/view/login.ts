import type { Session } from '../core/directory.ts';
import type { LogonSettings } from '../core/workflows/login.ts';
import { date, lockedUntil, required, status } from './cells.ts';
import { logonUrl } from './local-directory.ts';
import { fieldsView, secretsView, sectionsView } from './record-views.ts';

export const loginView = sectionsView<LogonSettings>(
  fieldsView<LogonSettings>({
    User: 'UserName',
    'Logon name': 'UserPrincipalName',
    'Console logon': status,
    'Password reset': required('PasswordResetRequired'),
    MFA: required('MFABindRequired'),
    'Locked until': lockedUntil,
    Created: date('CreateDate'),
    'Logon URL': logonUrl,
  }),
  secretsView({ Password: 'Password' }),
);

export const sessionView = fieldsView<Session>({
  User: 'UserName',
  'Logon name': 'UserPrincipalName',
  ARN: 'Arn',
  MFA: ({ MFAPresent }) => (MFAPresent ? 'verified' : 'none'),
  'Session expires': date('SessionExpires'),
});
