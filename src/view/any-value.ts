import { isObject } from '../core/is-object.ts';
import { type Field, renderFields, renderList } from './layout.ts';
import { memberNames } from './printable-data.ts';
import type { Style } from './style.ts';

/** Shows any value, such as the result of a query. A bare value is shown without a label, so that a shell can use it. */
export function anyValueView(value: unknown, style: Style): string {
  if (isObject(value)) {
    const fields = Object.entries(value).map(([name, member]): Field => [name, formatInline(member)]);
    return renderFields(fields, style);
  }
  if (!Array.isArray(value)) return formatInline(value);
  if (!value.every(isObject)) return value.map(formatInline).join('\n');
  const members = memberNames(value);
  const rows = value.map((record) => members.map((member) => formatInline(record[member])));
  const headings = members.map((heading) => ({ heading }));
  return renderList(headings, rows, style, '');
}

/** Returns a value on one line: objects and lists as JSON. */
export function formatInline(value: unknown): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value ?? '');
}
