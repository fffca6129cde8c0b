import { isTerminal, type Style } from './style.ts';

/** A status in words, coloured where colours are allowed. */
export function formatStatus(value: 'Active' | 'Inactive', { colour }: Style): string {
  return value === 'Active' ? colour.green(value) : colour.yellow(value);
}

export function formatYesNo(value: boolean): string {
  return value ? 'yes' : 'no';
}

export function formatRequired(value: boolean): string {
  return value ? 'required' : 'not required';
}

/** A date with how long ago that was, for a person; the date alone elsewhere. */
export function formatDate(value: string | null, style: Style, absent = 'never'): string {
  if (value === null) return absent;
  return isTerminal(style) ? `${value} (${formatRelative(value, style.now)})` : value;
}

/** How long ago, where a list has no room for more; the date alone where it is not a person who reads. */
export function formatAge(value: string | null, style: Style, absent = 'never'): string {
  if (value === null) return absent;
  return isTerminal(style) ? formatRelative(value, style.now) : value;
}

/** Seconds of each unit, with the number from which the next one is easier to grasp. */
const UNITS: [name: string, seconds: number, upTo: number][] = [
  ['minute', 60, 60],
  ['hour', 3600, 48],
  ['day', 86_400, 60],
  ['month', 2_629_800, 24],
  ['year', 31_557_600, Number.POSITIVE_INFINITY],
];

function formatRelative(value: string, now: Date): string {
  const seconds = Math.abs(now.getTime() - Date.parse(value)) / 1000;
  if (seconds < 60) return 'just now';
  const [name, size] = UNITS.find(([, size, upTo]) => seconds / size < upTo) ?? ['second', 1];
  const count = Math.floor(seconds / size);
  const words = `${count} ${name}${count === 1 ? '' : 's'}`;
  return Date.parse(value) > now.getTime() ? `in ${words}` : `${words} ago`;
}

/** A line for a logon that failed attempts have locked. */
export function formatLocked({ LockedUntil }: { LockedUntil?: string }, style: Style): [string, string][] {
  return LockedUntil === undefined ? [] : [['Locked until', style.colour.red(formatDate(LockedUntil, style))]];
}

/** What went together with something. */
export function formatRemoved(things: { Kind: string; Name: string }[]): string {
  return (
    things.map(({ Kind, Name }) => (Kind === 'LoginProfile' ? 'console logon' : `${Kind} ${Name}`)).join('\n') || '-'
  );
}

/** A secret on a screen, with what has to be said about it. */
export function SHOWN_ONCE({ colour }: Style, what: string): string {
  return colour.yellow(`${what} shown this once only. Keep it safe now.`);
}
