import { stringify } from 'yaml';

/** Quotes what YAML 1.1 readers would take for something else than text: a user named `no`, a date. */

export function formatYaml(value: unknown): string {
  return stringify(value, { lineWidth: 0, compat: 'yaml-1.1' });
}
