import type { CST } from 'yaml';
import { Failure, nullIfCode, type Problem } from '../core/failure.ts';
import type { JsonNode } from '../core/json.ts';
import { QUOTAS } from '../core/quotas.ts';

/** One user of a file. */
export interface UserRow {
  UserName: string;
  DisplayName?: string;
  Comments?: string;
  Email?: string;
  MobilePhone?: string;
  Console: boolean;
  AccessKey: boolean;
  Password?: string;
  PasswordReset?: boolean;
  MFA?: boolean;
  Groups: string[];
  Policies: string[];
}

/** The users whose records are fine, and what is wrong with the others. */
export interface ParsedRows {
  rows: { Row: number; user: UserRow }[];
  problems: Problem[];
}

type Column = keyof UserRow;
const LOGON_COLUMNS = ['Password', 'PasswordReset', 'MFA'] as const;
const TEXT_COLUMNS: Column[] = ['UserName', 'DisplayName', 'Comments', 'Email', 'MobilePhone'];
const COLUMNS: Column[] = [...TEXT_COLUMNS, 'Console', 'AccessKey', ...LOGON_COLUMNS, 'Groups', 'Policies'];

const BOOLEAN_WORDS = { true: true, false: false, yes: true, no: false, 1: true, 0: false };
const FLAG_VALUES = new Map(Object.entries(BOOLEAN_WORDS));
const REQUIREMENT_VALUES = new Map(Object.entries({ required: true, 'not-required': false, ...BOOLEAN_WORDS }));
const ALLOWED_VALUES: Partial<Record<Column, typeof FLAG_VALUES>> = {
  Console: FLAG_VALUES,
  AccessKey: FLAG_VALUES,
  PasswordReset: REQUIREMENT_VALUES,
  MFA: REQUIREMENT_VALUES,
};

/** Bounds far above what a full account needs: parsing takes memory many times the size of the text. */
const MAX_TEXT_LENGTH = QUOTAS.Users * 2048;
const MAX_LINES = QUOTAS.Users * 40;
/** Words, blanks, signs and line ends of YAML, of which a user with long lists has some 250. */
const MAX_YAML_LEXEMES = QUOTAS.Users * 400;
const MAX_REPORTED_ERRORS = 50;
/** A stack that overflows inside a parser can end the process. */
const MAX_DEPTH = 50;

/** An object, its members in the order of the file: none hides another, and no name can reach a prototype. */
type RecordFields = Set<[name: string, value: unknown]>;

/** A record before its values are looked at; text says why it is none. */
interface RowDraft {
  Row: number;
  record: RecordFields | string;
}

type FormatReader = (text: string) => Promise<{ drafts: RowDraft[]; problems?: Problem[] }>;
const FORMAT_READERS = {
  csv: readCsvRows,
  json: readJsonRows,
  jsonl: readJsonLines,
  ndjson: readJsonLines,
  yaml: readYamlRows,
  yml: readYamlRows,
};

/**
 * Rows of users from the text of a file. `name` is the file's name, whose extension tells the format (.csv, .json,
 * .jsonl, .ndjson, .yaml, .yml); for anything else (stdin `-`) the text itself does. A record with a problem is not
 * among the rows.
 * @throws Failure `refused`: `MalformedFile` when the text as a whole is not in its format or holds no users,
 * `LimitExceeded.User`
 */
export async function parseUserRows(text: string, name: string): Promise<ParsedRows> {
  if (text.length > MAX_TEXT_LENGTH) throw tooManyUsersFailure();
  const plain = text.replace(/^\ufeff/, '');
  const { drafts, problems = [] } = await selectReader(plain.trimStart(), name)(plain).catch(rethrowDepthError);
  if (drafts.length === 0) throw malformedFileFailure('the file holds no users');
  if (drafts.length > QUOTAS.Users) throw tooManyUsersFailure();
  const rows: ParsedRows['rows'] = [];
  const found = [...problems];
  for (const { Row, record } of drafts) {
    const { user, wrong } = parseUserRow(record);
    for (const problem of wrong) found.push({ ...problem, Row });
    if (wrong.length === 0) rows.push({ Row, user });
  }
  return { rows, problems: found };
}

function malformedFileFailure(message: string): Failure {
  return new Failure('refused', 'MalformedFile', message);
}

function tooManyUsersFailure(): Failure {
  const message = `an account holds at most ${QUOTAS.Users} users, the file is larger`;
  return new Failure('refused', 'LimitExceeded.User', message);
}

