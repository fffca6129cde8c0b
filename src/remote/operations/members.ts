import type { ResourceTag, Tag } from '../../core/directory.ts';
import { foldCase } from '../../core/state.ts';
import type { Response } from '../api.ts';

/*
 * Functions that read the members of RAM's responses. RAM sends an unset text as "" or not at all, an empty list as an empty
 * list or not at all, and some booleans as text.
 */

/** Returns the texts, with null for those that are empty or absent. */
export function nullableTexts<Name extends string>(value: Response, ...names: Name[]): Record<Name, string | null> {
  return Object.fromEntries(names.map((name) => [name, value[name] || null])) as Record<Name, string | null>;
}

/** Returns the texts that every response has. */
export function texts<Name extends string>(value: Response, ...names: Name[]): Record<Name, string> {
  return Object.fromEntries(names.map((name) => [name, String(value[name] ?? '')])) as Record<Name, string>;
}

export function isTrue(value: unknown): boolean {
  return String(value).toLowerCase() === 'true';
}

/** Returns the items of a list in a response, such as those of `{ Users: { User: [...] } }`. */
export function itemsOf(plural: string, singular: string) {
  return (response: Response): Response[] => response[plural]?.[singular] ?? [];
}

/** Returns the tags of a user, a role or a policy, sorted by key. */
export function tagsOf(value: Response): ResourceTag[] {
  return sortTags(itemsOf('Tags', 'Tag')(value));
}

export function sortTags(tags: Response[]): ResourceTag[] {
  const list = tags.map((tag) => texts(tag, 'TagKey', 'TagValue'));
  return list.sort((left, right) => (left.TagKey < right.TagKey ? -1 : 1));
}

/** Returns the tags of a request as responses have them. */
export function toResourceTags(tags: Tag[]): ResourceTag[] {
  return sortTags(tags.map(({ Key, Value = '' }) => ({ TagKey: Key, TagValue: Value })));
}

/** Returns the items in the order of their names, regardless of case. */
export function sortByName<T>(items: T[], nameOf: (item: T) => string): T[] {
  return items.toSorted((left, right) => (foldCase(nameOf(left)) < foldCase(nameOf(right)) ? -1 : 1));
}

/** Returns the items in the order of a date. Those with the same date stay in the order of the response. */
export function sortByDate<Name extends string, T extends Record<Name, string>>(items: T[], member: Name): T[] {
  return items.toSorted((left, right) => Number(left[member] > right[member]) - Number(left[member] < right[member]));
}

/** Returns the user name in a logon name. */
export function userNameOf(userPrincipalName: string): string {
  return userPrincipalName.replace(/@[^@]*$/, '');
}
