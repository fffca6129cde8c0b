import { checkView, directoryPathsView } from '../../view/directory.ts';
import type { RamctlCommand } from '../command.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { declareBackup } from './backup.ts';
import { declareCopy } from './copy.ts';
import { declareRestore } from './restore.ts';

export function declare(noun: RamctlCommand): void {
  const path = noun.verb('path', 'Print the path of the directory', {
    'Print the path of the directory': 'ramctl directory path',
    'Print the path of the key file': 'ramctl directory path --query KeyFile',
  });
  path.describe(`Prints the path of the directory, which need not exist, or the name of another target. Other formats also have
    the path of the key.`);
  path.setAction(({ file, target, output }) =>
    output.show(directoryPathsView, {
      Path: file?.Path ?? null,
      KeyFile: file?.KeyFile ?? null,
      Directory: target.name,
      Target: target.kind,
    }),
  );
  const check = noun.verb('check', 'Check the directory for damage', {
    'Check the directory; the exit code is 4 if there are problems': 'ramctl directory check',
    'Print the problems as JSON': 'ramctl directory check --output json --query Findings',
  });
  check.describe(`Checks the structure of the directory, the encrypted secrets, and the permissions of its files.
    Prints the problems. Does not change any record.`);
  check.setLocalAction('"ramctl overview" lists what needs attention in the account', async ({ file, output }) => {
    const Findings = await file.findProblems();
    const Whole = Findings.length === 0;
    const { Path, KeyFile } = file;
    await output.show(checkView, { Path, KeyFile, Exists: true, Whole, Findings });
    return Whole ? EXIT_CODES.success : EXIT_CODES.denied;
  });
  declareBackup(noun);
  declareRestore(noun);
  declareCopy(noun);
}
