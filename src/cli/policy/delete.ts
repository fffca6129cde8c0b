import { deleteCustomPolicy } from '../../core/workflows/policy.ts';
import { deletedPolicyView } from '../../view/policy.ts';
import type { RamctlCommand } from '../command.ts';
import { confirmAndDelete } from '../confirm-delete.ts';

interface Options {
  cascade?: boolean;
}

export function declareDelete(noun: RamctlCommand): void {
  const verb = noun.verb('delete <name>', 'delete a custom policy with all its versions', [
    'ramctl policy delete IotFromOffice --cascade --yes',
  ]);
  verb.option('--cascade', 'also take it from the users and groups who have it');
  verb.setAction<Options>(async (context, { cascade = false }, name: string) => {
    await confirmAndDelete(context, {
      view: deletedPolicyView,
      remove: (operations) => deleteCustomPolicy(operations, name, cascade),
      question: ({ PolicyName }) => ({ question: `Delete the policy ${PolicyName}?` }),
    });
  });
}
