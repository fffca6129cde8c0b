import { type Clock, formatRamDate } from './clock.ts';
import type { Implementation } from './context.ts';
import type { AccountOperations } from './directory.ts';
import { QUOTAS } from './quotas.ts';
import { DIGITS, generateRandomText, type RandomSource } from './random.ts';
import { Records } from './records.ts';
import { type AccountRecord, defaultPasswordPolicy, defaultSecurityPreference, type State } from './state.ts';
import { assertValidAlias, throwInvalid } from './validation.ts';

/** Returns the state of an empty directory, with RAM's defaults for a new account. */
export function createInitialState(clock: Clock, random: RandomSource): State {
  return {
    Account: {
      AccountId: `1${generateRandomText(random, DIGITS, 15)}`,
      CreateDate: formatRamDate(clock.now()),
      PasswordPolicy: defaultPasswordPolicy(),
      SecurityPreference: defaultSecurityPreference(),
    },
    Users: new Records(),
    MFADevices: new Records(),
    Groups: new Records(),
    Policies: new Records(),
  };
}

export const accountOperations = {
  getCallerIdentity({ state }) {
    const { AccountId } = state.Account;
    return { AccountId, IdentityType: 'Account', Arn: `acs:ram::${AccountId}:root` };
  },

  getAccountSummary({ state }) {
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
  },

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
} satisfies Implementation<Omit<AccountOperations, 'getCredentialReport'>>;

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

export function defaultDomainOf(aliasOrId: string): string {
  return `${aliasOrId}.onaliyun.com`;
}

/** Returns the logon name that user lists show: `<UserName>@<default domain>`. */
export function userPrincipalName(account: AccountRecord, userName: string): string {
  return `${userName}@${defaultDomainOf(account.AccountAlias ?? account.AccountId)}`;
}

/** Returns the logon page of an account (RAM help, "Log on to the console as a RAM user", International site). */
export function logonPageUrl(defaultDomain: string): string {
  return `https://signin.alibabacloud.com/${defaultDomain}/login.htm`;
}

/** Returns the logon page with the logon name filled in (the same help page). */
export function logonUrl(userPrincipalName: string): string {
  return `https://signin.alibabacloud.com/login.htm?username=${userPrincipalName}`;
}
