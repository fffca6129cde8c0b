import { type Clock, formatRamDate } from './clock.ts';
import type { OperationContext } from './context.ts';
import type { AccountSummary, Changes } from './directory.ts';
import { Failure } from './failure.ts';
import { QUOTAS } from './quotas.ts';
import { DIGITS, generateRandomText, type RandomSource } from './random.ts';
import { Records } from './records.ts';
import type { AccountRecord, PasswordPolicy, SecurityPreference, State } from './state.ts';
import { assertValidAlias } from './validation.ts';

/** A directory that nobody has written to yet, with RAM's defaults for a new account. */
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

/** RAM's defaults, but that guessing is limited from the start. */
export function defaultPasswordPolicy(): PasswordPolicy {
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
export function defaultSecurityPreference(): SecurityPreference {
  return {
    EnableSaveMFATicket: false,
    AllowUserToChangePassword: true,
    AllowUserToManageAccessKeys: false,
    AllowUserToManageMFADevices: true,
    LoginSessionDuration: 6,
    LoginNetworkMasks: '',
  };
}

export function getCallerIdentity({ state: { Account } }: OperationContext) {
  const { AccountId } = Account;
  return { AccountId, IdentityType: 'Account' as const, Arn: `acs:ram::${AccountId}:root` };
}

export function getAccountSummary({ state }: OperationContext): AccountSummary {
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

export function getAccountAlias({ state: { Account } }: OperationContext): { AccountAlias: string | null } {
  return { AccountAlias: Account.AccountAlias ?? null };
}

export function setAccountAlias({ state }: OperationContext, { AccountAlias }: { AccountAlias: string }): void {
  assertValidAlias(AccountAlias);
  state.Account.AccountAlias = AccountAlias;
}

export function clearAccountAlias({ state }: OperationContext): void {
  delete state.Account.AccountAlias;
}

export function getPasswordPolicy({ state }: OperationContext): PasswordPolicy {
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

export function setPasswordPolicy({ state }: OperationContext, input: Changes<PasswordPolicy>): PasswordPolicy {
  assertRanges(input);
  Object.assign(state.Account.PasswordPolicy, omitUndefined(input));
  return { ...state.Account.PasswordPolicy };
}

export function getSecurityPreference({ state }: OperationContext): SecurityPreference {
  return { ...state.Account.SecurityPreference };
}

export async function setSecurityPreference(
  { state }: OperationContext,
  input: Changes<SecurityPreference>,
): Promise<SecurityPreference> {
  assertRanges(input);
  if (input.LoginNetworkMasks) await assertNetworkMasks(input.LoginNetworkMasks);
  Object.assign(state.Account.SecurityPreference, omitUndefined(input));
  return { ...state.Account.SecurityPreference };
}

function omitUndefined<T extends object>(changes: T): Partial<T> {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)) as Partial<T>;
}

/** @throws Failure InvalidParameter.*.Range */
export function assertRanges(input: object): void {
  for (const [name, [least, most]] of Object.entries(RANGES)) {
    const value: unknown = input[name as keyof typeof input];
    if (value === undefined || (Number.isInteger(value) && Number(value) >= least && Number(value) <= most)) continue;
    const message = `${name} must be a whole number from ${least} to ${most}`;
    throw new Failure('refused', `InvalidParameter.${name}.Range`, message, { Field: name });
  }
}

/** RAM SetSecurityPreference: at most 40 addresses or CIDR blocks, 512 characters in all. */
async function assertNetworkMasks(masks: string): Promise<void> {
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
export function logonPageUrl(defaultDomain: string): string {
  return `https://signin.alibabacloud.com/${defaultDomain}/login.htm`;
}

/** The logon page with the name filled in (RAM help, "Log on to the console as a RAM user", International site). */
export function logonUrl(userPrincipalName: string): string {
  return `https://signin.alibabacloud.com/login.htm?username=${userPrincipalName}`;
}
