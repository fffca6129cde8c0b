import { shellCommand } from '../../core/shell-command.ts';
import { changeMemberships, type MembershipChange } from '../../core/workflows/attachment.ts';
import { membershipView } from '../../view/group.ts';
import { chooseUsers } from '../choose.ts';
import type { RamctlCommand } from '../command.ts';
import { changePermissions } from '../remarks.ts';

const VERBS = [
  { name: 'add', title: 'Add', preposition: 'to', unchanged: 'already', method: 'addUserToGroup' },
  { name: 'remove', title: 'Remove', preposition: 'from', unchanged: 'not', method: 'removeUserFromGroup' },
] as const;

export function declare(noun: RamctlCommand): void {
  for (const { name, title, preposition, unchanged, method } of VERBS) {
    const verb = noun.verb(`${name} <group> [user...]`, `${title} users ${preposition} a group`, {
      [`${title} one user`]: `ramctl group ${name} operators alice`,
      [`${title} two users in one transaction`]: `ramctl group ${name} operators alice bob`,
    });
    verb.describe(`${title}s users ${preposition} a group, in one transaction. A user who is ${unchanged} in the group
      is not an error. Prints for each user whether anything changed. Without users, the command asks for them.`);
    verb.setAction(async (context, _, group: string, names: string[]) => {
      const users =
        names.length > 0 ? names : await chooseUsers(context, shellCommand`ramctl group ${name} ${group} <user>`);
      const toEffect = (changes: MembershipChange[]) => {
        const isChanged = changes.some(({ Changed }) => Changed);
        return { isChanged, groups: name === 'add' ? [group] : [] };
      };
      const scope = { affected: 'memberships', toEffect, users } as const;
      const changes = await changePermissions(context, membershipView, scope, (operations) =>
        changeMemberships(operations, method, group, users),
      );
      for (const { GroupName, UserName, Changed } of changes) {
        if (!Changed) context.output.remark(`remark: ${UserName} is ${unchanged} in ${GroupName}`);
      }
    });
  }
}
