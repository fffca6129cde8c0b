import { DAY_MS } from '../../core/clock.ts';
import { deleteUsers, type UserDetails } from '../../core/workflows/user.ts';
import { deletedUsersView } from '../../view/user.ts';
import type { RamctlCommand } from '../command.ts';
import { confirmAndDelete } from '../confirm-delete.ts';

export function declare(noun: RamctlCommand): void {
  const verb = noun.verb('delete <name...>', 'Delete users', {
    'Print what would be deleted with a user, and delete nothing': 'ramctl user delete alice --cascade --dry-run',
    'Delete two users with all that they have, without a question': 'ramctl user delete alice bob --cascade --yes',
  });
  verb.describe(`Deletes users, all of them or none, after a confirmation. Refuses users who still have AccessKeys,
    console logon, an MFA device, groups or policies, unless --cascade is set. Warns if a user logged on or an
    AccessKey was used in the last 90 days. Prints the deleted users and what was removed with them.`);
  verb.option('--cascade', 'also remove their AccessKeys, console logon, MFA devices, memberships and policies');
  verb.option('--dry-run', 'print what would be deleted, and delete nothing');
  verb.setAction<{ cascade?: boolean; dryRun?: boolean }>(async (context, { cascade, dryRun }, names: string[]) => {
    let users: UserDetails[] = [];
    const findUses = (user: UserDetails) => findRecentUses(user, context.startedAt);
    const wasConfirmed = await confirmAndDelete(context, {
      view: deletedUsersView,
      remove: (operations) => {
        users = [];
        return deleteUsers(operations, names, cascade ?? false, (user) => users.push(user));
      },
      question: (deleted) => {
        const inUse = users.filter((user) => isActive(user) || findUses(user).length > 0);
        return {
          question: [...users.flatMap(findUses), `Delete ${joinNames(deleted, ', ')}?`].join('\n'),
          word: inUse.length > 0 ? joinNames(inUse, ' ') : undefined,
        };
      },
      dryRun,
    });
    // A user who confirmed has seen these uses in the question.
    if (!wasConfirmed) for (const use of users.flatMap(findUses)) context.output.remark(`warning: ${use}`);
  });
}

function joinNames(users: { UserName: string }[], separator: string): string {
  return users.map(({ UserName }) => UserName).join(separator);
}

/** Whether the user can log on or call the API. */
function isActive({ LoginProfile, AccessKeys }: UserDetails): boolean {
  return LoginProfile?.Status === 'Active' || AccessKeys.some(({ Status }) => Status === 'Active');
}

/** Describes the last logon and the last AccessKey uses of the last 90 days. RAM advises to check these before a deletion. */
function findRecentUses({ UserName, AccessKeys, LastLoginDate }: UserDetails, now: Date): string[] {
  const isRecent = (date: string | null) => date !== null && now.getTime() - Date.parse(date) < 90 * DAY_MS;
  const uses = AccessKeys.filter(({ LastUsedDate }) => isRecent(LastUsedDate)).map(
    ({ AccessKeyId, LastUsedDate }) => `AccessKey ${AccessKeyId} of ${UserName} was used on ${LastUsedDate}`,
  );
  return isRecent(LastLoginDate) ? [...uses, `${UserName} logged on at ${LastLoginDate}`] : uses;
}
