import { Failure } from '../core/failure.ts';
import type { Parameters } from './signature.ts';

/*
 * Values travel as text. A reader takes all parameters and the name of one, and gives its value.
 */

export type Reader<T> = (parameters: Parameters, name: string) => T;

/** @throws Failure Missing<Name> */
export const text: Reader<string> = (parameters, name) => {
  const value = parameters.get(name);
  if (value === undefined) throw new Failure('refused', `Missing${name}`, `${name} is mandatory for this action.`);
  return value;
};

/** `true` or `false`, in any case. @throws Failure InvalidParameter.<Name> */
export const flag: Reader<boolean> = (parameters, name) =>
  chosen(name, { true: true, false: false }, text(parameters, name).toLowerCase());

/** @throws Failure InvalidParameter.<Name> */
export const whole: Reader<number> = (parameters, name) => {
  const value = text(parameters, name);
  if (/^-?\d{1,9}$/.test(value)) return Number(value);
  throw invalid(name, 'must be a whole number');
};

/** One of a few words, spelled as they are. @throws Failure InvalidParameter.<Name> */
export function oneOf<const Word extends string>(...words: Word[]): Reader<Word> {
  const values = Object.fromEntries(words.map((word) => [word, word])) as Record<string, Word>;
  return (parameters, name) => chosen(name, values, text(parameters, name));
}

/** The same, undefined when it is not given. */
export function optional<T>(read: Reader<T>): Reader<T | undefined> {
  return (parameters, name) => (parameters.has(name) ? read(parameters, name) : undefined);
}

/** The same for the account as a whole: a resource group would be given less. @throws Failure EntityNotExist.ResourceGroup */
export function accountWide<T>(read: Reader<T>): Reader<T> {
  return (parameters, name) => {
    if (!parameters.get('ResourceGroupId')) return read(parameters, name);
    throw new Failure('missing', 'EntityNotExist.ResourceGroup', 'There are no resource groups here.');
  };
}

function chosen<T>(name: string, values: Record<string, T>, word: string): T {
  const value = Object.hasOwn(values, word) ? values[word] : undefined;
  if (value !== undefined) return value;
  throw invalid(name, `must be one of ${Object.keys(values).join(', ')}`);
}

/** A value that is none. `rule` goes on after the parameter's name. */
export function invalid(name: string, rule: string): Failure {
  return new Failure('refused', `InvalidParameter.${name}`, `The specified parameter "${name}" ${rule}.`);
}

/** The same reader for several parameters. */
export function each<T, const Name extends string>(read: Reader<T>, ...names: Name[]): Record<Name, Reader<T>> {
  return Object.fromEntries(names.map((name) => [name, read])) as Record<Name, Reader<T>>;
}
