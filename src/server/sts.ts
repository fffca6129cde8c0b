import { roleArn, rootArn } from '../core/arn.ts';
import type { Caller, Operations } from '../core/directory.ts';
import { notFoundFailure } from '../core/entity-checks.ts';
import { nullIfCode } from '../core/failure.ts';
import { evaluateTrustPolicy } from '../core/policy/trust.ts';
import { wronglyFormed } from '../core/sts.ts';
import type { STS_PARAMETERS, StsMethod } from '../rpc/sts-actions.ts';
import { authorize, buildConditionContext, type Input, noPermissionFailure } from './authorize.ts';
import { arnOf, idOf } from './caller.ts';
import type { ClientConnection } from './request.ts';

interface StsRequest {
  operations: Operations;
  caller: Caller;
  input: Input;
  now: Date;
  connection: ClientConnection;
}

type AssumeRoleParameters = typeof STS_PARAMETERS.assumeRole;
type AssumeRoleInput = { [Name in keyof AssumeRoleParameters]: ReturnType<AssumeRoleParameters[Name]> };

/** Functions that return the members of the response, by action of STS. */
export const STS_HANDLERS: Record<StsMethod, (request: StsRequest) => Promise<object>> = {
  /** Needs no permission. */
  getCallerIdentity: async ({ caller }) => ({
    AccountId: caller.AccountId,
    Arn: arnOf(caller),
    PrincipalId: idOf(caller),
    ...('UserName' in caller
      ? { IdentityType: 'RAMUser', UserId: caller.UserId }
      : { IdentityType: 'AssumedRoleUser', RoleId: caller.RoleId }),
  }),
  assumeRole,
};

/**
 * Needs permission from two sides: the policies of the caller, and the trust policy of the role (STS AssumeRole). It
 * changes nothing, because sessions are not stored.
 */
async function assumeRole({ operations, caller, input, now, connection }: StsRequest): Promise<object> {
  const { RoleArn, ExternalId, RoleSessionName, Policy, DurationSeconds } = input as AssumeRoleInput;
  const { accountId, name } = parseRoleArn(RoleArn);
  const context = { ...buildConditionContext(now, connection), ...(ExternalId && { 'sts:ExternalId': [ExternalId] }) };
  const isOwn = accountId === caller.AccountId;
  const role = isOwn ? await nullIfCode(operations.getRole({ RoleName: name }), 'EntityNotExist.Role') : null;
  const RoleName = role?.RoleName ?? name;
  const action = 'sts:AssumeRole';
  await authorize(operations, caller, action, [`acs:ram:*:${accountId}:role/${RoleName}`], context);
  if (!role) throw notFoundFailure('Role', name);
  const Decision = evaluateTrustPolicy(role.AssumeRolePolicyDocument, principalsOf(caller), context);
  if (Decision !== 'Allow') throw noPermissionFailure(caller, action, { Decision, PolicyType: 'AssumeRolePolicy' });
  return operations.assumeRole({ RoleName, RoleSessionName, Policy, DurationSeconds });
}

/** @throws Failure InvalidParameter.RoleArn */
function parseRoleArn(arn: string): { accountId: string; name: string } {
  const [, accountId, name] = /^acs:ram::(\d+):role\/([A-Za-z0-9.-]{1,64})$/.exec(arn) ?? [];
  if (accountId === undefined || name === undefined) throw wronglyFormed('RoleArn');
  return { accountId, name };
}

/** Returns the ARNs that a trust policy can name the caller by. */
function principalsOf(caller: Caller): string[] {
  return [rootArn(caller), arnOf(caller), ...('RoleName' in caller ? [roleArn(caller, caller.RoleName)] : [])];
}
