import { fields, list } from './layout.ts';
import { isObject } from './plain.ts';
import type { Style } from './style.ts';

/** What a query left over, whatever its shape: a bare value stands alone, so that a shell can use it. */
export function anything(value: unknown, style: Style): string {
  if (isObject(value))
    return fields(
      Object.entries(value).map(([name, member]) => [name, inline(member)]),
      style,
    );
  if (!Array.isArray(value)) return inline(value);
  if (!value.every(isObject)) return value.map(inline).join('\n');
  const columns = [...new Set(value.flatMap((row) => Object.keys(row)))];
  return list(
    columns,
    value.map((row) => columns.map((column) => inline(row[column]))),
    style,
    '',
  );
}

function inline(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
