import { Failure, isFailure, type Problem } from './failure.ts';
import type { Implementation } from './operation-context.ts';
import { findKnownPolicy, type KnownPolicy, listKnownPolicies } from './policy/system-policies.ts';
import type { PolicyWithVersions, SystemPolicyOperations } from './policy-operations.ts';
import { QUOTAS } from './quotas.ts';
import { foldCase, type State, type SystemPolicyRecord } from './state.ts';
import { assertValidDate, assertValidPolicyName, assertValidText, throwInvalid } from './validation.ts';

/** RAM publishes no limit for system policies. Some are longer than a custom policy may be. */
const MAX_SYSTEM_DOCUMENT_LENGTH = 65_536;

/**
 * Returns the system policy with this name. An imported document replaces the one that ramctl has. A custom policy hides
 * the system policy of the same name: it can be older than ramctl's list of names.
 */
export function findSystemPolicy(state: State, name: string): PolicyWithVersions | undefined {
  const key = foldCase(name);
  if (state.Policies.has(key)) return undefined;
  const known = findKnownPolicy(name);
  const imported = state.SystemPolicies.get(key);
  if (imported) return fromRecord(imported, known?.Description ?? null);
  return known && fromKnownPolicy(known);
}

/** Returns the system policies that no custom policy hides, without a particular order. */
export function listSystemPolicies(state: State): PolicyWithVersions[] {
  const known = listKnownPolicies().filter(({ PolicyName }) => !state.SystemPolicies.has(foldCase(PolicyName)));
  const imported = [...state.SystemPolicies.keys()].flatMap((name) => findSystemPolicy(state, name) ?? []);
  const visible = known.filter(({ PolicyName }) => !state.Policies.has(foldCase(PolicyName)));
  return [...visible.map(fromKnownPolicy), ...imported];
}

export const systemPolicyOperations = {
  async importSystemPolicies({ state }, { Policies }) {
    await assertImportable(state, Policies);
    return Policies.map((policy) => {
      const key = foldCase(policy.PolicyName);
      const before = state.SystemPolicies.get(key);
      // Attachments refer to a policy by the spelling that is known already.
      const PolicyName = before?.PolicyName ?? findKnownPolicy(key)?.PolicyName ?? policy.PolicyName;
      const record = { ...policy, PolicyName };
      const Changed = JSON.stringify(before) !== JSON.stringify(record);
      state.SystemPolicies.set(key, record);
      const { DefaultVersion } = record;
      return { PolicyName, PolicyType: 'System', DefaultVersion, DocumentSource: 'imported', Changed };
    });
  },
} satisfies Implementation<SystemPolicyOperations>;

/** @throws Failure `refused` with one entry in `Errors` for each policy that cannot be imported */
async function assertImportable(state: State, policies: SystemPolicyRecord[]): Promise<void> {
  const names = new Set<string>();
  const Errors: Problem[] = [];
  for (const [index, policy] of policies.entries()) {
    try {
      await assertValidSystemPolicy(policy);
      const key = foldCase(policy.PolicyName);
      if (state.Policies.has(key)) throw customPolicyExists(policy.PolicyName);
      if (names.size === names.add(key).size) throw new Failure('refused', 'DuplicateRow', 'occurs twice in the file');
    } catch (error) {
      if (!isFailure(error)) throw error;
      Errors.push({ Code: error.code, Message: `${policy.PolicyName}: ${error.message}`, Row: index + 1 });
    }
  }
  const [first] = Errors;
  if (first) {
    const others = Errors.length === 1 ? '' : `; ${Errors.length} policies cannot be imported`;
    throw new Failure('refused', first.Code, `${first.Message}${others}`, {
      Hint: 'correct the file, or remove these policies from it; nothing was imported',
      ...(Errors.length > 1 && { Errors }),
    });
  }
  const added = [...names].filter((name) => !state.SystemPolicies.has(name)).length;
  if (state.SystemPolicies.size + added <= QUOTAS.SystemPolicies) return;
  const message = `a directory can have at most ${QUOTAS.SystemPolicies} imported system policies`;
  throw new Failure('refused', 'LimitExceeded.Policy', message);
}

/** @throws Failure `refused` InvalidParameter.*, MalformedPolicyDocument */
export async function assertValidSystemPolicy(policy: SystemPolicyRecord): Promise<void> {
  assertValidPolicyName(policy.PolicyName);
  if (policy.Description !== undefined) assertValidText(policy.Description, 'Description', 1024);
  if (policy.CreateDate !== undefined) assertValidDate(policy.CreateDate, 'CreateDate');
  if (policy.UpdateDate !== undefined) assertValidDate(policy.UpdateDate, 'UpdateDate');
  if (!/^v[1-9]\d*$/.test(policy.DefaultVersion)) {
    throwInvalid('DefaultVersion', 'Format', 'the default version must look like v1');
  }
  const { parseDocument } = await import('./policy/check.ts');
  await parseDocument(policy.PolicyDocument, MAX_SYSTEM_DOCUMENT_LENGTH);
}

function customPolicyExists(name: string): Failure {
  return new Failure('refused', 'EntityAlreadyExists.Policy', `the directory has a custom policy ${name}`);
}

function fromKnownPolicy({ Document, ...policy }: KnownPolicy): PolicyWithVersions {
  const UpdateDate = policy.UpdateDate ?? null;
  const PolicyDocument = JSON.stringify(Document, null, 2);
  const version = { VersionId: policy.DefaultVersion, IsDefaultVersion: true, PolicyDocument, CreateDate: UpdateDate };
  return { ...policy, PolicyType: 'System', CreateDate: null, UpdateDate, Versions: [version] };
}

function fromRecord(policy: SystemPolicyRecord, knownDescription: string | null): PolicyWithVersions {
  const { PolicyName, Description = knownDescription, DefaultVersion, PolicyDocument } = policy;
  const { CreateDate = null, UpdateDate = CreateDate } = policy;
  return {
    PolicyName,
    PolicyType: 'System',
    Description,
    DefaultVersion,
    CreateDate,
    UpdateDate,
    DocumentSource: 'imported',
    Versions: [{ VersionId: DefaultVersion, IsDefaultVersion: true, PolicyDocument, CreateDate: UpdateDate }],
  };
}
