import { type DescriptionProblem, findReferenceProblems } from '../description/check-file.ts';
import {
  type Description,
  type ReadOptions,
  readDescription,
  type WantedDescription,
} from '../description/description.ts';
import {
  type DescriptionFile,
  fromDescriptionFile,
  type PolicyRefInFile,
  readPolicyRef,
} from '../description/description-file.ts';
import { type Change, ENTITIES, planChanges } from '../description/plan.ts';
import type { Operations } from '../directory.ts';
import { nullIfCode } from '../failure.ts';
import { foldCase } from '../state.ts';
import { buildTrustPolicy } from './role.ts';

export interface ApplyOptions extends Pick<ReadOptions, 'openProgress'> {
  /** Also removes what the description does not have. */
  prune?: boolean | undefined;
}

export interface ApplyPlan {
  changes: Change[];
  /** Problems of the description, each of which prevents the changes. */
  problems: DescriptionProblem[];
  /** The directory before the changes. */
  current: Description;
  /** What `prune` would delete without the caller's protection: `user alice`. */
  kept: string[];
}

/**
 * Plans the changes that make the directory as a description says. Members that an entity does not have in the
 * description stay as they are; lists that it has are complete. With `prune`, entities that the description does not name
 * are deleted, if it has the list of their kind, and a missing text, list or console logon of a named entity is removed.
 * `prune` removes nothing of the caller's own user or role, its groups and its custom policies. They are changed last, so
 * that a caller of a remote directory does not lose the permissions that other changes need.
 */
export async function planDescription(
  operations: Operations,
  file: DescriptionFile,
  { prune = false, openProgress }: ApplyOptions,
): Promise<ApplyPlan> {
  const accessKeys = file.Users?.some(({ AccessKey }) => AccessKey !== undefined);
  const current = await readDescription(operations, { accessKeys, openProgress });
  const systemPolicies = await findSystemPolicies(operations, file, current);
  const problems = findReferenceProblems(file, current, { prune, systemPolicies });
  if (problems.length > 0) return { changes: [], problems, current, kept: [] };
  const own = findOwnEntities(current, await findCaller(operations));
  const wanted = fromDescriptionFile(addMissing(file, current, { prune, own }), (ref) => {
    const { PolicyName, PolicyType } = readPolicyRef(ref);
    return { PolicyName, PolicyType: PolicyType ?? (systemPolicies.has(foldCase(PolicyName)) ? 'System' : 'Custom') };
  });
  const { Account: { AccountId: _, ...Account } = {}, ...entities } = wanted;
  const planned = planChanges(current, { Account, ...entities } as WantedDescription, { exact: true, prune });
  const isOwn = ({ Kind, Name }: Change) => own.has(entityKey(Kind, Name));
  const ownChanges = planned.filter(isOwn);
  return {
    changes: [...planned.filter((change) => !isOwn(change)), ...ownChanges.filter(({ After }) => After)],
    problems,
    current,
    kept: ownChanges.filter(({ After }) => !After).map(({ Kind, Name }) => `${Kind.toLowerCase()} ${Name}`),
  };
}

/** Returns the folded names of the system policies that the description attaches. */
async function findSystemPolicies(operations: Operations, file: DescriptionFile, current: Description) {
  const attached = [current.Users, current.Groups, current.Roles].flatMap((list) =>
    (list as { Policies: Description['Groups'][number]['Policies'] }[]).flatMap(({ Policies }) => Policies),
  );
  const isSystem = ({ PolicyType }: { PolicyType: string }) => PolicyType === 'System';
  const known = new Set(attached.filter(isSystem).map(({ PolicyName }) => foldCase(PolicyName)));
  const custom = new Set([...current.Policies, ...(file.Policies ?? [])].map(({ PolicyName }) => foldCase(PolicyName)));
  const wanted = [...(file.Users ?? []), ...(file.Groups ?? []), ...(file.Roles ?? [])].flatMap(
    ({ Policies }): PolicyRefInFile[] => Policies ?? [],
  );
  const found = new Set<string>();
  for (const { PolicyName, PolicyType } of new Map(
    wanted.map(readPolicyRef).map((ref) => [JSON.stringify(ref), ref]),
  ).values()) {
    const name = foldCase(PolicyName);
    // A custom policy cannot have the name of a system policy.
    if (PolicyType === 'Custom' || (PolicyType === undefined && custom.has(name)) || found.has(name)) continue;
    const ref = { PolicyName, PolicyType: 'System' as const };
    if (known.has(name) || (await nullIfCode(operations.getPolicy(ref), 'EntityNotExist.Policy'))) found.add(name);
  }
  return found;
}

