/**
 * Text without what could steer a terminal or a reader's eye: control characters (tab and line feed aside, which the
 * formats escape or the tables fold), and the bidirectional controls. Records are checked when they are written; this
 * holds for those that came into the directory some other way.
 */
const HOSTILE =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;

export function plain(text: string): string {
  return text.replace(HOSTILE, '');
}

/** A value with every text in it made plain; what is absent (undefined) is left out. */
export function plainly(value: unknown): unknown {
  if (typeof value === 'string') return plain(value);
  if (Array.isArray(value)) return value.map(plainly);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(entries.map(([name, member]) => [name, plainly(member)]));
}
