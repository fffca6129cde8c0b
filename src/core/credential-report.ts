import { userPrincipalName } from './account.ts';
import { DAY_MS, formatRamDate } from './clock.ts';
import type { OperationContext } from './context.ts';
import type { CredentialReportRow } from './directory.ts';
import type { AccessKeyRecord, LoginProfileRecord } from './state.ts';
import { sortedByName } from './state.ts';

/** RAM's credential report (IMS GetCredentialReport, columns of 2021), without the row of the account's owner. */
export function getCredentialReport({ state }: OperationContext): CredentialReportRow[] {
  const { Account, MFADevices } = state;
  const owners = new Set(Array.from(MFADevices.values(), ({ Binding }) => Binding?.UserId));
  return sortedByName(state.Users).map((user) => {
    const [first, second] = user.AccessKeys.map(buildKeyColumns);
    const one = first ?? NO_KEY;
    const two = second ?? NO_KEY;
    return {
      user: userPrincipalName(Account, user.UserName),
      user_creation_time: user.CreateDate,
      user_last_logon: user.LastLoginDate ?? null,
      password_exist: user.LoginProfile !== undefined,
      password_active: user.LoginProfile?.Status === 'Active',
      password_last_changed: user.LoginProfile?.PasswordDate ?? null,
      password_next_rotation: nextRotationDate(user.LoginProfile, Account.PasswordPolicy.MaxPasswordAge),
      mfa_active: owners.has(user.UserId),
      access_key_1_exist: one.exist,
      access_key_1_active: one.active,
      access_key_1_last_rotated: one.last_rotated,
      access_key_1_last_used: one.last_used,
      access_key_2_exist: two.exist,
      access_key_2_active: two.active,
      access_key_2_last_rotated: two.last_rotated,
      access_key_2_last_used: two.last_used,
    };
  });
}

interface KeyColumns {
  exist: boolean;
  active: boolean;
  last_rotated: string | null;
  last_used: string | null;
}

const NO_KEY: KeyColumns = { exist: false, active: false, last_rotated: null, last_used: null };

function buildKeyColumns({ Status, CreateDate, LastUsedDate = undefined }: AccessKeyRecord): KeyColumns {
  return { exist: true, active: Status === 'Active', last_rotated: CreateDate, last_used: LastUsedDate ?? null };
}

/** When the password grows too old; null when passwords of this account never do. */
function nextRotationDate(login: LoginProfileRecord | undefined, maxAge: number): string | null {
  return login && maxAge > 0 ? formatRamDate(new Date(Date.parse(login.PasswordDate) + maxAge * DAY_MS)) : null;
}
