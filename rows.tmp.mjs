var __defProp = Object.defineProperty;
var __getOwnPropNames = Object.getOwnPropertyNames;
var __esm = (fn, res, err) => function __init() {
  if (err) throw err[0];
  try {
    return fn && (res = (0, fn[__getOwnPropNames(fn)[0]])(fn = 0)), res;
  } catch (e) {
    throw err = [e], e;
  }
};
var __export = (target, all) => {
  for (var name in all)
    __defProp(target, name, { get: all[name], enumerable: true });
};

// src/core/policy/json.ts
var json_exports = {};
__export(json_exports, {
  offsetOf: () => offsetOf,
  readJson: () => readJson
});
import { findNodeAtLocation, parseTree, printParseErrorCode } from "jsonc-parser";
function readJson(text) {
  const mistakes = [];
  try {
    const root = parseTree(text, mistakes, { disallowComments: true });
    const [first] = mistakes;
    if (root && !first) return { root };
    const words = first && printParseErrorCode(first.error).replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
    return { mistake: { message: `this is not JSON:${words ?? " it is empty"}`, offset: first?.offset ?? 0 } };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { mistake: { message: "lists and objects nest too deep", offset: 0 } };
  }
}
function offsetOf(root, path) {
  return findNodeAtLocation(root, path)?.offset ?? 0;
}
var init_json = __esm({
  "src/core/policy/json.ts"() {
    "use strict";
  }
});

// src/core/failure.ts
var Failure = class extends Error {
  kind;
  code;
  details;
  constructor(kind, code, message, details = {}) {
    super(message);
    this.name = "Failure";
    this.kind = kind;
    this.code = code;
    this.details = details;
  }
};
async function orNull(found, code) {
  try {
    return await found;
  } catch (error) {
    if (isFailure(error, code)) return null;
    throw error;
  }
}
function isFailure(error, ...codes) {
  return error instanceof Failure && (codes.length === 0 || codes.includes(error.code));
}

// src/core/quotas.ts
var QUOTAS = {
  Users: 5e3,
  Groups: 300,
  Policies: 1500,
  MFADevices: 5e3,
  AccessKeysPerUser: 2,
  GroupsPerUser: 10,
  VersionsPerPolicy: 5,
  /** To a user or a group, by policy type. */
  AttachedPolicies: { System: 20, Custom: 10 }
};