function rethrowDepthError(error: unknown): never {
  throw error instanceof RangeError ? malformedFileFailure('the file is nested too deeply') : error;
}

function selectReader(text: string, name: string): FormatReader {
  if (text === '') return readCsvRows;
  const extension = /\.(csv|jsonl?|ndjson|ya?ml)$/i.exec(name)?.[1]?.toLowerCase();
  if (extension) return FORMAT_READERS[extension as keyof typeof FORMAT_READERS];
  if (text.startsWith('[')) return readJsonRows;
  if (text.startsWith('{')) return readJsonLines;
  const [first = ''] = /^[ \t]*[^#\s].*/m.exec(text) ?? [];
  return /^(---|-$|- )/.test(first.trim()) ? readYamlRows : readCsvRows;
}

function parseUserRow(record: RecordFields | string): { user: UserRow; wrong: Problem[] } {
  const user: UserRow = { UserName: '', Console: false, AccessKey: false, Groups: [], Policies: [] };
  if (typeof record === 'string') return { user, wrong: [{ Code: 'MalformedRow', Message: record }] };
  const wrong = findColumnProblems(Array.from(record, ([name]) => name));
  for (const [name, value] of record) {
    const column = findColumn(name);
    if (!column || value === null || value === '') continue;
    const words = ALLOWED_VALUES[column];
    const found = words ? words.get(toKeyword(value)) : parseTextValue(column, value);
    const must = words
      ? `be one of ${[...words.keys()].join(', ')}`
      : 'be text, in quotes if it looks like another thing';
    if (found === undefined) wrong.push(columnProblem(column, `must ${must}`));
    else Object.assign(user, { [column]: found });
  }
  const isFine = (column: Column) => !wrong.some(({ Field }) => Field === column);
  if (user.UserName === '' && isFine('UserName')) wrong.push(columnProblem('UserName', 'is required'));
  if (!user.Console && isFine('Console')) {
    const idle = LOGON_COLUMNS.filter((column) => user[column] !== undefined);
    wrong.push(...idle.map((column) => columnProblem(column, 'is given, but Console is false')));
  }
  return { user, wrong };
}

function columnProblem(column: Column, complaint: string): Problem {
  return { Code: `InvalidParameter.${column}`, Message: `${column} ${complaint}`, Field: column };
}

function findColumn(name: string): Column | undefined {
  return COLUMNS.find((column) => column.toLowerCase() === name.trim().toLowerCase());
}

/** What is wrong with the names of columns or members: unknown ones, and those that stand there again. */
function findColumnProblems(names: string[]): Problem[] {
  const columns = names.map(findColumn);
  return names.slice(0, MAX_REPORTED_ERRORS).flatMap((name, index) => {
    const column = columns[index];
    if (column) return columns.indexOf(column) === index ? [] : [columnProblem(column, 'stands there twice')];
    const Field = name.length > 64 ? `${name.slice(0, 64)}…` : name;
    return [{ Code: 'UnknownColumn', Message: `"${Field}" is none of ${COLUMNS.join(', ')}`, Field }];
  });
}

function toKeyword(value: unknown): string {
  return typeof value === 'object' ? '' : String(value).trim().toLowerCase();
}

/** The text of a column, for some a list; undefined when the value is something else. */
function parseTextValue(column: Column, value: unknown): string | string[] | undefined {
  if (column !== 'Groups' && column !== 'Policies') return typeof value === 'string' ? value : undefined;
  const names: unknown = typeof value === 'string' ? value.split(';') : value;
  if (!Array.isArray(names) || !names.every((name) => typeof name === 'string')) return undefined;
  return names.map((name) => name.trim()).filter((name) => name !== '');
}

function toRowDrafts(values: unknown[]): { drafts: RowDraft[] } {
  const wrong = 'the record is not an object with members';
  return { drafts: values.map((value, index) => ({ Row: index + 1, record: value instanceof Set ? value : wrong })) };
}

async function readJsonRows(text: string) {
  return toRowDrafts([await parseJsonText(text)].flat());
}

/** One JSON value, or one on each line. */
async function readJsonLines(text: string) {
  const whole = await nullIfCode(parseJsonText(text), 'MalformedFile');
  if (whole !== null) return toRowDrafts([whole].flat());
  const values: unknown[] = [];
  for (const [line] of text.matchAll(/[^\r\n]+/g)) {
    if (line.trim() !== '') values.push(await nullIfCode(parseJsonText(line), 'MalformedFile'));
    if (values.length > QUOTAS.Users) throw tooManyUsersFailure();
  }
  return toRowDrafts(values);
}

/** @throws Failure `refused` (`MalformedFile`), RangeError */
async function parseJsonText(text: string): Promise<unknown> {
  const json = await import('../core/json.ts');
  const found = json.readJson(text);
  if ('root' in found) return convertJsonNode(found.root);
  throw malformedFileFailure(`${found.mistake.message} (${formatPosition(text, found.mistake.offset)})`);
}

function convertJsonNode({ type, value, children = [] }: JsonNode): unknown {
  if (type === 'array') return children.map(convertJsonNode);
  if (type !== 'object') return value;
  return new Set(children.map(({ children: [key, member] = [] }) => [key?.value, member && convertJsonNode(member)]));
}

function formatPosition(text: string, offset = 0): string {
  const lines = text.slice(0, offset).split('\n');
  return `line ${lines.length}, column ${(lines.at(-1) ?? '').length + 1}`;
}

async function readYamlRows(text: string) {
  const { Composer, isAlias, isMap, isScalar, isSeq, Lexer, Parser } = await import('yaml');
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  let lexemes = 0;
  for (const lexeme of new Lexer().lex(text)) {
    tokens.push(...parser.next(lexeme));
    lexemes += 1;
    if (lexemes > MAX_YAML_LEXEMES) throw tooManyUsersFailure();
    if (parser.stack.length > MAX_DEPTH) throw new RangeError();
  }
  tokens.push(...parser.end());
  const plain = (node: unknown): unknown => {
    // A few aliases of aliases make a list that fills the memory.
    if (isAlias(node))
      throw malformedFileFailure(`aliases are not followed (${formatPosition(text, node.range?.[0])})`);
    if (isSeq(node)) return node.items.map(plain);
    if (isMap(node)) return new Set(node.items.map(({ key, value }) => [String(plain(key)), plain(value)]));
    return isScalar(node) ? node.value : null;
  };
  const values: unknown[] = [];
  for (const { errors, warnings, contents } of new Composer({ uniqueKeys: false }).compose(tokens)) {
    const error = errors[0] ?? warnings[0];
    if (error) throw malformedFileFailure(`this is not YAML that can be read (${formatPosition(text, error.pos[0])})`);
    const root = plain(contents);
    if (root !== null) for (const value of [root].flat()) values.push(value);
  }
  return toRowDrafts(values);
}

async function readCsvRows(text: string) {
  const [header, ...records] = await parseCsvRecords(text);
  if (!header) return { drafts: [] };
  const columns = header.cells.map(findColumn);
  if (!columns.includes('UserName')) {
    throw malformedFileFailure(`the first line must name columns, UserName at least: ${COLUMNS.join(', ')}`);
  }
  const known = [...new Set(columns)].filter((column) => column !== undefined);
  const drafts = records.map(({ Row, cells }): RowDraft => {
    const wrong = cells.length !== columns.length && `${cells.length} cells under ${columns.length} columns`;
    return { Row, record: wrong || new Set(known.map((column) => [column, cells[columns.indexOf(column)]])) };
  });
  return { drafts, problems: findColumnProblems(header.cells).map((problem) => ({ ...problem, Row: header.Row })) };
}

/** The records of a CSV file that are not blank, each with the line on which it begins. */
async function parseCsvRecords(text: string): Promise<{ Row: number; cells: string[] }[]> {
  const { CsvError, parse } = await import('csv-parse/sync');
  const bytes = Buffer.from(text);
  const [head = ''] = text.trimStart().split(/[\r\n]/, 1);
  const delimiter = [',', ';', '\t'].find((character) => head.includes(character)) ?? ',';
  const records: { Row: number; cells: string[] }[] = [];
  let [Row, seen] = [1, 0];
  // The parser's own count of lines takes a CRLF inside quotes for two.
  const on_record = (cells: string[], { bytes: end }: { bytes: number }) => {
    if (cells.some((cell) => cell.trim() !== '')) records.push({ Row, cells });
    if (Row > MAX_LINES) throw tooManyUsersFailure();
    Row += bytes.toString('utf8', seen, end).match(/\r\n?|\n/g)?.length ?? 0;
    seen = end;
    return null;
  };
  try {
    parse(bytes, { delimiter, record_delimiter: ['\r\n', '\n', '\r'], relax_column_count: true, on_record });
    return records;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw malformedFileFailure(
      `quotes are not in pairs, or not around a whole cell, in the record that begins on line ${Row}`,
    );
  }
}
