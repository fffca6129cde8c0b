import type { Document } from 'yaml';
import { type DescriptionProblem, findDocumentProblems } from '../core/description/check-file.ts';
import type { DescriptionFile } from '../core/description/description-file.ts';
import { ENTITIES } from '../core/description/plan.ts';
import type { ResourceTag } from '../core/directory.ts';
import { Failure } from '../core/failure.ts';
import { foldCase } from '../core/state.ts';
import {
  type DescriptionText,
  describeProblems,
  findPlace,
  malformedText,
  type Part,
  type PlacedProblem,
} from './description-places.ts';
import { toSchemaProblem } from './schema-problems.ts';
import { composeYaml } from './yaml.ts';

/** The description of a full account has less than two million. */
const MAX_LEXEMES = 5_000_000;

export interface ParsedDescription {
  description: DescriptionFile;
  /** Returns the error that reports problems of the description, with their places in the files. */
  toFailure(problems: DescriptionProblem[]): Promise<Failure>;
  /** Returns where an entity is described: `users.yaml, line 12, column 5`. Undefined if it is not. */
  findEntity(kind: string, name: string): Promise<string | undefined>;
}

/**
 * Parses the description that several files contain together. Each step reports all its problems: the syntax, the
 * members, then names that occur twice and policy documents.
 * @throws Failure `refused`: `InvalidDescription` with Errors, or the code of the only problem
 */
export async function parseDescription(files: DescriptionText[]): Promise<ParsedDescription> {
  const { findSchemaErrors } = await import('./description-schema.ts');
  const parts = (await Promise.all(files.map(readParts))).flat();
  if (parts.length === 0) {
    throw new Failure(
      'refused',
      'MalformedFile',
      `${files.map(({ name }) => name).join(', ')}: there is nothing to apply`,
    );
  }
  await assertNone(
    parts.flatMap((part) => findSchemaErrors(part.value).map((error) => ({ part, ...toSchemaProblem(error) }))),
  );
  const { description, origins } = mergeParts(parts);
  const place = ({ Path, ...problem }: DescriptionProblem): PlacedProblem => {
    const depth = Path[0] === 'Account' ? 1 : 2;
    const origin = origins.get(Path.slice(0, depth).join('/'));
    if (!origin) throw new Error(`${Path.join('/')} is not in the description`);
    return { part: origin.part, ...problem, Path: [...origin.path, ...Path.slice(depth)] };
  };
  await assertNone([
    ...(await findDuplicates(description, origins)),
    ...(await findDocumentProblems(description)).map(place),
  ]);
  return {
    description,
    toFailure: (problems) => describeProblems(problems.map(place)),
    async findEntity(kind, name) {
      const { list = '', name: member = '' } = ENTITIES.find((entity) => entity.kind === kind) ?? {};
      const index = listOf(description, list).findIndex(
        (entity) => foldCase(String(entity[member])) === foldCase(name),
      );
      const origin = origins.get(kind === 'Account' ? kind : `${list}/${index}`);
      return origin && (await findPlace(origin.part, origin.path)).place;
    },
  };
}

async function assertNone(problems: PlacedProblem[]): Promise<void> {
  if (problems.length > 0) throw await describeProblems(problems);
}

/** Returns the documents of a file: a YAML file can have several. @throws Failure `refused` `MalformedFile` */
async function readParts(file: DescriptionText): Promise<(Part & { value: object })[]> {
  const { isAlias, isMap, isScalar, isSeq } = await import('yaml');
  const text = file.text.replace(/^\ufeff/, '');
  const source = { ...file, text };
  const tooLarge = () => new Failure('refused', 'InputTooLarge', `${file.name} is too large for a description file`);
  const documents = await composeYaml(text, { uniqueKeys: true, maxLexemes: MAX_LEXEMES, tooLarge }).catch(
    (error: unknown) => {
      if (!(error instanceof RangeError)) throw error;
      throw malformedText(source, [{ Message: 'lists and objects are nested too deep', offset: 0 }]);
    },
  );
  const errors = documents.flatMap((document) => [...document.errors, ...document.warnings]);
  if (errors.length > 0) throw malformedText(source, await describeSyntaxErrors(source, errors));
  const convert = (node: unknown): unknown => {
    // A few aliases of aliases can expand to a list that exhausts the memory.
    if (isAlias(node)) {
      throw malformedText(source, [{ Message: 'YAML aliases are not supported', offset: node.range?.[0] ?? 0 }]);
    }
    if (isSeq(node)) return node.items.map(convert);
    if (isScalar(node)) return node.value;
    if (!isMap(node)) return null;
    return Object.fromEntries(node.items.map(({ key, value }) => [String(convert(key)), convert(value)]));
  };
  return documents.flatMap(({ contents }) => {
    const value = convert(contents);
    return value === null ? [] : [{ file: source, contents, value: value as object }];
  });
}

