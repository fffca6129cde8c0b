import type { View } from './format.ts';
import { type Cell, renderFields, renderList } from './layout.ts';
import type { Style } from './style.ts';

/** The labels of a view in their order, each with the member of the record it shows or a function that returns the text. */
export type Fields<T> = Record<string, CellMember<T> | ((record: T, style: Style) => Cell)>;

type CellMember<T> = { [Name in keyof T]-?: T[Name] extends Cell ? Name : never }[keyof T];

/**
 * Returns a view of one record, a line for each field. Undefined fields are left out; null is shown as a dash.
 * `secrets` are fields that are shown only once: if any of them is present, a warning follows.
 */
export function fieldsView<T>(fields: Fields<T>, secrets: Fields<T> = {}): View<T> {
  return (record, style) => {
    const presentFields = (from: Fields<T>) => readCells(from, record, style).filter(([, cell]) => cell !== undefined);
    const presentSecrets = presentFields(secrets);
    const text = renderFields([...presentFields(fields), ...presentSecrets], style);
    if (presentSecrets.length === 0) return text;
    return `${text}\n${style.colour.yellow('Secrets are shown only once. Store them now.')}`;
  };
}

/** Returns a view of a list of records, a row for each record. */
export function listView<T>(columns: Fields<T>, emptyText = ''): View<T[]> {
  return (records, style) =>
    renderList(
      Object.keys(columns),
      records.map((record) => readCells(columns, record, style).map(([, cell]) => cell)),
      style,
      emptyText,
    );
}

/** Returns a view that shows several views of the same value with an empty line between them. */
export function sectionsView<T>(...sections: View<T>[]): View<T> {
  return (value, style) =>
    sections
      .map((section) => section(value, style))
      .filter((text) => text !== '')
      .join('\n\n');
}

function readCells<T>(fields: Fields<T>, record: T, style: Style): [label: string, cell: Cell][] {
  return Object.entries(fields).map(([label, source]) => [
    label,
    typeof source === 'function' ? source(record, style) : (record[source] as Cell),
  ]);
}
