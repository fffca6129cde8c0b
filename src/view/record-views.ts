import { toColumn } from './columns.ts';
import type { View } from './format.ts';
import { type Cell, type Field, renderFields, renderList } from './layout.ts';
import type { Style } from './style.ts';

/** The labels of a view in their order, each with the member that it shows or a function that returns the content. */
type Fields<T> = Record<string, CellSource<T>>;

type CellSource<T> = CellMember<T> | ((record: T, style: Style) => Cell);

/** The members of a record that a cell can show as they are. */
type CellMember<T> = { [Name in keyof T & string]-?: T[Name] extends Cell ? Name : never }[keyof T & string];

/**
 * Returns a view of one record, with a line for each field. Undefined fields are left out; null is shown as a dash.
 * `secrets` are fields that are shown only once: if any of them is present, a warning follows.
 */
export function fieldsView<T>(fields: Fields<T>, secrets: Fields<T> = {}): View<T> {
  const view = (record: T, style: Style) => {
    const readFields = (sources: Fields<T>) =>
      Object.entries(sources)
        .map(([label, source]): Field => [label, readCell(source, record, style)])
        .filter(([, cell]) => cell !== undefined);
    const presentSecrets = readFields(secrets);
    const text = renderFields([...readFields(fields), ...presentSecrets], style);
    if (presentSecrets.length === 0) return text;
    return `${text}\n${style.colour.yellow('Secrets are shown only once. Store them now.')}`;
  };
  return Object.assign(view, { fields: { ...fields, ...secrets } });
}

/**
 * Returns a view of a list of records, with a row for each record, or with `emptyText` for an empty list. A table that is
 * too wide for the terminal leaves out the fields with the labels `optional`.
 */
export function listView<T>(emptyText: string, fields: Fields<T>, optional: string[] = []): View<T[]> {
  const columns = Object.entries(fields).map(([label, source]) => {
    return { ...toColumn(label, source), isOptional: optional.includes(label) };
  });
  const view = (records: T[], style: Style) => {
    const rows = records.map((record) => columns.map(({ read }) => read(record as Record<string, unknown>, style)));
    return renderList(columns, rows, style, emptyText);
  };
  return Object.assign(view, { fields });
}

/** Returns a list view for the result of a verb. `members` are all members of a record, in their order. */
export function resultListView<T>(
  emptyText: string,
  members: readonly string[],
  fields: Fields<T>,
  optional: string[] = [],
): View<T[]> {
  return Object.assign(listView(emptyText, fields, optional), { members });
}

/** Returns a view that shows several views of the same value with an empty line between them. */
export function sectionsView<T>(...sections: View<T>[]): View<T> {
  const view = (value: T, style: Style) => {
    const texts = sections.map((section) => section(value, style));
    return texts.filter((text) => text !== '').join('\n\n');
  };
  return Object.assign(view, { fields: Object.assign({}, ...sections.map(({ fields }) => fields)) });
}

/** Returns a view of fields that are shown only once. It shows nothing if none of them is present. */
export function secretsView<T>(secrets: Fields<T>): View<T> {
  return fieldsView({}, secrets);
}

function readCell<T>(source: CellSource<T>, record: T, style: Style): Cell {
  return typeof source === 'function' ? source(record, style) : (record[source] as Cell);
}
