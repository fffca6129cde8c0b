import { formatRamDate } from '../core/clock.ts';
import type { Caller, Operations, Tag, TaggedType } from '../core/directory.ts';
import { Failure, isFailure, nullIfCode } from '../core/failure.ts';
import { parseStoredDocument } from '../core/policy/document.ts';
import { compilePolicy, type EvaluationResult, evaluatePolicies } from '../core/policy/evaluate.ts';
import { foldCase, type PolicyType } from '../core/state.ts';
import { readEffectivePolicies } from '../core/workflows/simulate.ts';
import { toUserReferences } from '../rpc/user-reference.ts';
import { idOf } from './caller.ts';
import type { ClientConnection } from './request.ts';

/** The input of an operation. */
export type Input = Record<string, unknown>;

/** Values by condition key. */
type ConditionContext = Record<string, string[]>;

type Decision = EvaluationResult['Decision'];

/** `tags` are the tags of the request. */
export function buildConditionContext(
  now: Date,
  { sourceIp, isEncrypted }: ClientConnection,
  tags?: Tag[],
): ConditionContext {
  return {
    'acs:CurrentTime': [formatRamDate(now)],
    'acs:SourceIp': [sourceIp],
    'acs:SecureTransport': [String(isEncrypted)],
    ...toTagContext('acs:RequestTag', tags),
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
  Action: string,
  resources: string[],
  context: ConditionContext,
) {
  const principal = 'UserName' in caller ? { UserName: caller.UserName } : { RoleName: caller.RoleName };
  const { compiled } = await readEffectivePolicies(operations, principal);
  const policies = [
    { PolicyType: 'AccountLevelIdentityBasedPolicy', compiled },
    ...('Policy' in caller && caller.Policy !== undefined
      ? [{ PolicyType: 'SessionPolicy', compiled: [compilePolicy(parseStoredDocument(caller.Policy))] }]
      : []),
  ];
  const results = [];
  for (const Resource of resources) {
    const tags = await findResourceTags(operations, Resource);
    const request = { Action, Resource, Context: { ...context, ...toTagContext('acs:ResourceTag', tags) } };
    for (const { PolicyType, compiled } of policies) {
      results.push({ PolicyType, Decision: evaluatePolicies(compiled, request).Decision });
    }
  }
  const refusal =
    results.find(({ Decision }) => Decision === 'ExplicitDeny') ?? results.find(({ Decision }) => Decision !== 'Allow');
  if (refusal) throw noPermissionFailure(caller, Action, refusal);
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

/** Returns the values of tags by condition key, such as `acs:RequestTag/team` (RAM, "Basic elements of a policy"). */
function toTagContext(prefix: string, tags: Tag[] = []): Record<string, string[]> {
  return Object.fromEntries(tags.map(({ Key, Value = '' }) => [`${prefix}/${Key}`, [Value]]));
}

/** Returns the tags of a user, a role or a custom policy, and no tags of anything else. */
async function findResourceTags(operations: Operations, arn: string): Promise<Tag[]> {
  const [, type, name = ''] = /^acs:ram:\*:\d+:(user|role|policy)\/([^*]+)$/.exec(arn) ?? [];
  if (type === undefined) return [];
  try {
    const found = await operations.listTagResources({ ResourceType: type as TaggedType, ResourceNames: [name] });
    return found.map(({ TagKey, TagValue }) => ({ Key: TagKey, Value: TagValue }));
  } catch (error) {
    // The ARN can have an invalid name, or one that does not exist. The operation refuses it after this check.
    if (isFailure(error) && ['missing', 'refused'].includes(error.kind)) return [];
    throw error;
  }
}

/**
 * Returns the ARNs of a resource of an action, such as `user/{UserName}`, for an input. System policies belong to the
 * account `system`. The serial number of a device is an ARN.
 */
export function buildResourceArns(resource: string, input: Input, accountId: string): string[] {
  if (resource === '{ResourceType}/{ResourceNames}') {
    const { ResourceType, ResourceNames = ['*'] } = input as { ResourceType: string; ResourceNames?: string[] };
    return ResourceNames.map((name) => `acs:ram:*:${accountId}:${ResourceType}/${name}`);
  }
  const name = resource.replace(/\{(\w+)\}/, (_, member) => String(input[member]));
  if (resource === '{SerialNumber}') return [name];
  const isSystemPolicy = resource === 'policy/{PolicyName}' && input.PolicyType === 'System';
  return [`acs:ram:*:${isSystemPolicy ? 'system' : accountId}:${name}`];
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
  const resourceNames = await findResourceNames(operations, input);
  return {
    ...input,
    ...(resourceNames && { ResourceNames: resourceNames }),
    ...(user && { UserName: user.UserName }),
    ...(group && { GroupName: group.GroupName }),
    ...(role && { RoleName: role.RoleName }),
    ...(policy && { PolicyName: policy.PolicyName }),
    ...(device && { SerialNumber: device.SerialNumber }),
  };
}

const NAME_MEMBERS = { user: 'UserName', role: 'RoleName', policy: 'PolicyName' };

/** Returns the stored names of the resources in a request about tags, undefined if it has none. */
async function findResourceNames(operations: Operations, input: Input): Promise<unknown[] | undefined> {
  const { ResourceType, ResourceNames = [] } = input as { ResourceType?: TaggedType; ResourceNames?: string[] };
  if (ResourceType === undefined) return undefined;
  const member = NAME_MEMBERS[ResourceType];
  const names = await Promise.all([
    ...ResourceNames.map(async (name) => (await withStoredSpelling(operations, { [member]: name }))[member]),
    ...toUserReferences(input).map(async (user) => {
      const found = await nullIfCode(operations.getUserName(user), 'EntityNotExist.User');
      return found?.UserName ?? Object.values(user).join();
    }),
  ]);
  return names.length > 0 ? names : undefined;
}
