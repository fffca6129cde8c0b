import { formatRamDate } from './clock.ts';
import { assertBelowQuota, assertNameAvailable, assertNoDependents, notFoundFailure } from './entity-checks.ts';
import { Failure } from './failure.ts';
import type { Implementation } from './operation-context.ts';
import type { Policy, PolicyOperations, PolicyRef, PolicyVersion, PolicyWithVersions } from './policy-operations.ts';
import { QUOTAS } from './quotas.ts';
import type { Records } from './records.ts';
import { shellCommand } from './shell-command.ts';
import { type AttachmentRecord, foldCase, type PolicyRecord, type State } from './state.ts';
import { findSystemPolicy, listSystemPolicies } from './system-policy.ts';
import { matchesTags, setTags, toTagList } from './tag-values.ts';
import { assertValidPolicyName, assertValidText, throwInvalid } from './validation.ts';

/** @throws Failure EntityNotExist.Policy, InvalidParameter.PolicyName.* */
export function findPolicy(state: State, { PolicyName, PolicyType }: PolicyRef): PolicyWithVersions {
  assertValidPolicyName(PolicyName);
  const custom = state.Policies.get(foldCase(PolicyName));
  const policy = PolicyType === 'System' ? findSystemPolicy(state, PolicyName) : custom && toPolicyWithVersions(custom);
  if (!policy) throw notFoundFailure('Policy', PolicyName);
  return policy;
}

export const policyOperations = {
  async createPolicy({ state, clock }, { PolicyName, PolicyDocument, Description, Tag }) {
    assertValidPolicyName(PolicyName);
    if (Description !== undefined) assertValidText(Description, 'Description', 1024);
    await assertValidDocument(PolicyDocument);
    const taken = state.Policies.get(foldCase(PolicyName)) ?? findSystemPolicy(state, PolicyName);
    assertNameAvailable('Policy', taken?.PolicyName);
    assertBelowQuota(state.Policies.size, QUOTAS.Policies, 'Policy', 'custom policies');
    const now = formatRamDate(clock.now());
    const policy: PolicyRecord = {
      PolicyName,
      ...(Description === undefined ? {} : { Description }),
      CreateDate: now,
      UpdateDate: now,
      DefaultVersion: 'v1',
      LatestVersion: 1,
      Versions: [{ VersionId: 'v1', PolicyDocument, CreateDate: now }],
    };
    setTags('policy', policy, Tag);
    state.Policies.set(foldCase(PolicyName), policy);
    return toPolicy(toPolicyWithVersions(policy));
  },

  getPolicy: ({ state }, ref) => toPolicyWithDocument(state, findPolicy(state, ref)),

  updatePolicyDescription({ state, clock }, { PolicyName, NewDescription }) {
    const policy = findCustomPolicy(state, PolicyName);
    if (NewDescription) {
      assertValidText(NewDescription, 'NewDescription', 1024);
      policy.Description = NewDescription;
    } else if (NewDescription === '') delete policy.Description;
    policy.UpdateDate = formatRamDate(clock.now());
    return toPolicyWithDocument(state, toPolicyWithVersions(policy));
  },

  deletePolicy({ state }, { PolicyName, CascadingDelete }) {
    const policy = findCustomPolicy(state, PolicyName);
    assertNoDependents('Policy', policy.PolicyName, {
      User: countTargets(state.Users, policy.PolicyName) > 0,
      Group: countTargets(state.Groups, policy.PolicyName) > 0,
      Role: countTargets(state.Roles, policy.PolicyName) > 0,
      Version: !CascadingDelete && policy.Versions.length > 1,
    });
    state.Policies.delete(foldCase(PolicyName));
  },

  listPolicies({ state }, { PolicyType, Tag }) {
    const counts = countAttachments(state);
    const system = PolicyType === 'Custom' ? [] : listSystemPolicies(state);
    const custom = PolicyType === 'System' ? [] : Array.from(state.Policies.values(), toPolicyWithVersions);
    return [...system, ...custom]
      .filter(({ Tags }) => matchesTags(Tags, Tag))
      .sort((left, right) => (foldCase(left.PolicyName) < foldCase(right.PolicyName) ? -1 : 1))
      .map((policy) => toPolicy(policy, counts.get(policy.PolicyName)));
  },

  async createPolicyVersion({ state, clock }, { PolicyName, PolicyDocument, SetAsDefault, RotateStrategy }) {
    const policy = findCustomPolicy(state, PolicyName);
    await assertValidDocument(PolicyDocument);
    if (policy.Versions.length >= QUOTAS.VersionsPerPolicy) {
      // RAM CreatePolicyVersion: the strategy may delete the oldest version that is not the default.
      const oldest = policy.Versions.find(({ VersionId }) => VersionId !== policy.DefaultVersion);
      const mayDeleteOldest = RotateStrategy === 'DeleteOldestNonDefaultVersionWhenLimitExceeded';
      if (!mayDeleteOldest) throw tooManyVersionsFailure(policy, oldest?.VersionId);
      policy.Versions = policy.Versions.filter((version) => version !== oldest);
    }
    const now = formatRamDate(clock.now());
    policy.LatestVersion += 1;
    const VersionId = `v${policy.LatestVersion}`;
    policy.Versions.push({ VersionId, PolicyDocument, CreateDate: now });
    if (SetAsDefault) policy.DefaultVersion = VersionId;
    policy.UpdateDate = now;
    return findVersion(toPolicyWithVersions(policy), VersionId);
  },

  getPolicyVersion: ({ state }, ref) => findVersion(findPolicy(state, ref), ref.VersionId),

  listPolicyVersions: ({ state }, ref) => findPolicy(state, ref).Versions,

  setDefaultPolicyVersion({ state, clock }, { PolicyName, VersionId }) {
    const policy = findCustomPolicy(state, PolicyName);
    policy.DefaultVersion = findVersion(toPolicyWithVersions(policy), VersionId).VersionId;
    policy.UpdateDate = formatRamDate(clock.now());
  },

  deletePolicyVersion({ state, clock }, { PolicyName, VersionId }) {
    const policy = findCustomPolicy(state, PolicyName);
    if (findVersion(toPolicyWithVersions(policy), VersionId).IsDefaultVersion) {
      const message = `${VersionId} is the default version`;
      const Hint = shellCommand`ramctl policy set-default ${policy.PolicyName} <version>`;
      throw new Failure('refused', 'DeleteConflict.Policy.Version.Default', message, { Field: 'VersionId', Hint });
    }
    policy.Versions = policy.Versions.filter((version) => version.VersionId !== VersionId);
    policy.UpdateDate = formatRamDate(clock.now());
  },
} satisfies Implementation<PolicyOperations>;

