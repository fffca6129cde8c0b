import type { PolicyRef, ResourceTag } from '../directory.ts';
import { foldCase } from '../state.ts';
import type {
  DescribedAccount,
  DescribedGroup,
  DescribedPolicy,
  DescribedRole,
  DescribedUser,
  Description,
  WantedDescription,
} from './description.ts';

interface DescribedKinds {
  Account: Omit<DescribedAccount, 'AccountId'>;
  Policy: Omit<DescribedPolicy, 'PolicyName'>;
  Group: Omit<DescribedGroup, 'GroupName'>;
  Role: Omit<DescribedRole, 'RoleName'>;
  User: Omit<DescribedUser, 'UserName'>;
}

/**
 * A change of one entity, or of the settings of the account, whose name is the account ID. `Before` and `After` have the
 * members that change. `Before` is null for a new entity, and `After` for one that is deleted.
 */
export type ChangeOf<Kind extends keyof DescribedKinds> = {
  Kind: Kind;
  Name: string;
  Action: 'create' | 'update' | 'delete';
  Before: Partial<DescribedKinds[Kind]> | null;
  After: Partial<DescribedKinds[Kind]> | null;
};

export type Change = { [Kind in keyof DescribedKinds]: ChangeOf<Kind> }[keyof DescribedKinds];

/** The kinds in the order in which they are created: each kind refers only to kinds before it. */
export const ENTITIES = [
  { kind: 'Policy', list: 'Policies', name: 'PolicyName' },
  { kind: 'Group', list: 'Groups', name: 'GroupName' },
  { kind: 'Role', list: 'Roles', name: 'RoleName' },
  { kind: 'User', list: 'Users', name: 'UserName' },
] as const;

interface PlanOptions {
  /**
   * The lists and the console logon of an entity become as `wanted` describes them. Without it, nothing is removed except
   * texts.
   */
  exact?: boolean | undefined;
  /** As `exact`, and deletes the entities that a list of `wanted` does not have. */
  prune?: boolean | undefined;
}

/**
 * Returns the changes that make the directory as `wanted` describes it, in an order in which they can be made. Members
 * that are absent from `wanted` stay as they are. Names that differ only in case are the same name. After the changes are
 * made, the same call returns an empty list.
 */
export function planChanges(
  current: Description,
  wanted: WantedDescription,
  { prune = false, exact = prune }: PlanOptions = {},
): Change[] {
  const { AccountId, ...account } = current.Account;
  const { Before, After, isChanged } = compareMembers(account, wanted.Account ?? {}, exact);
  const kinds = ENTITIES.map(({ kind, list, name }) => {
    const nameOf = (entity: object) => String((entity as Members)[name]);
    const isWanted = new Set(wanted[list]?.map((entity) => foldCase(nameOf(entity))));
    const present = new Map(current[list].map((entity) => [foldCase(nameOf(entity)), entity]));
    const deletions = wanted[list] && prune ? [...present].filter(([key]) => !isWanted.has(key)) : [];
    return {
      updates: (wanted[list] ?? []).flatMap((entity) => {
        const existing = present.get(foldCase(nameOf(entity)));
        const { Before, After, isChanged } = compareMembers(existing, entity, exact);
        if (!existing) return { Kind: kind, Name: nameOf(entity), Action: 'create', Before: null, After };
        return isChanged ? { Kind: kind, Name: nameOf(existing), Action: 'update', Before, After } : [];
      }),
      deletions: deletions.map(([, entity]) => {
        const { After } = compareMembers(undefined, entity, exact);
        return { Kind: kind, Name: nameOf(entity), Action: 'delete', Before: After, After: null };
      }),
    };
  });
  return [
    ...(isChanged ? [{ Kind: 'Account', Name: AccountId, Action: 'update', Before, After }] : []),
    ...kinds.flatMap(({ updates }) => updates),
    ...kinds.reverse().flatMap(({ deletions }) => deletions),
  ] as Change[];
}

type Members = Record<string, unknown>;

