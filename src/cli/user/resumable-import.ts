import type { CommittedChange } from '../../core/directory.ts';
import { foldCase } from '../../core/state.ts';
import { findImportedUsers, identifyImport, importUsers } from '../../core/workflows/import-users.ts';
import type { CreatedUser, NewUser } from '../../core/workflows/provision.ts';
import type { CommandContext } from '../command-context.ts';

/** An import of users into one target. */
export interface ImportRun {
  newUsers: NewUser[];
  /** What the steps are, for the progress bar. */
  progressLabel: string;
  countSteps(users: NewUser[]): number;
  /** Creates some of the new users. `beforeCommit` can refuse them by throwing. */
  provision(
    users: NewUser[],
    beforeCommit: (created: CreatedUser[]) => void,
    onStep: () => void,
  ): Promise<CommittedChange<CreatedUser[]>>;
  /** Called after the secrets were delivered. */
  finish(): Promise<void>;
  close(): void;
}

/**
 * Opens an import into a target without transactions. Its journal makes the same command resume an interrupted import: the
 * users that it has created are completed. Without `--dry-run`, other processes cannot run the same import until `close`.
 * @throws as `System.openImportJournal`
 */
export async function openResumableImport(
  { directory, target, system, output }: CommandContext,
  newUsers: NewUser[],
  isDryRun: boolean,
): Promise<ImportRun> {
  const { AccountId } = await directory.getAccount();
  const id = identifyImport(AccountId, newUsers);
  const journal = isDryRun ? undefined : await system.openImportJournal(id, target);
  const close = () => journal?.close();
  try {
    const entries = journal ? journal.entries() : await system.readImportJournal(id);
    const found = await findImportedUsers(directory, entries);
    if (found.length > 0) {
      const users = found.length === 1 ? '1 of these users' : `${found.length} of these users`;
      output.remark(
        `remark: An interrupted import has created ${users}. It is resumed, and their secrets are replaced.`,
      );
    }
    const names = new Set(found.map(({ UserName }) => foldCase(UserName)));
    return {
      newUsers: newUsers.map((newUser) => ({ ...newUser, isResumed: names.has(foldCase(newUser.user.UserName)) })),
      progressLabel: 'creating users',
      countSteps: (users) => users.length,
      provision(users, beforeCommit, onStep) {
        if (!journal) throw new Error('a dry run creates no users');
        return importUsers(directory, users, journal, beforeCommit, onStep);
      },
      finish: async () => journal?.remove(),
      close,
    };
  } catch (error) {
    close();
    throw error;
  }
}
