import { type RowWithFindings, userNameOf } from '../core/workflows/findings.ts';
import type { View } from './format.ts';
import { list } from './layout.ts';
import { ago, yesNo } from './words.ts';

export const reportView: View<RowWithFindings[]> = (rows, style) =>
  list(
    ['User', 'Console', 'MFA', 'Keys', 'Last logon', 'Findings'],
    rows.map((row) => [
      userNameOf(row),
      yesNo(row.password_active),
      yesNo(row.mfa_active),
      String([row.access_key_1_active, row.access_key_2_active].filter((isActive) => isActive).length),
      ago(row.user_last_logon, style),
      row.findings.join(' '),
    ]),
    style,
    'no users',
  );
