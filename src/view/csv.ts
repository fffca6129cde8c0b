import { stringify } from 'csv-stringify/sync';
import type { Credential } from './credentials.ts';
import { isObject } from './plain-data.ts';

/**
 * Any result as CSV with a header row: members of members are named `LoginProfile.Status`, lists are joined by `;`.
 * Cells that a spreadsheet would run are guarded with an apostrophe.
 */
export function formatCsv(value: unknown): string {
  const rows = (Array.isArray(value) ? value : value === null || value === undefined ? [] : [value]).map(flattenRow);
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return formatCsvRows(columns, rows);
}

function formatCsvRows(columns: string[], rows: Record<string, string>[]): string {
  if (columns.length === 0) return '';
  return stringify(rows, { header: true, columns, escape_formulas: true });
}

/** The columns of the file that the RAM console offers for download. */
export function credentialsCsv(credentials: Credential[]): string {
  const columns = ['UserPrincipalName', 'Password', 'LogonUrl', 'AccessKeyId', 'AccessKeySecret'];
  return formatCsvRows(columns, credentials.map((credential) => ({ ...credential })) as Record<string, string>[]);
}

function flattenRow(value: unknown): Record<string, string> {
  if (!isObject(value)) return { Value: formatCell(value) };
  const row: Record<string, string> = {};
  for (const [name, member] of Object.entries(value)) {
    if (isObject(member)) {
      for (const [inner, text] of Object.entries(flattenRow(member))) row[`${name}.${inner}`] = text;
    } else {
      row[name] = formatCell(member);
    }
  }
  return row;
}

function formatCell(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map(formatItem).join(';');
  return isObject(value) ? JSON.stringify(value) : String(value);
}

/** Of a thing in a list, what tells it from the others. */
function formatItem(value: unknown): string {
  if (!isObject(value)) return formatCell(value);
  if ('Kind' in value) return `${value.Kind} ${value.Name}`;
  if ('Message' in value) return `${value.Code}: ${value.Message}`;
  const [name] = [/Name$/, /Id$/].flatMap((ending) => Object.keys(value).filter((member) => ending.test(member)));
  return name === undefined ? JSON.stringify(value) : String(value[name]);
}
