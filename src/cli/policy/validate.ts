import { checkDocument } from '../../core/policy/check.ts';
import { policyCheckView } from '../../view/policy.ts';
import type { RamctlCommand } from '../command.ts';
import { EXIT_CODES } from '../exit-codes.ts';

export function declare(noun: RamctlCommand): void {
  const verb = noun.verb('validate <file>', 'Check a policy document for errors and suspicious parts', {
    'Check a document in a file': 'ramctl policy validate policy.json',
    'Print the findings as JSON': 'ramctl policy validate policy.json --output json',
  });
  verb.describe(`Reads a policy document from a JSON file, or from stdin for -. Prints each error and warning with
    line and column. The exit code is 4 if RAM would reject the document. It is 0 if there are only warnings.`);
  verb.setAction(async (context, _, path: string) => {
    // The document is checked without the directory. A mistyped path is an error in every verb.
    context.file?.assertExists();
    const { text } = await context.readInput(path);
    const { findings: Findings } = await checkDocument(text);
    const Valid = Findings.every(({ Severity }) => Severity !== 'Error');
    await context.output.show(policyCheckView, { Valid, Findings });
    return Valid ? EXIT_CODES.success : EXIT_CODES.denied;
  });
}
