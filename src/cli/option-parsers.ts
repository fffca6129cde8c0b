import { InvalidArgumentError } from 'commander';

/** Returns a parser for whole numbers from `min` to `max`. */
export function wholeNumberParser(min = -Infinity, max = Infinity): (text: string) => number {
  const range = max === Infinity ? '' : ` from ${min} to ${max}`;
  const pattern = min < 0 ? /^-?\d+$/ : /^(0|[1-9]\d*)$/;
  return (text) => {
    const value = Number(text);
    if (pattern.test(text) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`It must be a whole number${range}.`);
  };
}

const UNITS_MS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Parses a duration such as 90s, 30m, 2h or 7d, in milliseconds. */
export function parseDurationMs(text: string): number {
  const [, count, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  if (count !== undefined) return Number(count) * UNITS_MS[unit as keyof typeof UNITS_MS];
  throw new InvalidArgumentError('It must be a number with s, m, h or d, such as 2h.');
}

/** Parses a number of seconds, or a duration such as 90s, 30m, 2h or 7d, in seconds. */
export function parseDurationSeconds(text: string): number {
  return /^\d{1,9}$/.test(text) ? Number(text) : parseDurationMs(text) / 1000;
}

/** Parses a number of days such as 90d or 90, in milliseconds. */
export function parseDaysMs(text: string): number {
  if (/^\d{1,5}d?$/.test(text)) return Number.parseInt(text, 10) * UNITS_MS.d;
  throw new InvalidArgumentError('It must be a number of days, such as 90d.');
}

/** Parses a duration before now, such as 7d, or a date such as 2026-01-31 or 2026-01-31T09:30:00Z (UTC). */
export function parseMoment(text: string): (now: Date) => Date {
  const date = new Date(/^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?Z)?$/.test(text) ? text : '');
  // A day such as 2026-02-30 becomes one of the next month.
  if (!Number.isNaN(date.getTime()) && date.toISOString().startsWith(text.slice(0, 10))) return () => date;
  if (!/^\d{1,6}[smhd]$/.test(text))
    throw new InvalidArgumentError('It must be a duration such as 7d or 2h, or a date such as 2026-01-31.');
  const durationMs = parseDurationMs(text);
  return (now) => new Date(now.getTime() - durationMs);
}

/** The option parser of an option that can be repeated. */
export function collect(value: string, earlier: string[] = []): string[] {
  return [...earlier, value];
}
