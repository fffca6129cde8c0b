import { addUsersToGroup, removeUsersFromGroup } from '../../core/workflows/attachment.ts';
import { deleteGroups, describeGroup, summarizeGroups } from '../../core/workflows/group.ts';
import { deletedGroupsView, groupListView, groupView, membershipView } from '../../view/group.ts';
import { chooseUsers } from '../choose.ts';
import type { RamctlCommand } from '../command.ts';
import { confirmAndDelete } from '../confirm-delete.ts';
import { changeAndShow, readAndShow } from '../output.ts';
import { declareCreate } from './create.ts';
import { declareEdit } from './edit.ts';

export function declare(noun: RamctlCommand): void {
  declareCreate(noun);
  declareList(noun);
  declareGet(noun);
  declareEdit(noun);
  declareAddRemove(noun);
  declareDelete(noun);
}

function declareList(noun: RamctlCommand): void {
  const verb = noun.verb('list [keyword]', 'List groups', [
    '# List all groups',
    'ramctl group list',
    '# List the groups that match a keyword',
    'ramctl group list oper',
  ]);
  verb.description(
    'Prints each group with the number of its members and policies. With a keyword, only groups whose name or comments ' +
      'contain it, regardless of case.',
  );
  verb.setAction(async (context, _, keyword: string | undefined) => {
    await readAndShow(context, groupListView, (operations) => summarizeGroups(operations, keyword));
  });
}

function declareGet(noun: RamctlCommand): void {
  const verb = noun.verb('get <name>', 'Show a group with its members and policies', [
    '# Show a group',
    'ramctl group get operators',
    '# Print the names of its members as JSON',
    'ramctl group get operators --output json --query "Users[].UserName"',
  ]);
  verb.description('Prints the name, comments, members and attached policies of one group.');
  verb.setAction(async (context, _, name: string) => {
    await readAndShow(context, groupView, (operations) => describeGroup(operations, name));
  });
}

const VERBS = [
  { name: 'add', title: 'Add', preposition: 'to', unchanged: 'already', change: addUsersToGroup },
  { name: 'remove', title: 'Remove', preposition: 'from', unchanged: 'not', change: removeUsersFromGroup },
];

function declareAddRemove(noun: RamctlCommand): void {
  for (const { name, title, preposition, unchanged, change } of VERBS) {
    const verb = noun.verb(`${name} <group> [user...]`, `${title} users ${preposition} a group`, [
      `# ${title} one user`,
      `ramctl group ${name} operators alice`,
      `# ${title} two users in one transaction`,
      `ramctl group ${name} operators alice bob`,
    ]);
    verb.description(
      `${title}s users ${preposition} a group, in one transaction. Prints for each user whether anything changed; a user ` +
        `who is ${unchanged} in the group is no error. Without users, the command asks for them.`,
    );
    verb.setAction(async (context, _, group: string, names: string[]) => {
      const users = names.length > 0 ? names : await chooseUsers(context, `ramctl group ${name} ${group} <user>`);
      const changes = await changeAndShow(context, membershipView, (operations) => change(operations, group, users));
      for (const { GroupName, UserName, Changed } of changes) {
        if (!Changed) context.output.remark(`remark: ${UserName} is ${unchanged} in ${GroupName}`);
      }
    });
  }
}

function declareDelete(noun: RamctlCommand): void {
  const verb = noun.verb('delete <name...>', 'Delete groups', [
    '# Print what would be removed with a group, and delete nothing',
    'ramctl group delete operators --cascade --dry-run',
    '# Delete a group with its memberships and policy attachments, without a question',
    'ramctl group delete operators --cascade --yes',
  ]);
  verb.description(
    'Deletes groups, all of them or none, after a confirmation. Refuses a group that has members or policies, unless ' +
      '--cascade is set. Users and policies are not deleted. Prints the deleted groups and what was removed from them.',
  );
  verb.option('--cascade', 'also remove the members and detach the policies');
  verb.option('--dry-run', 'print what would be deleted, and delete nothing');
  verb.setAction<{ cascade?: boolean; dryRun?: boolean }>(
    async (context, { cascade = false, dryRun }, names: string[]) => {
      await confirmAndDelete(context, {
        view: deletedGroupsView,
        remove: (operations) => deleteGroups(operations, names, cascade),
        question: (deleted) => ({ question: `Delete ${deleted.map(({ GroupName }) => GroupName).join(', ')}?` }),
        dryRun,
      });
    },
  );
}
