/**
 * Text without what could steer a terminal or a reader's eye: control characters, line and paragraph separators, the
 * bidirectional controls. Records are checked when they are written; this holds for those that came into the directory
 * some other way.
 */
const UNSAFE_CHARACTERS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;

export function stripControlCharacters(text: string): string {
  return text.replace(UNSAFE_CHARACTERS, '');
}

/** The same for text that has lines of its own: line feeds and tabs stay. */
export function stripControlsKeepLines(text: string): string {
  return text.replace(UNSAFE_CHARACTERS, (character) => (character === '\n' || character === '\t' ? character : ''));
}
