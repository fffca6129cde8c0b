import type { Operations, PolicyRef } from '../directory.ts';
import { isFailure } from '../failure.ts';
import { mapConcurrently } from '../map-concurrently.ts';
import { parseDocument } from '../policy/check.ts';
import { type EffectivePolicy, type PermissionChange, permissionDifference } from '../policy/difference.ts';
import { allowsEverything } from '../policy/lint.ts';
import { limitSteps } from '../policy/pattern-sets.ts';
import { type Answers, rememberReads } from '../remember-reads.ts';
import { foldCase } from '../state.ts';
import { distinctNames } from './name-matching.ts';
import { readDefaultVersion, resolvePolicy } from './policy.ts';
import { type Principal, readEffectivePolicies } from './simulate.ts';

/** Whose permissions are compared. A group stands for its members. Without a name: the document of a policy itself. */
export type Identity = Principal | Record<string, never>;

/** The policies in force for an identity. */
export interface IdentityPolicies {
  identity: Identity;
  policies: EffectivePolicy[];
}

/** What an identity gains and loses. */
export interface IdentityChanges {
  identity: Identity;
  changes: PermissionChange[];
  /** The policies that newly allow every action on every resource, if no statement denies anything. */
  fullAccess: string[];
}

/** The names of the identities that a change concerns. `policies` stands for all that have one of these policies. */
export interface PermissionTargets {
  users?: string[];
  groups?: string[];
  roles?: string[];
  policies?: string[];
}

/** A million steps take at most about 0.4 s. Usual policies of a hundred users take fewer. */
const MAX_STEPS = 1_000_000;
/** The limit for `policy diff`, which does nothing else. */
const MAX_DIFF_STEPS = 5 * MAX_STEPS;

/**
 * Returns what each identity gains and loses, without those that gain and lose nothing. An identity that only one side has
 * has no policies on the other side. @throws Failure `refused` (`PoliciesTooComplex`)
 */
export function compareIdentities(
  before: IdentityPolicies[],
  after: IdentityPolicies[],
  maxSteps = MAX_STEPS,
): IdentityChanges[] {
  return limitSteps(maxSteps, () => listIdentityChanges(before, after));
}

function listIdentityChanges(before: IdentityPolicies[], after: IdentityPolicies[]): IdentityChanges[] {
  const known = new Map<string, PermissionChange[]>();
  const [old, current] = [indexByIdentity(before), indexByIdentity(after)];
  return [...new Map([...old, ...current])].flatMap(([key, { identity }]) => {
    const sides = [old.get(key)?.policies ?? [], current.get(key)?.policies ?? []] as const;
    // Members of a group often have the same policies.
    const sidesKey = JSON.stringify(sides);
    const changes = known.get(sidesKey) ?? permissionDifference(...sides);
    known.set(sidesKey, changes);
    if (changes.length === 0) return [];
    const [wasFull, isFull] = sides.map(findFullAccess);
    return [{ identity, changes, fullAccess: wasFull?.length === 0 ? (isFull ?? []) : [] }];
  });
}

function indexByIdentity(list: IdentityPolicies[]): Map<string, IdentityPolicies> {
  return new Map(list.map((entry) => [JSON.stringify(entry.identity), entry]));
}

function findFullAccess(policies: EffectivePolicy[]): string[] {
  const hasDeny = policies.some(({ document }) => document.Statement.some(({ Effect }) => Effect === 'Deny'));
  if (hasDeny) return [];
  return policies.filter(({ document }) => document.Statement.some(allowsEverything)).map(({ ref }) => ref.PolicyName);
}

/** The reads that a change affects: of these operations, and of the given policies if there are any. */
const AFFECTED_READS = {
  attachments: 'listPoliciesFor',
  memberships: 'listGroupsForUser',
  documents: 'listPolicyVersions',
};

/**
 * Runs `change` and returns its result, and the policies before and after it of the identities that it concerns. Those are
 * undefined if there are more than `maxIdentities`, or if the caller may not read them.
 * @throws as `change`
 */
