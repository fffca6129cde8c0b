import { roleArn } from './arn.ts';
import { formatRamDate } from './clock.ts';
import { Failure } from './failure.ts';
import { findGroup } from './group.ts';
import type { Implementation, OperationContext } from './operation-context.ts';
import { findPolicy } from './policy.ts';
import type { Attachment, AttachmentOperations, PolicyRef } from './policy-operations.ts';
import { QUOTAS } from './quotas.ts';
import { findRole } from './role.ts';
import { shellCommand } from './shell-command.ts';
import {
  type AttachmentRecord,
  type GroupRecord,
  type RoleRecord,
  type State,
  sortedByName,
  type UserRecord,
} from './state.ts';
import { findUser } from './user.ts';

/** A record that policies are attached to. */
type PolicyTarget = UserRecord | GroupRecord | RoleRecord;

export const attachmentOperations = {
  attachPolicyToUser: (context, ref) => attach(context, ref, findUser(context.state, ref.UserName)),
  attachPolicyToGroup: (context, ref) => attach(context, ref, findGroup(context.state, ref.GroupName)),
  detachPolicyFromUser: (context, ref) => detach(context, ref, findUser(context.state, ref.UserName)),
  detachPolicyFromGroup: (context, ref) => detach(context, ref, findGroup(context.state, ref.GroupName)),
  attachPolicyToRole: (context, ref) => attach(context, ref, findRole(context.state, ref.RoleName)),
  detachPolicyFromRole: (context, ref) => detach(context, ref, findRole(context.state, ref.RoleName)),
  listPoliciesForRole: ({ state }, ref) => listAttachments(state, findRole(state, ref.RoleName)),
  listPoliciesForUser: ({ state }, ref) => listAttachments(state, findUser(state, ref.UserName)),
  listPoliciesForGroup: ({ state }, ref) => listAttachments(state, findGroup(state, ref.GroupName)),

  listEntitiesForPolicy({ state }, ref) {
    const { PolicyName } = findPolicy(state, ref);
    return {
      Users: sortedByName(state.Users).flatMap(({ UserId, UserName, DisplayName = null, Policies }) => {
        const attached = findAttachment(Policies, PolicyName);
        return attached ? [{ UserId, UserName, DisplayName, AttachDate: attached.AttachDate }] : [];
      }),
      Groups: sortedByName(state.Groups).flatMap(({ GroupName, Comments = null, Policies }) => {
        const attached = findAttachment(Policies, PolicyName);
        return attached ? [{ GroupName, Comments, AttachDate: attached.AttachDate }] : [];
      }),
      Roles: sortedByName(state.Roles).flatMap(({ RoleId, RoleName, Description = null, Policies }) => {
        const attached = findAttachment(Policies, PolicyName);
        const Arn = roleArn(state.Account, RoleName);
        return attached ? [{ RoleId, RoleName, Arn, Description, AttachDate: attached.AttachDate }] : [];
      }),
    };
  },
} satisfies Implementation<AttachmentOperations>;

/** The kind and the name of a target, for error codes and messages. */
function identify(target: PolicyTarget) {
  if ('UserName' in target) return { kind: 'User', name: target.UserName };
  return 'GroupName' in target ? { kind: 'Group', name: target.GroupName } : { kind: 'Role', name: target.RoleName };
}

function attach({ state, clock }: OperationContext, ref: PolicyRef, target: PolicyTarget): void {
  const { PolicyName, PolicyType } = findPolicy(state, ref);
  const { Policies } = target;
  const { kind, name } = identify(target);
  if (findAttachment(Policies, PolicyName)) {
    const message = `${PolicyName} is already attached to ${name}`;
    throw new Failure('refused', `EntityAlreadyExists.${kind}.Policy`, message);
  }
  const limit = QUOTAS.AttachedPolicies[PolicyType];
  if (Policies.filter((attached) => attached.PolicyType === PolicyType).length >= limit) {
    const message = `${name} already has ${limit} ${PolicyType.toLowerCase()} policies, which is the maximum`;
    const Hint = shellCommand`ramctl policy detach <policy> --${kind.toLowerCase()} ${name}`;
    throw new Failure('refused', `LimitExceeded.${kind}.Policy`, message, { Field: 'PolicyName', Hint });
  }
  Policies.push({ PolicyName, PolicyType, AttachDate: formatRamDate(clock.now()) });
}

function detach({ state }: OperationContext, ref: PolicyRef, target: PolicyTarget): void {
  const { PolicyName } = findPolicy(state, ref);
  const attached = findAttachment(target.Policies, PolicyName);
  if (!attached) {
    const { kind, name } = identify(target);
    throw new Failure('missing', `EntityNotExist.${kind}.Policy`, `${PolicyName} is not attached to ${name}`);
  }
  target.Policies.splice(target.Policies.indexOf(attached), 1);
}

function listAttachments(state: State, { Policies }: PolicyTarget): Attachment[] {
  return Policies.map((attached) => {
    const { Description, DefaultVersion, DocumentSource } = findPolicy(state, attached);
    return { ...attached, Description, DefaultVersion, DocumentSource };
  });
}

function findAttachment(attachments: AttachmentRecord[], policyName: string): AttachmentRecord | undefined {
  return attachments.find(({ PolicyName }) => PolicyName === policyName);
}
