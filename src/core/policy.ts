import { formatRamDate } from './clock.ts';
import type { OperationContext } from './context.ts';
import type {
  CreatePolicyInput,
  CreatePolicyVersionInput,
  Policy,
  PolicyNameRef,
  PolicyRef,
  PolicyVersion,
  PolicyVersionRef,
  PolicyWithDocument,
  UpdatePolicyDescriptionInput,
} from './directory.ts';
import { Failure } from './failure.ts';
import { SYSTEM_POLICIES } from './policy/system-policies.ts';
import { QUOTAS } from './quotas.ts';
import type { Records } from './records.ts';
import { foldCase, type PolicyRecord, type PolicyType, type State } from './state.ts';
import { assertValidPolicyName, assertValidText } from './validation.ts';

/** A policy of either type, its versions in the order of creation. */
export interface PolicyWithVersions extends Omit<Policy, 'AttachmentCount'> {
  Versions: PolicyVersion[];
}

/** @throws Failure EntityNotExist.Policy, InvalidParameter.PolicyName.* */
export function findPolicy(state: State, { PolicyName, PolicyType }: PolicyRef): PolicyWithVersions {
  assertValidPolicyName(PolicyName);
  const found = PolicyType === 'System' ? findSystemPolicy(PolicyName) : state.Policies.get(foldCase(PolicyName));
  if (found) return 'LatestVersion' in found ? toPolicyWithVersions(found) : found;
  throw new Failure('missing', 'EntityNotExist.Policy', `there is no policy ${PolicyName}`, {
    Field: 'PolicyName',
    Hint: 'ramctl policy list',
  });
}

/** The document itself is checked as RAM does when it is written, so whatever is stored can be evaluated. */
export async function createPolicy({ state, clock }: OperationContext, input: CreatePolicyInput): Promise<Policy> {
  assertValidPolicyName(input.PolicyName);
  if (input.Description !== undefined) assertValidText(input.Description, 'Description', 1024);
  await assertValidDocument(input.PolicyDocument);
  const taken = state.Policies.get(foldCase(input.PolicyName)) ?? findSystemPolicy(input.PolicyName);
  if (taken) {
    throw new Failure('refused', 'EntityAlreadyExists.Policy', `there is a policy ${taken.PolicyName} already`, {
      Field: 'PolicyName',
      Hint: `ramctl policy get ${taken.PolicyName}`,
    });
  }
  if (state.Policies.size >= QUOTAS.Policies) {
    throw new Failure('refused', 'LimitExceeded.Policy', `an account holds at most ${QUOTAS.Policies} custom policies`);
  }
  const now = formatRamDate(clock.now());
  const policy: PolicyRecord = {
    PolicyName: input.PolicyName,
    ...(input.Description === undefined ? {} : { Description: input.Description }),
    CreateDate: now,
    UpdateDate: now,
    DefaultVersion: 'v1',
    LatestVersion: 1,
    Versions: [{ VersionId: 'v1', PolicyDocument: input.PolicyDocument, CreateDate: now }],
  };
  state.Policies.set(foldCase(policy.PolicyName), policy);
  return toPolicy(toPolicyWithVersions(policy), 0);
}

export function getPolicy({ state }: OperationContext, ref: PolicyRef): PolicyWithDocument {
  const policy = findPolicy(state, ref);
  const { PolicyDocument } = findVersion(policy, policy.DefaultVersion);
  const count = [...targetsOf(state.Users, policy), ...targetsOf(state.Groups, policy)].length;
  return { ...toPolicy(policy, count), PolicyDocument };
}

/** An empty description clears. */
export function updatePolicyDescription(
  context: OperationContext,
  { PolicyName, NewDescription }: UpdatePolicyDescriptionInput,
): Policy {
  const policy = findCustomPolicy(context.state, PolicyName);
  if (NewDescription) {
    assertValidText(NewDescription, 'NewDescription', 1024);
    policy.Description = NewDescription;
  } else if (NewDescription === '') delete policy.Description;
  setUpdateDate(context, policy);
  return getPolicy(context, { PolicyName, PolicyType: 'Custom' });
}

