import { removePolicy } from '../../core/journeys/policies.ts';
import { gonePolicyView } from '../../view/policy.ts';
import type { RamctlCommand } from '../command.ts';

interface Options {
  cascade?: boolean;
}

export function declareDelete(noun: RamctlCommand): void {
  const verb = noun.verb('delete <name>', 'delete a custom policy with all its versions', [
    'ramctl policy delete IotFromOffice --cascade --yes',
  ]);
  verb.option('--cascade', 'also take it from the users and groups who have it');
  verb.does<Options>(async (app, { cascade = false }, name: string) => {
    app.confirm.ready();
    await app.confirm.ask(async () => {
      const rehearsal = app.directory.rehearsal();
      const { value } = await rehearsal.atomically((operations) => removePolicy(operations, name, cascade));
      if (value.Removed.length > 0) await app.tell(gonePolicyView, value);
      return { question: `Delete the policy ${value.PolicyName}?` };
    });
    await app.change(gonePolicyView, (operations) => removePolicy(operations, name, cascade));
  });
}