const SYNTAX_ERRORS: Record<string, string> = {
  DUPLICATE_KEY: 'this member occurs twice',
  TAB_AS_INDENT: 'the indentation must not contain tabs',
  BAD_INDENT: 'the indentation does not match the lines before, or a ] or } is missing',
  TAG_RESOLVE_FAILED: 'YAML tags are not supported',
  BLOCK_AS_IMPLICIT_KEY: 'a text that contains ": " must be in quotes, or the indentation of the next line is wrong',
  MULTILINE_IMPLICIT_KEY: 'this line has no member, or the indentation of the next line is wrong',
  BAD_SCALAR_START: 'a text that starts with this character must be in quotes',
  MISSING_CHAR: 'this is not "member: value" or "- item", or the indentation is wrong',
};

async function describeSyntaxErrors({ name, text }: DescriptionText, errors: Document['errors']) {
  if (/\.json$/i.test(name) || /^\s*[{[]/.test(text)) {
    const json = (await import('../core/json.ts')).readJson(text);
    if ('mistake' in json) return [{ Message: json.mistake.message, offset: json.mistake.offset }];
  }
  // The parser can report the same mistake several times. Its first description is the best one.
  const places = new Map<number, string>();
  for (const { code, message, pos } of errors) {
    if (!places.has(pos[0])) places.set(pos[0], describeSyntaxError(code, message));
  }
  return Array.from(places, ([offset, Message]) => ({ Message, offset }));
}

function describeSyntaxError(code: string, message: string): string {
  if (message.startsWith('Missing closing')) return 'the closing quote of a text is missing';
  return SYNTAX_ERRORS[code] ?? `this is not valid YAML: ${message.split('\n')[0]}`;
}

/** Where an entity or the account is in the files. */
interface Origin {
  part: Part;
  path: (string | number)[];
}

/** The places by path in the description: `Account` or `Users/3`. */
type Origins = Map<string, Origin>;

const LISTS = ENTITIES.map(({ list }) => list);

/** Joins the lists of all documents. The second account is kept as a duplicate, which is an error. */
function mergeParts(parts: (Part & { value: DescriptionFile })[]): { description: DescriptionFile; origins: Origins } {
  const description: DescriptionFile = {};
  const origins: Origins = new Map();
  for (const part of parts) {
    const { Account } = part.value;
    if (Account) {
      origins.set(origins.has('Account') ? 'Account/again' : 'Account', { part, path: ['Account'] });
      description.Account ??= Account;
    }
    for (const list of LISTS) {
      if (!part.value[list]) continue;
      const merged = listOf(description, list);
      for (const [index, entity] of listOf(part.value, list).entries()) {
        origins.set(`${list}/${merged.length}`, { part, path: [list, index] });
        merged.push(entity);
      }
      Object.assign(description, { [list]: merged });
    }
  }
  return { description, origins };
}

function listOf(description: DescriptionFile, list: string): Record<string, unknown>[] {
  return [...((description as Record<string, Record<string, unknown>[] | undefined>)[list] ?? [])];
}

async function findDuplicates(description: DescriptionFile, origins: Origins): Promise<PlacedProblem[]> {
  const problems: PlacedProblem[] = [];
  const report = async (what: string, origin: Origin, first: Origin) => {
    const { place } = await findPlace(first.part, first.path);
    const Message = `${what} is also described in ${place}`;
    problems.push({ part: origin.part, Path: origin.path, Code: 'DuplicateName', Message });
  };
  const [account, again] = [origins.get('Account'), origins.get('Account/again')];
  if (account && again) await report('the account', again, account);
  for (const { kind, list, name } of ENTITIES) {
    const seen = new Map<string, Origin>();
    for (const [index, entity] of listOf(description, list).entries()) {
      const origin = origins.get(`${list}/${index}`);
      const key = foldCase(String(entity[name]));
      const first = seen.get(key);
      if (!origin) continue;
      if (first) await report(`the ${kind.toLowerCase()} ${entity[name]}`, origin, first);
      else seen.set(key, origin);
      problems.push(...findDuplicateTags(entity as TaggedEntity, origin));
    }
  }
  return problems;
}

interface TaggedEntity {
  Tags?: ResourceTag[];
}

/** Returns the tags of an entity whose key an earlier tag has. */
function findDuplicateTags({ Tags = [] }: TaggedEntity, { part, path }: Origin): PlacedProblem[] {
  const keys = Tags.map(({ TagKey }) => TagKey);
  return keys.flatMap((key, index) => {
    if (keys.indexOf(key) === index) return [];
    const Message = `the tag ${key} occurs twice`;
    return [{ part, Path: [...path, 'Tags', index], Code: 'DuplicateName', Message }];
  });
}
