import { deleteRoles } from '../../core/workflows/role.ts';
import { deletedRolesView } from '../../view/role.ts';
import type { RamctlCommand } from '../command.ts';
import { confirmAndDelete } from '../confirm-delete.ts';

export function declare(noun: RamctlCommand): void {
  const verb = noun.verb('delete <name...>', 'Delete roles', {
    'Print what would be removed with a role, and delete nothing':
      'ramctl role delete deploy-pipeline --cascade --dry-run',
    'Delete a role that has policies, without a question': 'ramctl role delete deploy-pipeline --cascade --yes',
  });
  verb.describe(`Deletes roles, all of them or none, after a confirmation. Refuses a role that has policies, unless
    --cascade is set. The policies are not deleted. Prints the deleted roles and the policies that were detached.`);
  verb.option('--cascade', 'also detach the policies');
  verb.option('--dry-run', 'print what would be deleted, and delete nothing');
  verb.setAction<{ cascade?: boolean; dryRun?: boolean }>(async (context, { cascade, dryRun }, names: string[]) => {
    await confirmAndDelete(context, {
      view: deletedRolesView,
      remove: (operations) => deleteRoles(operations, names, cascade ?? false),
      question: (deleted) => ({ question: `Delete ${deleted.map(({ RoleName }) => RoleName).join(', ')}?` }),
      dryRun,
    });
  });
}
