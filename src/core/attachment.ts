import { formatRamDate } from './clock.ts';
import type { OperationContext } from './context.ts';
import type { Attachment, GroupRef, PolicyEntities, PolicyRef, UserRef } from './directory.ts';
import { Failure } from './failure.ts';
import { findGroup } from './group.ts';
import { findPolicy } from './policy.ts';
import { QUOTAS } from './quotas.ts';
import { type AttachmentRecord, type State, sortedByName } from './state.ts';
import { findUser } from './user.ts';

/** Who can have policies. */
interface PolicyTarget {
  kind: 'User' | 'Group';
  name: string;
  Policies: AttachmentRecord[];
}

export function attachPolicyToUser(context: OperationContext, ref: PolicyRef & UserRef): void {
  attach(context, ref, userTarget(context, ref));
}

export function attachPolicyToGroup(context: OperationContext, ref: PolicyRef & GroupRef): void {
  attach(context, ref, groupTarget(context, ref));
}

export function detachPolicyFromUser(context: OperationContext, ref: PolicyRef & UserRef): void {
  detach(context, ref, userTarget(context, ref));
}

export function detachPolicyFromGroup(context: OperationContext, ref: PolicyRef & GroupRef): void {
  detach(context, ref, groupTarget(context, ref));
}

export function listPoliciesForUser({ state }: OperationContext, { UserName }: UserRef): Attachment[] {
  return findUser(state, UserName).Policies.map((attached) => toAttachment(state, attached));
}

export function listPoliciesForGroup({ state }: OperationContext, { GroupName }: GroupRef): Attachment[] {
  return findGroup(state, GroupName).Policies.map((attached) => toAttachment(state, attached));
}

export function listEntitiesForPolicy({ state }: OperationContext, ref: PolicyRef): PolicyEntities {
  const { PolicyName } = findPolicy(state, ref);
  return {
    Users: sortedByName(state.Users).flatMap((user) => {
      const { UserId, UserName, DisplayName = UserName } = user;
      return findAttachment(user, PolicyName).map(({ AttachDate }) => ({ UserId, UserName, DisplayName, AttachDate }));
    }),
    Groups: sortedByName(state.Groups).flatMap((group) => {
      const { GroupName, Comments = null } = group;
      return findAttachment(group, PolicyName).map(({ AttachDate }) => ({ GroupName, Comments, AttachDate }));
    }),
  };
}

function toAttachment(state: State, attached: AttachmentRecord): Attachment {
  const { Description, DefaultVersion } = findPolicy(state, attached);
  return { ...attached, Description, DefaultVersion };
}

function attach({ state, clock }: OperationContext, ref: PolicyRef, { kind, name, Policies }: PolicyTarget): void {
  const { PolicyName, PolicyType } = findPolicy(state, ref);
  if (findAttachment({ Policies }, PolicyName).length > 0) {
    throw new Failure('refused', `EntityAlreadyExists.${kind}.Policy`, `${PolicyName} is attached to ${name} already`);
  }
  const limit = QUOTAS.AttachedPolicies[PolicyType];
  if (Policies.filter((attached) => attached.PolicyType === PolicyType).length >= limit) {
    throw new Failure(
      'refused',
      `LimitExceeded.${kind}.Policy`,
      `${name} has ${limit} ${PolicyType.toLowerCase()} policies, no more are allowed`,
      { Field: 'PolicyName', Hint: `ramctl policy detach <policy> --${kind.toLowerCase()} ${name}` },
    );
  }
  Policies.push({ PolicyName, PolicyType, AttachDate: formatRamDate(clock.now()) });
}

function detach({ state }: OperationContext, ref: PolicyRef, { kind, name, Policies }: PolicyTarget): void {
  const { PolicyName } = findPolicy(state, ref);
  const [attached] = findAttachment({ Policies }, PolicyName);
  if (!attached) {
    throw new Failure('missing', `EntityNotExist.${kind}.Policy`, `${PolicyName} is not attached to ${name}`);
  }
  Policies.splice(Policies.indexOf(attached), 1);
}

function findAttachment({ Policies }: Pick<PolicyTarget, 'Policies'>, policyName: string): AttachmentRecord[] {
  return Policies.filter(({ PolicyName }) => PolicyName === policyName);
}

function userTarget({ state }: OperationContext, ref: UserRef): PolicyTarget {
  const { UserName, Policies } = findUser(state, ref.UserName);
  return { kind: 'User', name: UserName, Policies };
}

function groupTarget({ state }: OperationContext, ref: GroupRef): PolicyTarget {
  const { GroupName, Policies } = findGroup(state, ref.GroupName);
  return { kind: 'Group', name: GroupName, Policies };
}
