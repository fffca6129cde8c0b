import type { AccountRecord } from './state.ts';

export function defaultDomainOf(aliasOrId: string): string {
  return `${aliasOrId}.onaliyun.com`;
}

/** Returns the logon name of a user: `<UserName>@<default domain>`. */
export function userPrincipalName({ AccountAlias, AccountId }: AccountRecord, userName: string): string {
  return `${userName}@${defaultDomainOf(AccountAlias ?? AccountId)}`;
}

/** Returns the logon name without the end of a default domain, `<UserName>@<alias>`, which RAM accepts as well. */
export function shortLogonName(userPrincipalName: string): string {
  return userPrincipalName.replace(/\.onaliyun\.com$/, '');
}

/** Returns the logon page of an account (RAM help, "Log on to the console as a RAM user", International site). */
export function logonPageUrl(defaultDomain: string): string {
  return `https://signin.alibabacloud.com/${defaultDomain}/login.htm`;
}

/** Returns the logon page with the logon name filled in (the same help page). */
export function logonUrl(userPrincipalName: string): string {
  return `https://signin.alibabacloud.com/login.htm?username=${userPrincipalName}`;
}
