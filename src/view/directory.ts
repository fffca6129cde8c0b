import type { Problem } from '../core/store.ts';
import type { View } from './format.ts';
import { renderFields, renderList } from './layout.ts';

export interface DirectoryPaths {
  Path: string;
  KeyFile: string;
}

/** The path alone, so that a shell can use it. */
export const directoryPathsView: View<DirectoryPaths> = ({ Path }) => Path;

export interface CheckReport extends DirectoryPaths {
  Exists: boolean;
  Whole: boolean;
  Findings: Problem[];
}

export const checkView: View<CheckReport> = (report, style) => {
  if (!report.Exists) return `${report.Path} is not there yet; the first change makes it`;
  if (report.Whole) return `${report.Path} is whole`;
  const rows = report.Findings.map(({ Code, Message }) => [Code, Message]);
  return `${report.Path} needs a person:\n${renderList(['Finding', 'What'], rows, style, '')}`;
};

/** What a backup holds, and where it lies. */
export interface BackupReport {
  Path: string;
  KeyFile: string | null;
  AccountId: string;
  Users: number;
}

export const backupView: View<BackupReport> = ({ Path, KeyFile, AccountId, Users }, style) =>
  renderFields(
    [
      ['Backup', Path],
      ['Key', KeyFile ?? 'not in it'],
      ['Account', AccountId],
      ['Users', String(Users)],
    ],
    style,
  );

export interface RestoreReport {
  Path: string;
  /** Under which name what was there before is kept. */
  Kept: string | null;
  AccountId: string;
  Users: number;
}

export const restoreView: View<RestoreReport> = ({ Path, Kept, AccountId, Users }, style) =>
  renderFields(
    [
      ['Directory', Path],
      ['Account', AccountId],
      ['Users', String(Users)],
      ['Before', Kept ?? 'there was none'],
    ],
    style,
  );
