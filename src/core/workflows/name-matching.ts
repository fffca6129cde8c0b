import { foldCase } from '../state.ts';

/** Returns each name once. Names that differ only in upper and lower case are the same name. */
export function distinctNames(names: string[]): string[] {
  return [...new Map(names.map((name) => [foldCase(name), name])).values()];
}

/** Whether one of the texts contains the keyword, ignoring case. Every text contains an empty keyword. */
export function matchesKeyword(keyword: string, ...texts: (string | null)[]): boolean {
  return texts.some((text) => text?.toLowerCase().includes(keyword.toLowerCase()));
}
