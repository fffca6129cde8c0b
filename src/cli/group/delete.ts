import { deleteGroups } from '../../core/workflows/group.ts';
import { deletedGroupsView } from '../../view/group.ts';
import type { RamctlCommand } from '../command.ts';
import { confirmAndDelete } from '../confirm-delete.ts';

interface Options {
  cascade?: boolean;
  dryRun?: boolean;
}

export function declareDelete(noun: RamctlCommand): void {
  const verb = noun.verb('delete <name...>', 'delete groups, all of them or none; their members stay', [
    'ramctl group delete operators --cascade --yes',
  ]);
  verb.option('--cascade', 'also take out their members and policies');
  verb.option('--dry-run', 'print what would go, delete nothing');
  verb.setAction<Options>(async (context, { cascade = false, dryRun }, names: string[]) => {
    await confirmAndDelete(context, {
      view: deletedGroupsView,
      remove: (operations) => deleteGroups(operations, names, cascade),
      question: (going) => ({ question: `Delete ${going.map(({ GroupName }) => GroupName).join(', ')}?` }),
      dryRun,
    });
  });
}
