import { type Clock, ramDate } from './clock.ts';
import type { Context } from './context.ts';
import { DIGITS, type Entropy, randomText } from './entropy.ts';
import type { AccountRecord, PasswordPolicy, State } from './state.ts';

/** A directory that nobody has written to yet, with RAM's defaults for a new account. */
export function freshState(clock: Clock, entropy: Entropy): State {
  return {
    Account: {
      AccountId: `1${randomText(entropy, DIGITS, 15)}`,
      CreateDate: ramDate(clock.now()),
      PasswordPolicy: {
        MinimumPasswordLength: 8,
        RequireLowercaseCharacters: false,
        RequireUppercaseCharacters: false,
        RequireNumbers: false,
        RequireSymbols: false,
        HardExpiry: false,
        MaxPasswordAge: 0,
        PasswordReusePrevention: 0,
        MaxLoginAttemps: 5,
      },
    },
    Users: new Map(),
    MFADevices: new Map(),
  };
}

export function getPasswordPolicy({ state }: Context): PasswordPolicy {
  return { ...state.Account.PasswordPolicy };
}

/** `<alias>.onaliyun.com`; before an alias is set the account id stands in its place. */
export function defaultDomain(account: AccountRecord): string {
  return `${account.AccountAlias ?? account.AccountId}.onaliyun.com`;
}

/** The logon name that user lists show: `<UserName>@<default domain>`. */
export function userPrincipalName(account: AccountRecord, userName: string): string {
  return `${userName}@${defaultDomain(account)}`;
}

/** The logon page with the name filled in (RAM help, "Log on to the console as a RAM user", International site). */
export function logonUrl(userPrincipalName: string): string {
  return `https://signin.alibabacloud.com/login.htm?username=${userPrincipalName}`;
}
