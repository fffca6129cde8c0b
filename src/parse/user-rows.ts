import type { CST } from 'yaml';
import type { CreateUserInput } from '../core/directory.ts';
import { Failure, nullIfCode, type Problem } from '../core/failure.ts';
import type { JsonNode } from '../core/json.ts';
import { QUOTAS } from '../core/quotas.ts';

/** One user of a file. */
export interface UserRow extends CreateUserInput {
  Console: boolean;
  AccessKey: boolean;
  Password?: string;
  PasswordReset?: boolean;
  MFA?: boolean;
  Groups: string[];
  Policies: string[];
}

type Column = keyof UserRow;

interface ColumnType {
  /** Completes the sentence "<column> must be …". */
  expected: string;
  /** Returns undefined for an invalid value. */
  parse(value: unknown): string | string[] | boolean | undefined;
}

const TEXT: ColumnType = {
  expected: 'text; put it in quotes if it looks like a number, a boolean or a date',
  parse: (value) => (typeof value === 'string' ? value : undefined),
};
const NAME_LIST: ColumnType = { expected: 'a list of names, or text with ; between the names', parse: parseNameList };
const BOOLEAN_KEYWORDS = { true: true, false: false, yes: true, no: false, 1: true, 0: false };
const BOOLEAN = createKeywordType(BOOLEAN_KEYWORDS);
const REQUIREMENT = createKeywordType({ required: true, 'not-required': false, ...BOOLEAN_KEYWORDS });

const COLUMN_TYPES: Record<Column, ColumnType> = {
  UserName: TEXT,
  DisplayName: TEXT,
  Comments: TEXT,
  Email: TEXT,
  MobilePhone: TEXT,
  Console: BOOLEAN,
  AccessKey: BOOLEAN,
  Password: TEXT,
  PasswordReset: REQUIREMENT,
  MFA: REQUIREMENT,
  Groups: NAME_LIST,
  Policies: NAME_LIST,
};
const COLUMNS = Object.keys(COLUMN_TYPES) as Column[];

/** The limits are far above the needs of a full account. Parsing takes memory many times the size of the text. */
const MAX_TEXT_LENGTH = QUOTAS.Users * 2048;
const MAX_LINES = QUOTAS.Users * 40;
/** Words, spaces, punctuation and line ends of YAML. A user with long lists has about 250. */
const MAX_YAML_LEXEMES = QUOTAS.Users * 400;
const MAX_CHECKED_NAMES = 50;
/** A stack overflow inside a parser can end the process. */
const MAX_DEPTH = 50;

/** The members of an object in the order of the file. A set keeps repeated names, and names cannot reach a prototype. */
type RecordFields = Set<[name: string, value: unknown]>;

/** A record before its values are parsed, or the message that says why it is malformed. */
type RawRow = { Row: number; record: RecordFields | string };

type FormatReader = (text: string) => Promise<{ rawRows: RawRow[]; problems?: Problem[] }>;
const FORMAT_READERS: [extension: RegExp, reader: FormatReader][] = [
  [/\.csv$/i, readCsvRows],
  [/\.json$/i, readJsonRows],
  [/\.(jsonl|ndjson)$/i, readJsonLines],
  [/\.ya?ml$/i, readYamlRows],
];

/**
 * Parses the users of a file. The extension of `fileName` determines the format, see `FORMAT_READERS`. With another
 * extension, or for stdin (`-`), the text determines it. Returns the users of the valid records, and all problems of the
 * other records.
 * @throws Failure `refused`: `MalformedFile` when the text is not valid in its format or has no users,
 * `LimitExceeded.User`
 */
export async function parseUserRows(text: string, fileName: string) {
  if (text.length > MAX_TEXT_LENGTH) throw tooManyUsers();
  const content = text.replace(/^\ufeff/, '');
  const readRows = selectReader(content.trimStart(), fileName);
  const { rawRows, problems = [] } = await readRows(content).catch((error: unknown) => {
    throw error instanceof RangeError ? malformedFile('the file is nested too deeply') : error;
  });
  if (rawRows.length === 0) throw malformedFile('the file has no users');
  if (rawRows.length > QUOTAS.Users) throw tooManyUsers();
  const rows: { Row: number; user: UserRow }[] = [];
  for (const { Row, record } of rawRows) {
    const { user, rowProblems } = parseUserRow(record);
    if (rowProblems.length === 0) rows.push({ Row, user });
    for (const problem of rowProblems) problems.push({ ...problem, Row });
  }
  return { rows, problems };
}