/** Returns the members of `wanted` that differ, before and after the change. */
function compareMembers(current: object | undefined, wanted: object, exact: boolean) {
  const Before: Members = {};
  const After: Members = {};
  for (const [member, value] of Object.entries(wanted)) {
    const type = MEMBERS[member];
    if (!type || value === undefined) continue;
    const before = (current as Members | undefined)?.[member] ?? type.empty;
    const after = type.merge(before, value, exact);
    if (toComparable(before) === toComparable(after)) continue;
    Before[member] = before;
    After[member] = after;
  }
  return { Before, After, isChanged: Object.keys(After).length > 0 };
}

/** How the wanted value of a member changes the present one. `empty` is the present value of an entity without the member. */
interface MemberType {
  empty: unknown;
  merge(before: unknown, wanted: unknown, exact: boolean): unknown;
}

const value: MemberType = { empty: null, merge: (_, wanted) => (wanted === '' ? null : wanted) };
const document: MemberType = {
  empty: null,
  merge: (before, wanted) => (isSameDocument(before, wanted) ? before : wanted),
};
const list: MemberType = { empty: [], merge: mergeLists };
/** An AccessKey is only created here, never deleted. */
const accessKey: MemberType = { empty: false, merge: (before, wanted) => before || wanted };
const settings: MemberType = { empty: null, merge: (before, wanted) => mergeSettings(before, wanted) };
const logon: MemberType = {
  empty: null,
  merge(before, wanted, exact) {
    if (wanted === null) return exact ? null : before;
    return mergeSettings(before ?? { Status: 'Active', PasswordResetRequired: true, MFABindRequired: false }, wanted);
  },
};

const MEMBERS: Record<string, MemberType | undefined> = {
  AccountAlias: value,
  PasswordPolicy: settings,
  SecurityPreference: settings,
  DisplayName: value,
  Comments: value,
  Email: value,
  MobilePhone: value,
  Description: value,
  MaxSessionDuration: value,
  PolicyDocument: document,
  AssumeRolePolicyDocument: document,
  LoginProfile: logon,
  AccessKey: accessKey,
  Groups: list,
  Policies: list,
  Tags: list,
};

function mergeSettings(before: unknown, wanted: unknown): unknown {
  const changes = Object.entries(wanted as Members).filter(([, setting]) => setting !== undefined);
  return { ...(before as Members), ...Object.fromEntries(changes) };
}

export type ListItem = string | PolicyRef | ResourceTag;

/** Returns what identifies an item of a list: a group, a policy or a tag. */
function itemKey(item: ListItem): string {
  if (typeof item === 'string') return foldCase(item);
  return 'TagKey' in item ? item.TagKey : `${foldCase(item.PolicyName)}/${item.PolicyType}`;
}

/** Returns the items of a list that another list does not have. */
export function withoutItems<T extends ListItem>(items: T[], others: T[]): T[] {
  const keys = new Set(others.map(itemKey));
  return items.filter((item) => !keys.has(itemKey(item)));
}

/** A tag gets the wanted value. A group and a policy keep their present spelling. */
function mergeLists(before: unknown, wanted: unknown, exact: boolean): ListItem[] {
  const present = new Map((before as ListItem[]).map((item) => [itemKey(item), item]));
  const merged = new Map(exact ? [] : present);
  for (const item of wanted as ListItem[]) {
    const key = itemKey(item);
    const isTag = typeof item !== 'string' && 'TagKey' in item;
    merged.set(key, isTag ? item : (present.get(key) ?? item));
  }
  return [...merged].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, item]) => item);
}

/** Documents with the same meaning are equal: white space and the order of members make no difference. */
function isSameDocument(before: unknown, wanted: unknown): boolean {
  if (before === null) return false;
  try {
    return toComparable(JSON.parse(String(before))) === toComparable(JSON.parse(String(wanted)));
  } catch {
    return before === wanted;
  }
}

/** Returns a text that is the same for values that differ only in the order of their members. */
function toComparable(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([left], [right]) => (left < right ? -1 : 1)))
      : member,
  );
}
