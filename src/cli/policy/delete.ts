import { deleteCustomPolicy } from '../../core/workflows/policy.ts';
import { deletedPolicyView } from '../../view/policy.ts';
import type { RamctlCommand } from '../command.ts';
import { confirmAndDelete } from '../confirm-delete.ts';

export function declare(noun: RamctlCommand): void {
  const verb = noun.verb('delete <name>', 'Delete a custom policy with all its versions', {
    'Delete a policy that is attached to nothing': 'ramctl policy delete Unused',
    'Delete a policy that is in use, without a question': 'ramctl policy delete IotFromOffice --cascade --yes',
  });
  verb.describe(`Deletes a custom policy with all its versions, after a confirmation. Fails if the policy is attached
    to a user, a group or a role, unless --cascade is given. System policies cannot be deleted. Prints the policy and
    its attachments.`);
  verb.option('--cascade', 'detach the policy from its users, groups and roles first');
  verb.setAction<{ cascade?: boolean }>(async (context, { cascade = false }, name: string) => {
    await confirmAndDelete(context, {
      view: deletedPolicyView,
      remove: (operations) => deleteCustomPolicy(operations, name, cascade),
      question: ({ PolicyName }) => ({ question: `Delete the policy ${PolicyName}?` }),
    });
  });
}
