import { isObject } from '../core/is-object.ts';
import { stripUnsafeCharacters, stripUnsafeExceptLayout } from '../core/unsafe-characters.ts';

/**
 * Returns a copy of a value without control characters and without undefined members. Policy documents, also trust
 * policies (`AssumeRolePolicyDocument`), keep their line breaks.
 */
export function toPrintableData(value: unknown, name = ''): unknown {
  if (typeof value === 'string')
    return name.endsWith('PolicyDocument') ? stripUnsafeExceptLayout(value) : stripUnsafeCharacters(value);
  if (Array.isArray(value)) return value.map((item) => toPrintableData(item, name));
  if (!isObject(value)) return value;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(members.map(([key, member]) => [key, toPrintableData(member, key)]));
}

/** Returns the names of all members that occur in a list of objects. */
export function memberNames(records: object[]): string[] {
  return [...new Set(records.flatMap(Object.keys))];
}
