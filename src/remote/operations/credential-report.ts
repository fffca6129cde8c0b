import type { CredentialReportRow } from '../../core/directory.ts';
import { Failure } from '../../core/failure.ts';
import type { Response } from '../api.ts';
import type { RemoteContext } from './context.ts';
import { isTrue, sortByName, userNameOf } from './members.ts';

const STATE_REQUEST_DELAY_MS = 2000;
const MAX_STATE_REQUESTS = 60;

/**
 * Returns the rows of the users. RAM creates at most one report in 4 hours, so the report can be older (IMS
 * GenerateCredentialReport).
 * @throws Failure `later` ReportNotReady
 */
export async function readCredentialReport({ api, sleep }: RemoteContext): Promise<CredentialReportRow[]> {
  for (let requests = 1; ; requests += 1) {
    const { State } = await api.call('IMS', 'GenerateCredentialReport');
    if (State === 'COMPLETED') break;
    if (requests === MAX_STATE_REQUESTS) {
      throw new Failure('later', 'ReportNotReady', `the credential report is not ready yet, its state is ${State}`);
    }
    await sleep(STATE_REQUEST_DELAY_MS);
  }
  let columns: string[] = [];
  const readPage = ({ Content }: Response): Response[] => {
    const lines = Buffer.from(Content, 'base64').toString('utf8').split(/\r?\n/).filter(Boolean);
    // No value needs quotation marks.
    const [first = [], ...others] = lines.map((line) => line.split(','));
    if (first[0] !== 'user') return [first, ...others].map((values) => toObject(columns, values));
    columns = first;
    return others.map((values) => toObject(columns, values));
  };
  const rows = await api.list('IMS', 'GetCredentialReport', { MaxItems: '3501' }, readPage);
  const users = rows.filter(({ user }) => user !== '<root>').map(toRow);
  return sortByName(users, ({ user }) => userNameOf(user));
}

function toObject(columns: string[], values: string[]): Response {
  return Object.fromEntries(columns.map((column, index) => [column, values[index]]));
}

function toRow(row: Response): CredentialReportRow {
  return {
    user: row.user,
    user_creation_time: row.user_creation_time,
    user_last_logon: date(row.user_last_logon),
    password_exist: isTrue(row.password_exist),
    password_active: isTrue(row.password_active),
    password_last_changed: date(row.password_last_changed),
    password_next_rotation: date(row.password_next_rotation),
    mfa_active: isTrue(row.mfa_active),
    access_key_1_exist: isTrue(row.access_key_1_exist),
    access_key_1_active: isTrue(row.access_key_1_active),
    access_key_1_last_rotated: date(row.access_key_1_last_rotated),
    access_key_1_last_used: date(row.access_key_1_last_used),
    access_key_2_exist: isTrue(row.access_key_2_exist),
    access_key_2_active: isTrue(row.access_key_2_active),
    access_key_2_last_rotated: date(row.access_key_2_last_rotated),
    access_key_2_last_used: date(row.access_key_2_last_used),
  };
}

/** Returns null for a date that does not exist (`-`), or that belongs to a password or key that does not exist (`N/A`). */
function date(value: string | undefined): string | null {
  return value && /^\d/.test(value) ? value : null;
}