export function deletePolicy({ state }: OperationContext, input: PolicyNameRef & { CascadingDelete?: boolean }): void {
  const policy = findCustomPolicy(state, input.PolicyName);
  const conflict = [
    targetsOf(state.Users, policy).length > 0 && 'User',
    targetsOf(state.Groups, policy).length > 0 && 'Group',
    !input.CascadingDelete && policy.Versions.length > 1 && 'Version',
  ].find((blocks) => blocks);
  if (conflict) {
    throw new Failure('refused', `DeleteConflict.Policy.${conflict}`, `${policy.PolicyName} still has a ${conflict}`);
  }
  state.Policies.delete(foldCase(policy.PolicyName));
}

export function listPolicies({ state }: OperationContext, { PolicyType }: { PolicyType?: PolicyType }): Policy[] {
  const counts = countAttachments(state);
  const system =
    PolicyType === 'Custom' ? [] : Object.keys(SYSTEM_POLICIES).flatMap((name) => findSystemPolicy(name) ?? []);
  const custom = PolicyType === 'System' ? [] : [...state.Policies.values()].map(toPolicyWithVersions);
  return [...system, ...custom]
    .sort((left, right) => (foldCase(left.PolicyName) < foldCase(right.PolicyName) ? -1 : 1))
    .map((policy) => toPolicy(policy, counts.get(policy.PolicyName)));
}

export async function createPolicyVersion(
  context: OperationContext,
  input: CreatePolicyVersionInput,
): Promise<PolicyVersion> {
  const policy = findCustomPolicy(context.state, input.PolicyName);
  await assertValidDocument(input.PolicyDocument);
  if (policy.Versions.length >= QUOTAS.VersionsPerPolicy) applyRotateStrategy(policy, input.RotateStrategy);
  policy.LatestVersion += 1;
  const VersionId = `v${policy.LatestVersion}`;
  const CreateDate = formatRamDate(context.clock.now());
  policy.Versions.push({ VersionId, PolicyDocument: input.PolicyDocument, CreateDate });
  if (input.SetAsDefault) policy.DefaultVersion = VersionId;
  setUpdateDate(context, policy);
  return findVersion(toPolicyWithVersions(policy), VersionId);
}

export function getPolicyVersion({ state }: OperationContext, ref: PolicyRef & { VersionId: string }): PolicyVersion {
  return findVersion(findPolicy(state, ref), ref.VersionId);
}

export function listPolicyVersions({ state }: OperationContext, ref: PolicyRef): PolicyVersion[] {
  return findPolicy(state, ref).Versions;
}

export function setDefaultPolicyVersion(context: OperationContext, { PolicyName, VersionId }: PolicyVersionRef): void {
  const policy = findCustomPolicy(context.state, PolicyName);
  policy.DefaultVersion = findVersion(toPolicyWithVersions(policy), VersionId).VersionId;
  setUpdateDate(context, policy);
}

export function deletePolicyVersion(context: OperationContext, { PolicyName, VersionId }: PolicyVersionRef): void {
  const policy = findCustomPolicy(context.state, PolicyName);
  const { IsDefaultVersion } = findVersion(toPolicyWithVersions(policy), VersionId);
  if (IsDefaultVersion) {
    throw new Failure('refused', 'DeleteConflict.Policy.Version.Default', `${VersionId} is the version in force`, {
      Field: 'VersionId',
      Hint: `ramctl policy set-default ${policy.PolicyName} <version>`,
    });
  }
  policy.Versions = policy.Versions.filter((version) => version.VersionId !== VersionId);
  setUpdateDate(context, policy);
}

/** RAM: writing addresses custom policies alone. */
function findCustomPolicy(state: State, name: string): PolicyRecord {
  const PolicyType = findSystemPolicy(name) ? 'System' : 'Custom';
  const { PolicyName } = findPolicy(state, { PolicyName: name, PolicyType });
  const policy = state.Policies.get(foldCase(PolicyName));
  if (policy) return policy;
  throw new Failure(
    'missing',
    'EntityNotExist.Policy',
    `there is no custom policy ${PolicyName}: it is a system policy, which only Alibaba Cloud changes`,
    { Field: 'PolicyName', Hint: 'ramctl policy list --type custom' },
  );
}

