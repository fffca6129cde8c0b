import { deleteGroups } from '../../core/workflows/group.ts';
import { deletedGroupsView } from '../../view/group.ts';
import type { RamctlCommand } from '../command.ts';
import { confirmAndDelete } from '../confirm-delete.ts';

export function declare(noun: RamctlCommand): void {
  const verb = noun.verb('delete <name...>', 'Delete groups', {
    'Print what would be removed with a group, and delete nothing': 'ramctl group delete operators --cascade --dry-run',
    'Delete a group that has members or policies, without a question': 'ramctl group delete operators --cascade --yes',
  });
  verb.describe(`Deletes groups, all of them or none, after a confirmation. Refuses a group that has members or
    policies, unless --cascade is set. Users and policies are not deleted. Prints the deleted groups and what was
    removed from them.`);
  verb.option('--cascade', 'also remove the members and detach the policies');
  verb.option('--dry-run', 'print what would be deleted, and delete nothing');
  verb.setAction<{ cascade?: boolean; dryRun?: boolean }>(async (context, { cascade, dryRun }, names: string[]) => {
    await confirmAndDelete(context, {
      view: deletedGroupsView,
      remove: (operations) => deleteGroups(operations, names, cascade ?? false),
      question: (deleted) => ({ question: `Delete ${deleted.map(({ GroupName }) => GroupName).join(', ')}?` }),
      dryRun,
    });
  });
}