// src/parse/rows.ts
var LOGON = ["Password", "PasswordReset", "MFA"];
var TEXTS = ["UserName", "DisplayName", "Comments", "Email", "MobilePhone"];
var COLUMNS = [...TEXTS, "Console", "AccessKey", ...LOGON, "Groups", "Policies"];
var YES_OR_NO = { true: true, false: false, yes: true, no: false, 1: true, 0: false };
var FLAG = new Map(Object.entries(YES_OR_NO));
var NEED = new Map(Object.entries({ required: true, "not-required": false, ...YES_OR_NO }));
var WORDS = {
  Console: FLAG,
  AccessKey: FLAG,
  PasswordReset: NEED,
  MFA: NEED
};
var MOST_TEXT = QUOTAS.Users * 2048;
var DEEPEST = 50;
var Thing = class {
  members;
  constructor(members) {
    this.members = members;
  }
};
var READERS = { csv: readCsv, json: readJson2, jsonl: readLines, ndjson: readLines, yaml: readYaml, yml: readYaml };
async function parseRows(text, name) {
  if (text.length > MOST_TEXT) throw new Failure("refused", "InputTooLarge", "the file is too large for an account");
  const plain = text.replace(/^\ufeff/, "");
  const { drafts, problems = [] } = await readerOf(plain.trimStart(), name)(plain).catch(refuseDepth);
  if (drafts.length === 0) throw malformed("the file holds no users");
  if (drafts.length > QUOTAS.Users) {
    const message = `the file holds more users than an account can: at most ${QUOTAS.Users}`;
    throw new Failure("refused", "LimitExceeded.User", message);
  }
  const rows = [];
  const found = [...problems];
  for (const { Row, record } of drafts) {
    const { user, wrong } = readUser(record);
    for (const problem of wrong) found.push({ ...problem, Row });
    if (wrong.length === 0) rows.push({ Row, user });
  }
  return { rows, problems: found };
}
function malformed(message) {
  return new Failure("refused", "MalformedFile", message);
}
function refuseDepth(error) {
  throw error instanceof RangeError ? malformed("the file is nested too deeply") : error;
}
function readerOf(text, name) {
  if (text === "") return readCsv;
  const extension = /\.(csv|jsonl?|ndjson|ya?ml)$/i.exec(name)?.[1]?.toLowerCase();
  if (extension) return READERS[extension];
  if (text.startsWith("[")) return readJson2;
  if (text.startsWith("{")) return readLines;
  return /^(#.*\r?\n\s*)*(---|-\s)/.test(text) ? readYaml : readCsv;
}
function readUser(record) {
  const user = { UserName: "", Console: false, AccessKey: false, Groups: [], Policies: [] };
  if (typeof record === "string") return { user, wrong: [{ Code: "MalformedRow", Message: record }] };
  const wrong = checkNames(record.members.map(([name]) => name));
  for (const [name, value] of record.members) {
    const column = columnOf(name);
    if (!column || value === null || value === "") continue;
    const words = WORDS[column];
    const found = words ? words.get(wordOf(value)) : textOf(column, value);
    const must = words ? `be one of ${[...words.keys()].join(", ")}` : "be text, in quotes if it looks like another thing";
    if (found === void 0) wrong.push(invalid(column, `must ${must}`));
    else Object.assign(user, { [column]: found });
  }
  const isFine = (column) => !wrong.some(({ Field }) => Field === column);
  if (user.UserName === "" && isFine("UserName")) wrong.push(invalid("UserName", "is required"));
  if (!user.Console && isFine("Console")) {
    const idle = LOGON.filter((column) => user[column] !== void 0);
    wrong.push(...idle.map((column) => invalid(column, "is given, but Console is false")));
  }
  return { user, wrong };
}
function invalid(column, complaint) {
  return { Code: `InvalidParameter.${column}`, Message: `${column} ${complaint}`, Field: column };
}
function columnOf(name) {
  return COLUMNS.find((column) => column.toLowerCase() === name.trim().toLowerCase());
}
function checkNames(names) {
  const columns = names.map(columnOf);
  return names.flatMap((name, index) => {
    const column = columns[index];
    if (column) return columns.indexOf(column) === index ? [] : [invalid(column, "stands there twice")];
    const Field = name.length > 64 ? `${name.slice(0, 64)}\u2026` : name;
    return [{ Code: "UnknownColumn", Message: `"${Field}" is none of ${COLUMNS.join(", ")}`, Field }];
  });
}
function wordOf(value) {
  return typeof value === "object" ? "" : String(value).trim().toLowerCase();
}
function textOf(column, value) {
  if (column !== "Groups" && column !== "Policies") return typeof value === "string" ? value : void 0;
  const names = typeof value === "string" ? value.split(";") : value;
  if (!Array.isArray(names) || !names.every((name) => typeof name === "string")) return void 0;
  return names.map((name) => name.trim()).filter((name) => name !== "");
}
function draftsOf(values) {
  const wrong = "the record is not an object with members";
  return { drafts: values.map((value, index) => ({ Row: index + 1, record: value instanceof Thing ? value : wrong })) };
}
async function readJson2(text) {
  return draftsOf([await parseJson(text)].flat());
}
async function readLines(text) {
  const whole = await orNull(parseJson(text), "MalformedFile");
  if (whole !== null) return draftsOf([whole].flat());
  const values = [];
  for (const [line] of text.matchAll(/[^\r\n]+/g)) {
    if (line.trim() !== "") values.push(await orNull(parseJson(line), "MalformedFile"));
    if (values.length > QUOTAS.Users) break;
  }
  return draftsOf(values);
}
async function parseJson(text) {
  const json = await Promise.resolve().then(() => (init_json(), json_exports));
  const found = json.readJson(text);
  if ("root" in found) return plainJson(found.root);
  throw malformed(`${found.mistake.message} (${placeOf(text, found.mistake.offset)})`);
}
function plainJson({ type, value, children = [] }) {
  if (type === "array") return children.map(plainJson);
  if (type !== "object") return value;
  return new Thing(children.map(({ children: [key, member] = [] }) => [key?.value, member && plainJson(member)]));
}
function placeOf(text, offset = 0) {
  const lines = text.slice(0, offset).split("\n");
  return `line ${lines.length}, column ${(lines.at(-1) ?? "").length + 1}`;
}
async function readYaml(text) {
  const { Composer, isAlias, isMap, isScalar, isSeq, Lexer, Parser } = await import("yaml");
  const parser = new Parser();
  const tokens = [];
  for (const lexeme of new Lexer().lex(text)) {
    tokens.push(...parser.next(lexeme));
    if (parser.stack.length > DEEPEST) throw new RangeError();
  }
  tokens.push(...parser.end());
  const plain = (node) => {
    if (isAlias(node)) throw malformed(`aliases are not followed (${placeOf(text, node.range?.[0])})`);
    if (isSeq(node)) return node.items.map(plain);
    if (isMap(node)) return new Thing(node.items.map(({ key, value }) => [String(plain(key)), plain(value)]));
    return isScalar(node) ? node.value : null;
  };
  const values = [];
  for (const { errors, warnings, contents } of new Composer({ uniqueKeys: false }).compose(tokens)) {
    const error = errors[0] ?? warnings[0];
    if (error) throw malformed(`this is not YAML that can be read (${placeOf(text, error.pos[0])})`);
    if (contents) for (const value of [plain(contents)].flat()) values.push(value);
  }
  return draftsOf(values);
}
async function readCsv(text) {
  const [header, ...records] = await parseCsv(text);
  if (!header) return { drafts: [] };
  const columns = header.cells.map(columnOf);
  if (!columns.includes("UserName")) {
    throw malformed(`the first line must name columns, UserName at least: ${COLUMNS.join(", ")}`);
  }
  const known = COLUMNS.filter((column) => columns.includes(column));
  const drafts = records.map(({ Row, cells }) => {
    const wrong = cells.length !== columns.length && `${cells.length} cells under ${columns.length} columns`;
    return { Row, record: wrong || new Thing(known.map((column) => [column, cells[columns.indexOf(column)]])) };
  });
  return { drafts, problems: checkNames(header.cells).map((problem) => ({ ...problem, Row: header.Row })) };
}
async function parseCsv(text) {
  const { CsvError, parse } = await import("csv-parse/sync");
  const bytes = Buffer.from(text);
  const [head = ""] = text.trimStart().split(/[\r\n]/, 1);
  const delimiter = [",", ";", "	"].find((character) => head.includes(character)) ?? ",";
  const records = [];
  let [Row, seen] = [1, 0];
  const on_record = (cells, { bytes: end }) => {
    if (records.length < QUOTAS.Users + 2 && cells.some((cell) => cell.trim() !== "")) records.push({ Row, cells });
    Row += bytes.toString("utf8", seen, end).match(/\r\n?|\n/g)?.length ?? 0;
    seen = end;
    return null;
  };
  try {
    parse(bytes, { delimiter, record_delimiter: ["\r\n", "\n", "\r"], relax_column_count: true, on_record });
    return records;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw malformed(`quotes are not in pairs, or not around a whole cell, in the record that begins on line ${Row}`);
  }
}
export {
  parseRows
};
