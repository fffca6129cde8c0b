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
import { type Change, planChanges } from '../description/plan.ts';
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
  /** The caller's own user or role if the changes would delete it. It is not deleted. */
  caller?: string | undefined;
}

/**
 * Plans the changes that make the directory as a description says. Members that an entity does not have in the
 * description stay as they are; lists that it has are complete. With `prune`, entities that the description does not name
 * are deleted, if it has the list of their kind, and a missing text, list or console logon of a named entity is removed.
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
  if (problems.length > 0) return { changes: [], problems, current };
  const wanted = fromDescriptionFile(addMissing(file, current, prune), (ref) => {
    const { PolicyName, PolicyType } = readPolicyRef(ref);
    return { PolicyName, PolicyType: PolicyType ?? (systemPolicies.has(foldCase(PolicyName)) ? 'System' : 'Custom') };
  });
  const { Account: { AccountId: _, ...Account } = {}, ...entities } = wanted;
  const changes = planChanges(current, { Account, ...entities } as WantedDescription, { exact: true, prune });
  const own = prune ? await findCaller(operations) : undefined;
  const isOwn = ({ Kind, Name, Action }: Change) => Action === 'delete' && Kind === own?.Kind && Name === own.Name;
  const caller = changes.some(isOwn) ? `${own?.Kind.toLowerCase()} ${own?.Name}` : undefined;
  return { changes: changes.filter((change) => !isOwn(change)), problems, current, caller };
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
function addMissing(file: DescriptionFile, current: Description, prune: boolean): DescriptionFile {
  const present = new Set(current.Roles.map(({ RoleName }) => foldCase(RoleName)));
  const trust = { AssumeRolePolicyDocument: buildTrustPolicy([current.Account.AccountId], []) };
  const Roles = file.Roles?.map((role) => (present.has(foldCase(role.RoleName)) ? role : { ...trust, ...role }));
  const complete = { ...file, ...(Roles && { Roles }) };
  if (!prune) return complete;
  const lists = (['Users', 'Groups', 'Policies', 'Roles'] as const).flatMap((list) => {
    const entities = complete[list];
    return entities ? [[list, entities.map((entity) => ({ ...REMOVABLE[list], ...entity }))]] : [];
  });
  return { ...complete, ...Object.fromEntries(lists) };
}

/** Returns the caller's own user or role, from an ARN such as `acs:ram::1234567890123456:user/alice`. */
async function findCaller(operations: Operations): Promise<{ Kind: 'User' | 'Role'; Name: string } | undefined> {
  const { Arn } = await operations.getCallerIdentity();
  const [, type, Name = ''] = /:(user|role|assumed-role)\/([^/]+)/.exec(Arn) ?? [];
  return type === undefined ? undefined : { Kind: type === 'user' ? 'User' : 'Role', Name };
}
