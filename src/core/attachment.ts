import { ramDate } from './clock.ts';
import type { Context } from './context.ts';
import type { Attachment, GroupRef, PolicyEntities, PolicyRef, UserRef } from './directory.ts';
import { Failure } from './failure.ts';
import { findGroup } from './group.ts';
import { findPolicy } from './policy.ts';
import { QUOTAS } from './quotas.ts';
import { type AttachmentRecord, type State, sortedByName } from './state.ts';
import { findUser } from './user.ts';

/** Who can have policies. */
interface Holder {
  kind: 'User' | 'Group';
  name: string;
  Policies: AttachmentRecord[];
}

export function attachPolicyToUser(context: Context, ref: PolicyRef & UserRef): void {
  attach(context, ref, userHolder(context, ref));
}

export function attachPolicyToGroup(context: Context, ref: PolicyRef & GroupRef): void {
  attach(context, ref, groupHolder(context, ref));
}

export function detachPolicyFromUser(context: Context, ref: PolicyRef & UserRef): void {
  detach(context, ref, userHolder(context, ref));
}

export function detachPolicyFromGroup(context: Context, ref: PolicyRef & GroupRef): void {
  detach(context, ref, groupHolder(context, ref));
}

export function listPoliciesForUser({ state }: Context, { UserName }: UserRef): Attachment[] {
  return findUser(state, UserName).Policies.map((attached) => describe(state, attached));
}

export function listPoliciesForGroup({ state }: Context, { GroupName }: GroupRef): Attachment[] {
  return findGroup(state, GroupName).Policies.map((attached) => describe(state, attached));
}

export function listEntitiesForPolicy({ state }: Context, ref: PolicyRef): PolicyEntities {
  const { PolicyName } = findPolicy(state, ref);
  return {
    Users: sortedByName(state.Users).flatMap((user) => {
      const { UserId, UserName, DisplayName = UserName } = user;
      return attachmentOf(user, PolicyName).map(({ AttachDate }) => ({ UserId, UserName, DisplayName, AttachDate }));
    }),
    Groups: sortedByName(state.Groups).flatMap((group) => {
      const { GroupName, Comments = null } = group;
      return attachmentOf(group, PolicyName).map(({ AttachDate }) => ({ GroupName, Comments, AttachDate }));
    }),
  };
}

function describe(state: State, attached: AttachmentRecord): Attachment {
  const { Description, DefaultVersion } = findPolicy(state, attached);
  return { ...attached, Description, DefaultVersion };
}

function attach({ state, clock }: Context, ref: PolicyRef, { kind, name, Policies }: Holder): void {
  const { PolicyName, PolicyType } = findPolicy(state, ref);
  if (attachmentOf({ Policies }, PolicyName).length > 0) {
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
  Policies.push({ PolicyName, PolicyType, AttachDate: ramDate(clock.now()) });
}

function detach({ state }: Context, ref: PolicyRef, { kind, name, Policies }: Holder): void {
  const { PolicyName } = findPolicy(state, ref);
  const [attached] = attachmentOf({ Policies }, PolicyName);
  if (!attached) {
    throw new Failure('missing', `EntityNotExist.${kind}.Policy`, `${PolicyName} is not attached to ${name}`);
  }
  Policies.splice(Policies.indexOf(attached), 1);
}

function attachmentOf({ Policies }: Pick<Holder, 'Policies'>, policyName: string): AttachmentRecord[] {
  return Policies.filter(({ PolicyName }) => PolicyName === policyName);
}

function userHolder({ state }: Context, ref: UserRef): Holder {
  const { UserName, Policies } = findUser(state, ref.UserName);
  return { kind: 'User', name: UserName, Policies };
}

function groupHolder({ state }: Context, ref: GroupRef): Holder {
  const { GroupName, Policies } = findGroup(state, ref.GroupName);
  return { kind: 'Group', name: GroupName, Policies };
}