/** @throws Failure EntityNotExist.Policy, also for a system policy; InvalidParameter.PolicyName.* */
export function findCustomPolicy(state: State, name: string): PolicyRecord {
  const policy = state.Policies.get(foldCase(name));
  if (policy) return policy;
  const { PolicyName } = findPolicy(state, { PolicyName: name, PolicyType: 'System' });
  const message = `${PolicyName} is a system policy, which only Alibaba Cloud can change`;
  const Hint = 'ramctl policy list --type custom';
  throw new Failure('missing', 'EntityNotExist.Policy', message, { Field: 'PolicyName', Hint });
}

function toPolicyWithVersions({ LatestVersion: _, ...policy }: PolicyRecord): PolicyWithVersions {
  const Versions = policy.Versions.map(({ VersionId, PolicyDocument, CreateDate }) => {
    return { VersionId, IsDefaultVersion: VersionId === policy.DefaultVersion, PolicyDocument, CreateDate };
  });
  return { ...policy, PolicyType: 'Custom', Description: policy.Description ?? null, Versions };
}

function findVersion({ PolicyName, PolicyType, Versions }: PolicyWithVersions, versionId: string): PolicyVersion {
  if (!/^v[1-9]\d*$/.test(versionId)) throwInvalid('VersionId', 'Format', 'a version id must look like v1');
  const version = Versions.find(({ VersionId }) => VersionId === versionId);
  if (version) return version;
  const versionIds = Versions.map(({ VersionId }) => VersionId).join(', ');
  const message =
    PolicyType === 'System'
      ? `only the current version ${versionIds} of the system policy ${PolicyName} is public`
      : `${PolicyName} has no version ${versionId}, only ${versionIds}`;
  const Hint = shellCommand`ramctl policy versions ${PolicyName}`;
  throw new Failure('missing', 'EntityNotExist.Policy.Version', message, { Field: 'VersionId', Hint });
}

function tooManyVersionsFailure({ PolicyName, Versions }: PolicyRecord, oldestId: string | undefined): Failure {
  const message = `${PolicyName} already has ${Versions.length} versions, which is the maximum`;
  const Hint = shellCommand`ramctl policy edit ${PolicyName} --document <file> --rotate   # deletes ${oldestId}`;
  return new Failure('refused', 'LimitExceeded.Policy.Version', message, { Field: 'PolicyName', Hint });
}

async function assertValidDocument(text: string): Promise<void> {
  const { parseDocument } = await import('./policy/check.ts');
  await parseDocument(text);
}

/** Returns how many of the users, groups or roles have the policy. Parses only records that may have it. */
function countTargets(records: Records<{ Policies: AttachmentRecord[] }>, policyName: string): number {
  const candidates = records.possibleMatches('PolicyName', policyName);
  return candidates.filter(({ Policies }) => Policies.some(({ PolicyName }) => PolicyName === policyName)).length;
}

/** Returns how many users, groups and roles have each policy. */
function countAttachments(state: State): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { Policies } of [...state.Users.values(), ...state.Groups.values(), ...state.Roles.values()]) {
    for (const { PolicyName } of Policies) counts.set(PolicyName, (counts.get(PolicyName) ?? 0) + 1);
  }
  return counts;
}

function toPolicy(policy: PolicyWithVersions, AttachmentCount = 0): Policy {
  const { PolicyName, PolicyType, Description, DefaultVersion, CreateDate, UpdateDate, DocumentSource } = policy;
  return {
    PolicyName,
    PolicyType,
    Description,
    DefaultVersion,
    AttachmentCount,
    CreateDate,
    UpdateDate,
    DocumentSource,
    Tags: toTagList(policy.Tags),
  };
}

function toPolicyWithDocument(state: State, policy: PolicyWithVersions) {
  const { PolicyDocument } = findVersion(policy, policy.DefaultVersion);
  const holders = [state.Users, state.Groups, state.Roles];
  const count = holders.reduce((sum, records) => sum + countTargets(records, policy.PolicyName), 0);
  return { ...toPolicy(policy, count), PolicyDocument };
}
