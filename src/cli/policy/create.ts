import { describePolicy } from '../../core/workflows/policy.ts';
import { policyView } from '../../view/policy.ts';
import type { RamctlCommand } from '../command.ts';
import { changeAndShow } from '../output.ts';
import { readCheckedDocument } from './read-document.ts';

interface Options {
  document: string;
  description?: string;
}

export function declareCreate(noun: RamctlCommand): void {
  const verb = noun.verb('create <name>', 'create a custom policy', [
    'ramctl policy create IotFromOffice --document policy.json --description "IoT reads from the office"',
  ]);
  verb.requiredOption('--document <file>', 'the policy document, a JSON file or - for stdin');
  verb.option('--description <text>', 'what it is for');
  verb.setAction<Options>(async (context, { document, description: Description }, PolicyName: string) => {
    const PolicyDocument = await readCheckedDocument(context, document);
    await changeAndShow(context, policyView, async (operations) => {
      await operations.createPolicy({ PolicyName, PolicyDocument, Description });
      return describePolicy(operations, PolicyName);
    });
  });
}
