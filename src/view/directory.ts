import type { Problem } from '../core/store.ts';
import type { View } from './format.ts';
import { fieldsView, listView } from './record-views.ts';

export interface DirectoryPaths {
  Path: string;
  KeyFile: string;
}

/** Shows only the path, so that a shell can use it. */
export const directoryPathsView: View<DirectoryPaths> = ({ Path }) => Path;

export interface CheckReport extends DirectoryPaths {
  Exists: boolean;
  Whole: boolean;
  Findings: Problem[];
}

const problemsView = listView<Problem>({ Finding: 'Code', What: 'Message' });

export const checkView: View<CheckReport> = ({ Path, Exists, Whole, Findings }, style) => {
  if (!Exists) return `${Path} does not exist yet; the first change creates it`;
  return Whole ? `${Path} has no problems` : `${Path} must be repaired:\n${problemsView(Findings, style)}`;
};

export interface BackupReport {
  Path: string;
  KeyFile: string | null;
  AccountId: string;
  Users: number;
}

export const backupView = fieldsView<BackupReport>({
  Backup: 'Path',
  Key: ({ KeyFile }) => KeyFile ?? 'not included',
  Account: 'AccountId',
  Users: 'Users',
});

export interface RestoreReport {
  Path: string;
  /** The path under which the replaced directory is kept; null when there was none. */
  Kept: string | null;
  AccountId: string;
  Users: number;
}

export const restoreView = fieldsView<RestoreReport>({
  Directory: 'Path',
  Account: 'AccountId',
  Users: 'Users',
  'Replaced file': ({ Kept }) => Kept ?? 'none',
});
