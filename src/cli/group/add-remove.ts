import type { Operations } from '../../core/directory.ts';
import type { MembershipChange } from '../../core/workflows/attachment.ts';
import { membershipView } from '../../view/group.ts';
import { chooseUsers } from '../choose.ts';
import type { RamctlCommand } from '../command.ts';
import { changeAndShow } from '../output.ts';

interface Membership {
  word: 'add' | 'remove';
  summary: string;
  already: string;
  change: (operations: Operations, group: string, users: string[]) => Promise<MembershipChange[]>;
}

/** `group add` and `group remove`: all in one transaction, repeating is fine. */
export function declareAddRemove(noun: RamctlCommand, { word, summary, already, change }: Membership): void {
  const verb = noun.verb(`${word} <group> [user...]`, summary, [`ramctl group ${word} operators alice bob`]);
  verb.setAction(async (context, _, group: string, words: string[]) => {
    const users = words.length > 0 ? words : await chooseUsers(context, `ramctl group ${word} ${group} <user>`);
    const changes = await changeAndShow(context, membershipView, (operations) => change(operations, group, users));
    for (const { GroupName, UserName, Changed } of changes) {
      if (!Changed) context.output.remark(`remark: ${UserName} is ${already} in ${GroupName}`);
    }
  });
}
