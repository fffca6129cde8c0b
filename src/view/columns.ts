import { Failure } from '../core/failure.ts';
import { isObject } from '../core/is-object.ts';
import { foldSpelling } from '../core/spelling.ts';
import { formatInline } from './any-value.ts';
import { type Cell, renderFields, renderList, type TableColumn } from './layout.ts';
import { memberNames } from './printable-data.ts';
import type { Style } from './style.ts';

/** What a view declares about the columns of its result. */
export interface ViewColumns {
  /** The fields that the view shows, by label. */
  fields?: Record<string, CellSource>;
  /** The members of each record of a list, in their order. They are the CSV header of an empty list. */
  members?: readonly string[];
}

/** The member that a cell shows as it is, or a function that returns the content and may know its member. */
type CellSource = string | (((record: never, style: Style) => Cell) & { member?: string });

/** A column that `--columns` can name by its heading or by its member. A computed column has no member. */
interface Column extends TableColumn {
  member: string | undefined;
  read(record: Record<string, unknown>, style: Style): Cell;
}

/** The members that hold text which people read and do not copy. */
const FREE_TEXT_MEMBERS = ['DisplayName', 'Comments', 'Description', 'Actor', 'Command', 'Summary'];

function isFreeText(member = ''): boolean {
  return FREE_TEXT_MEMBERS.includes(member);
}

/** Returns a column of a view. A table that is too wide for the terminal shortens columns of free text. */
export function toColumn(heading: string, source: CellSource): Column {
  if (typeof source === 'function') {
    const read = (record: object, style: Style) => source(record as never, style);
    return { heading, member: source.member, isFreeText: isFreeText(source.member), read };
  }
  return { heading, member: source, isFreeText: isFreeText(source), read: (record) => record[source] as Cell };
}

/**
 * Returns a result with only the members that `names` choose, in this order, and these members. A member that a record
 * does not have is null.
 * @throws Failure `usage` if the result has no such member
 */
export function selectMembers(names: string[], view: ViewColumns, value: unknown) {
  const columns = listColumns(view, value).filter(({ member }) => member !== undefined);
  const members = findColumns(names, columns, value).map(({ member = '' }) => member);
  const select = (record: unknown) =>
    isObject(record) ? Object.fromEntries(members.map((member) => [member, record[member] ?? null])) : record;
  return { data: Array.isArray(value) ? value.map(select) : select(value), members };
}

/**
 * Returns a table of the columns that `names` choose, in this order; for a single record a line for each. Undefined for
 * an empty result.
 * @throws Failure `usage` if the result has no such column
 */
export function renderColumns(names: string[], view: ViewColumns, value: unknown, style: Style): string | undefined {
  const columns = findColumns(names, listColumns(view, value), value);
  if (isEmpty(value)) return undefined;
  const read = (record: unknown) => columns.map((column) => (isObject(record) ? column.read(record, style) : null));
  if (Array.isArray(value)) return renderList(columns, value.map(read), style, '');
  const cells = read(value);
  return renderFields(
    columns.map(({ heading }, index) => [heading, cells[index]]),
    style,
  );
}

/** Returns the fields of the view, and a column for each member of the result that no field shows. */
function listColumns(view: ViewColumns, value: unknown): Column[] {
  const { fields = {}, members: declared = [] } = view;
  const members = new Set([...declared, ...memberNames([value].flat().filter(isObject))]);
  const columns = Object.entries(fields).map(([label, source]) => {
    const column = toColumn(label, source);
    return { ...column, member: column.member ?? [...members].find((member) => isSameName(member, label)) };
  });
  for (const { member } of columns) members.delete(member ?? '');
  return columns.concat(
    Array.from(members, (member) => ({
      heading: member,
      member,
      // A query can give any name to a secret, which must not be cut.
      isFreeText: declared.includes(member) && isFreeText(member),
      read: (record) => formatMember(record[member]),
    })),
  );
}

function findColumns(names: string[], columns: Column[], value: unknown): Column[] {
  if (columns.length === 0 && isEmpty(value)) return [];
  return names.map((name) => {
    const column =
      columns.find(({ member }) => member !== undefined && isSameName(member, name)) ??
      columns.find(({ heading }) => isSameName(heading, name));
    if (column) return column;
    const allowed = columns.map(({ heading, member }) => member ?? heading).join(', ');
    const message = `--columns "${name}" is not a column of the result; ${allowed ? `allowed: ${allowed}` : 'it has none'}`;
    throw new Failure('usage', 'Usage', message, { Field: '--columns' });
  });
}

/** Names are equal regardless of case, spaces, `_` and `-`. */
function isSameName(left: string, right: string): boolean {
  return foldSpelling(left) === foldSpelling(right);
}

function isEmpty(value: unknown): boolean {
  return value === null || (Array.isArray(value) && value.length === 0);
}

function formatMember(value: unknown): Cell {
  return typeof value === 'boolean' || value === null ? value : formatInline(value);
}
