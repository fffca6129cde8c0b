import { type AccountRecord, foldCase } from './state.ts';

export function defaultDomainOf(aliasOrId: string): string {
  return `${aliasOrId}.onaliyun.com`;
}

/** Returns the logon name of a user: `<UserName>@<default domain>`. */
export function userPrincipalName({ AccountAlias, AccountId }: AccountRecord, userName: string): string {
  return `${userName}@${defaultDomainOf(AccountAlias ?? AccountId)}`;
}

/**
 * Returns the user name in a logon name such as `alice@acme.onaliyun.com`, undefined if the domain is not a default domain of
 * the account. The account ID is valid as an alias.
 */
export function userNameInLogonName(
  logonName: string,
  { AccountId, DefaultDomain }: { AccountId: string; DefaultDomain: string },
): string | undefined {
  const [name = '', domain = '', ...rest] = logonName.split('@');
  const isKnown = [DefaultDomain, defaultDomainOf(AccountId)].includes(foldCase(domain));
  return isKnown && rest.length === 0 ? name : undefined;
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
