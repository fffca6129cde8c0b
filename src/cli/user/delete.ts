import { DAY } from '../../core/clock.ts';
import type { UserDetails } from '../../core/journeys/describe.ts';
import { type Departure, offboard } from '../../core/journeys/offboard.ts';
import { departureView } from '../../view/user.ts';
import type { App } from '../app.ts';
import type { RamctlCommand } from '../command.ts';

interface Options {
  cascade?: boolean;
  dryRun?: boolean;
}

export function declareDelete(noun: RamctlCommand): void {
  const verb = noun.verb('delete <name...>', 'delete users, all of them or none', [
    'ramctl user delete alice --cascade --dry-run',
    'ramctl user delete alice bob --cascade --yes',
  ]);
  verb.option('--cascade', 'also remove their AccessKeys, console logon and policies');
  verb.option('--dry-run', 'print what would go, delete nothing');
  verb.does<Options>(async (app, { cascade = false, dryRun = false }, names: string[]) => {
    if (!dryRun) {
      app.confirm.ready();
      await app.confirm.ask(() => stakes(app, names, cascade));
    }
    const seen: UserDetails[] = [];
    const directory = dryRun ? app.directory.rehearsal() : app.directory;
    const { value } = await directory.atomically((operations) => {
      seen.length = 0;
      return offboard(operations, names, cascade, (user) => seen.push(user));
    });
    await app.show(departureView, value);
    for (const warning of seen.flatMap((user) => recentUse(user, app.now))) app.note(`warning: ${warning}`);
    if (dryRun) app.note('dry run: nothing was deleted');
    return undefined;
  });
}

/** The question, with everything that would be lost. Refused deletions are refused before it is asked. */
async function stakes(app: App, names: string[], cascade: boolean): Promise<string> {
  const warnings: string[] = [];
  const { value } = await app.directory
    .rehearsal()
    .atomically((operations) =>
      offboard(operations, names, cascade, (user) => warnings.push(...recentUse(user, app.now))),
    );
  for (const warning of warnings) app.note(`warning: ${warning}`);
  return `Delete ${value.map(describe).join(', ')}?`;
}

function describe({ UserName, Removed }: Departure): string {
  if (Removed.length === 0) return UserName;
  return `${UserName} with ${Removed.map(({ Kind, Name }) => (Kind === 'LoginProfile' ? 'console logon' : Name)).join(', ')}`;
}

/** RAM advises to look before deleting: a key or a logon of the last 90 days means that somebody still needs it. */
function recentUse(user: UserDetails, now: Date): string[] {
  const recent = (date: string | null) => date !== null && now.getTime() - Date.parse(date) < 90 * DAY;
  const uses: string[] = [];
  for (const { AccessKeyId, LastUsedDate } of user.AccessKeys) {
    if (recent(LastUsedDate)) uses.push(`AccessKey ${AccessKeyId} of ${user.UserName} was used on ${LastUsedDate}`);
  }
  if (recent(user.LastLoginDate)) uses.push(`${user.UserName} logged on on ${user.LastLoginDate}`);
  return uses;
}
