import { checkDocument } from '../../core/policy/check.ts';
import { policyCheckView } from '../../view/policy.ts';
import type { RamctlCommand } from '../command.ts';
import { EXIT_CODES } from '../exit-codes.ts';

export function declareValidate(noun: RamctlCommand): void {
  const verb = noun.verb('validate <file>', 'is a policy document well-formed, and does it mean what it seems to?', [
    'ramctl policy validate policy.json',
  ]);
  verb.addHelpText(
    'after',
    '\nThe file is JSON, - is stdin. Exit code 4 when RAM would refuse it; warnings alone are 0.',
  );
  verb.setAction(async (context, _, path: string) => {
    const { text } = await context.readInput(path);
    const { findings: Findings } = await checkDocument(text);
    const Valid = Findings.every(({ Severity }) => Severity !== 'Error');
    await context.output.show(policyCheckView, { Valid, Findings });
    return Valid ? EXIT_CODES.success : EXIT_CODES.denied;
  });
}
