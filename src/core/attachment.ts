import { formatRamDate } from './clock.ts';
import type { Implementation, OperationContext } from './context.ts';
import type { GroupRef, UserRef } from './directory.ts';
import { Failure } from './failure.ts';
import { findGroup } from './group.ts';
import { findPolicy } from './policy.ts';
import type { Attachment, AttachmentOperations, PolicyRef } from './policy-api.ts';
import { QUOTAS } from './quotas.ts';
import { type AttachmentRecord, type State, sortedByName } from './state.ts';
import { findUser } from './user.ts';

/** A user or group that a policy is attached to. */
interface PolicyTarget {
  kind: 'User' | 'Group';
  name: string;
  Policies: AttachmentRecord[];
}

export const attachmentOperations = {
  attachPolicyToUser: (context, ref) => attach(context, ref, userTarget(context.state, ref)),
  attachPolicyToGroup: (context, ref) => attach(context, ref, groupTarget(context.state, ref)),
  detachPolicyFromUser: (context, ref) => detach(context, ref, userTarget(context.state, ref)),
  detachPolicyFromGroup: (context, ref) => detach(context, ref, groupTarget(context.state, ref)),
  listPoliciesForUser: ({ state }, ref) => listAttachments(state, userTarget(state, ref)),
  listPoliciesForGroup: ({ state }, ref) => listAttachments(state, groupTarget(state, ref)),

  listEntitiesForPolicy({ state }, ref) {
    const { PolicyName } = findPolicy(state, ref);
    return {
      Users: sortedByName(state.Users).flatMap(({ UserId, UserName, DisplayName = UserName, Policies }) => {
        const attached = findAttachment(Policies, PolicyName);
        return attached ? [{ UserId, UserName, DisplayName, AttachDate: attached.AttachDate }] : [];
      }),
      Groups: sortedByName(state.Groups).flatMap(({ GroupName, Comments = null, Policies }) => {
        const attached = findAttachment(Policies, PolicyName);
        return attached ? [{ GroupName, Comments, AttachDate: attached.AttachDate }] : [];
      }),
    };
  },
} satisfies Implementation<AttachmentOperations>;

function userTarget(state: State, ref: UserRef): PolicyTarget {
  const { UserName, Policies } = findUser(state, ref.UserName);
  return { kind: 'User', name: UserName, Policies };
}

function groupTarget(state: State, ref: GroupRef): PolicyTarget {
  const { GroupName, Policies } = findGroup(state, ref.GroupName);
  return { kind: 'Group', name: GroupName, Policies };
}

function attach({ state, clock }: OperationContext, ref: PolicyRef, { kind, name, Policies }: PolicyTarget): void {
  const { PolicyName, PolicyType } = findPolicy(state, ref);
  if (findAttachment(Policies, PolicyName)) {
    const message = `${PolicyName} is already attached to ${name}`;
    throw new Failure('refused', `EntityAlreadyExists.${kind}.Policy`, message);
  }
  const limit = QUOTAS.AttachedPolicies[PolicyType];
  if (Policies.filter((attached) => attached.PolicyType === PolicyType).length >= limit) {
    const message = `${name} already has ${limit} ${PolicyType.toLowerCase()} policies, which is the maximum`;
    const Hint = `ramctl policy detach <policy> --${kind.toLowerCase()} ${name}`;
    throw new Failure('refused', `LimitExceeded.${kind}.Policy`, message, { Field: 'PolicyName', Hint });
  }
  Policies.push({ PolicyName, PolicyType, AttachDate: formatRamDate(clock.now()) });
}

function detach({ state }: OperationContext, ref: PolicyRef, { kind, name, Policies }: PolicyTarget): void {
  const { PolicyName } = findPolicy(state, ref);
  const attached = findAttachment(Policies, PolicyName);
  if (!attached) {
    throw new Failure('missing', `EntityNotExist.${kind}.Policy`, `${PolicyName} is not attached to ${name}`);
  }
  Policies.splice(Policies.indexOf(attached), 1);
}

function listAttachments(state: State, { Policies }: PolicyTarget): Attachment[] {
  return Policies.map((attached) => {
    const { Description, DefaultVersion } = findPolicy(state, attached);
    return { ...attached, Description, DefaultVersion };
  });
}

function findAttachment(attachments: AttachmentRecord[], policyName: string): AttachmentRecord | undefined {
  return attachments.find(({ PolicyName }) => PolicyName === policyName);
}
