import type { RamctlCommand } from '../command.ts';
import { remarkApproximate } from './approximate-remark.ts';
import { readDocument } from './read-document.ts';

export function declare(noun: RamctlCommand): void {
  const verb = noun.verb('diff <name>', 'Show who gains or loses permissions through a new document', {
    'Show what a new document would change': 'ramctl policy diff IotFromOffice --document policy.json',
    'List the users who would lose permissions':
      'ramctl policy diff IotFromOffice --document policy.json --query "[?Change==\'Lost\'].UserName"',
  });
  verb.describe(`Shows which permissions users, roles and members of groups with this policy would gain and lose if the
    document became its default version. Their other policies count too, and a Deny wins. Nothing is changed. If the
    policy is not attached, the documents are compared. Fails if the document is not valid.`);
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
