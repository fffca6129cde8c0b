import { Failure, nullIfCode, type Problem } from '../core/failure.ts';
import type { JsonNode } from '../core/json.ts';
import { QUOTAS } from '../core/quotas.ts';
import { USER_COLUMNS } from '../core/workflows/row-problems.ts';
import { COLUMN_TYPES, findColumns, isIgnored, type UserRow } from './user-columns.ts';
import { composeYaml } from './yaml.ts';

/** The limits are far above the needs of a full account. Parsing takes memory many times the size of the text. */
const MAX_TEXT_LENGTH = QUOTAS.Users * 2048;
const MAX_LINES = QUOTAS.Users * 40;
/** Words, spaces, punctuation and line ends of YAML. A user with long lists has about 250. */
const MAX_YAML_LEXEMES = QUOTAS.Users * 400;
/** The columns of a sheet of Excel. */
const MAX_CSV_COLUMNS = 16_384;
const MAX_CHECKED_NAMES = 50;

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
 * extension, or for stdin (`-`), the text determines it. Returns the users with what is valid of them, all problems, and
 * the names of the ignored columns. A malformed record has a problem and no user.
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
  const ignoredColumns = new Set<string>();
  for (const { Row, record } of rawRows) {
    if (typeof record === 'string') {
      problems.push({ Code: 'MalformedRow', Message: record, Row });
      continue;
    }
    const { user, rowProblems, ...parsed } = parseUserRow(record);
    rows.push({ Row, user });
    for (const problem of rowProblems) problems.push({ ...problem, Row });
    for (const column of parsed.ignoredColumns) ignoredColumns.add(column);
  }
  return { rows, problems, ignoredColumns: [...ignoredColumns] };
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

function parseUserRow(record: RecordFields) {
  const user: UserRow = { UserName: '', Console: false, AccessKey: false, Groups: [], Policies: [] };
  const names = Array.from(record, ([name]) => name);
  const columns = findColumns(names);
  const problems = findColumnProblems(names);
  for (const [index, [, value]] of [...record].entries()) {
    const column = columns[index];
    if (!column || isIgnored(column) || value === null || value === '') continue;
    const { expected, parse } = COLUMN_TYPES[column];
    const parsed = parse(value);
    if (parsed === undefined) problems.push(columnProblem(column, `must be ${expected}`));
    else Object.assign(user, { [column]: parsed });
  }
  const ignoredColumns = columns.filter((column) => column !== undefined && isIgnored(column));
  // `user list` has a value for MFA also for users without console logon.
  if (ignoredColumns.length > 0 && !user.Console) delete user.MFA;
  const isValid = (column: string) => !problems.some(({ Field }) => Field === column);
  if (user.UserName === '' && isValid('UserName')) problems.push(columnProblem('UserName', 'is required'));
  if (!user.Console && isValid('Console')) {
    for (const column of ['Password', 'PasswordReset', 'MFA'] as const) {
      if (user[column] !== undefined) problems.push(columnProblem(column, 'requires Console to be true'));
    }
  }
  return { user, rowProblems: problems, ignoredColumns };
}

function columnProblem(column: string, complaint: string): Problem {
  return { Code: `InvalidParameter.${column}`, Message: `${column} ${complaint}`, Field: column };
}

