import type { Style } from './style.ts';

/** A status in words, coloured where colours are allowed. */
export function status(value: 'Active' | 'Inactive', { colour }: Style): string {
  return value === 'Active' ? colour.green(value) : colour.yellow(value);
}

export function yesNo(value: boolean): string {
  return value ? 'yes' : 'no';
}

export function required(value: boolean): string {
  return value ? 'required' : 'not required';
}

/** A date, or what its absence means. */
export function date(value: string | null, absent = 'never'): string {
  return value ?? absent;
}

/** A secret on a screen, with what has to be said about it. */
export function once({ colour }: Style, what: string): string {
  return colour.yellow(`${what} shown this once only. Keep it safe now.`);
}
