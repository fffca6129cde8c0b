import type { Operations } from '../core/directory.ts';
import { Failure } from '../core/failure.ts';
import { userNameInLogonName } from '../core/logon-names.ts';
import { throwInvalid } from '../core/validation.ts';
import type { UserParameter } from './action.ts';
import { missingParameterFailure, type Parameters } from './parameters.ts';

/** The parameter of a request that names a user, with its value. */
export type UserReference = { [Name in UserParameter]?: string };

/** The users in a request about tags. */
export interface TaggedUsers {
  ResourcePrincipalName?: string[] | undefined;
  ResourceId?: string[] | undefined;
}

export function toUserReferences({ ResourcePrincipalName = [], ResourceId = [] }: TaggedUsers): UserReference[] {
  const byName = ResourcePrincipalName.map((UserPrincipalName) => ({ UserPrincipalName }));
  return [...byName, ...ResourceId.map((UserId) => ({ UserId }))];
}

/**
 * Returns the reference to the user of a request. IMS allows only one of the parameters.
 * @throws Failure MissingUserPrincipalName, InvalidParameter.*
 */
export function parseUserReference(allowed: readonly UserParameter[], parameters: Parameters): UserReference {
  const [name, other] = allowed.filter((each) => parameters.has(each));
  if (name === undefined) throw missingParameterFailure('UserPrincipalName');
  if (other === undefined) return { [name]: parameters.get(name) };
  const message = `Only one of the parameters ${allowed.join(', ')} is allowed.`;
  throw new Failure('refused', `InvalidParameter.${other}`, message);
}

/**
 * Returns the user name in a logon name for a user, such as `alice` for `alice@acme.onaliyun.com`. `parameter` is the
 * parameter that the error names.
 * @throws Failure InvalidParameter.*.Format when the domain is not a default domain of the account
 */
export async function parseUserPrincipalName(operations: Operations, logonName: string, parameter: string) {
  const account = await operations.getAccount();
  const name = userNameInLogonName(logonName, account);
  return name ?? throwInvalid(parameter, 'Format', `${parameter} must look like <UserName>@${account.DefaultDomain}`);
}

/**
 * Returns the alias in a default domain such as `acme.onaliyun.com`.
 * @throws Failure InvalidParameter.DefaultDomainName.Format
 */
export function parseDefaultDomain(domain: string): string {
  const [, alias] = /^([^.]+)\.onaliyun\.com$/.exec(domain) ?? [];
  return alias ?? throwInvalid('DefaultDomainName', 'Format', 'DefaultDomainName must look like acme.onaliyun.com');
}
