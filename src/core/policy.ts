import { ramDate } from './clock.ts';
import type { Context } from './context.ts';
import type {
  Attachment,
  Policy,
  PolicyEntities,
  PolicyRef,
  PolicyVersion,
  PolicyWithDocument,
  UserRef,
} from './directory.ts';
import { Failure } from './failure.ts';
import { checkPolicyName } from './names.ts';
import { SYSTEM_POLICIES, type SystemPolicy } from './policy/catalogue.ts';
import { QUOTAS } from './quotas.ts';
import { type AttachmentRecord, fold, type PolicyType, type State } from './state.ts';
import { findUser } from './user.ts';

export function getPolicy({ state }: Context, ref: PolicyRef): PolicyWithDocument {
  const [name, policy] = findPolicy(ref);
  return { ...describe(name, policy, attachmentCounts(state)), PolicyDocument: documentText(policy) };
}

export function getPolicyVersion(_: Context, ref: PolicyRef & { VersionId: string }): PolicyVersion {
  const [name, policy] = findPolicy(ref);
  if (!/^v[1-9]\d*$/.test(ref.VersionId)) {
    throw new Failure('refused', 'InvalidParameter.VersionId.Format', 'a version looks like v1', {
      Field: 'VersionId',
    });
  }
  if (ref.VersionId !== policy.DefaultVersion) {
    throw new Failure(
      'missing',
      'EntityNotExist.Policy.Version',
      `of the system policy ${name} only the current version, ${policy.DefaultVersion}, is public`,
      { Field: 'VersionId', Hint: `ramctl policy get ${name}` },
    );
  }
  return {
    VersionId: policy.DefaultVersion,
    IsDefaultVersion: true,
    PolicyDocument: documentText(policy),
    CreateDate: policy.UpdateDate ?? null,
  };
}

export function listPolicies({ state }: Context, { PolicyType }: { PolicyType?: PolicyType }): Policy[] {
  if (PolicyType === 'Custom') return [];
  const counts = attachmentCounts(state);
  return Object.entries(SYSTEM_POLICIES)
    .map(([name, policy]) => describe(name, policy, counts))
    .sort((left, right) => (fold(left.PolicyName) < fold(right.PolicyName) ? -1 : 1));
}

export function listEntitiesForPolicy({ state }: Context, ref: PolicyRef): PolicyEntities {
  const [name] = findPolicy(ref);
  const Users = [];
  for (const user of state.Users.values()) {
    const attachment = attachmentOf(user.Policies, name);
    if (attachment) {
      Users.push({
        UserId: user.UserId,
        UserName: user.UserName,
        DisplayName: user.DisplayName ?? user.UserName,
        AttachDate: attachment.AttachDate,
      });
    }
  }
  return { Users: Users.sort((left, right) => (fold(left.UserName) < fold(right.UserName) ? -1 : 1)) };
}

export function attachPolicyToUser({ state, clock }: Context, ref: PolicyRef & UserRef): void {
  const user = findUser(state, ref.UserName);
  const [PolicyName] = findPolicy(ref);
  if (attachmentOf(user.Policies, PolicyName)) {
    throw new Failure(
      'refused',
      'EntityAlreadyExists.User.Policy',
      `${PolicyName} is attached to ${user.UserName} already`,
    );
  }
  const limit = QUOTAS.PoliciesPerUser[ref.PolicyType];
  if (user.Policies.filter((attached) => attached.PolicyType === ref.PolicyType).length >= limit) {
    throw new Failure(
      'refused',
      'LimitExceeded.User.Policy',
      `${user.UserName} has ${limit} ${ref.PolicyType.toLowerCase()} policies, no more are allowed`,
      { Field: 'PolicyName', Hint: `ramctl policy detach <policy> --user ${user.UserName}` },
    );
  }
  user.Policies.push({ PolicyName, PolicyType: ref.PolicyType, AttachDate: ramDate(clock.now()) });
}

export function detachPolicyFromUser({ state }: Context, ref: PolicyRef & UserRef): void {
  const user = findUser(state, ref.UserName);
  const [PolicyName] = findPolicy(ref);
  const attached = attachmentOf(user.Policies, PolicyName);
  if (!attached) {
    throw new Failure('missing', 'EntityNotExist.User.Policy', `${PolicyName} is not attached to ${user.UserName}`);
  }
  user.Policies.splice(user.Policies.indexOf(attached), 1);
}

export function listPoliciesForUser({ state }: Context, { UserName }: UserRef): Attachment[] {
  return findUser(state, UserName).Policies.map((attached) => ({ ...attached }));
}

function findPolicy({ PolicyName, PolicyType }: PolicyRef): [name: string, policy: SystemPolicy] {
  checkPolicyName(PolicyName);
  const found =
    PolicyType === 'System' && Object.entries(SYSTEM_POLICIES).find(([name]) => fold(name) === fold(PolicyName));
  if (found) return found;
  throw new Failure('missing', 'EntityNotExist.Policy', `there is no policy ${PolicyName}`, {
    Field: 'PolicyName',
    Hint: 'ramctl policy list',
  });
}

function attachmentOf(attachments: AttachmentRecord[], policyName: string): AttachmentRecord | undefined {
  return attachments.find((attached) => attached.PolicyName === policyName);
}

/** How many identities have each policy. */
function attachmentCounts(state: State): Map<string, number> {
  const counts = new Map<string, number>();
  for (const user of state.Users.values()) {
    for (const { PolicyName } of user.Policies) counts.set(PolicyName, (counts.get(PolicyName) ?? 0) + 1);
  }
  return counts;
}

function describe(PolicyName: string, policy: SystemPolicy, counts: Map<string, number>): Policy {
  return {
    PolicyName,
    PolicyType: 'System',
    Description: policy.Description,
    DefaultVersion: policy.DefaultVersion,
    AttachmentCount: counts.get(PolicyName) ?? 0,
    CreateDate: null,
    UpdateDate: policy.UpdateDate ?? null,
  };
}

function documentText(policy: SystemPolicy): string {
  return JSON.stringify(policy.Document, null, 2);
}
