import { sessionArn, userArn } from '../core/arn.ts';
import type { Caller, Operations } from '../core/directory.ts';
import { Failure } from '../core/failure.ts';
import type { ApiRequest } from './request.ts';

/**
 * Returns the user or the session that signed a request. `isSigned` receives the secret.
 * @throws Failure InvalidAccessKeyId.*, InvalidSecurityToken.*, SignatureDoesNotMatch
 */
export function findCaller(
  operations: Operations,
  { AccessKeyId, SecurityToken }: Pick<ApiRequest, 'AccessKeyId' | 'SecurityToken'>,
  isSigned: (secret: string) => boolean,
): Promise<Caller> {
  if (SecurityToken === undefined) return operations.getCaller({ AccessKeyId, isSigned });
  return operations.getSessionCaller({ AccessKeyId, SecurityToken, isSigned });
}

/**
 * Checks the caller again inside the transaction: while a change waits, the AccessKey can be disabled, its owner renamed
 * or its role deleted, and permissions depend on the name.
 */
export async function recheckCaller(operations: Operations, request: ApiRequest, caller: Caller): Promise<void> {
  const [name, newName] = [nameOf(caller), nameOf(await findCaller(operations, request, () => true))];
  if (newName !== name) throw new Failure('later', 'CallerRenamed', `user ${name} was renamed to ${newName}`);
}

/** Returns the name in the log: `alice`, or `assumed-role/Deployer/alice` for a session. */
export function nameOf(caller: Caller): string {
  return 'UserName' in caller ? caller.UserName : `assumed-role/${caller.RoleName}/${caller.RoleSessionName}`;
}

/** Returns the id of a user, or `<RoleId>:<session name>` (STS GetCallerIdentity, PrincipalId). */
export function idOf(caller: Caller): string {
  return 'UserName' in caller ? caller.UserId : `${caller.RoleId}:${caller.RoleSessionName}`;
}

export function arnOf(caller: Caller): string {
  return 'UserName' in caller
    ? userArn(caller, caller.UserName)
    : sessionArn(caller, caller.RoleName, caller.RoleSessionName);
}
