import { stringify } from 'yaml';

/** Returns YAML in which text that a YAML 1.1 reader would take for another type is quoted: a user named `no`, a date. */
export function formatYaml(value: unknown): string {
  return stringify(value, { lineWidth: 0, compat: 'yaml-1.1' });
}
