/**
 * Characters that can control a terminal or mislead a reader: control characters, line and paragraph separators,
 * bidirectional controls, and the byte order mark. Records are checked when they are written. Output is stripped as well,
 * because a record may have entered the file in another way.
 */
const UNSAFE_CHARACTERS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;

export function stripUnsafeCharacters(text: string): string {
  return text.replace(UNSAFE_CHARACTERS, '');
}

/** Replaces each of these characters by what `replace` returns. */
export function replaceUnsafeCharacters(text: string, replace: (character: string) => string): string {
  return text.replace(UNSAFE_CHARACTERS, replace);
}

/** Removes the same characters from a text of several lines. Line feeds and tabs stay. */
export function stripUnsafeExceptLayout(text: string): string {
  return replaceUnsafeCharacters(text, (character) => (character === '\n' || character === '\t' ? character : ''));
}
