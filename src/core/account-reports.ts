import { DAY_MS, formatRamDate } from './clock.ts';
import { userPrincipalName } from './logon-names.ts';
import type { OperationContext } from './operation-context.ts';
import { QUOTAS } from './quotas.ts';
import { type LoginProfileRecord, sortedByName } from './state.ts';

/** RAM's names for the counts and quotas of an account (IMS GetAccountSummary, SummaryMap). */
export type AccountSummary = ReturnType<typeof getAccountSummary>;

export function getAccountSummary({ state }: OperationContext) {
  return {
    Users: state.Users.size,
    UsersQuota: QUOTAS.Users,
    Groups: state.Groups.size,
    GroupsQuota: QUOTAS.Groups,
    Policies: state.Policies.size,
    PoliciesQuota: QUOTAS.Policies,
    Roles: state.Roles.size,
    RolesQuota: QUOTAS.Roles,
    MFADevices: state.MFADevices.size,
    MFADevicesInUse: [...state.MFADevices.values()].filter(({ Binding }) => Binding).length,
    VirtualMFADevicesQuota: QUOTAS.MFADevices,
    AccessKeysPerUserQuota: QUOTAS.AccessKeysPerUser,
    GroupsPerUserQuota: QUOTAS.GroupsPerUser,
    VersionsPerPolicyQuota: QUOTAS.VersionsPerPolicy,
    AttachedPoliciesPerUserQuota: QUOTAS.AttachedPolicies.Custom,
    AttachedSystemPoliciesPerUserQuota: QUOTAS.AttachedPolicies.System,
  };
}

/** A row of RAM's credential report (IMS GetCredentialReport, columns of 2021). */
export type CredentialReportRow = ReturnType<typeof getCredentialReport>[number];

/** Returns one row for each user. RAM's report also has a row for the owner of the account. */
export function getCredentialReport({ state }: OperationContext) {
  const { Account, MFADevices } = state;
  const deviceOwners = new Set(Array.from(MFADevices.values(), ({ Binding }) => Binding?.UserId));
  return sortedByName(state.Users).map((user) => {
    const { LoginProfile } = user;
    const [first, second] = user.AccessKeys;
    return {
      user: userPrincipalName(Account, user.UserName),
      user_creation_time: user.CreateDate,
      user_last_logon: user.LastLoginDate ?? null,
      password_exist: LoginProfile !== undefined,
      password_active: LoginProfile?.Status === 'Active',
      password_last_changed: LoginProfile?.PasswordDate ?? null,
      password_next_rotation: passwordExpiryDate(LoginProfile, Account.PasswordPolicy.MaxPasswordAge),
      mfa_active: deviceOwners.has(user.UserId),
      access_key_1_exist: first !== undefined,
      access_key_1_active: first?.Status === 'Active',
      access_key_1_last_rotated: first?.CreateDate ?? null,
      access_key_1_last_used: first?.LastUsedDate ?? null,
      access_key_2_exist: second !== undefined,
      access_key_2_active: second?.Status === 'Active',
      access_key_2_last_rotated: second?.CreateDate ?? null,
      access_key_2_last_used: second?.LastUsedDate ?? null,
    };
  });
}

/** Returns when the password expires, or null when passwords of this account do not expire. */
function passwordExpiryDate(login: LoginProfileRecord | undefined, maxAge: number): string | null {
  return login && maxAge > 0 ? formatRamDate(new Date(Date.parse(login.PasswordDate) + maxAge * DAY_MS)) : null;
}