export async function trackPermissions<T>(
  operations: Operations,
  targets: PermissionTargets,
  { affected, maxIdentities }: { affected: keyof typeof AFFECTED_READS; maxIdentities: number },
  change: () => Promise<T>,
) {
  const answers: Answers = new Map();
  const reader = rememberReads(operations, answers);
  const before = await ignoreFailure(async () => {
    const identities = await findIdentities(reader, targets, maxIdentities);
    return identities.length > maxIdentities ? undefined : readPolicies(reader, identities);
  });
  const value = await change();
  const { policies = [''] } = targets;
  const isAffected = (key: string) =>
    key.startsWith(AFFECTED_READS[affected]) && policies.some((name) => foldCase(key).includes(foldCase(name)));
  const unaffected: Answers = new Map([...answers].filter(([key]) => !isAffected(key)));
  const after =
    before &&
    (await ignoreFailure(() =>
      readPolicies(
        rememberReads(operations, unaffected),
        before.map(({ identity }) => identity),
      ),
    ));
  return { value, permissions: before && after && { before, after } };
}

/**
 * Returns what would change if a document became the default version of a policy: for each user, member of a group and
 * role that has the policy, and for each group without members. `approximatePolicies`: those with approximate documents.
 * @throws Failure EntityNotExist.Policy, MalformedPolicyDocument, `refused` (`PoliciesTooComplex`)
 */
export async function comparePolicyVersion(operations: Operations, name: string, text: string) {
  const document = await parseDocument(text);
  const reader = rememberReads(operations);
  const ref = await resolvePolicy(reader, name);
  const identities = await findIdentities(reader, { policies: [ref.PolicyName] }, Infinity);
  const read = await readPolicies(reader, identities);
  const before = read.length > 0 ? read : [{ identity: {}, policies: [await readPolicy(reader, ref)] }];
  const replace = (policy: EffectivePolicy) => (policy.ref.PolicyName === ref.PolicyName ? { ref, document } : policy);
  const after = before.map(({ identity, policies }) => ({ identity, policies: policies.map(replace) }));
  const sources = before.flatMap(({ policies }) => policies.map((policy) => policy.ref));
  const approximate = sources.filter(({ DocumentSource }) => DocumentSource).map(({ PolicyName }) => PolicyName);
  return { changes: compareIdentities(before, after, MAX_DIFF_STEPS), approximatePolicies: [...new Set(approximate)] };
}

async function readPolicy(operations: Operations, ref: PolicyRef): Promise<EffectivePolicy> {
  const { DocumentSource } = await operations.getPolicy(ref);
  const { document } = await readDefaultVersion(operations, ref);
  return { ref: { ...ref, ...(DocumentSource === 'approximate' && { DocumentSource }) }, document };
}

/** Returns the users, roles and groups. A group is replaced by its members, unless they are none or too many. */
async function findIdentities(operations: Operations, targets: PermissionTargets, max: number): Promise<Principal[]> {
  const { users = [], groups = [], roles = [], policies = [] } = targets;
  const [userNames, groupNames, roleNames] = [[...users], [...groups], [...roles]];
  for (const policy of distinctNames(policies)) {
    const entities = await operations.listEntitiesForPolicy(await resolvePolicy(operations, policy));
    userNames.push(...entities.Users.map(({ UserName }) => UserName));
    groupNames.push(...entities.Groups.map(({ GroupName }) => GroupName));
    roleNames.push(...entities.Roles.map(({ RoleName }) => RoleName));
  }
  const wholeGroups: string[] = [];
  for (const GroupName of distinctNames(groupNames)) {
    const members = (await operations.listUsersForGroup({ GroupName })).map(({ UserName }) => UserName);
    if (members.length > 0 && distinctNames([...userNames, ...members]).length <= max) userNames.push(...members);
    else wholeGroups.push(GroupName);
  }
  return [
    ...distinctNames(userNames).map((UserName) => ({ UserName })),
    ...wholeGroups.map((GroupName) => ({ GroupName })),
    ...distinctNames(roleNames).map((RoleName) => ({ RoleName })),
  ];
}

function readPolicies(operations: Operations, identities: Identity[]): Promise<IdentityPolicies[]> {
  return mapConcurrently(identities, async (identity) => {
    const { policies } = await readEffectivePolicies(operations, identity as Principal);
    // Versions are compared by their documents.
    return { identity, policies: policies.map(({ ref: { VersionId: _, ...ref }, document }) => ({ ref, document })) };
  });
}

/** The change itself reports what is wrong. */
async function ignoreFailure<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (isFailure(error)) return undefined;
    throw error;
  }
}
