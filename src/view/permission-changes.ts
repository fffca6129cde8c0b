import { isFailure } from '../core/failure.ts';
import type { Permission, PermissionChange, SingleCondition } from '../core/policy/difference.ts';
import {
  compareIdentities,
  type Identity,
  type IdentityChanges,
  type IdentityPolicies,
} from '../core/workflows/permission-difference.ts';
import type { View } from './format.ts';
import { wrapText } from './layout.ts';

/** The items of a list that are named. The others are counted. */
const MAX_ITEMS = 4;
/** The start of the other lines of a change that takes several lines. */
const INDENT = '  ';

/**
 * Returns a line for each change of permissions, as "alice gains oss:* on every resource (AliyunOSSFullAccess)". Users with
 * the same change share a line. An identity that only one side has has no policies on the other side. Returns undefined if
 * the policies are too complex to be compared.
 */
export function describePermissionChanges(before: IdentityPolicies[], after: IdentityPolicies[]): string[] | undefined {
  try {
    return describeIdentityChanges(compareIdentities(before, after));
  } catch (error) {
    if (isFailure(error)) return undefined;
    throw error;
  }
}

/** Returns the lines for these changes: full access first, because a remark shows only a few lines. */
function describeIdentityChanges(identities: IdentityChanges[]): string[] {
  const lines = new Map<string, { kind: IdentityKind; verb: Verb; change: string; names: string[] }>();
  const fullAccessFirst = identities.toSorted((left, right) => right.fullAccess.length - left.fullAccess.length);
  for (const { identity, changes, fullAccess } of fullAccessFirst) {
    const [kind, name] = readIdentity(identity);
    const shown = fullAccess.length > 0 ? changes.filter(({ Change }) => Change === 'Lost') : changes;
    const sentences = shown.map(({ Change, ...change }): [Verb, string] => [
      VERBS[Change],
      describeChange({ Change, ...change }),
    ]);
    if (fullAccess.length > 0) {
      sentences.unshift([['may now do', 'may now do'], `everything in this account (${fullAccess.join(', ')})`]);
    }
    for (const [verb, change] of sentences) {
      const key = JSON.stringify([kind, verb, change]);
      const line = lines.get(key) ?? { kind, verb, change, names: [] };
      line.names.push(name);
      lines.set(key, line);
    }
  }
  return Array.from(lines.values(), ({ kind, verb: [singular, plural], change, names }) => {
    const [name = ''] = names;
    if (names.length === 1)
      return `${KINDS[kind].describe(name)} ${kind === 'GroupName' ? plural : singular} ${change}`;
    return `${names.length} ${KINDS[kind].plural} ${plural} ${change}: ${joinItems(names, MAX_ITEMS)}`;
  });
}

/** A row of a policy comparison. Without a name, the policy is not attached, and the row compares the documents. */
type PolicyDifference = Partial<Record<'UserName' | 'GroupName' | 'RoleName', string>> & PermissionChange;

const MEMBERS = [
  'UserName',
  'GroupName',
  'RoleName',
  'Change',
  'Actions',
  'Resources',
  'Conditions',
  'Except',
  'Effect',
  'PolicyName',
  'PolicyType',
  'DocumentSource',
];

/** Returns the result of `policy diff` and its view. */
export function comparePolicyView(identities: IdentityChanges[]): [View<PolicyDifference[]>, PolicyDifference[]] {
  const rows = identities.flatMap(({ identity, changes }) => changes.map((change) => ({ ...identity, ...change })));
  const lines = describeIdentityChanges(identities);
  const view: View<PolicyDifference[]> = (_, { width }) =>
    lines.length === 0
      ? 'no permissions are gained or lost'
      : lines
          .flatMap((line) =>
            wrapText(line, width - INDENT.length).map((part, index) => (index === 0 ? '' : INDENT) + part),
          )
          .join('\n');
  return [Object.assign(view, { members: MEMBERS }), rows];
}

/** The forms for one and for several. */
type Verb = [singular: string, plural: string];
const VERBS: Record<PermissionChange['Change'], Verb> = { Gained: ['gains', 'gain'], Lost: ['loses', 'lose'] };

type IdentityKind = keyof typeof KINDS;
const KINDS = {
  UserName: { describe: (name: string) => name, plural: 'users' },
  GroupName: { describe: (name: string) => `the members of the group ${name}`, plural: 'groups' },
  RoleName: { describe: (name: string) => `the role ${name}`, plural: 'roles' },
  Document: { describe: () => 'the document', plural: 'documents' },
};

function readIdentity(identity: Identity): [IdentityKind, string] {
  const [[kind, name] = ['Document', '']] = Object.entries(identity);
  return [kind as IdentityKind, name];
}

function describeChange({
  Change,
  Effect,
  PolicyName,
  DocumentSource,
  Except = [],
  ...permission
}: PermissionChange): string {
  const denial = Change === 'Lost' ? 'denied by ' : 'no longer denied by ';
  const cause = `${Effect === 'Deny' ? denial : ''}${PolicyName}${DocumentSource ? `, ${DocumentSource}` : ''}`;
  const exceptions = Except.length > 0 ? `, except ${joinItems(Except.map(describeException), MAX_ITEMS, '; ')}` : '';
  return `${describeActions(permission)} on ${describeResources(permission)}${describeConditions(permission)}${exceptions} (${cause})`;
}

/** Leaves out actions and resources that are those of the change. */
function describeException(exception: Permission): string {
  const actions = isEvery(exception.Actions) ? '' : describeActions(exception);
  const resources = isEvery(exception.Resources) ? '' : ` on ${describeResources(exception)}`;
  return `${actions}${resources}${describeConditions(exception)}`.trim();
}

function describeActions({ Actions }: Permission): string {
  return isEvery(Actions) ? 'every action' : joinItems(Actions, MAX_ITEMS);
}

function describeResources({ Resources }: Permission): string {
  return isEvery(Resources) ? 'every resource' : joinItems(Resources, MAX_ITEMS);
}

function isEvery(patterns: string[]): boolean {
  return patterns.length === 1 && patterns[0] === '*';
}

function describeConditions({ Conditions = [] }: Permission): string {
  return Conditions.length > 0 ? ` when ${Conditions.map(describeCondition).join(' and ')}` : '';
}

/** Operators that are easier to read as words. The others are shown as they are, after the key. */
const OPERATOR_WORDS: Record<string, string> = {
  Bool: 'is',
  StringEquals: 'is',
  StringLike: 'is like',
  NumericEquals: 'is',
  DateEquals: 'is',
  IpAddress: 'is in',
};

/** As "acs:SourceIp is in 192.0.2.0/24 or 198.51.100.0/24". */
function describeCondition(condition: SingleCondition): string {
  return Object.entries(condition)
    .flatMap(([operator, keys]) =>
      Object.entries(keys).map(
        ([key, values]) =>
          `${key} ${OPERATOR_WORDS[operator] ?? operator} ${joinItems(values.map(quoteValue), MAX_ITEMS, ' or ')}`,
      ),
    )
    .join(' and ');
}

function quoteValue(value: string): string {
  return /^[^\s",;()]+$/.test(value) ? value : JSON.stringify(value);
}

function joinItems(items: string[], max: number, separator = ', '): string {
  if (items.length <= max) return items.join(separator);
  const conjunction = separator === ' or ' ? 'or' : 'and';
  return `${items.slice(0, max).join(separator)} ${conjunction} ${items.length - max} more`;
}
