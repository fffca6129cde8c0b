import type { Finding } from '../core/store.ts';
import type { View } from './format.ts';
import { list } from './layout.ts';

export interface Whereabouts {
  Path: string;
  KeyFile: string;
}

/** The path alone, so that a shell can use it. */
export const pathView: View<Whereabouts> = ({ Path }) => Path;

export interface CheckReport extends Whereabouts {
  Exists: boolean;
  Whole: boolean;
  Findings: Finding[];
}

export const checkView: View<CheckReport> = (report, style) => {
  if (!report.Exists) return `${report.Path} is not there yet; the first change makes it`;
  if (report.Whole) return `${report.Path} is whole`;
  const rows = report.Findings.map(({ Code, Message }) => [Code, Message]);
  return `${report.Path} needs a person:\n${list(['Finding', 'What'], rows, style, '')}`;
};
