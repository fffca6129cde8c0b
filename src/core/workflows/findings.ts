import { DAY_MS } from '../clock.ts';
import type { CredentialReportRow, Operations } from '../directory.ts';
import { foldCase } from '../state.ts';

/** The risks that RAM's security guide tells administrators to look for. */
export const FINDING_KINDS = {
  'no-mfa': 'console logon without an MFA device',
  'both-modes': 'console logon and an active AccessKey; RAM recommends one access mode for each user',
  'old-key': 'an active AccessKey older than the maximum key age',
  'unused-key': 'an active AccessKey that was never used, or not within the maximum key age',
  'two-active-keys': 'two active AccessKeys; the second one is meant for rotation only',
  'admin-policy': 'AdministratorAccess, attached directly',
  'never-logged-on': 'console logon that was never used',
} as const;

export type FindingKind = keyof typeof FINDING_KINDS;

/** A row of the credential report with the findings about its user. */
export type RowWithFindings = CredentialReportRow & { findings: FindingKind[] };

/** Returns the credential report of all users. A key is old, or unused, after `maxKeyAgeMs`. */
export async function readReportWithFindings(operations: Operations, now: Date, maxKeyAgeMs = 90 * DAY_MS) {
  const { Users } = await operations.listEntitiesForPolicy({ PolicyName: 'AdministratorAccess', PolicyType: 'System' });
  const admins = new Set(Users.map(({ UserName }) => foldCase(UserName)));
  const isTooOld = (date: string | null) => date !== null && now.getTime() - Date.parse(date) >= maxKeyAgeMs;
  return (await operations.getCredentialReport()).map((row): RowWithFindings => {
    const activeKeys = [
      { isActive: row.access_key_1_active, rotated: row.access_key_1_last_rotated, used: row.access_key_1_last_used },
      { isActive: row.access_key_2_active, rotated: row.access_key_2_last_rotated, used: row.access_key_2_last_used },
    ].filter(({ isActive }) => isActive);
    const conditions: Record<FindingKind, boolean> = {
      'no-mfa': row.password_active && !row.mfa_active,
      'both-modes': row.password_active && activeKeys.length > 0,
      'old-key': activeKeys.some(({ rotated }) => isTooOld(rotated)),
      'unused-key': activeKeys.some(({ used }) => used === null || isTooOld(used)),
      'two-active-keys': activeKeys.length > 1,
      'admin-policy': admins.has(foldCase(userNameOf(row))),
      'never-logged-on': row.password_active && row.user_last_logon === null,
    };
    return { ...row, findings: (Object.keys(conditions) as FindingKind[]).filter((kind) => conditions[kind]) };
  });
}

/** Returns the user name, which is the part of the logon name before the @. */
export function userNameOf({ user }: Pick<CredentialReportRow, 'user'>): string {
  return user.replace(/@.*$/, '');
}
