import { stripControlCharacters, stripControlsKeepLines } from '../core/control-characters.ts';

/**
 * A value with every text in it made plain, and without what is absent (undefined). A policy document keeps its lines.
 */
export function toPlainData(value: unknown, name = ''): unknown {
  if (typeof value === 'string')
    return name === 'PolicyDocument' ? stripControlsKeepLines(value) : stripControlCharacters(value);
  if (Array.isArray(value)) return value.map((item) => toPlainData(item, name));
  if (!isObject(value)) return value;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(members.map(([key, member]) => [key, toPlainData(member, key)]));
}

/** Whether a value has members: neither a list nor a bare value. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