/** The members that `prune` removes from an entity if the description does not have them. */
const REMOVABLE = {
  Users: {
    DisplayName: null,
    Comments: null,
    Email: null,
    MobilePhone: null,
    LoginProfile: null,
    Groups: [],
    Policies: [],
    Tags: [],
  },
  Groups: { DisplayName: null, Comments: null, Policies: [] },
  Policies: { Description: null, Tags: [] },
  Roles: { Description: null, Policies: [], Tags: [] },
};

/** Adds what the description leaves out: the trust policy of a new role, and with `prune` what is to be removed. */
function addMissing(
  file: DescriptionFile,
  current: Description,
  { prune, own }: { prune: boolean; own: Set<string> },
): DescriptionFile {
  const present = new Set(current.Roles.map(({ RoleName }) => foldCase(RoleName)));
  const trust = { AssumeRolePolicyDocument: buildTrustPolicy([current.Account.AccountId], []) };
  const Roles = file.Roles?.map((role) => (present.has(foldCase(role.RoleName)) ? role : { ...trust, ...role }));
  const complete = { ...file, ...(Roles && { Roles }) };
  if (!prune) return complete;
  const lists = ENTITIES.flatMap(({ kind, list, name }) => {
    const entities = complete[list] as Record<string, unknown>[] | undefined;
    const addRemovals = (entity: Record<string, unknown>) =>
      own.has(entityKey(kind, String(entity[name]))) ? entity : { ...REMOVABLE[list], ...entity };
    return entities ? [[list, entities.map(addRemovals)]] : [];
  });
  return { ...complete, ...Object.fromEntries(lists) };
}

type Caller = { Kind: 'User' | 'Role'; Name: string };

/** Returns the caller's own user or role, from an ARN such as `acs:ram::1234567890123456:user/alice`. */
async function findCaller(operations: Operations): Promise<Caller | undefined> {
  const { Arn } = await operations.getCallerIdentity();
  const [, type, Name = ''] = /:(user|role|assumed-role)\/([^/]+)/.exec(Arn) ?? [];
  return type === undefined ? undefined : { Kind: type === 'user' ? 'User' : 'Role', Name };
}

/** Returns the keys of the caller's own user or role, its groups, and the custom policies of both. */
function findOwnEntities({ Users, Groups, Roles }: Description, caller: Caller | undefined): Set<string> {
  if (!caller) return new Set();
  const isCaller = (name: string) => foldCase(name) === foldCase(caller.Name);
  const user = caller.Kind === 'User' ? Users.find(({ UserName }) => isCaller(UserName)) : undefined;
  const role = caller.Kind === 'Role' ? Roles.find(({ RoleName }) => isCaller(RoleName)) : undefined;
  const groups = Groups.filter(({ GroupName }) => user?.Groups.includes(GroupName));
  const policies = [user ?? role, ...groups].flatMap((entity) => entity?.Policies ?? []);
  return new Set([
    entityKey(caller.Kind, caller.Name),
    ...groups.map(({ GroupName }) => entityKey('Group', GroupName)),
    ...policies.flatMap(({ PolicyName, PolicyType }) =>
      PolicyType === 'Custom' ? entityKey('Policy', PolicyName) : [],
    ),
  ]);
}

function entityKey(kind: string, name: string): string {
  return `${kind} ${foldCase(name)}`;
}
