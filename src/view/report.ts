import { type RowWithFindings, userNameOf } from '../core/workflows/findings.ts';
import type { View } from './format.ts';
import { renderList } from './layout.ts';
import { formatAge, formatYesNo } from './phrases.ts';

export const reportView: View<RowWithFindings[]> = (rows, style) =>
  renderList(
    ['User', 'Console', 'MFA', 'Keys', 'Last logon', 'Findings'],
    rows.map((row) => [
      userNameOf(row),
      formatYesNo(row.password_active),
      formatYesNo(row.mfa_active),
      String([row.access_key_1_active, row.access_key_2_active].filter((isActive) => isActive).length),
      formatAge(row.user_last_logon, style),
      row.findings.join(' '),
    ]),
    style,
    'no users',
  );
