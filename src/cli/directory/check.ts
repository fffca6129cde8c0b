import { checkView } from '../../view/directory.ts';
import type { RamctlCommand } from '../command.ts';
import { EXIT_CODES } from '../exit-codes.ts';

export function declare(noun: RamctlCommand): void {
  const verb = noun.verb('check', 'Check the directory for damage', {
    'Check the directory; the exit code is 4 if there are problems': 'ramctl directory check',
    'Print the problems as JSON': 'ramctl directory check --output json --query Findings',
  });
  verb.describe(`Checks the structure of the directory, the encrypted secrets, and the permissions of its files.
    Prints the problems. Does not change any record.`);
  verb.setLocalAction('"ramctl overview" lists what needs attention in the account', async ({ file, output }) => {
    const Findings = await file.findProblems();
    const Whole = Findings.length === 0;
    const { Path, KeyFile } = file;
    await output.show(checkView, { Path, KeyFile, Exists: true, Whole, Findings });
    return Whole ? EXIT_CODES.success : EXIT_CODES.denied;
  });
}
