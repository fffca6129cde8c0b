import { DAY_MS } from '../../core/clock.ts';
import { deleteUsers } from '../../core/workflows/delete-users.ts';
import type { UserDetails } from '../../core/workflows/user.ts';
import { deletedUsersView } from '../../view/user.ts';
import type { RamctlCommand } from '../command.ts';
import { confirmAndDelete } from '../confirm-delete.ts';
import type { CommandContext } from '../context.ts';

interface Options {
  cascade?: boolean;
  dryRun?: boolean;
}

export function declareDelete(noun: RamctlCommand): void {
  const verb = noun.verb('delete <name...>', 'delete users, all of them or none', [
    'ramctl user delete alice --cascade --dry-run',
    'ramctl user delete alice bob --cascade --yes',
  ]);
  verb.option('--cascade', 'also remove their AccessKeys, console logon, MFA devices, memberships and policies');
  verb.option('--dry-run', 'print what would go, delete nothing');
  verb.setAction<Options>(async (context, { cascade = false, dryRun = false }, names: string[]) => {
    const seen: UserDetails[] = [];
    const look = (user: UserDetails) => seen.push(user);
    const wasSeen = await confirmAndDelete(context, {
      view: deletedUsersView,
      remove: (operations) => {
        seen.length = 0;
        return deleteUsers(operations, names, cascade, look);
      },
      question: (going) => {
        const uses = seen.flatMap((user) => findRecentUse(user, context.startedAt));
        const active = seen.filter((user) => isActive(user) || findRecentUse(user, context.startedAt).length > 0);
        const question = [...uses, `Delete ${joinNames(going, ', ')}?`].join('\n');
        return { question, word: active.length === 0 ? undefined : joinNames(active) };
      },
      dryRun,
    });
    if (!wasSeen) warnAboutRecentUse(context, seen);
  });
}

function warnAboutRecentUse(context: CommandContext, users: UserDetails[]): void {
  for (const use of users.flatMap((user) => findRecentUse(user, context.startedAt)))
    context.output.remark(`warning: ${use}`);
}

function joinNames(users: { UserName: string }[], between = ' '): string {
  return users.map(({ UserName }) => UserName).join(between);
}

/** Somebody who can log on or call the API today. */
function isActive({ LoginProfile, AccessKeys }: UserDetails): boolean {
  return LoginProfile?.Status === 'Active' || AccessKeys.some(({ Status }) => Status === 'Active');
}

/** RAM advises to look before deleting: a key or a logon of the last 90 days means that somebody still needs it. */
function findRecentUse(user: UserDetails, now: Date): string[] {
  const recent = (date: string | null) => date !== null && now.getTime() - Date.parse(date) < 90 * DAY_MS;
  const uses: string[] = [];
  for (const { AccessKeyId, LastUsedDate } of user.AccessKeys) {
    if (recent(LastUsedDate)) uses.push(`AccessKey ${AccessKeyId} of ${user.UserName} was used on ${LastUsedDate}`);
  }
  if (recent(user.LastLoginDate)) uses.push(`${user.UserName} logged on on ${user.LastLoginDate}`);
  return uses;
}
