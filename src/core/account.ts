import { type Clock, ramDate } from './clock.ts';
import type { Context } from './context.ts';
import type { AccountSummary, Changes } from './directory.ts';
import { Failure } from './failure.ts';
import { QUOTAS } from './quotas.ts';
import { DIGITS, type RandomSource, randomText } from './random.ts';
import { Records } from './records.ts';
import type { AccountRecord, PasswordPolicy, SecurityPreference, State } from './state.ts';
import { assertValidAlias } from './validation.ts';

/** A directory that nobody has written to yet, with RAM's defaults for a new account. */
export function freshState(clock: Clock, random: RandomSource): State {
  return {
    Account: {
      AccountId: `1${randomText(random, DIGITS, 15)}`,
      CreateDate: ramDate(clock.now()),
      PasswordPolicy: freshPolicy(),
      SecurityPreference: freshPreference(),
    },
    Users: new Records(),
    MFADevices: new Records(),
    Groups: new Records(),
    Policies: new Records(),
  };
}

/** RAM's defaults, but that guessing is limited from the start. */
export function freshPolicy(): PasswordPolicy {
  return {
    MinimumPasswordLength: 8,
    RequireLowercaseCharacters: false,
    RequireUppercaseCharacters: false,
    RequireNumbers: false,
    RequireSymbols: false,
    HardExpiry: false,
    MaxPasswordAge: 0,
    PasswordReusePrevention: 0,
    MaxLoginAttemps: 5,
  };
}

/** RAM's defaults. */
export function freshPreference(): SecurityPreference {
  return {
    EnableSaveMFATicket: false,
    AllowUserToChangePassword: true,
    AllowUserToManageAccessKeys: false,
    AllowUserToManageMFADevices: true,
    LoginSessionDuration: 6,
    LoginNetworkMasks: '',
  };
}

export function getCallerIdentity({ state: { Account } }: Context) {
  const { AccountId } = Account;
  return { AccountId, IdentityType: 'Account' as const, Arn: `acs:ram::${AccountId}:root` };
}

export function getAccountSummary({ state }: Context): AccountSummary {
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

export function getAccountAlias({ state: { Account } }: Context): { AccountAlias: string | null } {
  return { AccountAlias: Account.AccountAlias ?? null };
}

export function setAccountAlias({ state }: Context, { AccountAlias }: { AccountAlias: string }): void {
  assertValidAlias(AccountAlias);
  state.Account.AccountAlias = AccountAlias;
}

export function clearAccountAlias({ state }: Context): void {
  delete state.Account.AccountAlias;
}

export function getPasswordPolicy({ state }: Context): PasswordPolicy {
  return { ...state.Account.PasswordPolicy };
}

/** RAM SetPasswordPolicy and SetSecurityPreference: the whole numbers that a member takes. */
const RANGES = {
  MinimumPasswordLength: [8, 32],
  MaxPasswordAge: [0, 1095],
  PasswordReusePrevention: [0, 24],
  MaxLoginAttemps: [0, 32],
  LoginSessionDuration: [1, 24],
} as const;

export function setPasswordPolicy({ state }: Context, input: Changes<PasswordPolicy>): PasswordPolicy {
  checkRanges(input);
  Object.assign(state.Account.PasswordPolicy, given(input));
  return { ...state.Account.PasswordPolicy };
}

export function getSecurityPreference({ state }: Context): SecurityPreference {
  return { ...state.Account.SecurityPreference };
}

export async function setSecurityPreference(
  { state }: Context,
  input: Changes<SecurityPreference>,
): Promise<SecurityPreference> {
  checkRanges(input);
  if (input.LoginNetworkMasks) await checkMasks(input.LoginNetworkMasks);
  Object.assign(state.Account.SecurityPreference, given(input));
  return { ...state.Account.SecurityPreference };
}

function given<T extends object>(changes: T): Partial<T> {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)) as Partial<T>;
}

/** @throws Failure InvalidParameter.*.Range */
export function checkRanges(input: object): void {
  for (const [name, [least, most]] of Object.entries(RANGES)) {
    const value: unknown = input[name as keyof typeof input];
    if (value === undefined || (Number.isInteger(value) && Number(value) >= least && Number(value) <= most)) continue;
    const message = `${name} must be a whole number from ${least} to ${most}`;
    throw new Failure('refused', `InvalidParameter.${name}.Range`, message, { Field: name });
  }
}

/** RAM SetSecurityPreference: at most 40 addresses or CIDR blocks, 512 characters in all. */
async function checkMasks(masks: string): Promise<void> {
  const Field = 'LoginNetworkMasks';
  if (masks.length > 512 || masks.split(';').length > 40) {
    throw new Failure('refused', `InvalidParameter.${Field}.Length`, `${Field} takes 40 masks, 512 characters`, {
      Field,
    });
  }
  const { isIPv4, isIPv6 } = await import('node:net');
  for (const mask of masks.split(';')) {
    const [address = '', prefix = '0', ...rest] = mask.split('/');
    const bits = isIPv4(address) ? 32 : isIPv6(address) ? 128 : -1;
    if (rest.length === 0 && /^\d{1,3}$/.test(prefix) && Number(prefix) <= bits) continue;
    const message = `${Field} must look like 192.0.2.0/24;2001:db8::/32`;
    throw new Failure('refused', `InvalidParameter.${Field}.Format`, message, { Field });
  }
}

/** `<alias>.onaliyun.com`; before an alias is set the account id stands in its place. */
export function defaultDomainOf(aliasOrId: string): string {
  return `${aliasOrId}.onaliyun.com`;
}

/** The logon name that user lists show: `<UserName>@<default domain>`. */
export function userPrincipalName(account: AccountRecord, userName: string): string {
  return `${userName}@${defaultDomainOf(account.AccountAlias ?? account.AccountId)}`;
}

/** The logon page of an account (the same page). */
export function logonPage(defaultDomain: string): string {
  return `https://signin.alibabacloud.com/${defaultDomain}/login.htm`;
}

/** The logon page with the name filled in (RAM help, "Log on to the console as a RAM user", International site). */
export function logonUrl(userPrincipalName: string): string {
  return `https://signin.alibabacloud.com/login.htm?username=${userPrincipalName}`;
}