/** Returns a problem for each unknown name, and for each name of a column that an earlier name means as well. */
function findColumnProblems(names: string[]): Problem[] {
  const columns = findColumns(names);
  return names.slice(0, MAX_CHECKED_NAMES).flatMap((name, index) => {
    const column = columns[index];
    const Field = name.length > 64 ? `${name.slice(0, 64)}…` : name;
    if (!column) {
      return [
        { Code: 'UnknownColumn', Message: `"${Field}" is not a column; allowed: ${USER_COLUMNS.join(', ')}`, Field },
      ];
    }
    const first = columns.indexOf(column);
    return first === index ? [] : [columnProblem(column, `occurs twice: ${names[first]?.slice(0, 64)}, ${Field}`)];
  });
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
  const { isAlias, isMap, isScalar, isSeq } = await import('yaml');
  const convertYamlNode = (node: unknown): unknown => {
    // A few aliases of aliases can expand to a list that exhausts the memory.
    if (isAlias(node)) throw malformedFile('YAML aliases are not supported', text, node.range?.[0]);
    if (isSeq(node)) return node.items.map(convertYamlNode);
    if (isScalar(node)) return node.value;
    if (!isMap(node)) return null;
    return new Set(node.items.map(({ key, value }) => [String(convertYamlNode(key)), convertYamlNode(value)]));
  };
  const values: unknown[] = [];
  const documents = await composeYaml(text, {
    uniqueKeys: false,
    maxLexemes: MAX_YAML_LEXEMES,
    tooLarge: tooManyUsers,
  });
  for (const { errors, warnings, contents } of documents) {
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
  if (header.cells.length > MAX_CSV_COLUMNS) throw malformedFile(`the header has more than ${MAX_CSV_COLUMNS} columns`);
  const columns = findColumns(header.cells);
  if (!columns.includes('UserName')) {
    throw malformedFile(
      `the first line must be a header with the column UserName; allowed: ${USER_COLUMNS.join(', ')}`,
    );
  }
  // Excel can add empty columns. They have no name and no values.
  const isUsed = (name: string, index: number) =>
    name.trim() !== '' || records.some(({ cells }) => cells[index]?.trim());
  const usedNames = header.cells.filter(isUsed);
  const knownColumns = [...new Set(columns)].filter((column) => column !== undefined);
  const rawRows = records.map(({ Row, cells }): RawRow => {
    const message = `the header has ${columns.length} columns, but the row has ${cells.length}`;
    if (cells.length !== columns.length) return { Row, record: message };
    const readCell = (column: (typeof knownColumns)[number]) => {
      const cell = cells[columns.indexOf(column)];
      // A password is never guarded, and may start like a guarded cell.
      return column === 'Password' ? cell : cell?.replace(FORMULA_GUARD, '');
    };
    return { Row, record: new Set(knownColumns.map((column) => [column, readCell(column)])) };
  });
  return { rawRows, problems: findColumnProblems(usedNames).map((problem) => ({ ...problem, Row: header.Row })) };
}

/** The apostrophe in front of a cell that a spreadsheet would run as a formula, as `-o csv` writes it. */
const FORMULA_GUARD = /^'(?=[=+\-@\t\r\uff1d\uff0b\uff0d\uff20])/;

/** The first line of a CSV file by which Excel finds the separator. */
const DELIMITER_LINE = /^sep=(.)$/i;

/** Returns the records that are not blank, each with the line on which it starts. */
async function parseCsvRecords(text: string): Promise<{ Row: number; cells: string[] }[]> {
  const { CsvError, parse } = await import('csv-parse/sync');
  const bytes = Buffer.from(text);
  const [firstLine = ''] = /^.*\S.*$/m.exec(text) ?? [];
  const [, declared] = DELIMITER_LINE.exec(firstLine) ?? [];
  const delimiter = declared ?? [',', ';', '\t'].find((character) => firstLine.includes(character)) ?? ',';
  const records: { Row: number; cells: string[] }[] = [];
  let [Row, recordStart] = [1, 0];
  // The parser counts a CRLF inside quotes as two lines, so the lines are counted here.
  const on_record = (cells: string[], { bytes: recordEnd }: { bytes: number }) => {
    if (cells.some((cell) => cell.trim() !== '')) records.push({ Row, cells });
    // The two other records are the header and the line that names the separator.
    if (Row > MAX_LINES || records.length > QUOTAS.Users + 2) throw tooManyUsers();
    Row += bytes.toString('utf8', recordStart, recordEnd).match(/\r\n?|\n/g)?.length ?? 0;
    recordStart = recordEnd;
    return null;
  };
  try {
    parse(bytes, { delimiter, record_delimiter: ['\r\n', '\n', '\r'], relax_column_count: true, on_record });
    return records.slice(declared === undefined ? 0 : 1);
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw malformedFile(`quotes must be in pairs around a whole cell; check the record that starts on line ${Row}`);
  }
}
