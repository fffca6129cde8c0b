type Account = { AccountId: string };

/*
 * The ARNs of identities, as trust policies and results of STS have them (RAM, "Policy elements", Principal). The
 * resources in policies have other ARNs.
 */

/** Names all identities of the account. */
export function rootArn({ AccountId }: Account): string {
  return `acs:ram::${AccountId}:root`;
}

export function userArn({ AccountId }: Account, userName: string): string {
  return `acs:ram::${AccountId}:user/${userName}`;
}

export function roleArn({ AccountId }: Account, roleName: string): string {
  return `acs:ram::${AccountId}:role/${roleName}`;
}

export function sessionArn({ AccountId }: Account, roleName: string, sessionName: string): string {
  return `acs:ram::${AccountId}:assumed-role/${roleName}/${sessionName}`;
}
