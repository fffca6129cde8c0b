import type { Change, ChangedRecord, ChangeWithRecords } from '../core/history.ts';
import { isObject } from '../core/is-object.ts';
import { date, relativeTime } from './cells.ts';
import type { View } from './format.ts';
import { type Field, renderFields } from './layout.ts';
import { fieldsView, resultListView, sectionsView } from './record-views.ts';
import type { Style } from './style.ts';

const CHANGE_MEMBERS = ['ChangeId', 'Date', 'Actor', 'Command', 'Summary'];

/** A command line without the name of the program. */
const command = Object.assign(({ Command }: Change) => Command.replace(/^ramctl /, ''), { member: 'Command' });

export const changeListView = resultListView<Change>(
  'no changes',
  CHANGE_MEMBERS,
  {
    Change: 'ChangeId',
    Date: relativeTime('Date'),
    Actor: 'Actor',
    Command: command,
    Summary: 'Summary',
  },
  ['Actor', 'Command'],
);

const CHANGE_FIELDS = {
  Change: 'ChangeId',
  Date: date('Date'),
  Actor: 'Actor',
  Command: 'Command',
  Summary: 'Summary',
} as const;

type WithRecords = Pick<ChangeWithRecords, 'Records'>;

/** Shows the members of records that a change created (+), changed (~) or deleted (-). */
export const recordsView: View<WithRecords> = ({ Records }, style) =>
  Records.map((record) => renderRecord(record, style)).join('\n\n');

export const changeView = sectionsView<ChangeWithRecords & { CanUndo: boolean }>(
  fieldsView<ChangeWithRecords & { CanUndo: boolean }>({ ...CHANGE_FIELDS, 'Can be undone': 'CanUndo' }),
  recordsView,
);

/** Shows the change that an undo made. The question of the undo has shown its records. */
export const undoneView = fieldsView<ChangeWithRecords>(CHANGE_FIELDS);

const SIGNS = { created: '+', changed: '~', deleted: '-' };
const COLOURS = { created: 'green', changed: 'yellow', deleted: 'red' } as const;
const INDENT = '    ';

/** What happened to a value. `undefined` and `null`: it did not exist. */
function effectOf(before: unknown, after: unknown): keyof typeof SIGNS {
  if (before === undefined || before === null) return 'created';
  return after === undefined || after === null ? 'deleted' : 'changed';
}

function renderRecord({ Kind, Name, Before, After }: ChangedRecord, style: Style): string {
  const effect = effectOf(Before, After);
  const heading = style.colour[COLOURS[effect]](`${SIGNS[effect]} ${Kind} ${Name}`);
  const fields = compareMembers(Before ?? {}, After ?? {});
  if (fields.length === 0) return heading;
  const lines = renderFields(fields, { ...style, width: style.width - INDENT.length }).split('\n');
  return [heading, ...lines.map((line) => INDENT + line)].join('\n');
}

/** Returns a field for each member that differs, also in nested objects and in the items of lists. */
function compareMembers(before: object, after: object, path = ''): Field[] {
  return compareEntries(new Map(Object.entries(before)), new Map(Object.entries(after)), (name, left, right) => {
    if (isObject(left ?? right)) return compareMembers(left ?? {}, right ?? {}, `${path}${name}.`);
    if (Array.isArray(left ?? right)) return compareItems(left as [] | undefined, right as [] | undefined, path + name);
    return compareValues(name, path, left, right);
  });
}

/** Compares the items of two lists. The first member of an item is its name or its ID. */
function compareItems(before: object[] = [], after: object[] = [], path: string): Field[] {
  const index = (items: object[]) => new Map(items.map((item) => [String(Object.values(item)[0]), item]));
  return compareEntries(index(before), index(after), (name, left, right) => {
    if (left && right) return compareMembers(left, right, `${path}.${name}.`);
    const members = Object.entries(left ?? right ?? {}).slice(1);
    const values = members.map(([member, value]) => `${member} ${formatValue(member, value)}`);
    return [[`${SIGNS[effectOf(left, right)]} ${path}.${name}`, values.join(', ')]];
  });
}

/** Returns the fields that `compare` returns for the entries that differ. */
function compareEntries<T>(
  before: Map<string, T>,
  after: Map<string, T>,
  compare: (name: string, left: T | undefined, right: T | undefined) => Field[],
): Field[] {
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((name) => {
    const [left, right] = [before.get(name), after.get(name)];
    return JSON.stringify(left) === JSON.stringify(right) ? [] : compare(name, left, right);
  });
}

function compareValues(name: string, path: string, before: unknown, after: unknown): Field[] {
  const effect = effectOf(before, after);
  const label = `${SIGNS[effect]} ${path}${name}`;
  if (effect !== 'changed') return [[label, formatValue(name, before ?? after)]];
  // They differ in each change, or in each version of a policy.
  if (name === 'UpdateDate' || name === 'LatestVersion') return [];
  if (name === 'PasswordDate') return [[`${SIGNS[effect]} ${path}Password`, 'changed']];
  if (isDocument(name)) return [[label, 'changed']];
  return [[label, `${formatValue(name, before)} → ${formatValue(name, after)}`]];
}

/** A policy document is too long for a table. */
function isDocument(member: string): boolean {
  return member.endsWith('PolicyDocument');
}

function formatValue(member: string, value: unknown): string {
  return isDocument(member) ? `${String(value).length} characters` : JSON.stringify(value);
}
