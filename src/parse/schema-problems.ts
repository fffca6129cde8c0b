import type { ErrorObject } from 'ajv/dist/2020.js';
import { findSimilarName } from './similar-name.ts';

/** A problem at a path of a value. With `isAtName`, it is about the name of the member, not about its value. */
export interface PathProblem {
  Path: (string | number)[];
  Code: string;
  Message: string;
  isAtName?: boolean;
}

interface SchemaPart {
  title?: string;
  properties?: Record<string, unknown>;
  enum?: string[];
  type?: string | string[];
}

const TYPE_NAMES: Record<string, string> = {
  string: 'a text',
  boolean: 'true or false',
  integer: 'a whole number',
  array: 'a list',
  object: 'an object with members',
  null: 'null',
};

/** Returns the problem that an error of the schema validation reports. */
export function toSchemaProblem({ instancePath, keyword, params, parentSchema = {}, data }: ErrorObject): PathProblem {
  const path = parsePointer(instancePath);
  const part = parentSchema as SchemaPart;
  const member = findName(path);
  if (keyword === 'additionalProperties') {
    const name = String(params.additionalProperty);
    const members = Object.keys(part.properties ?? {});
    const similar = findSimilarName(name, members);
    const help = similar === undefined ? `allowed: ${members.join(', ')}` : `did you mean "${similar}"?`;
    const Message = `a ${part.title} has no member "${shorten(name)}"; ${help}`;
    return { Path: [...path, name], Code: 'UnknownMember', Message, isAtName: true };
  }
  if (keyword === 'required')
    return { Path: path, Code: 'MissingMember', Message: `the ${part.title} has no ${params.missingProperty}` };
  if (keyword === 'type') {
    const types = [part.type ?? []].flat();
    const isUnquoted = types.includes('string') && (typeof data === 'number' || typeof data === 'boolean');
    const names = types.map((type) => TYPE_NAMES[type] ?? type).join(' or ');
    return invalid(path, `${member} must be ${names}${isUnquoted ? '; write it in quotes' : ''}`);
  }
  if (keyword === 'enum') return invalid(path, `${member} must be ${part.enum?.join(' or ')}`);
  return invalid(path, `${member} must be ${part.title}`);
}

function invalid(Path: PathProblem['Path'], Message: string): PathProblem {
  return { Path, Code: 'InvalidMember', Message };
}

/** Returns the steps of a JSON pointer (RFC 6901). A step of digits is an index, because no member has such a name. */
function parsePointer(pointer: string): PathProblem['Path'] {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step.replaceAll('~1', '/').replaceAll('~0', '~')));
}

/** Returns the name of the member at a path: `Email`, or `an item of Groups`. */
function findName(path: PathProblem['Path']): string {
  const [last, list] = [path.at(-1), path.at(-2)];
  if (last === undefined) return 'the file';
  return typeof last === 'number' ? `an item of ${list}` : last;
}

function shorten(name: string): string {
  return name.length > 64 ? `${name.slice(0, 64)}\u2026` : name;
}
