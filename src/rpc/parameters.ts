import { Failure } from '../core/failure.ts';
import { isObject } from '../core/is-object.ts';
import type { Tag } from '../core/tag-operations.ts';

/** Decoded values by name. */
export type Parameters = ReadonlyMap<string, string>;

/** Returns the parsed value of the parameter `name`. */
export type ParameterParser<T> = (parameters: Parameters, name: string) => T;

/** @throws Failure Missing<Name> */
export const text: ParameterParser<string> = (parameters, name) => {
  const value = parameters.get(name);
  if (value === undefined) throw missingParameterFailure(name);
  return value;
};

/** `true` or `false`, in upper or lower case. @throws Failure InvalidParameter.<Name> */
export const boolean: ParameterParser<boolean> = (parameters, name) =>
  requireOneOf(name, ['true', 'false'], text(parameters, name).toLowerCase()) === 'true';

/** @throws Failure InvalidParameter.<Name> */
export const integer: ParameterParser<number> = (parameters, name) => {
  const value = text(parameters, name);
  if (/^-?\d{1,9}$/.test(value)) return Number(value);
  throw invalidParameterFailure(name, 'must be a whole number');
};

/**
 * Returns a parser for a list of at most `max` texts, which gives undefined for an empty list. A list is a JSON array, as
 * RAM's newer SDKs write it, or the parameters `Name.1`, `Name.2` and so on. It throws Failure InvalidParameter.<Name>.
 */
export function texts(max: number): ParameterParser<string[] | undefined> {
  return list(max, 'texts', (item) => typeof item === 'string');
}

/** Returns a parser as `texts`, for tags with the members `Key` and `Value`. */
export function tags(max: number): ParameterParser<Tag[] | undefined> {
  return list(max, 'tags with Key and Value', (item): item is Tag => {
    return isObject(item) && typeof item.Key === 'string' && ['string', 'undefined'].includes(typeof item.Value);
  });
}

function list<T>(max: number, items: string, isItem: (item: unknown) => item is T): ParameterParser<T[] | undefined> {
  return (parameters, name) => {
    const values = readItems(parameters, name);
    if (values.length === 0) return undefined;
    if (values.length <= max && values.every(isItem)) return values;
    throw invalidParameterFailure(name, `must be a list of 1 to ${max} ${items}`);
  };
}

/** Returns a parser that throws Failure Missing<Name> for a parameter without a value. */
export function required<T>(parse: ParameterParser<T | undefined>): ParameterParser<T> {
  return (parameters, name) => {
    const value = parse(parameters, name);
    if (value === undefined) throw missingParameterFailure(name);
    return value;
  };
}

/** Returns a parser that allows only these values, case-sensitive. It throws Failure InvalidParameter.<Name>. */
export function oneOf<const Value extends string>(...allowed: Value[]): ParameterParser<Value> {
  return (parameters, name) => requireOneOf(name, allowed, text(parameters, name));
}

/** Returns a parser that gives undefined for an absent parameter. */
export function optional<T>(parse: ParameterParser<T>): ParameterParser<T | undefined> {
  return (parameters, name) => (parameters.has(name) ? parse(parameters, name) : undefined);
}

/** Returns a parser that reads the parameter `name` for a member with another name. */
export function renamed<T>(name: string, parse: ParameterParser<T>): ParameterParser<T> {
  return (parameters) => parse(parameters, name);
}

/** Returns a parser for a setting that ramctl does not have. It accepts only the default, which has no effect. */
export function onlyValue(value: string): ParameterParser<undefined> {
  return (parameters, name) => {
    if ((parameters.get(name) ?? value).toLowerCase() === value) return undefined;
    throw invalidParameterFailure(name, `must be ${value}, because ramctl does not have this setting`);
  };
}

/**
 * Returns a parser that refuses a request for one resource group, because ramctl would apply it to the whole account. It
 * throws Failure EntityNotExist.ResourceGroup.
 */
export function rejectResourceGroup<T>(parse: ParameterParser<T>): ParameterParser<T> {
  return (parameters, name) => {
    if (!parameters.get('ResourceGroupId')) return parse(parameters, name);
    throw new Failure('missing', 'EntityNotExist.ResourceGroup', 'Resource groups are not supported.');
  };
}

/** Returns the same parser for each name. */
export function each<T, const Name extends string>(parse: ParameterParser<T>, ...names: Name[]) {
  return Object.fromEntries(names.map((name) => [name, parse])) as Record<Name, ParameterParser<T>>;
}

/** Returns the items of a list by their number. An item is a text, or an object with the members of `Name.1.Member`. */
function readItems(parameters: Parameters, name: string): unknown[] {
  const json = parameters.get(name);
  if (json !== undefined) return parseJsonArray(json, name);
  const items = new Map<number, string | Map<string, string>>();
  for (const [parameter, value] of parameters) {
    const [list, number = '', member] = parameter.split('.');
    if (list !== name || !/^[1-9]\d{0,3}$/.test(number)) continue;
    const index = Number(number);
    const item = items.get(index);
    // A copy of the item for each member would take minutes for a request with thousands of members.
    if (member === undefined) items.set(index, value);
    else if (item instanceof Map) item.set(member, value);
    else items.set(index, new Map([[member, value]]));
  }
  const sorted = [...items].sort(([left], [right]) => left - right);
  return sorted.map(([, item]) => (item instanceof Map ? Object.fromEntries(item) : item));
}

function parseJsonArray(json: string, name: string): unknown[] {
  try {
    const value: unknown = JSON.parse(json);
    if (Array.isArray(value)) return value;
  } catch {
    // The error below says more than the error of the parser, which can repeat a part of the value.
  }
  throw invalidParameterFailure(name, 'must be a list');
}

function requireOneOf<Value extends string>(name: string, allowed: Value[], value: string): Value {
  if (allowed.includes(value as Value)) return value as Value;
  throw invalidParameterFailure(name, `must be one of ${allowed.join(', ')}`);
}

export function missingParameterFailure(name: string): Failure {
  return new Failure('refused', `Missing${name}`, `${name} is mandatory for this action.`);
}

/** `rule` follows the name of the parameter, such as `must be a whole number`. */
export function invalidParameterFailure(name: string, rule: string): Failure {
  return new Failure('refused', `InvalidParameter.${name}`, `The specified parameter "${name}" ${rule}.`);
}
