import { type RowWithFindings, userNameOf } from '../core/workflows/findings.ts';
import { age } from './cells.ts';
import { listView } from './record-views.ts';

export const reportView = listView<RowWithFindings>(
  {
    User: userNameOf,
    Console: 'password_active',
    MFA: 'mfa_active',
    Keys: (row) => Number(row.access_key_1_active) + Number(row.access_key_2_active),
    'Last logon': age('user_last_logon'),
    Findings: ({ findings }) => findings.join(' '),
  },
  'no users',
);
