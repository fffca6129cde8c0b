import { formatRamDate } from '../core/clock.ts';
import type { Caller, Operations } from '../core/directory.ts';
import { Failure, nullIfCode } from '../core/failure.ts';
import { foldCase, type PolicyType } from '../core/state.ts';
import { simulate } from '../core/workflows/simulate.ts';
import type { ClientConnection } from './request.ts';

/** The input of an operation. */
export type Input = Record<string, unknown>;

/**
 * Checks that the caller's policies allow the action on each of the resources (RAM help, "RAM authentication rules").
 * @throws Failure NoPermission
 */
export async function authorize(
  operations: Operations,
  caller: Caller,
  action: string,
  arns: string[],
  { now, sourceIp, isEncrypted }: ClientConnection & { now: Date },
) {
  const context = {
    'acs:CurrentTime': [formatRamDate(now)],
    'acs:SourceIp': [sourceIp],
    'acs:SecureTransport': [String(isEncrypted)],
  };
  const actions = [`ram:${action}`];
  const { decisions } = await simulate(operations, { UserName: caller.UserName, actions, resources: arns, context });
  const refusal = decisions.find(({ Decision }) => Decision !== 'Allow');
  if (!refusal) return;
  const AccessDeniedDetail = {
    AuthAction: refusal.Action,
    AuthPrincipalType: 'SubUser',
    AuthPrincipalOwnerId: caller.AccountId,
    AuthPrincipalDisplayName: caller.UserId,
    NoPermissionType: refusal.Decision,
    PolicyType: 'AccountLevelIdentityBasedPolicy',
  };
  throw new Failure('denied', 'NoPermission', 'You are not authorized to do this action.', { AccessDeniedDetail });
}

/**
 * Returns the ARN of a resource of an action, such as `user/{UserName}`, for an input. System policies belong to the
 * account `system`. The serial number of a device is an ARN.
 */
export function buildResourceArn(resource: string, input: Input, accountId: string): string {
  const name = resource.replace(/\{(\w+)\}/, (_, member) => String(input[member]));
  if (resource === '{SerialNumber}') return name;
  const isSystemPolicy = resource === 'policy/{PolicyName}' && input.PolicyType === 'System';
  return `acs:ram:*:${isSystemPolicy ? 'system' : accountId}:${name}`;
}

/**
 * Returns the input with the stored spelling of its names. Lookups ignore the case of names, but resources in policies
 * do not. Without this, another spelling of a name would avoid a Deny.
 */
export async function withStoredSpelling(operations: Operations, input: Input): Promise<Input> {
  const {
    UserName,
    GroupName,
    RoleName,
    PolicyName,
    PolicyType = 'Custom',
    SerialNumber,
  } = input as Record<string, string>;
  const policyRef = PolicyName !== undefined && { PolicyName, PolicyType: PolicyType as PolicyType };
  const user = UserName !== undefined && (await nullIfCode(operations.getUser({ UserName }), 'EntityNotExist.User'));
  const group =
    GroupName !== undefined && (await nullIfCode(operations.getGroup({ GroupName }), 'EntityNotExist.Group'));
  const role = RoleName !== undefined && (await nullIfCode(operations.getRole({ RoleName }), 'EntityNotExist.Role'));
  const policy = policyRef && (await nullIfCode(operations.getPolicy(policyRef), 'EntityNotExist.Policy'));
  const devices = SerialNumber === undefined ? [] : await operations.listVirtualMFADevices();
  const device = devices.find((candidate) => foldCase(candidate.SerialNumber) === foldCase(SerialNumber ?? ''));
  return {
    ...input,
    ...(user && { UserName: user.UserName }),
    ...(group && { GroupName: group.GroupName }),
    ...(role && { RoleName: role.RoleName }),
    ...(policy && { PolicyName: policy.PolicyName }),
    ...(device && { SerialNumber: device.SerialNumber }),
  };
}
