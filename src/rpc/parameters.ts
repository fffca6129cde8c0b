import { Failure } from '../core/failure.ts';

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
