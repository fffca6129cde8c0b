import { formatRamDate } from '../core/clock.ts';
import type { Caller, Operations } from '../core/directory.ts';
import { Failure, nullIfCode } from '../core/failure.ts';
import { parseStoredDocument } from '../core/policy/document.ts';
import { compilePolicy, type EvaluationResult, evaluatePolicies } from '../core/policy/evaluate.ts';
import { foldCase, type PolicyType } from '../core/state.ts';
import { simulate } from '../core/workflows/simulate.ts';
import { idOf } from './caller.ts';
import type { ClientConnection } from './request.ts';

/** The input of an operation. */
export type Input = Record<string, unknown>;

/** Values by condition key. */
type ConditionContext = Record<string, string[]>;

type Decision = EvaluationResult['Decision'];

export function buildConditionContext(now: Date, { sourceIp, isEncrypted }: ClientConnection): ConditionContext {
  return {
    'acs:CurrentTime': [formatRamDate(now)],
    'acs:SourceIp': [sourceIp],
    'acs:SecureTransport': [String(isEncrypted)],
  };
}

/**
 * Checks that the caller's policies allow the action, such as `ram:GetUser`, on each of the resources (RAM help, "RAM
 * authentication rules"). A session also needs permission from its session policy.
 * @throws Failure NoPermission
 */
export async function authorize(
  operations: Operations,
  caller: Caller,
  action: string,
  resources: string[],
  context: ConditionContext,
) {
  const principal = 'UserName' in caller ? { UserName: caller.UserName } : { RoleName: caller.RoleName };
  const { decisions } = await simulate(operations, { ...principal, actions: [action], resources, context });
  const all = [
    ...decisions.map(({ Decision }) => ({ Decision, PolicyType: 'AccountLevelIdentityBasedPolicy' })),
    ...evaluateSessionPolicy(caller, action, resources, context),
  ];
  const refusal =
    all.find(({ Decision }) => Decision === 'ExplicitDeny') ?? all.find(({ Decision }) => Decision !== 'Allow');
  if (refusal) throw noPermissionFailure(caller, action, refusal);
}

function evaluateSessionPolicy(caller: Caller, Action: string, resources: string[], Context: ConditionContext) {
  if ('UserName' in caller || caller.Policy === undefined) return [];
  const policies = [compilePolicy(parseStoredDocument(caller.Policy))];
  return resources.map((Resource) => {
    const { Decision } = evaluatePolicies(policies, { Action, Resource, Context });
    return { Decision, PolicyType: 'SessionPolicy' };
  });
}

/** `PolicyType`: the kind of policy that refuses the action (RAM help, AccessDeniedDetail). */
export function noPermissionFailure(
  caller: Caller,
  AuthAction: string,
  { Decision, PolicyType }: { Decision: Decision; PolicyType: string },
): Failure {
  const AccessDeniedDetail = {
    AuthAction,
    AuthPrincipalType: 'UserName' in caller ? 'SubUser' : 'AssumedRoleUser',
    AuthPrincipalOwnerId: caller.AccountId,
    AuthPrincipalDisplayName: idOf(caller),
    NoPermissionType: Decision,
    PolicyType,
  };
  return new Failure('denied', 'NoPermission', 'You are not authorized to do this action.', { AccessDeniedDetail });
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
