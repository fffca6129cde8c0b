import { stringify } from 'yaml';

export function yaml(value: unknown): string {
  return stringify(value, { lineWidth: 0 });
}
