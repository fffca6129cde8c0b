import { isTerminal, type Style } from './style.ts';

/** A status, green if it is active and yellow otherwise. */
export function status({ Status }: { Status: 'Active' | 'Inactive' }, { colour }: Style): string {
  return Status === 'Active' ? colour.green(Status) : colour.yellow(Status);
}

/** Tags, a line for each. Undefined without tags, so that a view of one record leaves them out. */
export const tags = Object.assign(
  ({ Tags }: { Tags: Record<'TagKey' | 'TagValue', string>[] }) =>
    Tags.length > 0 ? Tags.map(({ TagKey, TagValue }) => `${TagKey}=${TagValue}`) : undefined,
  { member: 'Tags' },
);

/** What was removed together with a record, a line for each item. */
export function removed({ Removed }: { Removed: { Kind: string; Name: string }[] }): string {
  const items = Removed.map(({ Kind, Name }) => (Kind === 'LoginProfile' ? 'console logon' : `${Kind} ${Name}`));
  return items.join('\n') || '-';
}

/** Until when failed attempts lock the console logon; undefined when it is not locked. */
export function lockedUntil({ LockedUntil }: { LockedUntil?: string }, style: Style): string | undefined {
  return LockedUntil === undefined ? undefined : style.colour.red(formatDate(LockedUntil, style));
}

/** A setting as "required" or "not required". */
export function required<Name extends string>(member: Name) {
  return memberCell(member, formatRequired);
}

/** A date, at a terminal with its age. */
export function date<Name extends string>(member: Name, absent = 'never') {
  return memberCell(member, (value: string | null, style) => formatDate(value, style, absent));
}

/** A date for the narrow columns of a list: at a terminal only its age. */
export function relativeTime<Name extends string>(member: Name, absent = 'never') {
  return memberCell(member, (value: string | null, style) =>
    value && isTerminal(style) ? formatAge(value, style.now) : (value ?? absent),
  );
}

/** A cell that formats one member of a record. `--columns` finds it by the name of the member. */
function memberCell<Name extends string, Value>(
  member: Name,
  format: (value: Value, style: Style) => string,
): (record: Record<Name, Value>, style: Style) => string {
  return Object.assign((record: Record<Name, Value>, style: Style) => format(record[member], style), { member });
}

export function formatRequired(value: boolean): string {
  return value ? 'required' : 'not required';
}

export function formatDate(value: string | null, style: Style, absent = 'never'): string {
  if (value === null) return absent;
  return isTerminal(style) ? `${value} (${formatAge(value, style.now)})` : value;
}

/** Units of time. Each is used for ages below its limit; the last one has none. */
const UNITS: [name: string, seconds: number, limit: number][] = [
  ['minute', 60, 60],
  ['hour', 3600, 48],
  ['day', 86_400, 60],
  ['month', 2_629_800, 24],
  ['year', 31_557_600, Infinity],
];

function formatAge(value: string, now: Date): string {
  const seconds = Math.abs(now.getTime() - Date.parse(value)) / 1000;
  if (seconds < 60) return 'just now';
  const [name, size] = UNITS.find(([, size, limit]) => seconds / size < limit) ?? ['second', 1];
  const count = Math.floor(seconds / size);
  const text = `${count} ${name}${count === 1 ? '' : 's'}`;
  return Date.parse(value) > now.getTime() ? `in ${text}` : `${text} ago`;
}
