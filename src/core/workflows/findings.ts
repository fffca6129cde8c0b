import { DAY_MS } from '../clock.ts';
import type { CredentialReportRow, Operations } from '../directory.ts';
import { nullIfCode } from '../failure.ts';
import { foldCase } from '../state.ts';

/** What RAM's security guide tells administrators to look for, by user. */
export const FINDING_KINDS = {
  'no-mfa': 'console logon without an MFA device',
  'both-modes': 'console logon and an active AccessKey: one access mode per user is better',
  'old-key': 'an active AccessKey that is older than it should be',
  'unused-key': 'an active AccessKey that nobody uses',
  'two-active-keys': 'two active AccessKeys: the second place is for rotation',
  'admin-policy': 'AdministratorAccess, attached directly',
  'never-logged-on': 'console logon that was never used',
} as const;

export type FindingKind = keyof typeof FINDING_KINDS;

/** A row of the credential report with what is to be said about it. */
export interface RowWithFindings extends CredentialReportRow {
  findings: FindingKind[];
}

/** The credential report of all users; `maxKeyAge` in milliseconds is also how long a key may lie unused. */
export async function findIssues(
  operations: Operations,
  now: Date,
  maxKeyAge = 90 * DAY_MS,
): Promise<RowWithFindings[]> {
  const admins = await findAdministrators(operations);
  return (await operations.getCredentialReport()).map((row) => {
    const keys = activeKeysOf(row);
    const isOlder = (date: string) => now.getTime() - Date.parse(date) >= maxKeyAge;
    const found: Record<FindingKind, boolean> = {
      'no-mfa': row.password_active && !row.mfa_active,
      'both-modes': row.password_active && keys.length > 0,
      'old-key': keys.some(({ rotated }) => isOlder(rotated)),
      'unused-key': keys.some(({ used }) => used === null || isOlder(used)),
      'two-active-keys': keys.length > 1,
      'admin-policy': admins.has(foldCase(userNameOf(row))),
      'never-logged-on': row.password_active && row.user_last_logon === null,
    };
    return { ...row, findings: (Object.keys(found) as FindingKind[]).filter((name) => found[name]) };
  });
}

/** A row has the logon name, of which this is the user's part. */
export function userNameOf({ user }: Pick<CredentialReportRow, 'user'>): string {
  return user.replace(/@.*$/, '');
}

function activeKeysOf(row: CredentialReportRow): { rotated: string; used: string | null }[] {
  return [
    { isActive: row.access_key_1_active, rotated: row.access_key_1_last_rotated, used: row.access_key_1_last_used },
    { isActive: row.access_key_2_active, rotated: row.access_key_2_last_rotated, used: row.access_key_2_last_used },
  ].flatMap(({ isActive, rotated, used }) => (isActive && rotated !== null ? [{ rotated, used }] : []));
}

async function findAdministrators(operations: Operations): Promise<Set<string>> {
  const ref = { PolicyName: 'AdministratorAccess', PolicyType: 'System' as const };
  const entities = await nullIfCode(operations.listEntitiesForPolicy(ref), 'EntityNotExist.Policy');
  return new Set(entities?.Users.map(({ UserName }) => foldCase(UserName)));
}