function findSystemPolicy(name: string): PolicyWithVersions | undefined {
  const [PolicyName, policy] =
    Object.entries(SYSTEM_POLICIES).find(([known]) => foldCase(known) === foldCase(name)) ?? [];
  if (PolicyName === undefined || !policy) return undefined;
  const { Description, DefaultVersion, UpdateDate = null, Document } = policy;
  const PolicyDocument = JSON.stringify(Document, null, 2);
  return {
    PolicyName,
    PolicyType: 'System',
    Description,
    DefaultVersion,
    CreateDate: null,
    UpdateDate,
    Versions: [{ VersionId: DefaultVersion, IsDefaultVersion: true, PolicyDocument, CreateDate: UpdateDate }],
  };
}

function toPolicyWithVersions({ LatestVersion: _, ...policy }: PolicyRecord): PolicyWithVersions {
  const Versions = policy.Versions.map(({ VersionId, PolicyDocument, CreateDate }) => ({
    VersionId,
    IsDefaultVersion: VersionId === policy.DefaultVersion,
    PolicyDocument,
    CreateDate,
  }));
  return { ...policy, PolicyType: 'Custom', Description: policy.Description ?? null, Versions };
}

function findVersion({ PolicyName, PolicyType, Versions }: PolicyWithVersions, versionId: string): PolicyVersion {
  if (!/^v[1-9]\d*$/.test(versionId)) {
    throw new Failure('refused', 'InvalidParameter.VersionId.Format', 'a version looks like v1', {
      Field: 'VersionId',
    });
  }
  const version = Versions.find(({ VersionId }) => VersionId === versionId);
  if (version) return version;
  const known = Versions.map(({ VersionId }) => VersionId).join(', ');
  throw new Failure(
    'missing',
    'EntityNotExist.Policy.Version',
    PolicyType === 'System'
      ? `of the system policy ${PolicyName} only the current version, ${known}, is public`
      : `${PolicyName} has no version ${versionId}, only ${known}`,
    { Field: 'VersionId', Hint: `ramctl policy versions ${PolicyName}` },
  );
}

/** RAM CreatePolicyVersion, RotateStrategy. */
function applyRotateStrategy(policy: PolicyRecord, strategy: CreatePolicyVersionInput['RotateStrategy']): void {
  const oldest = policy.Versions.find(({ VersionId }) => VersionId !== policy.DefaultVersion);
  if (strategy !== 'DeleteOldestNonDefaultVersionWhenLimitExceeded') {
    throw new Failure(
      'refused',
      'LimitExceeded.Policy.Version',
      `${policy.PolicyName} has ${policy.Versions.length} versions, no more are allowed`,
      {
        Field: 'PolicyName',
        Hint: `ramctl policy edit ${policy.PolicyName} --document <file> --rotate   # drops ${oldest?.VersionId}`,
      },
    );
  }
  policy.Versions = policy.Versions.filter((version) => version !== oldest);
}

function setUpdateDate({ clock }: OperationContext, policy: PolicyRecord): void {
  policy.UpdateDate = formatRamDate(clock.now());
}

async function assertValidDocument(text: string): Promise<void> {
  const { parseDocument } = await import('./policy/check.ts');
  await parseDocument(text);
}

/** Those of the users or groups who have a policy; the others are not even parsed. */
function targetsOf<T extends { Policies: { PolicyName: string }[] }>(
  records: Records<T>,
  { PolicyName }: PolicyNameRef,
): T[] {
  const has = ({ Policies }: T) => Policies.some((attached) => attached.PolicyName === PolicyName);
  return [...records.possibleMatches(PolicyName)].filter(has);
}

/** How many users and groups have each policy. */
function countAttachments(state: State): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { Policies } of [...state.Users.values(), ...state.Groups.values()]) {
    for (const { PolicyName } of Policies) counts.set(PolicyName, (counts.get(PolicyName) ?? 0) + 1);
  }
  return counts;
}

function toPolicy({ Versions: _, ...policy }: PolicyWithVersions, AttachmentCount = 0): Policy {
  const { PolicyName, PolicyType, Description, DefaultVersion, CreateDate, UpdateDate } = policy;
  return { PolicyName, PolicyType, Description, DefaultVersion, AttachmentCount, CreateDate, UpdateDate };
}
