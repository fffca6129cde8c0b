/**
 * Text without what could steer a terminal or a reader's eye: control characters, line and paragraph separators, the
 * bidirectional controls. Records are checked when they are written; this holds for those that came into the directory
 * some other way.
 */
const HOSTILE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;

export function plain(text: string): string {
  return text.replace(HOSTILE, '');
}

/** The same for text that has lines of its own: line feeds and tabs stay. */
export function plainLines(text: string): string {
  return text.replace(HOSTILE, (character) => (character === '\n' || character === '\t' ? character : ''));
}

/**
 * A value with every text in it made plain, and without what is absent (undefined). A policy document keeps its lines.
 */
export function plainly(value: unknown, name = ''): unknown {
  if (typeof value === 'string') return name === 'PolicyDocument' ? plainLines(value) : plain(value);
  if (Array.isArray(value)) return value.map((item) => plainly(item, name));
  if (!isObject(value)) return value;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(members.map(([key, member]) => [key, plainly(member, key)]));
}

/** Whether a value has members: neither a list nor a bare value. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