/** Returns the error for a file that cannot be parsed. With `text`, the message ends with the line of `offset`. */
function malformedFile(message: string, text?: string, offset = 0): Failure {
  const lines = text?.slice(0, offset).split('\n');
  const position = lines ? ` (line ${lines.length}, column ${(lines.at(-1) ?? '').length + 1})` : '';
  return new Failure('refused', 'MalformedFile', message + position);
}

function tooManyUsers(): Failure {
  return new Failure('refused', 'LimitExceeded.User', `the file exceeds the limit of ${QUOTAS.Users} users`);
}

function selectReader(text: string, fileName: string): FormatReader {
  if (text === '') return readCsvRows;
  const [, reader] = FORMAT_READERS.find(([extension]) => extension.test(fileName)) ?? [];
  if (reader) return reader;
  if (text.startsWith('[')) return readJsonRows;
  if (text.startsWith('{')) return readJsonLines;
  const [firstLine = ''] = /^[ \t]*[^#\s].*/m.exec(text) ?? [];
  return /^(---|-$|- )/.test(firstLine.trim()) ? readYamlRows : readCsvRows;
}

function parseUserRow(record: RawRow['record']): { user: UserRow; rowProblems: Problem[] } {
  const user: UserRow = { UserName: '', Console: false, AccessKey: false, Groups: [], Policies: [] };
  if (typeof record === 'string') return { user, rowProblems: [{ Code: 'MalformedRow', Message: record }] };
  const problems = findColumnProblems(Array.from(record, ([name]) => name));
  for (const [name, value] of record) {
    const column = findColumn(name);
    if (!column || value === null || value === '') continue;
    const { expected, parse } = COLUMN_TYPES[column];
    const parsed = parse(value);
    if (parsed === undefined) problems.push(columnProblem(column, `must be ${expected}`));
    else Object.assign(user, { [column]: parsed });
  }
  const isValid = (column: Column) => !problems.some(({ Field }) => Field === column);
  if (user.UserName === '' && isValid('UserName')) problems.push(columnProblem('UserName', 'is required'));
  if (!user.Console && isValid('Console')) {
    for (const column of ['Password', 'PasswordReset', 'MFA'] as const) {
      if (user[column] !== undefined) problems.push(columnProblem(column, 'requires Console to be true'));
    }
  }
  return { user, rowProblems: problems };
}

function columnProblem(column: Column, complaint: string): Problem {
  return { Code: `InvalidParameter.${column}`, Message: `${column} ${complaint}`, Field: column };
}

function findColumn(name: string): Column | undefined {
  return COLUMNS.find((column) => column.toLowerCase() === name.trim().toLowerCase());
}

/** Returns a problem for each unknown and each repeated name. */
function findColumnProblems(names: string[]): Problem[] {
  const columns = names.map(findColumn);
  return names.slice(0, MAX_CHECKED_NAMES).flatMap((name, index) => {
    const column = columns[index];
    if (column) return columns.indexOf(column) === index ? [] : [columnProblem(column, 'occurs twice')];
    const Field = name.length > 64 ? `${name.slice(0, 64)}…` : name;
    return [{ Code: 'UnknownColumn', Message: `"${Field}" is not a column; allowed: ${COLUMNS.join(', ')}`, Field }];
  });
}

function createKeywordType(keywords: Record<string, boolean>): ColumnType {
  const values = new Map(Object.entries(keywords));
  return {
    expected: `one of ${[...values.keys()].join(', ')}`,
    parse: (value) => (typeof value === 'object' ? undefined : values.get(String(value).trim().toLowerCase())),
  };
}

function parseNameList(value: unknown): string[] | undefined {
  const names: unknown = typeof value === 'string' ? value.split(';') : value;
  if (!Array.isArray(names) || !names.every((name) => typeof name === 'string')) return undefined;
  return names.map((name) => name.trim()).filter((name) => name !== '');
}

function toRawRows(values: unknown[]) {
  const message = 'the record is not an object';
  const rawRows = values.map((value, index) => ({ Row: index + 1, record: value instanceof Set ? value : message }));
  return { rawRows };
}

async function readJsonRows(text: string) {
  return toRawRows([await parseJson(text)].flat());
}

/** Reads one JSON value, or one JSON value on each line. */
async function readJsonLines(text: string) {
  const whole = await nullIfCode(parseJson(text), 'MalformedFile');
  if (whole !== null) return toRawRows([whole].flat());
  const values: unknown[] = [];
  for (const [line] of text.matchAll(/[^\r\n]+/g)) {
    if (line.trim() !== '') values.push(await nullIfCode(parseJson(line), 'MalformedFile'));
    if (values.length > QUOTAS.Users) throw tooManyUsers();
  }
  return toRawRows(values);
}

/** Parses JSON; objects become `RecordFields`. @throws Failure `refused` (`MalformedFile`), RangeError */
async function parseJson(text: string): Promise<unknown> {
  const { readJson } = await import('../core/json.ts');
  const json = readJson(text);
  if ('root' in json) return convertJsonNode(json.root);
  throw malformedFile(json.mistake.message, text, json.mistake.offset);
}

function convertJsonNode({ type, value, children = [] }: JsonNode): unknown {
  if (type === 'array') return children.map(convertJsonNode);
  if (type !== 'object') return value;
  return new Set(children.map(({ children: [key, member] = [] }) => [key?.value, member && convertJsonNode(member)]));
}

async function readYamlRows(text: string) {
  const { Composer, isAlias, isMap, isScalar, isSeq, Lexer, Parser } = await import('yaml');
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  let lexemes = 0;
  for (const lexeme of new Lexer().lex(text)) {
    tokens.push(...parser.next(lexeme));
    lexemes += 1;
    if (lexemes > MAX_YAML_LEXEMES) throw tooManyUsers();
    if (parser.stack.length > MAX_DEPTH) throw new RangeError();
  }
  tokens.push(...parser.end());
  const convertYamlNode = (node: unknown): unknown => {
    // A few aliases of aliases can expand to a list that exhausts the memory.
    if (isAlias(node)) throw malformedFile('YAML aliases are not supported', text, node.range?.[0]);
    if (isSeq(node)) return node.items.map(convertYamlNode);
    if (isScalar(node)) return node.value;
    if (!isMap(node)) return null;
    return new Set(node.items.map(({ key, value }) => [String(convertYamlNode(key)), convertYamlNode(value)]));
  };
  const values: unknown[] = [];
  for (const { errors, warnings, contents } of new Composer({ uniqueKeys: false }).compose(tokens)) {
    const error = errors[0] ?? warnings[0];
    if (error) throw malformedFile('the file is not valid YAML', text, error.pos[0]);
    const root = convertYamlNode(contents);
    if (root !== null) for (const value of [root].flat()) values.push(value);
  }
  return toRawRows(values);
}

async function readCsvRows(text: string) {
  const [header, ...records] = await parseCsvRecords(text);
  if (!header) return { rawRows: [] };
  const columns = header.cells.map(findColumn);
  if (!columns.includes('UserName')) {
    throw malformedFile(`the first line must be a header with the column UserName; allowed: ${COLUMNS.join(', ')}`);
  }
  const knownColumns = [...new Set(columns)].filter((column) => column !== undefined);
  const rawRows = records.map(({ Row, cells }): RawRow => {
    const message = `the header has ${columns.length} columns, but the row has ${cells.length}`;
    if (cells.length !== columns.length) return { Row, record: message };
    return { Row, record: new Set(knownColumns.map((column) => [column, cells[columns.indexOf(column)]])) };
  });
  return { rawRows, problems: findColumnProblems(header.cells).map((problem) => ({ ...problem, Row: header.Row })) };
}

/** Returns the records that are not blank, each with the line on which it starts. */
async function parseCsvRecords(text: string): Promise<{ Row: number; cells: string[] }[]> {
  const { CsvError, parse } = await import('csv-parse/sync');
  const bytes = Buffer.from(text);
  const [firstLine = ''] = text.trimStart().split(/[\r\n]/, 1);
  const delimiter = [',', ';', '\t'].find((character) => firstLine.includes(character)) ?? ',';
  const records: { Row: number; cells: string[] }[] = [];
  let [Row, recordStart] = [1, 0];
  // The parser counts a CRLF inside quotes as two lines, so the lines are counted here.
  const on_record = (cells: string[], { bytes: recordEnd }: { bytes: number }) => {
    if (cells.some((cell) => cell.trim() !== '')) records.push({ Row, cells });
    if (Row > MAX_LINES) throw tooManyUsers();
    Row += bytes.toString('utf8', recordStart, recordEnd).match(/\r\n?|\n/g)?.length ?? 0;
    recordStart = recordEnd;
    return null;
  };
  try {
    parse(bytes, { delimiter, record_delimiter: ['\r\n', '\n', '\r'], relax_column_count: true, on_record });
    return records;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw malformedFile(`quotes must be in pairs around a whole cell; check the record that starts on line ${Row}`);
  }
}
