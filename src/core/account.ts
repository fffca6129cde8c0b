import { DAY_MS, formatRamDate } from './clock.ts';
import type { AccountOperations } from './directory.ts';
import { userPrincipalName } from './logon-names.ts';
import type { Implementation, OperationContext } from './operation-context.ts';
import { QUOTAS } from './quotas.ts';
import { type LoginProfileRecord, sortedByName } from './state.ts';
import { assertValidAlias, throwInvalid } from './validation.ts';

export const accountOperations = {
  getCallerIdentity({ state }) {
    const { AccountId } = state.Account;
    return { AccountId, IdentityType: 'Account', Arn: `acs:ram::${AccountId}:root` };
  },

  getAccountSummary,
  getCredentialReport,

  getAccountAlias: ({ state }) => ({ AccountAlias: state.Account.AccountAlias ?? null }),

  setAccountAlias({ state }, { AccountAlias }) {
    assertValidAlias(AccountAlias);
    state.Account.AccountAlias = AccountAlias;
  },

  clearAccountAlias({ state }) {
    delete state.Account.AccountAlias;
  },

  getPasswordPolicy: ({ state }) => ({ ...state.Account.PasswordPolicy }),

  setPasswordPolicy({ state }, changes) {
    assertRanges(changes);
    return { ...assignDefined(state.Account.PasswordPolicy, changes) };
  },

  getSecurityPreference: ({ state }) => ({ ...state.Account.SecurityPreference }),

  async setSecurityPreference({ state }, changes) {
    assertRanges(changes);
    if (changes.LoginNetworkMasks) await assertNetworkMasks(changes.LoginNetworkMasks);
    return { ...assignDefined(state.Account.SecurityPreference, changes) };
  },
} satisfies Implementation<AccountOperations>;

/** RAM's names for the counts and quotas of an account (IMS GetAccountSummary, SummaryMap). */
export type AccountSummary = ReturnType<typeof getAccountSummary>;

function getAccountSummary({ state }: OperationContext) {
  return {
    Users: state.Users.size,
    UsersQuota: QUOTAS.Users,
    Groups: state.Groups.size,
    GroupsQuota: QUOTAS.Groups,
    Policies: state.Policies.size,
    PoliciesQuota: QUOTAS.Policies,
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
function getCredentialReport({ state }: OperationContext) {
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

function assignDefined<T extends object>(target: T, changes: object): T {
  return Object.assign(target, Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)));
}

/** The integers that a member accepts (RAM SetPasswordPolicy, SetSecurityPreference). */
const RANGES = {
  MinimumPasswordLength: [8, 32],
  MaxPasswordAge: [0, 1095],
  PasswordReusePrevention: [0, 24],
  MaxLoginAttemps: [0, 32],
  LoginSessionDuration: [1, 24],
} as const;

/** @throws Failure InvalidParameter.*.Range */
export function assertRanges(settings: object): void {
  for (const [name, [min, max]] of Object.entries(RANGES)) {
    const value: unknown = settings[name as keyof typeof settings];
    if (value === undefined || (Number.isInteger(value) && Number(value) >= min && Number(value) <= max)) continue;
    throwInvalid(name, 'Range', `${name} must be a whole number from ${min} to ${max}`);
  }
}

/** RAM SetSecurityPreference: at most 40 addresses or CIDR blocks, 512 characters in all. */
async function assertNetworkMasks(text: string): Promise<void> {
  const Field = 'LoginNetworkMasks';
  const masks = text.split(';');
  if (text.length > 512 || masks.length > 40) {
    throwInvalid(Field, 'Length', `${Field} may have at most 40 masks and 512 characters`);
  }
  const { isIP } = await import('node:net');
  const isValid = masks.every((mask) => {
    const [address = '', prefix = '0', ...rest] = mask.split('/');
    const prefixBits = { 4: 32, 6: 128 }[isIP(address)] ?? -1;
    return rest.length === 0 && /^\d{1,3}$/.test(prefix) && Number(prefix) <= prefixBits;
  });
  if (!isValid) throwInvalid(Field, 'Format', `${Field} must look like 192.0.2.0/24;2001:db8::/32`);
}
