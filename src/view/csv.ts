import { stringify } from 'csv-stringify/sync';
import { isObject } from '../core/is-object.ts';
import type { Credential } from './credentials.ts';
import { memberNames } from './printable-data.ts';

/**
 * Returns any result as CSV with a header row. Nested members have columns such as `LoginProfile.Status`; items of lists
 * are joined by `;`. Cells that a spreadsheet would run as a formula get an apostrophe in front. An empty list
 * has only a header of `emptyListColumns`.
 */
export function formatCsv(value: unknown, emptyListColumns: readonly string[] = []): string {
  const rows = [value ?? []].flat().map((row) => Object.fromEntries(flattenMembers(row)));
  return formatRows(rows.length === 0 ? emptyListColumns : memberNames(rows), rows);
}

/** Returns credentials with the columns of the file that the RAM console offers for download. */
export function credentialsCsv(credentials: Credential[]): string {
  return formatRows(['UserPrincipalName', 'Password', 'LogonUrl', 'AccessKeyId', 'AccessKeySecret'], credentials);
}

function formatRows(columns: readonly string[], rows: object[]): string {
  return columns.length === 0 ? '' : stringify(rows, { header: true, columns, escape_formulas: true });
}

function flattenMembers(value: unknown, path?: string): [column: string, text: string][] {
  if (!isObject(value)) return [[path ?? 'Value', formatCell(value)]];
  return Object.entries(value).flatMap(([name, member]) =>
    flattenMembers(member, path === undefined ? name : `${path}.${name}`),
  );
}

function formatCell(value: unknown): string {
  return Array.isArray(value) ? value.map(formatItem).join(';') : String(value ?? '');
}

/** Returns the name of an item, or the member that identifies it. */
function formatItem(value: unknown): string {
  if (!isObject(value)) return formatCell(value);
  if ('Kind' in value) return `${value.Kind} ${value.Name}`;
  if ('Message' in value) return `${value.Code}: ${value.Message}`;
  const names = Object.keys(value);
  const name = names.find((member) => member.endsWith('Name')) ?? names.find((member) => member.endsWith('Id'));
  return name === undefined ? JSON.stringify(value) : String(value[name]);
}
