import type { Backup, CreatedDirectory } from '../core/directory-file.ts';
import type { Problem } from '../core/failure.ts';
import type { View } from './format.ts';
import { fieldsView, listView } from './record-views.ts';

/** Shows only the path or the name of the target, so that a shell can use it. */
export const directoryPathsView: View<{ Directory: string }> = ({ Directory }) => Directory;

const problemsView = listView<Problem>('', { Finding: 'Code', What: 'Message' });

type CheckResult = { Path: string; Whole: boolean; Findings: Problem[] };

export const checkView: View<CheckResult> = ({ Path, Whole, Findings }, style) =>
  Whole ? `${Path} has no problems` : `${Path} must be repaired:\n${problemsView(Findings, style)}`;

export const createdDirectoryView = fieldsView<CreatedDirectory>({
  Directory: 'Directory',
  Key: 'KeyFile',
  'Account ID': 'AccountId',
  Alias: 'AccountAlias',
  'Default domain': 'DefaultDomain',
});

type BackupSummary = Omit<Backup, 'text'> & { Path: string };

export const backupView = fieldsView<BackupSummary & { KeyFile: string | null }>({
  Backup: 'Path',
  Key: ({ KeyFile }) => KeyFile ?? 'not included',
  Account: 'AccountId',
  Users: 'Users',
});

/** `Kept` is the path of the replaced directory; null when there was none. */
export const restoreView = fieldsView<BackupSummary & { Kept: string | null }>({
  Directory: 'Path',
  Account: 'AccountId',
  Users: 'Users',
  'Replaced file': ({ Kept }) => Kept ?? 'none',
});
