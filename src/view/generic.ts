import { renderFields, renderList } from './layout.ts';
import { isObject } from './plain-data.ts';
import type { Style } from './style.ts';

/** What a query left over, whatever its shape: a bare value stands alone, so that a shell can use it. */
export function genericView(value: unknown, style: Style): string {
  if (isObject(value))
    return renderFields(
      Object.entries(value).map(([name, member]) => [name, formatInline(member)]),
      style,
    );
  if (!Array.isArray(value)) return formatInline(value);
  if (!value.every(isObject)) return value.map(formatInline).join('\n');
  const columns = [...new Set(value.flatMap((row) => Object.keys(row)))];
  return renderList(
    columns,
    value.map((row) => columns.map((column) => formatInline(row[column]))),
    style,
    '',
  );
}

function formatInline(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
