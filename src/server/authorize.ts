import { formatRamDate } from '../core/clock.ts';
import type { Caller, Operations } from '../core/directory.ts';
import { Failure, nullIfCode } from '../core/failure.ts';
import { foldCase, type PolicyType } from '../core/state.ts';
import { simulate } from '../core/workflows/simulate.ts';

/** RAM's refusal, with what its gateway says of it besides. */
export class NoPermission extends Failure {
  readonly AccessDeniedDetail: object;

  constructor(AccessDeniedDetail: object) {
    super('denied', 'NoPermission', 'You are not authorized to do this action.');
    this.AccessDeniedDetail = AccessDeniedDetail;
  }
}

/**
 * RAM help, "RAM authentication rules": the policies of the caller have to allow the action on each of the resources.
 * @throws NoPermission
 */
export async function authorize(
  operations: Operations,
  caller: Caller,
  action: string,
  resources: string[],
  now: Date,
): Promise<void> {
  const context = {
    'acs:CurrentTime': [formatRamDate(now)],
    'acs:SourceIp': ['127.0.0.1'],
    'acs:SecureTransport': ['false'],
  };
  const actions = [`ram:${action}`];
  const decisions = await simulate(operations, { UserName: caller.UserName, actions, resources, context });
  const refusal = decisions.find(({ Decision }) => Decision !== 'Allow');
  if (!refusal) return;
  throw new NoPermission({
    AuthAction: refusal.Action,
    AuthPrincipalType: 'SubUser',
    AuthPrincipalOwnerId: caller.AccountId,
    AuthPrincipalDisplayName: caller.UserId,
    NoPermissionType: refusal.Decision,
    PolicyType: 'AccountLevelIdentityBasedPolicy',
  });
}

/**
 * An input with the names spelled as what they name is: names are the same in any case, resources in policies are not,
 * and a Deny must not be a matter of spelling.
 */
export async function withStoredSpelling(operations: Operations, input: Record<string, unknown>): Promise<object> {
  const { UserName, GroupName, PolicyName, PolicyType = 'Custom', SerialNumber } = input as Record<string, string>;
  const spelled: Record<string, unknown> = { ...input };
  if (UserName !== undefined) {
    spelled.UserName =
      (await nullIfCode(operations.getUser({ UserName }), 'EntityNotExist.User'))?.UserName ?? UserName;
  }
  if (GroupName !== undefined) {
    const group = await nullIfCode(operations.getGroup({ GroupName }), 'EntityNotExist.Group');
    spelled.GroupName = group?.GroupName ?? GroupName;
  }
  if (PolicyName !== undefined) {
    const ref = { PolicyName, PolicyType: PolicyType as PolicyType };
    spelled.PolicyName =
      (await nullIfCode(operations.getPolicy(ref), 'EntityNotExist.Policy'))?.PolicyName ?? PolicyName;
  }
  if (SerialNumber !== undefined) {
    const devices = await operations.listVirtualMFADevices();
    const device = devices.find((each) => foldCase(each.SerialNumber) === foldCase(SerialNumber));
    spelled.SerialNumber = device?.SerialNumber ?? SerialNumber;
  }
  return spelled;
}
