import { getAccountSummary, getCredentialReport } from './account-reports.ts';
import { rootArn } from './arn.ts';
import type { AccountOperations } from './directory.ts';
import type { Implementation } from './operation-context.ts';
import type { AccountRecord } from './state.ts';
import { assertValidAccountId, assertValidAlias, throwInvalid } from './validation.ts';

export const accountOperations = {
  getCallerIdentity({ state }) {
    const { AccountId } = state.Account;
    return { AccountId, IdentityType: 'Account', Arn: rootArn({ AccountId }) };
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

/** The names of a new account. By default, the ID is random and there is no alias. */
export type NewAccount = Partial<Pick<AccountRecord, 'AccountId' | 'AccountAlias'>>;

/** Sets the names of a new account. @throws Failure InvalidParameter.AccountId.*, InvalidParameter.AccountAlias.* */
export function nameAccount(account: AccountRecord, names: NewAccount): void {
  if (names.AccountId !== undefined) assertValidAccountId(names.AccountId);
  if (names.AccountAlias !== undefined) assertValidAlias(names.AccountAlias);
  assignDefined(account, names);
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
  const exceedsLimits = text.length > 512 || masks.length > 40;
  if (exceedsLimits) throwInvalid(Field, 'Length', `${Field} may have at most 40 masks and 512 characters`);
  const { isIP } = await import('node:net');
  const isValid = masks.every((mask) => {
    const [address = '', prefix = '0', ...rest] = mask.split('/');
    const prefixBits = { 4: 32, 6: 128 }[isIP(address)] ?? -1;
    return rest.length === 0 && /^\d{1,3}$/.test(prefix) && Number(prefix) <= prefixBits;
  });
  if (!isValid) throwInvalid(Field, 'Format', `${Field} must look like 192.0.2.0/24;2001:db8::/32`);
}
