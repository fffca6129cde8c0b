import type { MadeChange } from '../core/description/make-changes.ts';
import { type ListItem, withoutItems } from '../core/description/plan.ts';
import { isObject } from '../core/is-object.ts';
import type { View } from './format.ts';
import { renderSecrets } from './imported-users.ts';
import { type Field, renderFields } from './layout.ts';
import type { Style } from './style.ts';

interface PlanOptions {
  /** Whether the changes were made. */
  isMade?: boolean;
  /** The sink to which secrets were delivered; absent for stdout and without secrets. */
  destination?: string | undefined;
}

/** Members that are too long for a table. */
const DOCUMENTS = ['PolicyDocument', 'AssumeRolePolicyDocument'];

const SIGNS = { create: '+', update: '~', delete: '-' };
const COLOURS = { create: 'green', update: 'yellow', delete: 'red' } as const;

/** Shows a plan: one block for each change with its members, then the number of changes and the new secrets. */
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

function renderChange(change: MadeChange, style: Style): string {
  const { Kind, Name, Action } = change;
  const heading = `${SIGNS[Action]} ${Kind.toLowerCase()} ${Name}`;
  const fields = Action === 'delete' ? [] : describeMembers(change.Before ?? {}, change.After ?? {});
  const lines = fields.length === 0 ? [] : renderFields(fields, { ...style, width: style.width - 4 }).split('\n');
  return [style.colour[COLOURS[Action]](heading), ...lines.map((line) => `    ${line}`)].join('\n');
}

/** Returns a field for each member that changes, and for each member of a nested object. */
function describeMembers(before: object, after: object, path = ''): Field[] {
  const presentOf = (member: string) => (before as Record<string, unknown>)[member];
  return Object.entries(after).flatMap(([member, value]): Field[] => {
    const label = path + member;
    const present = presentOf(member);
    if (DOCUMENTS.includes(member))
      return [[label, present === undefined ? `${String(value).length} characters` : 'changed']];
    if (Array.isArray(value)) return [[label, describeItems(present as ListItem[] | undefined, value)]];
    if (isObject(value)) return describeMembers(isObject(present) ? present : {}, value, `${label}.`);
    if (present === value) return [];
    const isNew = present === undefined;
    return [[label, isNew ? formatValue(value) : `${formatValue(present)} -> ${formatValue(value)}`]];
  });
}

/** Returns the items of a new list, or what is added to and removed from a list. */
function describeItems(before: ListItem[] | undefined, after: ListItem[]): string {
  if (!before) return after.map(formatItem).join(', ');
  const kept = new Set(before.map(formatItem));
  const added = after.filter((item) => !kept.has(formatItem(item)));
  return [
    ...withoutItems(before, after).map((item) => `-${formatItem(item)}`),
    ...added.map((item) => `+${formatItem(item)}`),
  ].join(', ');
}

function formatItem(item: ListItem): string {
  if (typeof item === 'string') return item;
  return 'TagKey' in item ? `${item.TagKey}=${item.TagValue}` : item.PolicyName;
}

function formatValue(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return value === null || value === '' ? 'none' : String(value);
}

function countChanges(changes: MadeChange[], isMade: boolean): string {
  const counts = Object.keys(SIGNS).map((action) => {
    const count = changes.filter(({ Action }) => Action === action).length;
    return isMade ? `${count} ${action}d` : `${count} to ${action}`;
  });
  return `${isMade ? 'Changes' : 'Plan'}: ${counts.join(', ')}`;
}
