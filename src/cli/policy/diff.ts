import type { RamctlCommand } from '../command.ts';
import { remarkApproximate } from './approximate-remark.ts';
import { readDocument } from './read-document.ts';

export function declareDiff(noun: RamctlCommand): void {
  const verb = noun.verb('diff <name>', 'Show who gains or loses permissions through a new document', {
    'Show what a new document would change': 'ramctl policy diff IotFromOffice --document policy.json',
    'List the users who would lose permissions':
      'ramctl policy diff IotFromOffice --document policy.json --query "[?Change==\'Lost\'].UserName"',
  });
  verb.describe(`Compares the permissions that users, members of groups and roles with this policy have now with those
    that they would have if the document became the default version. Their other policies count too, and a Deny wins.
    Nothing is changed. If nothing has the policy, shows the difference of the documents. Fails if the document is not
    valid.`);
  verb.requiredOption('--document <file>', 'policy document: path to a JSON file, or - for stdin');
  verb.setAction<{ document: string }>(async (context, { document }, name: string) => {
    const { comparePolicyVersion } = await import('../../core/workflows/permission-difference.ts');
    const { comparePolicyView } = await import('../../view/permission-changes.ts');
    const text = await readDocument(context, document);
    const { changes, approximatePolicies } = await context.directory.reading((operations) =>
      comparePolicyVersion(operations, name, text),
    );
    await context.output.show(...comparePolicyView(changes));
    remarkApproximate(context.output, approximatePolicies);
  });
}
