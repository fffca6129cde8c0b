import { Failure } from '../core/failure.ts';
import type { Parameters } from './signature.ts';

/*
 * Values travel as text. A reader takes all parameters and the name of one, and gives its value.
 */

export type ParameterParser<T> = (parameters: Parameters, name: string) => T;

/** @throws Failure Missing<Name> */
export const text: ParameterParser<string> = (parameters, name) => {
  const value = parameters.get(name);
  if (value === undefined) throw new Failure('refused', `Missing${name}`, `${name} is mandatory for this action.`);
  return value;
};

/** `true` or `false`, in any case. @throws Failure InvalidParameter.<Name> */
export const boolean: ParameterParser<boolean> = (parameters, name) =>
  pickChosen(name, { true: true, false: false }, text(parameters, name).toLowerCase());

/** @throws Failure InvalidParameter.<Name> */
export const integer: ParameterParser<number> = (parameters, name) => {
  const value = text(parameters, name);
  if (/^-?\d{1,9}$/.test(value)) return Number(value);
  throw invalidParameter(name, 'must be a whole number');
};

/** One of a few words, spelled as they are. @throws Failure InvalidParameter.<Name> */
export function oneOf<const Word extends string>(...words: Word[]): ParameterParser<Word> {
  const values = Object.fromEntries(words.map((word) => [word, word])) as Record<string, Word>;
  return (parameters, name) => pickChosen(name, values, text(parameters, name));
}

/** The same, undefined when it is not given. */
export function optional<T>(read: ParameterParser<T>): ParameterParser<T | undefined> {
  return (parameters, name) => (parameters.has(name) ? read(parameters, name) : undefined);
}

/** The same for the account as a whole: a resource group would be given less. @throws Failure EntityNotExist.ResourceGroup */
export function accountWide<T>(read: ParameterParser<T>): ParameterParser<T> {
  return (parameters, name) => {
    if (!parameters.get('ResourceGroupId')) return read(parameters, name);
    throw new Failure('missing', 'EntityNotExist.ResourceGroup', 'There are no resource groups here.');
  };
}

function pickChosen<T>(name: string, values: Record<string, T>, word: string): T {
  const value = Object.hasOwn(values, word) ? values[word] : undefined;
  if (value !== undefined) return value;
  throw invalidParameter(name, `must be one of ${Object.keys(values).join(', ')}`);
}

/** A value that is none. `rule` goes on after the parameter's name. */
export function invalidParameter(name: string, rule: string): Failure {
  return new Failure('refused', `InvalidParameter.${name}`, `The specified parameter "${name}" ${rule}.`);
}

/** The same reader for several parameters. */
export function fields<T, const Name extends string>(
  read: ParameterParser<T>,
  ...names: Name[]
): Record<Name, ParameterParser<T>> {
  return Object.fromEntries(names.map((name) => [name, read])) as Record<Name, ParameterParser<T>>;
}
