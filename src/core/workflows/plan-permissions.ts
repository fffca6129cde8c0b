import { describeAfter } from '../description/after-changes.ts';
import type { Description } from '../description/description.ts';
import type { Change } from '../description/plan.ts';
import type { Operations, PolicyRef } from '../directory.ts';
import { isFailure } from '../failure.ts';
import { parseStoredDocument } from '../policy/document.ts';
import { foldCase } from '../state.ts';
import type { IdentityPolicies } from './permission-difference.ts';
import { readDefaultVersion } from './policy.ts';

/** The comparison of more identities takes long, and the result is too long to read. */
const MAX_IDENTITIES = 100;

/** The fingerprint of an identity without policies. */
const NO_POLICIES = '[]';

type Identity = { UserName: string } | { RoleName: string };

/**
 * Returns the policies, before and after planned changes, of the users and roles that exist after them and whose policies
 * change. Undefined if these are too many, or if the caller may not read a policy.
 */
export async function comparePlannedPolicies(operations: Operations, current: Description, changes: Change[]) {
  const [before, after] = [indexPolicies(current), indexPolicies(describeAfter(current, changes))];
  const affected = [...after].filter(
    ([key, { fingerprint }]) => fingerprint !== (before.get(key)?.fingerprint ?? NO_POLICIES),
  );
  if (affected.length > MAX_IDENTITIES) return undefined;
  const systemDocuments = new Map<string, ReturnType<typeof readDefaultVersion>>();
  const load = async (entry: IndexedPolicies | undefined, identity: Identity): Promise<IdentityPolicies> => ({
    identity,
    policies: await Promise.all(
      (entry?.policies ?? []).map(async ({ ref, text }) => {
        if (text !== undefined) return { ref, document: parseStoredDocument(text) };
        const read = systemDocuments.get(ref.PolicyName) ?? readDefaultVersion(operations, ref);
        systemDocuments.set(ref.PolicyName, read);
        return { ref, document: (await read).document };
      }),
    ),
  });
  try {
    return {
      before: await Promise.all(affected.map(([key, { identity }]) => load(before.get(key), identity))),
      after: await Promise.all(affected.map(([, entry]) => load(entry, entry.identity))),
    };
  } catch (error) {
    if (isFailure(error)) return undefined;
    throw error;
  }
}

interface IndexedPolicies {
  identity: Identity;
  /** `text` is the document of a custom policy. */
  policies: { ref: PolicyRef; text: string | undefined }[];
  /** Equal for equal policies. */
  fingerprint: string;
}

/** Returns the policies of each user, also those of the user's groups, and of each role. */
function indexPolicies({ Users, Groups, Policies, Roles }: Description): Map<string, IndexedPolicies> {
  const groups = new Map(Groups.map((group) => [foldCase(group.GroupName), group]));
  const documents = new Map(Policies.map((policy) => [foldCase(policy.PolicyName), policy]));
  const collect = (identity: Identity, refs: PolicyRef[]): IndexedPolicies => {
    const found = new Map<string, IndexedPolicies['policies'][number]>();
    for (const { PolicyName, PolicyType } of refs) {
      const custom = PolicyType === 'Custom' ? documents.get(foldCase(PolicyName)) : undefined;
      if (PolicyType === 'Custom' && !custom) continue;
      const ref = { PolicyName: custom?.PolicyName ?? PolicyName, PolicyType };
      found.set(`${PolicyType} ${foldCase(PolicyName)}`, { ref, text: custom?.PolicyDocument });
    }
    const sorted = [...found].sort(([left], [right]) => (left < right ? -1 : 1));
    return { identity, policies: sorted.map(([, policy]) => policy), fingerprint: JSON.stringify(sorted) };
  };
  return new Map([
    ...Users.map(({ UserName, Policies: attached = [], Groups: names = [] }): [string, IndexedPolicies] => {
      const inherited = names.flatMap((name) => groups.get(foldCase(name))?.Policies ?? []);
      return [`user ${foldCase(UserName)}`, collect({ UserName }, [...attached, ...inherited])];
    }),
    ...Roles.map(({ RoleName, Policies: attached = [] }): [string, IndexedPolicies] => [
      `role ${foldCase(RoleName)}`,
      collect({ RoleName }, attached),
    ]),
  ]);
}
