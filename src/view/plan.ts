import type { MadeChange } from '../core/description/make-changes.ts';
import { type ListItem, withoutItems } from '../core/description/plan.ts';
import { isObject } from '../core/is-object.ts';
import { stripUnsafeCharacters } from '../core/unsafe-characters.ts';
import type { View } from './format.ts';
import { renderSecrets } from './imported-users.ts';
import { compareDocuments } from './statement-diff.ts';
import type { Style } from './style.ts';

interface PlanOptions {
  /** Whether the changes were made. */
  isMade?: boolean;
  /** The sink to which secrets were delivered; absent for stdout and without secrets. */
  destination?: string | undefined;
}

const DOCUMENTS = ['PolicyDocument', 'AssumeRolePolicyDocument'];

/** How actions are shown: `2 to create` in a plan, `2 created` after it was made. */
const ACTIONS = {
  create: { sign: '+', colour: 'green', made: 'created', verb: 'create' },
  update: { sign: '~', colour: 'yellow', made: 'changed', verb: 'change' },
  delete: { sign: '-', colour: 'red', made: 'deleted', verb: 'delete' },
} as const;

/** Shows a plan as Terraform does: the changes with their members, then the number of changes and the new secrets. */
export function planView({ isMade = false, destination }: PlanOptions = {}): View<MadeChange[]> {
  const view = (changes: MadeChange[], style: Style) => {
    if (changes.length === 0) return style.colour.dim('no changes');
    const sections = [changes.map((change) => renderChange(change, style)).join('\n'), countChanges(changes, isMade)];
    const users = changes
      .filter(({ Password, AccessKey }) => Password !== undefined || AccessKey?.AccessKeySecret !== undefined)
      .map(({ Name, ...secrets }) => ({ UserName: Name, ...secrets }));
    if (users.length > 0) {
      sections.push(renderSecrets(users, style));
      sections.push(style.colour.yellow('Secrets are shown only once. Store them now.'));
    }
    if (destination) sections.push(`The secrets were written to ${destination}`);
    return sections.join('\n\n');
  };
  return Object.assign(view, {
    fields: { Kind: 'Kind', Name: 'Name', Action: 'Action', Members: listMembers },
    members: ['Kind', 'Name', 'Action', 'Before', 'After'],
  });
}

function listMembers({ Before, After }: MadeChange): string[] {
  return Object.keys(After ?? Before ?? {});
}

/** Shows a change on one line if it has one value, otherwise with one line for each value. */
function renderChange({ Kind, Name, Action, Before, After }: MadeChange, style: Style): string {
  const { sign, colour } = ACTIONS[Action];
  const heading = style.colour[colour](`${sign} ${Kind.toLowerCase()} ${stripUnsafeCharacters(Name)}`);
  const lines = Action === 'delete' ? [] : describeMembers(Before ?? {}, After ?? {}, style);
  const [only = ''] = lines;
  if (Action === 'update' && lines.length === 1) return `${heading}  ${only}`;
  return [heading, ...lines.map((line) => `    ${line}`)].join('\n');
}

/** Returns the lines for the members that change, also those of a nested object. */
function describeMembers(before: object, after: object, style: Style, path = ''): string[] {
  const presentOf = (member: string) => (before as Record<string, unknown>)[member];
  return Object.entries(after).flatMap(([member, value]): string[] => {
    const label = path + member;
    const present = presentOf(member);
    if (DOCUMENTS.includes(member)) return describeDocument(label, present, value, style);
    if (Array.isArray(value)) return [`${label}: ${describeItems(present as ListItem[] | undefined, value, style)}`];
    if (isObject(value)) return describeMembers(isObject(present) ? present : {}, value, style, `${label}.`);
    if (present === value) return [];
    const isNew = present === undefined || present === null;
    return [`${label}: ${isNew ? '' : `${formatValue(present)} \u2192 `}${formatValue(value)}`];
  });
}

function describeDocument(label: string, before: unknown, after: unknown, { colour }: Style): string[] {
  const { removed, added } = compareDocuments(before, after);
  if (removed.length + added.length === 0) return [`${label}: changed`];
  const lines = [
    ...removed.map((statement) => colour.red(`  - ${stripUnsafeCharacters(statement)}`)),
    ...added.map((statement) => colour.green(`  + ${stripUnsafeCharacters(statement)}`)),
  ];
  return [`${label}:`, ...lines];
}

/** Returns the items of a new list, or what is added to and removed from a list. */
function describeItems(before: ListItem[] | undefined, after: ListItem[], { colour }: Style): string {
  if (!before) return after.map(formatItem).join(', ');
  const kept = new Set(before.map(formatItem));
  const added = after.filter((item) => !kept.has(formatItem(item)));
  return [
    ...withoutItems(before, after).map((item) => colour.red(`-${formatItem(item)}`)),
    ...added.map((item) => colour.green(`+${formatItem(item)}`)),
  ].join(', ');
}

function formatItem(item: ListItem): string {
  if (typeof item === 'string') return item;
  return 'TagKey' in item ? `${item.TagKey}=${item.TagValue}` : item.PolicyName;
}

function formatValue(value: unknown): string {
  if (isObject(value)) return String(value.Status);
  if (typeof value === 'string' && value !== '') return `"${stripUnsafeCharacters(value)}"`;
  return value === null || value === '' ? 'none' : String(value);
}

function countChanges(changes: MadeChange[], isMade: boolean): string {
  const counts = Object.entries(ACTIONS).map(([action, { made, verb }]) => {
    const count = changes.filter(({ Action }) => Action === action).length;
    return isMade ? `${count} ${made}` : `${count} to ${verb}`;
  });
  return `${isMade ? 'Changes' : 'Plan'}: ${counts.join(', ')}.`;
}
